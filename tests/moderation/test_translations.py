"""A translation that waits is a case: with its language on the card, decided by somebody who did not write it, told to both."""

import re
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from app.core.errors import Conflict, NotFound, Refused
from app.domain.moderation import actions, queries
from app.domain.moderation.rules import Choice
from app.domain.stories import actions as stories
from app.domain.stories import telling, translations
from app.models.accounts import Answer, Member, Role
from app.models.moderation import Case, CaseKind, CaseState, Outcome
from app.models.stories import Audience, SecondLook, Story, StoryStatus, StoryText
from app.schemas.stories import Translate
from tests.browse import Browser, text_of
from tests.moderation.conftest import Desk

Browse = Callable[..., Browser]
L = SecondLook
WORDS = {"title": "Le premier mois", "body": "Appelez Fatou Diop au +221 77 123 45 67."}


def translate(desk: Desk, story: Story, by: Member, language: str = "fr", **words: str) -> StoryText:
    """Send a translation as from a page that was opened a moment ago."""
    actor, text = desk.act(by), translations.text_in(desk.db, story, language)
    there = translations.present(actor, story, text, translations.proposal_in(desk.db, story, language))
    version = telling.original(desk.db, story).version
    form = Translate(language=language, source_version=version, seen=there.mark if there else "", **{**WORDS, **words})
    stories.add_translation(desk.db, actor, story, form)
    sent = translations.text_in(desk.db, story, language)
    assert sent is not None
    return sent


def waiting(desk: Desk, language: str = "fr", by: Member | None = None, story: Story | None = None) -> tuple[StoryText, Case]:
    """Let somebody translate a story that is shown, and its teller say yes."""
    story = story or desk.story()
    text = translate(desk, story, by or desk.reader, language)
    stories.confirm_translation(desk.db, desk.act(desk.teller), story, language, translations.text_mark(text))
    return text, desk.case(text.id)


def choose(desk: Desk, who: Member, case: Case, outcome: Outcome, words: str = "", rule: int | None = None) -> None:
    """Open the case and decide it."""
    actions.open_case(desk.db, desk.act(who), case.ref)
    actions.decide(desk.db, desk.act(who), case.ref, Choice(outcome, desk.case(case.subject_id).row_version, rule, words))


def test_the_tellers_yes_opens_the_case(db: Session, desk: Desk) -> None:
    story = desk.story()
    translate(desk, story, desk.reader)
    assert db.exec(select(Case)).all() == []
    text, case = waiting(desk, "pt", story=story)
    assert (case.kind, case.subject_id, case.about_id, case.state) == (
        CaseKind.TRANSLATION,
        text.id,
        desk.teller.id,
        CaseState.OPEN,
    )
    assert case.findings == {"name": 1, "phone": 1}, "what the look-over finds in the translation, as counts"


def test_the_card_says_the_language_and_no_word(db: Session, desk: Desk, browse: Browse) -> None:
    waiting(desk)
    desk.make.commit()
    page = browse(desk.awa).get("/desk?kind=translation")
    assert "Translation waits for a second look" in text_of(page)
    assert "Français · 1 possible name, 1 phone number" in text_of(page)
    for secret in ("Le premier mois", "Fatou", desk.reader.name, desk.teller.name):
        assert secret not in page.text


@pytest.mark.parametrize(("outcome", "rule", "look"), [
    (Outcome.PUBLISH, None, L.FINE), (Outcome.ASK_CHANGE, None, L.CHANGE_ASKED), (Outcome.DECLINE, 1, L.DECLINED),
])  # fmt: skip
def test_each_decision_is_carried_out_and_told_to_both(
    db: Session, desk: Desk, outcome: Outcome, rule: int | None, look: SecondLook
) -> None:
    text, case = waiting(desk)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    choice = Choice(outcome, desk.case(text.id).row_version, rule, "Leave the number out.")
    seen = actions.preview(db, desk.act(desk.awa), case.ref, choice)
    assert text.second_look == L.WAITS, "a preview does nothing"
    assert [len(seen.to_author) > 0, len(seen.to_translator) > 0] == [True, True]
    actions.decide(db, desk.act(desk.awa), case.ref, choice)
    assert (text.second_look, desk.case(text.id).state) == (look, CaseState.CLOSED)
    assert db.get_one(Story, text.story_id).status == StoryStatus.PUBLISHED, "the story itself stays as it is"
    for member, letters in ((desk.teller, seen.to_author), (desk.reader, seen.to_translator)):
        told = [a.note or "" for a in db.exec(select(Answer).where(Answer.member_id == member.id).order_by(Answer.id))]
        assert told[-len(letters) :] == [letter.note for letter in letters]
        assert (outcome == Outcome.PUBLISH and member is desk.reader) or "Leave the number out." in told[-1]


