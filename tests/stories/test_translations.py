"""Translations by people: who may send one, what becomes of it, who says yes, what readers see; by table and by story."""

from itertools import product
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core.clock import days, now
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Refused
from app.core.settings import Settings
from app.domain.accounts import actions as accounts
from app.domain.accounts import exports
from app.domain.actor import GUEST, Actor
from app.domain.stories import actions, drafts, proposals, queries, reading, rules, telling, translating, translations
from app.domain.stories.rules import Standing, Way
from app.models.accounts import Answer, Export, Member, MemberStatus, Role
from app.models.engine import Draft, SearchDocument
from app.models.stories import Audience, SecondLook, Story, StoryProposal, StoryStatus, StoryText
from app.schemas.stories import Translate, Words, WriteStory
from tests.conftest import TODAY
from tests.factories import Make
from tests.races import together
from tests.stories import told
from tests.stories.told import actor_of

S, L = StoryStatus, SecondLook
TELLER, TRANSLATOR = uuid4(), uuid4()
OPEN = {"submitted", "in_review", "change_asked", "approved", "published"}


def someone(*roles: Role, **fields: object) -> Actor:
    return Actor(**{"member_id": uuid4(), "roles": frozenset(roles), "second_factor": True, **fields})  # type: ignore[arg-type]


PEOPLE = {
    "guest": GUEST,
    "teller": someone(member_id=TELLER),
    "teller, a coordinator": someone(Role.COORDINATOR, member_id=TELLER),
    "paused teller": someone(member_id=TELLER, status=MemberStatus.PAUSED),
    "member": someone(),
    "translator": someone(member_id=TRANSLATOR),
    "member not let in": someone(status=MemberStatus.APPLIED),
    "suspended member": someone(status=MemberStatus.SUSPENDED),
    "coordinator": someone(Role.COORDINATOR),
    "safeguarding": someone(Role.SAFEGUARDING),
    "coordinator without the second step": someone(Role.COORDINATOR, second_factor=False),
    "translator, a coordinator": someone(Role.COORDINATOR, member_id=TRANSLATOR),
    "organiser": someone(Role.ORGANISER),
}
READERS = {"member", "translator", "organiser"}
SECOND = {"coordinator", "safeguarding", "coordinator without the second step", "translator, a coordinator"}


def a_story(status: StoryStatus = S.PUBLISHED, **fields: object) -> Story:
    chosen = {"audience": Audience.EVERYONE, **fields}
    return Story(ref="a" * 12, author_id=TELLER, status=status, touched_at=now(), **chosen)


def a_text(confirmed: bool = True, look: SecondLook = L.FINE, by: UUID | None = TRANSLATOR, **fields: object) -> StoryText:
    return StoryText(
        story_id=uuid4(), language="fr", original=False, confirmed=confirmed, second_look=look, translator_id=by, **fields
    )


@pytest.mark.parametrize("who", PEOPLE)
def test_who_translates_what(who: str) -> None:
    """Written out by hand: the teller always, second readers what is open to them, members what they read."""
    for status in S:
        allowed = (
            (who.startswith("teller") and status != "taken_back")
            or (who in SECOND and status.value in OPEN)
            or (who in READERS and status == "published")
        )
        verdict = rules.may_translate(PEOPLE[who], a_story(status), now().date())
        assert bool(verdict) == allowed, status
        assert verdict or verdict.reason


@pytest.mark.parametrize(("fields", "may"), [
    ({"audience": Audience.MEMBERS}, True), ({"audience": Audience.ONLY_ME}, False), ({"until_on": TODAY.date()}, False),
])  # fmt: skip
def test_a_member_translates_only_what_they_can_read_today(fields: dict[str, object], may: bool) -> None:
    assert bool(rules.may_translate(PEOPLE["member"], a_story(**fields), now().date())) == may


