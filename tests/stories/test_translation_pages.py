"""Translating by forms, without scripts: from the link below a story to what its readers see, and everything that can go wrong."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import days, now
from app.domain import wiring
from app.domain.moderation import actions as moderation
from app.domain.moderation.rules import Choice
from app.domain.stories import actions, telling, translating, translations
from app.models.accounts import Member, MemberStatus, Role
from app.models.engine import Draft
from app.models.moderation import Case, CaseKind, Outcome
from app.models.stories import Audience, NameForm, SecondLook, Story, StoryProposal, StoryText
from app.schemas.stories import Words
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.stories import told
from tests.stories.told import actor_of

Open = Callable[..., Browser]
FRENCH = {"title": "Le premier mois", "body": "Mon cousin m’attendait.", "language": "fr"}


@pytest.fixture(autouse=True)
def connected() -> None:
    """What waits for a second reader opens a case."""
    wiring.connect()


@pytest.fixture
def ndeye(make: Make) -> Member:
    return make.member("Ndeye Baobab")


@pytest.fixture
def reader(make: Make) -> Member:
    return make.member("Second Reader", Role.COORDINATOR)


@pytest.fixture
def kite(make: Make) -> Member:
    return make.member("Paper Kite")


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def opened(browser: Browser, at: str, language: str = "fr", **words: str) -> dict[str, str]:
    """Open the page of a language and return the form as it would be sent, with these words typed."""
    page = browser.get(f"{at}?language={language}")
    assert page.status_code == 200
    fresh = {name: hidden(page.text, name) for name in ("source_version", "seen", "once")}
    return {**fresh, **FRENCH, "language": language, **words}


def seen(browser: Browser, ref: str, answer: str, language: str = "fr") -> dict[str, str]:
    """Open my story and return what its form for this answer carries."""
    page = browser.get(f"/my/stories/{ref}").text
    form = re.search(rf'action="/my/stories/{ref}/words/{language}/{answer}".*?</form>', page, re.DOTALL)
    assert form, answer
    return {"seen": hidden(form.group(), "seen"), "once": hidden(form.group(), "once")}


def test_from_the_link_to_the_reader(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member) -> None:
    story, somebody = told.published(db, ndeye, reader), make.member()
    make.commit()
    ref, at = story.ref, f"/stories/{story.ref}/translate"
    # A guest's page may be a second old where another process writes (here: the test itself), a member's never is.
    member, teller, guest, french = browse(kite), browse(ndeye), browse(), browse(somebody, "fr")
    assert f'href="{at}"' in member.get(f"/stories/{ref}").text
    assert f'href="{at}"' not in guest.get(f"/stories/{ref}").text
    assert "français" in text_of(french.get(f"/stories/{ref}"))
    choice = member.get(at)
    assert "Into which language?" in text_of(choice)
    assert "It is told in: English." in text_of(choice)
    page = member.get(f"{at}?language=fr")
    assert f'<p class="said" lang="en" dir="auto">{told.BODY}</p>' in page.text
    assert re.search(r'<textarea [^>]*name="body"[^>]*dir="auto"[^>]*lang="fr"', page.text)
    assert 'name="hard"' not in page.text, "only the parts that the story has"
    sent = member.send(at, opened(member, at))
    assert "Sent to the person who told the story." in text_of(sent)
    assert "Le premier mois" not in french.get(f"/stories/{ref}").text
    mine = text_of(teller.get(f"/my/stories/{ref}"))
    assert "Not shown yet. It waits for your yes." in mine
    assert "Le premier mois" in mine
    assert "Waits for your yes" in text_of(teller.get("/my/stories"))
    teller.send(f"/my/stories/{ref}/words/fr/yes", seen(teller, ref, "yes"))
    assert "Somebody looks at it first." in text_of(teller.get(f"/my/stories/{ref}"))
    assert "Le premier mois" not in french.get(f"/stories/{ref}").text
    case = db.exec(select(Case).where(Case.kind == CaseKind.TRANSLATION)).one()
    second = actor_of(reader, Role.COORDINATOR)
    moderation.open_case(db, second, case.ref)
    moderation.decide(db, second, case.ref, Choice(Outcome.PUBLISH, case.row_version))
    make.commit()
    shown = french.get(f"/stories/{ref}")
    assert "Le premier mois" in text_of(shown)
    assert '<p class="said" lang="fr" dir="auto">Mon cousin m’attendait.</p>' in shown.text
    assert "Paper Kite" not in shown.text
    assert "Up to date" in text_of(teller.get(f"/my/stories/{ref}"))
    assert "Up to date" in text_of(member.get("/my/translations"))


@pytest.mark.parametrize(("who", "status"), [
    ("guest", 303), ("colleague", 200), ("own", 200), ("paused", 403), ("suspended", 403), ("coordinator", 200),
])  # fmt: skip
def test_who_gets_to_the_form(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member, who: str, status: int
) -> None:
    story = told.published(db, ndeye, reader)
    stopped = make.member(status=MemberStatus.SUSPENDED if who == "suspended" else MemberStatus.PAUSED)
    make.commit()
    people = {"guest": None, "colleague": kite, "own": ndeye, "paused": stopped, "suspended": stopped, "coordinator": reader}
    browser, at = browse(people[who]), f"/stories/{story.ref}/translate"
    assert [browser.get(path).status_code for path in (at, f"{at}?language=fr")] == [status] * 2
    if status == 403:
        for path in (at, f"{at}/draft"):
            assert browser.post(path, FRENCH).status_code == 403


@pytest.mark.parametrize("state", ["draft", "paused", "only me", "teller away", "taken back"])
def test_what_nobody_reads_nobody_translates(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member, state: str
) -> None:
    story = told.draft(db, ndeye) if state == "draft" else told.published(db, ndeye, reader)
    make.commit()
    member, at = browse(kite), f"/stories/{story.ref}/translate"
    form = opened(member, at) if state != "draft" else FRENCH
    if state == "paused":
        actions.pause(db, actor_of(ndeye), story)
    if state == "only me":
        story.audience = Audience.ONLY_ME
    if state == "teller away":
        ndeye.status = MemberStatus.PAUSED
    if state == "taken back":
        actions.take_back(db, actor_of(ndeye), story)
    make.commit()
    code = 410 if state == "taken back" else 404
    for browser in (member, browse(reader)):
        assert [browser.get(at).status_code, browser.post(at, form).status_code] == [code] * 2
        assert browser.post(f"{at}/draft", form).status_code == code
    assert db.exec(select(StoryText).where(StoryText.language == "fr")).all() == []


def test_what_is_wrong_is_said_and_the_words_stay(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member
) -> None:
    story = told.published(db, ndeye, reader)
    make.commit()
    member, at = browse(kite), f"/stories/{story.ref}/translate"
    for wrong, sentence in (
        ({"title": "é" * 121}, "At most 120 letters"), ({"body": "é" * 20_001}, "At most 20000 letters"),
        ({"title": ""}, "Translate the title and at least one part."), ({"language": "en"}, "told in this language already"),
        ({"language": "xx"}, "Choose one of these."), ({"language": ""}, "This cannot be used here."),
    ):  # fmt: skip
        answer = member.post(at, {**opened(member, at), "hard": "Mes mots", **wrong})
        assert (answer.status_code, sentence in text_of(answer)) == (422, True), wrong
        assert "Mes mots" in answer.text
        assert wrong.get("body", "m’attendait") in answer.text
    assert member.get(f"{at}?language=en").status_code == 422
    assert db.exec(select(StoryText).where(StoryText.language != "en")).all() == []


def test_a_language_that_exists_is_shown_to_be_corrected(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member
) -> None:
    story, other = told.published(db, ndeye, reader), make.member()
    told.shown_in(db, actor_of(kite), ndeye, reader, story, hard="Les escaliers.")
    told.translated(db, actor_of(kite), story, "ar", title="الشهر الأول")
    make.commit()
    member, at = browse(other), f"/stories/{story.ref}/translate"
    choice = text_of(member.get(at))
    assert "Français Up to date" in choice
    assert "العربية In progress" in choice
    assert "Somebody has sent a translation into this language." in text_of(member.get(f"{at}?language=ar"))
    assert "الشهر الأول" not in member.get(f"{at}?language=ar").text
    page = member.get(f"{at}?language=fr")
    assert 'value="Le premier mois"' in page.text
    assert "Les escaliers." in page.text, "a part that only the translation has is not lost"
    blind = member.post(at, {**FRENCH, "source_version": hidden(page.text, "source_version"), "title": "Mon titre"})
    assert (blind.status_code, "There is a translation into this language already." in text_of(blind)) == (409, True)
    assert "Mon titre" in blind.text
    assert "What is saved now" in text_of(blind)
    assert "Le premier mois" in text_of(blind)
    member.send(at, opened(member, at, title="Un mois"))
    assert "Le premier mois" in browse(None, "fr").get(f"/stories/{story.ref}").text
    waits = text_of(browse(ndeye).get(f"/my/stories/{story.ref}"))
    assert "Other words are suggested for the translation: French" in waits
    assert "Suggested Un mois" in waits
    assert "What stands there Le premier mois" in waits


def test_the_story_changed_while_somebody_translated(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member
) -> None:
    story = told.published(db, ndeye, reader)
    make.commit()
    member, at = browse(kite), f"/stories/{story.ref}/translate"
    form = opened(member, at)
    actions.edit_by_reviewer(db, actor_of(reader, Role.COORDINATOR), story, Words(title="A new title", body="New words."))
    actions.confirm_edit(db, actor_of(ndeye), story, "en", told.mark(db, story, "en"))
    make.commit()
    both = member.post(at, form)
    assert both.status_code == 409
    assert all(words in both.text for words in ("New words.", "A new title", "Mon cousin m’attendait.", "Le premier mois"))
    assert "The story has changed since you began." in text_of(both)
    assert db.exec(select(StoryText).where(StoryText.language == "fr")).all() == []
    db.commit()
    again = {**form, **{n: hidden(both.text, n) for n in ("source_version", "seen", "once")}}
    assert member.post(at, again).status_code == 303, "having seen both, the translator decides"


def test_a_correction_somewhere_else_meanwhile(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member
) -> None:
    story = told.published(db, ndeye, reader)
    told.shown_in(db, actor_of(kite), ndeye, reader, story)
    make.commit()
    teller, at = browse(ndeye), f"/stories/{story.ref}/translate"
    form = opened(teller, at, title="De cette page")
    told.translated(db, actor_of(ndeye), story, title="D’une autre page")
    make.commit()
    both = teller.post(at, form)
    assert both.status_code == 409
    assert all(title in both.text for title in ("De cette page", "D’une autre page"))
    assert "What is saved now" in text_of(both)


def test_what_is_typed_comes_back(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    make.commit()
    member, at = browse(kite), f"/stories/{story.ref}/translate"
    typed = {**opened(member, at, title="Le prem"), "named": "1"}
    assert member.post(f"{at}/draft", typed).status_code == 204
    assert member.post(f"{at}/draft", {**typed, "title": "Le premier"}).status_code == 204
    assert len(db.exec(select(Draft)).all()) == 1
    db.commit()
    member.client.cookies.clear()
    ended = member.post(at, {**typed, "title": "Le premier mois et plus"})
    assert (ended.status_code, "Le premier mois et plus" in ended.text) == (401, True)
    with clock.at(now() + days(1)):
        again = browse(kite)
        back = again.get(f"{at}?language=fr")
        assert "Begun, not sent yet." in text_of(again.get("/my/translations"))
    assert "We kept what you typed." in text_of(back)
    assert 'value="Le premier"' in back.text
    assert 'name="named" id="f-named" value="1" checked' in back.text
    assert "We kept" not in browse(reader).get(f"{at}?language=fr").text, "what I type is mine"
    for wrong, code in (({"language": "xx"}, 422), ({"body": "x" * 70_000}, 413)):
        assert again.post(f"{at}/draft", {**typed, **wrong}).status_code == code
    again.send(at, opened(again, at))
    assert db.exec(select(Draft)).all() == []


def test_a_tick_that_was_taken_off_stays_off(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member
) -> None:
    story = told.published(db, ndeye, reader)
    told.shown_in(db, actor_of(kite), ndeye, reader, story, named=True, machine=True)
    make.commit()
    member, at = browse(kite), f"/stories/{story.ref}/translate"
    form = opened(member, at)
    assert member.get(f"{at}?language=fr").text.count(" checked") == 2
    assert member.post(f"{at}/draft", form).status_code == 204
    assert member.get(f"{at}?language=fr").text.count(" checked") == 0


def test_sent_twice_is_one_translation(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    make.commit()
    member, at = browse(kite), f"/stories/{story.ref}/translate"
    form = opened(member, at)
    first, second = (member.post(at, form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert len(db.exec(select(StoryText).where(StoryText.language == "fr")).all()) == 1


def test_a_tellers_own_translation(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    story = told.agreed(db, ndeye, name_form=NameForm.ANONYMOUS)
    make.commit()
    teller, at = browse(ndeye), f"/stories/{story.ref}/translate"
    assert f'href="{at}"' in teller.get(f"/my/stories/{story.ref}").text
    form = opened(teller, at)
    assert "named" not in teller.get(f"{at}?language=fr").text, "a teller is not asked, because a teller is never named"
    assert "once you send the story" in text_of(teller.send(at, {**form, "named": "1"}))
    preview = teller.get(f"/my/stories/{story.ref}/preview?language=fr")
    assert "Le premier mois" in text_of(preview), "as others will see it"
    assert db.exec(select(Case)).all() == []
    db.commit()
    teller.send(f"/my/stories/{story.ref}/send", {"once": "s"})
    assert sorted(c.kind.value for c in db.exec(select(Case))) == ["story", "translation"]


# The teller's yes


def test_words_that_were_exchanged_are_shown_before_they_are_taken(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member
) -> None:
    story, second = told.published(db, ndeye, reader), actor_of(reader, Role.COORDINATOR)
    actions.edit_by_reviewer(db, second, story, Words(title="A", body="Words A."))
    make.commit()
    teller, ref = browse(ndeye), story.ref
    read = seen(teller, ref, "take", "en")
    actions.edit_by_reviewer(db, second, story, Words(title="B", body="Words B."))
    make.commit()
    for answer in ("take", "keep"):
        both = teller.post(f"/my/stories/{ref}/words/en/{answer}", {**read, "once": answer})
        assert both.status_code == 409
        assert all(words in both.text for words in (told.BODY, "Words B."))
        assert "Other words were suggested meanwhile." in text_of(both)
    assert teller.post(f"/my/stories/{ref}/words/en/take", {}).status_code == 409, "a yes to nothing in particular"
    assert telling.original(db, story).body == told.BODY
    db.commit()
    teller.send(f"/my/stories/{ref}/words/en/take", seen(teller, ref, "take", "en"))
    assert telling.original(db, story).body == "Words B."


def test_a_translation_that_was_exchanged_is_shown_before_it_is_taken(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member
) -> None:
    story = told.published(db, ndeye, reader)
    told.translated(db, actor_of(kite), story)
    make.commit()
    teller, ref = browse(ndeye), story.ref
    read = seen(teller, ref, "yes")
    told.translated(db, actor_of(kite), story, body="Autre chose.")
    make.commit()
    for answer in ("yes", "no"):
        both = teller.post(f"/my/stories/{ref}/words/fr/{answer}", {**read, "once": answer})
        assert (both.status_code, "Autre chose." in both.text) == (409, True)
        assert "This translation has changed since you read it." in text_of(both)
    text = db.exec(select(StoryText).where(StoryText.language == "fr")).one()
    assert not text.confirmed
    db.commit()
    teller.send(f"/my/stories/{ref}/words/fr/no", seen(teller, ref, "no"))
    assert db.exec(select(StoryText).where(StoryText.language == "fr")).all() == []


def test_nobody_else_answers(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    told.translated(db, actor_of(kite), story)
    mark = told.mark(db, story)
    make.commit()
    for somebody in (browse(kite), browse(reader)):
        for answer in ("take", "keep", "yes", "no"):
            assert somebody.post(f"/my/stories/{story.ref}/words/fr/{answer}", {"seen": mark}).status_code == 404


# What readers see


def test_readers_are_told_how_it_stands(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member) -> None:
    story, second = told.published(db, ndeye, reader, hard="The stairs."), actor_of(reader, Role.COORDINATOR)
    told.shown_in(db, actor_of(kite), ndeye, reader, story, machine=True, named=True)
    told.translated(db, actor_of(kite), story, "ar", title="الشهر الأول")
    people = [make.member() for _n in range(3)]
    make.commit()
    anyone, french, arabic = (browse(who, language) for who, language in zip(people, ("en", "fr", "ar"), strict=True))
    address = f"/stories/{story.ref}"
    page = anyone.get(f"{address}?language=fr")
    assert "Translated by a machine, read over by a person: Paper Kite" in text_of(page)
    assert "Only in: English" in text_of(page)
    assert '<p class="said" lang="en" dir="auto">The stairs.</p>' in page.text
    assert "Français (made by a machine)" in text_of(anyone.get(f"{address}?language=en"))
    assert "الشهر الأول" not in arabic.get(address).text
    actions.edit_by_reviewer(db, second, story, Words(title="New", body="New words.", hard="The stairs."))
    actions.confirm_edit(db, actor_of(ndeye), story, "en", told.mark(db, story, "en"))
    make.commit()
    assert "The story has changed since." in text_of(anyone.get(f"{address}?language=fr"))
    assert "Français (older than the original)" in text_of(anyone.get(f"{address}?language=en"))
    assert french.get(address).text.count('lang="en" dir="auto"') == 1


@pytest.mark.parametrize(("language", "missing", "coming"), [
    ("en", "It is not in English yet.", "Somebody is translating it into English."),
])  # fmt: skip
def test_the_readers_own_language(
    db: Session, make: Make, browse: Open, ndeye: Member, kite: Member, language: str, missing: str, coming: str
) -> None:
    story = make.story(ndeye, language="wo", title="Tey")
    make.commit()
    assert text_of(browse(None, language).get(f"/stories/{story.ref}")).count(missing) == 1
    told.translated(db, actor_of(kite), story, language)
    make.commit()
    assert coming in text_of(browse(kite, language).get(f"/stories/{story.ref}"))


def test_heavy_words_stay_closed_for_translators_too(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member
) -> None:
    story = told.published(db, ndeye, reader, audience=Audience.MEMBERS)
    story.heavy, telling.original(db, story).content_note = True, "About being locked up."
    make.commit()
    page = browse(kite).get(f"/stories/{story.ref}/translate?language=fr").text
    closed = re.search(r'<details class="heavy">.*?</details>', page, re.DOTALL)
    assert closed is not None
    assert told.BODY in closed.group()
    assert told.BODY not in page.replace(closed.group(), "")
    assert "About being locked up." in closed.group()
    assert "Do not put its words into a translation program" in page


# What I translated


def test_my_translations_by_state(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member) -> None:
    shown, waiting, away = (told.published(db, ndeye, reader, title=t) for t in ("Shown one", "Waiting one", "Away one"))
    told.shown_in(db, actor_of(kite), ndeye, reader, shown, named=True)
    told.translated(db, actor_of(kite), waiting)
    told.translated(db, actor_of(kite), away)
    actions.pause(db, actor_of(ndeye), away)
    make.commit()
    member = browse(kite)
    page = member.get("/my/translations")
    words = text_of(page)
    assert "Shown one" in words
    assert "It waits for the yes of the person who told the story." in words
    assert "Away one" not in page.text
    assert "A story that is not shown at the moment" in words
    assert page.text.count("/unname") == 1
    assert page.text.count("/withdraw") == 2
    assert "No translation yet" in text_of(browse(ndeye).get("/my/translations")), "one's own story is under My stories"
    for somebody in (browse(reader), browse(make_member(make))):
        assert somebody.post(f"/my/translations/{waiting.ref}/fr/withdraw", {"once": "w"}).status_code == 404
    assert "Taken back." in text_of(member.send(f"/my/translations/{waiting.ref}/fr/withdraw", {"once": "w"}))
    assert member.post(f"/my/translations/{shown.ref}/fr/withdraw", {"once": "w"}).status_code == 403, "part of the story by now"
    texts = db.exec(select(StoryText).where(StoryText.language == "fr")).all()
    assert sorted(t.second_look for t in texts) == [SecondLook.FINE, SecondLook.WAITS]


def make_member(make: Make) -> Member:
    member = make.member()
    make.commit()
    return member


@pytest.mark.parametrize("items", [1, 3])
def test_my_translations_cost_the_same_for_any_number(
    app: Any, db: Session, make: Make, browse: Open, count_queries: Callable[..., Any], ndeye: Member, kite: Member, items: int
) -> None:
    for _n in range(items):
        told.translated(db, actor_of(kite), make.story(ndeye), named=True)
    make.commit()
    browser, database = browse(kite), app.state.house.database
    with count_queries(database.read_engine, database.write_engine) as queries:
        assert browser.get("/my/translations").status_code == 200
    assert len(queries) == 5, queries


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("ar", "rtl")])
def test_the_pages_speak_the_readers_language(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member, language: str, direction: str
) -> None:
    story = told.published(db, ndeye, reader)
    told.translated(db, actor_of(kite), story, "pt", named=True)
    make.commit()
    member, teller = browse(kite, language), browse(ndeye, language)
    for browser, path in (
        (member, f"/stories/{story.ref}/translate"), (member, f"/stories/{story.ref}/translate?language=ar"),
        (member, "/my/translations"), (teller, f"/my/stories/{story.ref}"),
    ):  # fmt: skip
        page = browser.get(path)
        assert f'<html lang="{language}" dir="{direction}">' in page.text
        for left_over in ("Your translation", "Translate this story", "My translations", "Not shown yet", "Send</button>"):
            assert left_over not in page.text, path


def test_nothing_of_ours_is_left_in_the_database_after_a_refusal(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, kite: Member
) -> None:
    for _n in range(translating.MOST_OFFERS):
        told.translated(db, actor_of(kite), make.story(ndeye))
    story = told.published(db, ndeye, reader)
    make.commit()
    member, at = browse(kite), f"/stories/{story.ref}/translate"
    full = member.post(at, opened(member, at))
    assert (full.status_code, "20 of your translations wait for a yes." in text_of(full)) == (422, True)
    assert "m’attendait" in full.text
    assert translations.text_in(db, story, "fr") is None
    assert db.exec(select(StoryProposal)).all() == []
    assert db.exec(select(Story).where(Story.ref == story.ref)).one().row_version == story.row_version