def test_nobody_decides_about_words_of_their_own(db: Session, desk: Desk, browse: Browse) -> None:
    teller = desk.make.member("Teller at Work", Role.COORDINATOR)
    text = translate(desk, desk.story(teller), teller)
    case = desk.case(text.id)
    with pytest.raises(NotFound):
        actions.open_case(db, desk.act(teller), case.ref)
    gained = desk.make.member("Late Lamp")
    _text, other = waiting(desk, by=gained)
    desk.make.role(gained, Role.COORDINATOR)  # a member's translation; the role came later
    with pytest.raises(Refused, match="You translated this yourself"):
        actions.open_case(db, desk.act(gained), other.ref)
    refs = [case.ref, other.ref]
    assert [c.ref for c in queries.waiting(db, desk.act(gained)).cards] == [case.ref]
    assert [c.ref for c in queries.waiting(db, desk.act(teller)).cards] == [other.ref]
    assert {c.ref for c in queries.waiting(db, desk.act(desk.awa)).cards} == set(refs)
    desk.make.commit()
    assert browse(teller).get(f"/desk/cases/{case.ref}").status_code == 404
    assert "You translated this yourself" in text_of(browse(gained).get(f"/desk/cases/{other.ref}"))
    assert browse(desk.reader).get(f"/desk/cases/{other.ref}").status_code == 404


def test_a_second_readers_own_translation_makes_no_case(db: Session, desk: Desk) -> None:
    story = desk.story()
    text = translate(desk, story, desk.awa)
    stories.confirm_translation(db, desk.act(desk.teller), story, "fr", translations.text_mark(text))
    assert (text.second_look, db.exec(select(Case)).all()) == (L.FINE, [])


def test_both_texts_stand_side_by_side_once_opened(db: Session, desk: Desk, browse: Browse) -> None:
    text, case = waiting(desk)
    desk.make.commit()
    awa, at = browse(desk.awa), f"/desk/cases/{case.ref}"
    assert text.title not in awa.get(at).text
    awa.send(f"{at}/open", {"once": "o"})
    page = awa.get(at)
    assert '<p class="said" lang="en" dir="auto">My cousin met me at the station.</p>' in page.text
    assert f'<p class="said" lang="fr" dir="auto">{text.body}</p>' in page.text
    assert "<mark>Fatou Diop" in page.text
    assert re.search(rf'href="{at}/translate\?language=fr"', page.text)
    assert "Which rule is it about?" in text_of(page)
    assert 'dir="rtl"' in awa.get(at, headers={"Accept-Language": "ar"}).text


def test_a_recruiters_words_in_a_translation_reach_the_desk(db: Session, desk: Desk, browse: Browse) -> None:
    story = desk.story()
    body = "Envoyez votre passeport et payez 300 euros d'abord, le visa est garanti."
    text = translate(desk, story, desk.reader, body=body)
    stories.confirm_translation(db, desk.act(desk.teller), story, "fr", translations.text_mark(text))
    case = desk.case(text.id)
    assert case.findings["recruiter"] >= 1
    desk.make.commit()
    awa, at = browse(desk.awa), f"/desk/cases/{case.ref}"
    assert "of a false offer" in text_of(awa.get("/desk"))
    awa.send(f"{at}/open", {"once": "o"})
    page = text_of(awa.get(at))
    assert "Sign of a false offer" in page
    assert "A person reads this first" in page
    assert "Money is asked for before anything is given. Scams work like this." in page


def test_a_story_is_sent_with_its_translations(db: Session, desk: Desk) -> None:
    story = desk.story(status=StoryStatus.DRAFT, audience=Audience.EVERYONE)
    text = translate(desk, story, desk.teller)
    assert db.exec(select(Case)).all() == []
    teller = desk.act(desk.teller)
    stories.submit(db, teller, story)
    case = desk.case(text.id)
    assert case.state == CaseState.OPEN
    stories.withdraw_submission(db, teller, story)
    assert desk.case(text.id).state == CaseState.CLOSED
    stories.submit(db, teller, story)
    assert desk.case(text.id).state == CaseState.OPEN
    choose(desk, desk.awa, desk.case(story.id), Outcome.ASK_CHANGE, "The street.")
    assert desk.case(text.id).state == CaseState.CLOSED, "nobody looks at the translation of what has to change first"
    assert text.second_look == L.WAITS


def test_there_is_nothing_to_decide_once_it_is_gone(db: Session, desk: Desk) -> None:
    story, teller = desk.story(), desk.act(desk.teller)
    text, case = waiting(desk, story=story)
    other, second = waiting(desk, "pt", story=story)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    version = desk.case(text.id).row_version
    stories.remove_translation(db, teller, story, "fr", translations.text_mark(text))
    with pytest.raises(Conflict, match="nothing left to decide"):
        actions.decide(db, desk.act(desk.awa), case.ref, Choice(Outcome.PUBLISH, version))
    assert [desk.case(c.subject_id).state for c in (case, second)] == [CaseState.CLOSED, CaseState.OPEN]
    stories.take_back(db, teller, story)
    assert desk.case(second.subject_id).state == CaseState.CLOSED
    assert db.get(StoryText, other.id) is None