@pytest.mark.parametrize(("confirmed", "look"), list(product((True, False), L)))
def test_readers_see_what_two_people_said_yes_to(confirmed: bool, look: SecondLook) -> None:
    assert rules.is_shown(a_text(confirmed, look)) == (confirmed and look == "fine")
    assert rules.is_shown(StoryText(story_id=uuid4(), language="en", confirmed=False, second_look=look)), "the teller's own words"


@pytest.mark.parametrize(("text", "version", "standing"), [
    (None, 1, Standing.MISSING),
    (a_text(look=L.DECLINED), 1, Standing.MISSING),
    (a_text(confirmed=False), 1, Standing.IN_PROGRESS),
    (a_text(look=L.WAITS), 1, Standing.IN_PROGRESS),
    (a_text(look=L.CHANGE_ASKED), 5, Standing.IN_PROGRESS),
    (a_text(source_version=3), 3, Standing.UP_TO_DATE),
    (a_text(source_version=3), 4, Standing.OUTDATED),
    (a_text(source_version=3, machine=True), 3, Standing.MACHINE_MADE),
    (a_text(source_version=3, machine=True), 4, Standing.OUTDATED),
])  # fmt: skip
def test_how_a_language_stands(text: StoryText | None, version: int, standing: Standing) -> None:
    assert rules.standing(text, version) == standing


OTHER = uuid4()


@pytest.mark.parametrize(("who", "text", "proposed_by", "way"), [
    ("teller", a_text(), OTHER, Way.WRITE),
    ("teller, a coordinator", a_text(False, L.WAITS), None, Way.WRITE),
    ("member", None, None, Way.WRITE),
    ("member", a_text(look=L.DECLINED), None, Way.WRITE),
    ("member", a_text(False, L.WAITS), None, Way.TAKEN),
    ("member", a_text(True, L.WAITS), None, Way.TAKEN),
    ("member", a_text(False, L.WAITS, by=None), None, Way.WRITE),
    ("member", a_text(), None, Way.PROPOSE),
    ("member", a_text(), OTHER, Way.TAKEN),
    ("translator", a_text(False, L.WAITS), None, Way.WRITE),
    ("translator", a_text(True, L.CHANGE_ASKED), None, Way.WRITE),
    ("translator", a_text(), None, Way.PROPOSE),
    ("translator", a_text(), TRANSLATOR, Way.PROPOSE),
    ("coordinator", a_text(False, L.WAITS), None, Way.TAKEN),
    ("coordinator", a_text(True, L.WAITS), None, Way.PROPOSE),
    ("coordinator", a_text(True, L.WAITS), OTHER, Way.TAKEN),
    ("coordinator without the second step", a_text(True, L.WAITS), None, Way.TAKEN),
    ("coordinator", a_text(), None, Way.PROPOSE),
])  # fmt: skip
def test_what_becomes_of_a_translation(who: str, text: StoryText | None, proposed_by: UUID | None, way: Way) -> None:
    assert rules.way_of(PEOPLE[who], a_story(), text, proposed_by) == way


@pytest.mark.parametrize("who", PEOPLE)
def test_who_looks_at_a_translation(who: str) -> None:
    """Second readers, never the teller and never whoever translated it."""
    waits = a_text(look=L.WAITS)
    allowed = {"coordinator", "safeguarding", "coordinator without the second step"}  # the step is asked for at the door
    assert bool(rules.may_look_at(PEOPLE[who], a_story(), waits)) == (who in allowed)
    for other in (a_text(False, L.WAITS), a_text(), a_text(look=L.DECLINED), a_text(look=L.CHANGE_ASKED)):
        assert not rules.may_look_at(PEOPLE[who], a_story(), other)


@pytest.fixture
def ndeye(make: Make) -> Member:
    return make.member("Ndeye Baobab")


@pytest.fixture
def reader(make: Make) -> Member:
    return make.member("Second Reader", Role.COORDINATOR)