def test_words_that_changed_meanwhile_are_not_decided_about(db: Session, desk: Desk) -> None:
    story = desk.story()
    text, case = waiting(desk, story=story)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    version = desk.case(text.id).row_version
    translate(desk, story, desk.reader, body="Autre chose.")
    with pytest.raises(Conflict):
        actions.decide(db, desk.act(desk.awa), case.ref, Choice(Outcome.PUBLISH, version))
    stories.confirm_translation(db, desk.act(desk.teller), story, "fr", translations.text_mark(text))
    actions.open_case(db, desk.act(desk.awa), case.ref)
    with pytest.raises(Conflict):
        actions.decide(db, desk.act(desk.awa), case.ref, Choice(Outcome.PUBLISH, version))
    assert text.second_look == L.WAITS


# At the case


def opened(browser: Browser, at: str, **words: str) -> dict[str, str]:
    """Open the page of a language at a case; return its form with these words typed."""
    page = browser.get(f"{at}?language=fr").text
    fresh = {n: re.findall(rf'name="{n}" value="([^"]*)"', page)[-1] for n in ("source_version", "seen", "once")}
    return {"language": "fr", "title": "Le premier mois", "body": "Mon cousin.", **fresh, **words}


def test_a_second_reader_translates_at_the_case(db: Session, desk: Desk, browse: Browse) -> None:
    story, case = desk.waiting()
    desk.make.commit()
    awa, at = browse(desk.awa), f"/desk/cases/{case.ref}/translate"
    assert awa.get(at).status_code == 303, "first the case is opened"
    awa.send(f"/desk/cases/{case.ref}/open", {"once": "o"})
    assert f'href="{at}"' in awa.get(f"/desk/cases/{case.ref}").text
    assert "Into which language?" in text_of(awa.get(at))
    form = opened(awa, at)
    assert awa.post(f"{at}/draft", {**form, "title": "Le pre"}).status_code == 204
    assert 'value="Le pre"' in awa.get(f"{at}?language=fr").text
    wrong = awa.post(at, {**form, "title": "é" * 130})
    assert (wrong.status_code, "Mon cousin." in wrong.text) == (422, True)
    assert "Nothing changes without their yes." in text_of(awa.send(at, form))
    text = translations.text_in(db, story, "fr")
    assert text is not None
    assert (text.confirmed, text.second_look) == (False, L.FINE)
    desk.make.commit()
    assert "Le premier mois" in text_of(browse(desk.teller).get(f"/my/stories/{story.ref}"))


def test_whoever_does_not_have_it_open_reads_nothing_and_loses_nothing(db: Session, desk: Desk, browse: Browse) -> None:
    _story, case = desk.waiting(text={"body": "Words from inside."})
    desk.make.commit()
    awa, at = browse(desk.awa), f"/desk/cases/{case.ref}/translate"
    typed = {"language": "fr", "title": "Mon titre", "body": "Mes mots", "source_version": "1"}
    answer = awa.post(at, typed)
    assert (answer.status_code, "Open the case again first." in text_of(answer)) == (409, True)
    assert "Mes mots" in answer.text
    assert "Words from inside." not in answer.text
    for outsider in (browse(desk.teller), browse(desk.reader)):
        assert [outsider.get(at).status_code, outsider.post(at, typed).status_code] == [404, 404]
    assert db.exec(select(StoryText).where(StoryText.language == "fr")).all() == []


def test_correcting_at_the_case_ends_it_with_the_tellers_yes(db: Session, desk: Desk) -> None:
    story = desk.story()
    text, case = waiting(desk, story=story)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    there = translations.present(desk.act(desk.awa), story, text, None)
    assert there is not None
    form = Translate(language="fr", source_version=1, seen=there.mark, title="Le mois", body="Appelez-moi.")
    actions.translate(db, desk.act(desk.awa), case.ref, form)
    assert (text.body, desk.case(text.id).state) == (WORDS["body"], CaseState.OPEN)
    proposal = translations.proposal_in(db, story, "fr")
    assert proposal is not None
    stories.confirm_edit(db, desk.act(desk.teller), story, "fr", translations.proposal_mark(proposal))
    assert (text.body, text.second_look, desk.case(text.id).state) == ("Appelez-moi.", L.FINE, CaseState.CLOSED)


def test_a_listing_has_no_story_to_translate(db: Session, desk: Desk, browse: Browse) -> None:
    service = desk.service()
    actions.flag(db, desk.act(desk.reader), "service", service.ref, "closed", "")
    case = desk.case(service.id)
    desk.make.commit()
    assert browse(desk.awa).get(f"/desk/cases/{case.ref}/translate").status_code == 404


def test_a_flagged_story_shows_its_other_languages(db: Session, desk: Desk, browse: Browse) -> None:
    story = desk.story()
    text, case = waiting(desk, story=story)
    choose(desk, desk.awa, case, Outcome.PUBLISH)
    flagged = desk.flagged(story, by=desk.reader)
    actions.open_case(db, desk.act(desk.brahim), flagged.ref)
    desk.make.commit()
    page = browse(desk.brahim).get(f"/desk/cases/{flagged.ref}")
    assert "Translation: French" in text_of(page)
    assert text.body in page.text