@pytest.fixture
def kite(make: Make) -> Member:
    return make.member("Paper Kite")


def languages(db: Session, story: Story) -> list[str]:
    """Return the languages that readers see."""
    rows = reading.story(db.connection(), story.ref)
    assert rows is not None
    return [t.language for t in rows.texts]


def found(db: Session) -> list[str]:
    return sorted(d.language for d in db.exec(select(SearchDocument).where(SearchDocument.kind == "story")))


def answers(db: Session, member: Member) -> list[str]:
    return [a.sentence for a in db.exec(select(Answer).where(Answer.member_id == member.id).order_by(Answer.id))]


def second(reader: Member) -> Actor:
    return actor_of(reader, Role.COORDINATOR)


def test_from_a_member_to_its_readers(db: Session, make: Make, ndeye: Member, reader: Member, kite: Member) -> None:
    story, before = told.published(db, ndeye, reader), len(answers(db, ndeye))
    text = told.translated(db, actor_of(kite), story)
    assert text is not None
    assert (languages(db, story), found(db)) == (["en"], ["en"])
    assert answers(db, ndeye)[before:] == ["Somebody has translated your story. Nothing is shown without your yes."]
    for nobody in (actor_of(kite), second(reader), actor_of(make.member())):
        with pytest.raises(Refused):
            actions.confirm_translation(db, nobody, story, "fr", told.mark(db, story))
        with pytest.raises(Refused):
            actions.remove_translation(db, nobody, story, "fr", told.mark(db, story))
    with pytest.raises(Refused):
        actions.approve_translation(db, second(reader), story, text)  # the teller's yes comes first
    actions.confirm_translation(db, actor_of(ndeye), story, "fr", told.mark(db, story))
    assert (languages(db, story), found(db)) == (["en"], ["en"])
    assert answers(db, kite)[-1].endswith("Somebody looks at it before it is shown.")
    for nobody in (actor_of(kite), actor_of(ndeye), actor_of(ndeye, Role.COORDINATOR), actor_of(kite, Role.COORDINATOR)):
        with pytest.raises(Refused):
            actions.approve_translation(db, nobody, story, text)
    actions.approve_translation(db, second(reader), story, text)
    assert (languages(db, story), found(db)) == (["en", "fr"], ["en", "fr"])
    assert answers(db, kite)[-1] == "Your translation was looked at. It is shown with the story."
    assert answers(db, ndeye)[-1] == "A translation of your story was looked at. It is shown with your story."
    view = queries.as_shown(db, story, ["fr"])
    assert (view.title, view.translated_by, view.outdated, view.machine) == ("Le premier mois", "", False, False)
    actions.edit_by_reviewer(db, second(reader), story, Words(title="New", body="New"))
    actions.confirm_edit(db, actor_of(ndeye), story, "en", told.mark(db, story, "en"))
    assert queries.as_shown(db, story, ["fr"]).outdated
    actions.remove_translation(db, actor_of(ndeye), story, "fr", told.mark(db, story))
    assert (languages(db, story), found(db)) == (["en"], ["en"])
    with pytest.raises(NotFound):
        actions.confirm_translation(db, actor_of(ndeye), story, "fr", "")


def test_the_tellers_own_goes_to_a_second_reader_too(db: Session, ndeye: Member, reader: Member) -> None:
    story = told.published(db, ndeye, reader)
    text = told.translated(db, actor_of(ndeye), story)
    assert text is not None
    assert (text.confirmed, text.second_look, languages(db, story)) == (True, L.WAITS, ["en"])
    assert [t.language for t in reading.story(db.connection(), story.ref, ahead=True).texts] == ["en", "fr"], "the preview"
    actions.approve_translation(db, second(reader), story, text)
    assert languages(db, story) == ["en", "fr"]
    told.translated(db, actor_of(ndeye), story, title="Le mois")
    assert languages(db, story) == ["en"], "other words, another look"
    actions.approve_translation(db, second(reader), story, text)
    told.translated(db, actor_of(ndeye), story, title="Le mois")
    assert languages(db, story) == ["en", "fr"], "the same words need no other look"


def test_a_teller_with_a_role_looks_at_nothing_of_their_own(db: Session, make: Make, reader: Member) -> None:
    teller = make.member("", Role.COORDINATOR)
    story = told.published(db, teller, reader)
    own = actor_of(teller, Role.COORDINATOR)
    text = told.translated(db, own, story)
    assert text is not None
    assert (text.confirmed, text.second_look) == (True, L.WAITS)
    with pytest.raises(Refused, match="own story"):
        actions.approve_translation(db, own, story, text)


def test_a_second_readers_translation_needs_the_tellers_yes_only(db: Session, ndeye: Member, reader: Member) -> None:
    story = told.published(db, ndeye, reader)
    told.translated(db, second(reader), story)
    assert languages(db, story) == ["en"]
    actions.confirm_translation(db, actor_of(ndeye), story, "fr", told.mark(db, story))
    assert languages(db, story) == ["en", "fr"]
    with_role_but_no_step = Actor(member_id=reader.id, roles=frozenset({Role.COORDINATOR}), second_factor=False)
    text = told.translated(db, with_role_but_no_step, story, "pt")
    assert text is not None
    assert text.second_look == L.WAITS


def test_other_words_for_a_translation_wait_beside_it(db: Session, make: Make, ndeye: Member, reader: Member, kite: Member) -> None:
    story, other = told.published(db, ndeye, reader), make.member("Silent Oar")
    told.shown_in(db, actor_of(kite), ndeye, reader, story)
    told.translated(db, actor_of(other), story, title="Un mois de sommeil", named=True)
    assert queries.as_shown(db, story, ["fr"]).title == "Le premier mois"
    with pytest.raises(Invalid, match="waits for the teller"):
        told.translated(db, actor_of(kite), story, title="Trois")
    actions.confirm_edit(db, actor_of(ndeye), story, "fr", told.mark(db, story))
    text = translations.text_in(db, story, "fr")
    assert text is not None
    assert (text.title, text.translator_id, text.named, text.second_look) == ("Un mois de sommeil", other.id, True, L.WAITS)
    assert languages(db, story) == ["en"], "words that no second reader has seen"
    actions.approve_translation(db, second(reader), story, text)
    assert queries.as_shown(db, story, ["fr"]).translated_by == "Silent Oar"
    told.translated(db, second(reader), story, title="Le mois")
    actions.confirm_edit(db, actor_of(ndeye), story, "fr", told.mark(db, story))
    assert queries.as_shown(db, story, ["fr"]).title == "Le mois", "a second reader wrote it, the teller said yes"
    told.translated(db, actor_of(kite), story, title="Non")
    actions.reject_edit(db, actor_of(ndeye), story, "fr", told.mark(db, story))
    assert queries.as_shown(db, story, ["fr"]).title == "Le mois"
    assert answers(db, kite)[-1] == "The person who told the story keeps the words that stand there."


def test_a_correction_made_from_older_words_stays_behind(db: Session, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    told.shown_in(db, actor_of(kite), ndeye, reader, story)
    told.translated(db, second(reader), story, title="Le mois")
    actions.rework(db, actor_of(ndeye), story)
    told.write(db, ndeye, story, body="I took the name out.")
    actions.confirm_edit(db, actor_of(ndeye), story, "fr", told.mark(db, story))
    assert translations.behind(db, story) == ["fr"]


def test_what_a_second_reader_asks_and_refuses(db: Session, make: Make, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    text = told.translated(db, actor_of(kite), story)
    assert text is not None
    actions.confirm_translation(db, actor_of(ndeye), story, "fr", told.mark(db, story))
    actions.ask_translation_change(db, second(reader), story, text, "Leave out the street.")
    notes = [a.note for m in (ndeye, kite) for a in db.exec(select(Answer).where(Answer.member_id == m.id)) if a.note]
    assert notes == ["Leave out the street."] * 2
    told.translated(db, actor_of(kite), story, body="Sans la rue.")
    assert (text.confirmed, text.second_look) == (False, L.WAITS), "other words: the teller's yes comes first again"
    actions.confirm_translation(db, actor_of(ndeye), story, "fr", told.mark(db, story))
    actions.decline_translation(db, second(reader), story, text, "It names somebody.")
    assert languages(db, story) == ["en"]
    assert story.status == S.PUBLISHED
    rows = reading.story(db.connection(), story.ref, ahead=True)
    assert rows is not None
    assert (rows.coming, [t.language for t in rows.texts]) == ([], ["en"])
    told.translated(db, actor_of(make.member("Silent Oar")), story, body="Autrement.")
    assert (text.confirmed, text.second_look, text.body) == (False, L.WAITS, "Autrement.")


def test_what_waits_for_the_teller_is_hidden(db: Session, make: Make, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    text = told.translated(db, actor_of(kite), story)
    sees = {who: translations.present(actor, story, text, None) is not None for who, actor in {
        "translator": actor_of(kite), "teller": actor_of(ndeye), "member": actor_of(make.member()), "second": second(reader),
    }.items()}  # fmt: skip
    assert sees == {"translator": True, "teller": True, "member": False, "second": False}
    with pytest.raises(Invalid, match="waits for the teller"):
        told.translated(db, actor_of(make.member()), story)
    rows = reading.story(db.connection(), story.ref)
    assert rows is not None
    assert rows.coming == ["fr"]
    assert "cousin" not in str(rows.texts[1:])


@pytest.mark.parametrize(("words", "field"), [
    ({"language": "en"}, "language"), ({"language": "tlh"}, "language"), ({"title": ""}, "title"), ({"body": ""}, "title"),
    ({"body": "", "content_note": "Sur la prison."}, "title"),
])  # fmt: skip
def test_what_is_no_translation(
    db: Session, ndeye: Member, reader: Member, kite: Member, words: dict[str, str], field: str
) -> None:
    story = told.published(db, ndeye, reader)
    with pytest.raises(Invalid) as refused:
        told.translated(db, actor_of(kite), story, **words)
    assert refused.value.field == field


def test_a_voice_alone_can_be_translated(db: Session, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    text = told.shown_in(db, actor_of(kite), ndeye, reader, story, body="", summary="Elle dit ce qui a aidé.")
    view = queries.as_shown(db, story, ["fr"])
    assert (text.summary, view.summary.words, view.summary.language) == (*["Elle dit ce qui a aidé."] * 2, "fr")
    assert [(p.words, p.language, p.only_in) for p in view.parts] == [(told.BODY, "en", "English")], "what is missing is marked"


def test_the_story_changed_since_the_page_was_opened(db: Session, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    version = telling.original(db, story).version
    with pytest.raises(actions.ChangedMeanwhile, match="The story has changed"):
        told.translated(db, actor_of(kite), story, source_version=version - 1)
    told.shown_in(db, actor_of(kite), ndeye, reader, story)
    with pytest.raises(actions.ChangedMeanwhile, match="already"):
        told.translated(db, actor_of(kite), story, seen="")
    with pytest.raises(actions.ChangedMeanwhile, match="another place"):
        told.translated(db, actor_of(kite), story, seen="0" * 32)


def test_a_member_has_an_end_of_open_offers(db: Session, make: Make, ndeye: Member, reader: Member, kite: Member) -> None:
    for _n in range(translating.MOST_OFFERS):
        told.translated(db, actor_of(kite), make.story(ndeye))
    last = make.story(ndeye)
    with pytest.raises(Invalid, match="wait for a yes"):
        told.translated(db, actor_of(kite), last)
    told.translated(db, actor_of(ndeye), last)  # one's own story is another matter


def test_taking_back_takes_every_language_along(db: Session, make: Make, ndeye: Member, reader: Member, kite: Member) -> None:
    story, other = told.published(db, ndeye, reader), make.member("Silent Oar")
    told.shown_in(db, actor_of(kite), ndeye, reader, story)
    told.shown_in(db, actor_of(ndeye), ndeye, reader, story, "pt", title="O primeiro mês")
    told.translated(db, actor_of(kite), story, "ar", title="الشهر الأول")
    told.translated(db, actor_of(other), story, title="Le mois")
    drafts.keep(db, actor_of(other), story, "translate:es", {"title": "El primer"})
    assert found(db) == ["en", "fr", "pt"]
    actions.take_back(db, actor_of(ndeye), story)
    left = {t.language for t in db.exec(select(StoryText))}
    assert left == {"en", "pt"}, "their own words stay with their teller, nobody else's stay anywhere"
    for kind in (StoryProposal, Draft, SearchDocument):
        assert db.exec(select(kind)).all() == []
    said = "A story that you worked on was taken back by the person who told it. Your words are gone with it."
    assert [answers(db, m).count(said) for m in (kite, other, ndeye)] == [1, 1, 0]
    for member in (ndeye, kite, reader):
        with pytest.raises(Refused):
            told.translated(db, actor_of(member, Role.COORDINATOR), story, "es")


@pytest.mark.parametrize("way", ["take back", "delete", "leave"])
def test_no_word_about_it_stays_with_whoever_translated_it(
    db: Session, settings: Settings, make: Make, ndeye: Member, reader: Member, kite: Member, way: str
) -> None:
    """Neither in letters nor in copies that are ready to be fetched; another story's stay, and so do those of others."""
    story, other, oar = told.published(db, ndeye, reader), told.published(db, ndeye, reader), make.member("Silent Oar")
    for one in (story, other):
        text = told.translated(db, actor_of(kite), one)
        assert text is not None
        actions.confirm_translation(db, actor_of(ndeye), one, "fr", told.mark(db, one))
        actions.ask_translation_change(db, second(reader), one, text, f"You write {one.ref} walked at night.")
    drafts.keep(db, actor_of(oar), story, "translate:es", {"title": "El primer"})
    for member in (ndeye, kite, oar, reader):
        exports.make(db, actor_of(member))
    if way == "leave":
        accounts.purge_member(db, ndeye.id)
    else:
        actions.take_back(db, actor_of(ndeye), story)
    if way == "delete":
        actions.discard(db, actor_of(ndeye), story)
    db.commit()
    notes = {m.name: [a.note for a in db.exec(select(Answer).where(Answer.member_id == m.id)) if a.note] for m in (ndeye, kite)}
    said = [f"You write {one.ref} walked at night." for one in (story, other)]
    assert notes["Paper Kite"] == ([] if way == "leave" else [said[1]])
    assert notes.get("Ndeye Baobab", []) == {"take back": said, "delete": [said[1]], "leave": []}[way]
    kept = {ndeye.id, reader.id} if way == "take back" else {reader.id}
    assert set(db.exec(select(Export.member_id))) == kept
    assert len(list((settings.data_dir / "exports").iterdir())) == len(kept)
    assert answers(db, kite), "that something was answered stays, without its words"


def test_sending_a_story_leaves_what_others_are_typing(db: Session, ndeye: Member, kite: Member) -> None:
    story = told.agreed(db, ndeye)
    for who, step in ((ndeye, "who"), (ndeye, "translate:fr"), (kite, "translate:fr")):
        drafts.keep(db, actor_of(who), story, step, {"title": "x"})
    actions.submit(db, actor_of(ndeye), story)
    assert sorted(d.form.rsplit(":", 2)[1] for d in db.exec(select(Draft))) == ["translate", "translate"]


def test_a_minor_edit_leaves_translations_up_to_date(db: Session, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    told.shown_in(db, actor_of(kite), ndeye, reader, story)
    actions.rework(db, actor_of(ndeye), story)
    told.write(db, ndeye, story, body=told.BODY + "!", minor=True)
    assert translations.behind(db, story) == []
    told.write(db, ndeye, story, body="Something else.")
    assert translations.behind(db, story) == ["fr"]
    told.write(db, ndeye, story, body="Something else!", minor=True)
    assert translations.behind(db, story) == ["fr"], "what was behind stays behind"


def test_a_minor_suggestion_leaves_translations_up_to_date(db: Session, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    told.shown_in(db, actor_of(kite), ndeye, reader, story)
    actions.edit_by_reviewer(db, second(reader), story, Words(title=told.TITLE, body="A comma, moved."))
    actions.confirm_edit(db, actor_of(ndeye), story, "en", told.mark(db, story, "en"), minor=True)
    assert not queries.as_shown(db, story, ["fr"]).outdated


def test_whoever_says_it_still_fits_did_not_write_it(db: Session, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    text = told.shown_in(db, actor_of(kite), ndeye, reader, story, named=True)
    actions.edit_by_reviewer(db, second(reader), story, Words(title="New", body="New"))
    actions.confirm_edit(db, actor_of(ndeye), story, "en", told.mark(db, story, "en"))
    told.translated(db, actor_of(ndeye), story)
    view = queries.as_shown(db, story, ["fr"])
    assert (view.outdated, view.translated_by, text.translator_id) == (False, "Paper Kite", kite.id)


def test_an_offer_is_taken_back_before_the_yes_only(db: Session, make: Make, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader)
    told.translated(db, actor_of(kite), story)
    for nobody in (actor_of(make.member()), second(reader)):
        with pytest.raises(Refused):
            actions.withdraw_offer(db, nobody, story, "fr")
    actions.withdraw_offer(db, actor_of(kite), story, "fr")
    assert translations.text_in(db, story, "fr") is None
    told.shown_in(db, actor_of(kite), ndeye, reader, story)
    with pytest.raises(Refused):
        actions.withdraw_offer(db, actor_of(kite), story, "fr")
    told.translated(db, actor_of(kite), story, title="Le mois")
    actions.withdraw_offer(db, actor_of(kite), story, "fr")
    assert translations.proposal_in(db, story, "fr") is None
    assert languages(db, story) == ["en", "fr"]


# What the teller says yes to is what they saw.


@pytest.mark.parametrize("answer", [actions.confirm_translation, actions.remove_translation])
def test_a_translation_that_was_exchanged_is_not_answered(
    db: Session, ndeye: Member, reader: Member, kite: Member, answer: object
) -> None:
    story = told.published(db, ndeye, reader)
    told.translated(db, actor_of(kite), story)
    seen = told.mark(db, story)
    told.translated(db, actor_of(kite), story, body="Autre chose.")
    for mark in (seen, ""):
        with pytest.raises(actions.ChangedMeanwhile):
            answer(db, actor_of(ndeye), story, "fr", mark)  # type: ignore[operator]
    text = translations.text_in(db, story, "fr")
    assert text is not None
    assert (text.confirmed, text.body) == (False, "Autre chose.")


@pytest.mark.parametrize("change", [{"named": True}, {"machine": True}])
def test_a_name_or_a_machine_beside_the_words_was_not_seen_either(
    db: Session, ndeye: Member, reader: Member, kite: Member, change: dict[str, bool]
) -> None:
    story = told.published(db, ndeye, reader)
    told.translated(db, actor_of(kite), story)
    seen = told.mark(db, story)
    told.translated(db, actor_of(kite), story, **change)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.confirm_translation(db, actor_of(ndeye), story, "fr", seen)


@pytest.mark.parametrize("answer", [actions.confirm_edit, actions.reject_edit])
def test_a_suggestion_that_was_exchanged_is_not_answered(db: Session, ndeye: Member, reader: Member, answer: object) -> None:
    story = told.published(db, ndeye, reader)
    actions.edit_by_reviewer(db, second(reader), story, Words(title="A", body="Words A."))
    seen = told.mark(db, story, "en")
    actions.edit_by_reviewer(db, second(reader), story, Words(title="B", body="Words B."))
    for mark in (seen, ""):
        with pytest.raises(actions.ChangedMeanwhile):
            answer(db, actor_of(ndeye), story, "en", mark)  # type: ignore[operator]
    assert telling.original(db, story).body == told.BODY
    assert proposals.proposal_in(db, story, "en") is not None


def test_words_are_read_after_the_lock(db: Session, ndeye: Member, reader: Member) -> None:
    """The session still holds the text as it was read before; another transaction has saved a newer one."""
    story = told.sent(db, ndeye)
    actions.edit_by_reviewer(db, second(reader), story, Words(title="A", body="Words A."))
    text, seen = telling.original(db, story), told.mark(db, story, "en")
    table = StoryText.__table__  # type: ignore[attr-defined]
    newer = sa.update(table).where(table.c.id == text.id).values(version=text.version + 1, body="My newest words.")
    db.execute(newer.execution_options(synchronize_session=False))
    assert text.body == told.BODY
    with pytest.raises(actions.ChangedMeanwhile):
        actions.confirm_edit(db, actor_of(ndeye), story, "en", seen)
    assert telling.original(db, story).body == "My newest words."


def test_saving_and_saying_yes_at_the_same_moment(database: Database, db: Session, ndeye: Member, reader: Member) -> None:
    me = actor_of(ndeye)
    for n in range(4):
        story = told.sent(db, ndeye, title=f"Story {n}")
        actions.edit_by_reviewer(db, second(reader), story, Words(title="A", body="Words A."))
        actions.withdraw_submission(db, actor_of(ndeye), story)
        seen, version = told.mark(db, story, "en"), story.row_version
        db.commit()
        saved = WriteStory(title="Mine", body="My newest words.", language="en", row_version=version)
        said = together(
            database, lambda s, ref=story.ref, w=saved: actions.save_text(s, me, queries.by_ref(s, ref), w),
            lambda s, ref=story.ref, m=seen: actions.confirm_edit(s, me, queries.by_ref(s, ref), "en", m),
        )  # fmt: skip
        assert sorted(map(bool, said)) == [False, True], "one of them is told that the other was faster"
        assert telling.original(db, story).body == ("My newest words." if said[0] == "" else "Words A.")
        db.commit()


def test_two_translate_at_the_same_moment(database: Database, db: Session, make: Make, ndeye: Member, reader: Member) -> None:
    story, one, two = told.published(db, ndeye, reader), make.member(), make.member()
    version = telling.original(db, story).version
    db.commit()

    def send(who: Member) -> object:
        words = Translate(language="fr", title=f"Par {who.id}", body="Mon cousin.", source_version=version)

        def act(session: Session) -> None:
            try:
                actions.add_translation(session, actor_of(who), queries.by_ref(session, story.ref), words)
            except Invalid as problem:
                raise actions.ChangedMeanwhile(problem.sentence) from problem

        return act

    said = together(database, send(one), send(two))  # type: ignore[arg-type]
    assert sorted(map(bool, said)) == [False, True]
    assert len(db.exec(select(StoryText).where(StoryText.language == "fr")).all()) == 1


def test_nothing_of_it_outlives_its_day(db: Session, ndeye: Member, reader: Member, kite: Member) -> None:
    story = told.published(db, ndeye, reader, lasts="half")
    told.shown_in(db, actor_of(kite), ndeye, reader, story)
    actions.expire_due(db, now() + days(200))
    assert found(db) == []
    with pytest.raises(Refused):
        told.translated(db, actor_of(kite), story, "pt")
