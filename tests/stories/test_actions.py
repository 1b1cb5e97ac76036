"""What happens to a story, step by step, on the database."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import days, now
from app.core.db import Database
from app.core.errors import Conflict, HearthError, Invalid, Refused
from app.core.settings import Settings
from app.domain import versions
from app.domain.accounts import actions as accounts
from app.domain.accounts import changes
from app.domain.stories import actions, consents, drafts, files, queries, reading, telling
from app.models.accounts import Answer, Member, MemberStatus, Role
from app.models.engine import AuditEvent, Draft, SearchDocument
from app.models.stories import Media, NameForm, Story, StoryProposal, StoryStatus, StoryText
from app.schemas.stories import Words, WriteStory
from tests.factories import Make
from tests.stories import told
from tests.stories.told import PICTURE, VOICE, actor_of

S = StoryStatus


@pytest.fixture
def ndeye(make: Make) -> Member:
    return make.member("Ndeye Baobab")


@pytest.fixture
def reader(make: Make) -> Member:
    return make.member("Second Reader", Role.COORDINATOR)


def documents(db: Session) -> list[SearchDocument]:
    return list(db.exec(select(SearchDocument).where(SearchDocument.kind == "story")).all())


def answers(db: Session, member: Member) -> list[Answer]:
    return list(db.exec(select(Answer).where(Answer.member_id == member.id)).all())


def kept_files(settings: Settings) -> list[Path]:
    return [p for p in Path(settings.media).rglob("*") if p.is_file()]


def test_from_draft_to_shown(db: Session, ndeye: Member, reader: Member) -> None:
    hooked: list[str] = []
    actions.on_submitted.append(lambda _db, s: hooked.append(s.ref))
    try:
        story = told.sent(db, ndeye)
    finally:
        actions.on_submitted.pop()
    assert hooked == [story.ref]
    assert story.publish_after == now() + days(1)
    second = actor_of(reader, Role.COORDINATOR)
    actions.open_review(db, second, story)
    actions.approve(db, second, story)
    assert (story.status, documents(db)) == (S.APPROVED, [])
    assert actions.publish_due(db, now() + days(0.9)) == 0
    before = versions.current(db.connection()).get("stories", 0)
    assert actions.publish_due(db, now() + days(1)) == 1
    db.refresh(story)
    assert (story.status, story.published_on) == (S.PUBLISHED, (now() + days(1)).date())
    assert [d.language for d in documents(db)] == ["en"]
    assert versions.current(db.connection())["stories"] > before
    assert len(answers(db, ndeye)) == 2, "the teller hears each step"
    verbs = {e.verb for e in db.exec(select(AuditEvent)).all()}
    assert {"story.start", "story.write", "story.agree", "story.submit", "story.approve", "story.publish"} <= verbs


def test_anonymous_stories_wait_a_random_time_more(db: Session, ndeye: Member, reader: Member) -> None:
    shifts = set()
    for n in range(4):
        story = told.approved(db, ndeye, reader, name_form=NameForm.ANONYMOUS, title=f"Story {n}")
        assert story.publish_after is not None
        shifts.add(story.publish_after - now() - days(1))
    assert all(days(0) < s <= days(0.25) for s in shifts)
    assert len(shifts) > 1


def test_a_change_is_asked_for_and_made(db: Session, ndeye: Member, reader: Member) -> None:
    story, second = told.sent(db, ndeye), actor_of(reader, Role.COORDINATOR)
    actions.open_review(db, second, story)
    with pytest.raises(Invalid):
        actions.ask_change(db, second, story, "  ")
    actions.ask_change(db, second, story, "Please take the street out.")
    assert story.status == S.CHANGE_ASKED
    assert answers(db, ndeye)[-1].note == "Please take the street out."
    told.write(db, ndeye, story, body="Without the street.")
    actions.submit(db, actor_of(ndeye), story)
    assert story.status == S.SUBMITTED


def test_declined_words_stay_with_their_teller(db: Session, ndeye: Member, reader: Member) -> None:
    story, second = told.sent(db, ndeye), actor_of(reader, Role.COORDINATOR)
    actions.open_review(db, second, story)
    actions.decline(db, second, story, "It names a neighbour.")
    assert story.status == S.DECLINED
    assert telling.original(db, story).body == told.BODY
    actions.rework(db, actor_of(ndeye), story)
    assert story.status == S.DRAFT


def test_a_coordinator_cannot_approve_their_own(db: Session, reader: Member) -> None:
    story = told.sent(db, reader)
    for act in (actions.open_review, actions.approve):
        with pytest.raises(Refused, match="own story"):
            act(db, actor_of(reader, Role.COORDINATOR), story)
    assert story.status == S.SUBMITTED


def test_somebody_who_was_stopped_cannot_send(db: Session, ndeye: Member) -> None:
    story = told.agreed(db, ndeye)
    ndeye.status = MemberStatus.SUSPENDED
    with pytest.raises(Refused, match="stopped"):
        actions.submit(db, actor_of(ndeye), story)


@pytest.mark.parametrize("state", ["sent", "approved", "published"])
def test_outsiders_and_colleagues_move_nothing(db: Session, make: Make, ndeye: Member, reader: Member, state: str) -> None:
    story = told.sent(db, ndeye) if state == "sent" else getattr(told, state)(db, ndeye, reader)
    outsider, before = make.member(), story.status
    for who in (actor_of(outsider), actor_of(reader, Role.COORDINATOR)):
        for act in (actions.take_back, actions.withdraw_submission, actions.pause, actions.rework, actions.submit, actions.discard):
            with pytest.raises(Refused):
                act(db, who, story)
    with pytest.raises(Refused):
        actions.approve(db, actor_of(outsider), story)
    assert story.status == before


def test_concurrent_edits_overwrite_nothing(db: Session, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    seen = story.row_version
    told.write(db, ndeye, story, body="First page.")
    with pytest.raises(actions.ChangedMeanwhile):
        told.write(db, ndeye, story, body="Second page.", row_version=seen)
    assert telling.original(db, story).body == "First page."


def surfaces(db: Session, settings: Settings, ref: str) -> tuple[int, ...]:
    """How often a story appears: search, feed, podcast, site map, list, kept copies, files."""
    connection, today = db.connection(), now().date()
    return (
        len(documents(db)), len(queries.feed(connection)), len(queries.feed(connection, voices=True)),
        len(queries.public_addresses(db)), len(list(reading.shelf(connection, today)[0])),
        len(reading.still_there(connection, [ref], today)), len(kept_files(settings)),
    )  # fmt: skip


def test_take_back_is_everywhere(db: Session, settings: Settings, ndeye: Member, reader: Member) -> None:
    story = told.agreed(db, ndeye)
    actions.add_voice(db, actor_of(ndeye), story, VOICE, "She says what helped.")
    actions.add_picture(db, actor_of(ndeye), story, PICTURE, "A door", "none")
    actions.submit(db, actor_of(ndeye), story)
    second = actor_of(reader, Role.COORDINATOR)
    actions.open_review(db, second, story)
    actions.approve(db, second, story)
    actions.publish_due(db, now() + days(1))
    db.commit()
    db.refresh(story)
    with clock.at(now() + days(1)):
        assert surfaces(db, settings, story.ref) == (1, 1, 1, 1, 1, 1, 5)
        actions.take_back(db, actor_of(ndeye), story)
        db.commit()
        assert surfaces(db, settings, story.ref) == (0, 0, 0, 0, 0, 0, 0)
    assert (story.status, consents.live_purposes(db, story.id)) == (S.TAKEN_BACK, [])
    assert telling.original(db, story).body == told.BODY, "the words stay with their teller"
    with pytest.raises(Refused):
        actions.take_back(db, actor_of(ndeye), story)


def test_files_stay_when_the_take_back_does_not_come_to_its_end(db: Session, settings: Settings, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    actions.add_voice(db, actor_of(ndeye), story, VOICE, "What I say.")
    db.commit()
    assert len(kept_files(settings)) == 2
    actions.remove_media(db, actor_of(ndeye), story, files.of_story(db, story.id)[0].ref)
    db.rollback()
    assert len(kept_files(settings)) == 2
    actions.add_picture(db, actor_of(ndeye), story, PICTURE, "", "agreed")
    assert len(kept_files(settings)) == 5
    db.rollback()
    assert len(kept_files(settings)) == 2, "a file without a row goes with the transaction"
    actions.remove_media(db, actor_of(ndeye), story, files.of_story(db, story.id)[0].ref)
    db.commit()
    assert kept_files(settings) == []


def test_a_voice_needs_its_summary_and_an_unsure_picture_stays_out(db: Session, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    with pytest.raises(Invalid) as voice:
        actions.add_voice(db, actor_of(ndeye), story, VOICE, " ")
    with pytest.raises(Invalid) as picture:
        actions.add_picture(db, actor_of(ndeye), story, PICTURE, "A street", "unsure")
    assert (voice.value.field, picture.value.field) == ("summary", "faces")
    assert db.exec(select(Media)).all() == []
    for _ in range(3):
        actions.add_picture(db, actor_of(ndeye), story, PICTURE, "A door", "none")
    with pytest.raises(Invalid):
        actions.add_picture(db, actor_of(ndeye), story, PICTURE, "A door", "none")


def test_a_new_voice_takes_the_place_of_the_old_one(db: Session, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    for summary in ("First.", "Second."):
        actions.add_voice(db, actor_of(ndeye), story, VOICE, summary)
    assert len(files.of_story(db, story.id)) == 1
    assert telling.original(db, story).summary == "Second."


def test_other_words_wait_for_the_teller(db: Session, ndeye: Member, reader: Member) -> None:
    story, second = told.published(db, ndeye, reader), actor_of(reader, Role.COORDINATOR)
    other = Words(title=told.TITLE, body="My cousin met me.")
    actions.edit_by_reviewer(db, second, story, other)
    assert telling.original(db, story).body == told.BODY
    with pytest.raises(Refused):
        actions.confirm_edit(db, second, story, "en", told.mark(db, story, "en"))
    actions.confirm_edit(db, actor_of(ndeye), story, "en", told.mark(db, story, "en"))
    assert telling.original(db, story).body == "My cousin met me."
    assert "cousin" in documents(db)[0].body
    assert "station" not in documents(db)[0].body
    actions.edit_by_reviewer(db, second, story, Words(title="Else", body="Else"))
    actions.reject_edit(db, actor_of(ndeye), story, "en", told.mark(db, story, "en"))
    assert telling.original(db, story).body == "My cousin met me."


def test_a_suggestion_for_old_words_is_not_taken(db: Session, ndeye: Member, reader: Member) -> None:
    story, second = told.sent(db, ndeye), actor_of(reader, Role.COORDINATOR)
    actions.edit_by_reviewer(db, second, story, Words(title="Other", body="Other"))
    actions.withdraw_submission(db, actor_of(ndeye), story)
    told.write(db, ndeye, story, body="My newest words.")
    with pytest.raises(actions.ChangedMeanwhile):
        actions.confirm_edit(db, actor_of(ndeye), story, "en", told.mark(db, story, "en"))
    assert telling.original(db, story).body == "My newest words."


def test_drafts_of_forms_come_back_and_go_when_saved(db: Session, ndeye: Member) -> None:
    story, teller = told.draft(db, ndeye), actor_of(ndeye)
    assert drafts.keep(db, teller, story, "write", {"body": "half a sen"})
    kept = drafts.kept(db, teller, story, "write")
    assert kept is not None
    assert kept[0] == {"body": "half a sen"}
    raw = db.connection().exec_driver_sql("SELECT fields FROM draft").scalar()
    assert b"half" not in bytes(raw), "what is typed lies sealed"
    assert not drafts.keep(db, teller, story, "write", {"body": "x" * 70_000})
    told.write(db, ndeye, story)
    assert drafts.kept(db, teller, story, "write") is None


def test_a_deleted_draft_leaves_nothing_but_the_ledger(db: Session, settings: Settings, ndeye: Member) -> None:
    story = told.agreed(db, ndeye)
    actions.add_voice(db, actor_of(ndeye), story, VOICE, "What I say.")
    drafts.keep(db, actor_of(ndeye), story, "write", {"body": "more"})
    db.commit()
    actions.discard(db, actor_of(ndeye), story)
    db.commit()
    for kind in (Story, StoryText, Media, Draft):
        assert db.exec(select(kind)).all() == []
    assert kept_files(settings) == []
    assert len(consents.ledger(db, story.id)) == 4


def taken_back(db: Session, ndeye: Member, reader: Member) -> Story:
    story = told.published(db, ndeye, reader)
    actions.take_back(db, actor_of(ndeye), story)
    return story


def declined(db: Session, ndeye: Member, reader: Member) -> Story:
    story, second = told.sent(db, ndeye), actor_of(reader, Role.COORDINATOR)
    actions.open_review(db, second, story)
    actions.decline(db, second, story, "It names my uncle Karim.")
    return story


def over(db: Session, ndeye: Member, reader: Member) -> Story:
    story = told.published(db, ndeye, reader, lasts="half")
    told.translated(db, actor_of(reader, Role.COORDINATOR), story)
    told.translated(db, actor_of(ndeye), story, "ar")
    actions.edit_by_reviewer(db, actor_of(reader, Role.COORDINATOR), story, Words(title="Other", body="Other"))
    assert actions.expire_due(db, now() + days(184)) == 1
    return story


@pytest.mark.parametrize("way", [taken_back, declined, over])
def test_a_story_that_only_its_teller_has_is_deleted_for_good(
    db: Session, settings: Settings, ndeye: Member, reader: Member, way: Callable[[Session, Member, Member], Story]
) -> None:
    other = told.draft(db, ndeye, title="Another one")
    drafts.keep(db, actor_of(ndeye), other, "write", {"body": "more"})
    story = way(db, ndeye, reader)
    story_id, proof = story.id, [(c.purpose, c.act) for c in consents.ledger(db, story.id)]
    actions.discard(db, actor_of(ndeye), story)
    db.commit()
    assert [s.id for s in db.exec(select(Story)).all()] == [other.id]
    assert {t.story_id for t in db.exec(select(StoryText)).all()} == {other.id}
    for kind in (Media, StoryProposal):
        assert db.exec(select(kind)).all() == []
    assert len(db.exec(select(Draft)).all()) == 1
    assert (kept_files(settings), documents(db)) == ([], [])
    assert [(c.purpose, c.act) for c in consents.ledger(db, story_id)][: len(proof)] == proof, "the proof stays"
    assert consents.live_purposes(db, story_id) == []
    told_teller = answers(db, ndeye)
    assert [(a.note, a.link) for a in told_teller] == [(None, None)] * len(told_teller)
    assert told_teller, "that something was answered stays, without its words"
    last = db.exec(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert last is not None
    assert (last.verb, last.detail) == ("story.erase", {})


@pytest.mark.parametrize("status", [s for s in S if s not in (S.DRAFT, S.DECLINED, S.TAKEN_BACK, S.EXPIRED)])
def test_what_others_see_or_wait_for_is_taken_back_before_it_is_deleted(
    db: Session, make: Make, ndeye: Member, status: StoryStatus
) -> None:
    story, somebody = make.story(ndeye, status=status), make.member()
    with pytest.raises(Refused, match="Take this story back first"):
        actions.discard(db, actor_of(ndeye), story)
    for state in (status, S.TAKEN_BACK):
        story.status = state
        with pytest.raises(Refused, match="Only the person who tells it"):
            actions.discard(db, actor_of(somebody), story)


def test_leaving_erases_words_and_files(db: Session, settings: Settings, ndeye: Member, reader: Member) -> None:
    shown = told.agreed(db, ndeye)
    actions.add_voice(db, actor_of(ndeye), shown, VOICE, "What I say.")
    told.draft(db, ndeye, title="Only begun")
    actions.submit(db, actor_of(ndeye), shown)
    for purge in accounts.on_purge:
        purge(db, ndeye.id)
    db.commit()
    assert db.exec(select(StoryText)).all() == []
    assert kept_files(settings) == []
    assert {s.status for s in db.exec(select(Story)).all()} == {S.TAKEN_BACK, S.DRAFT}
    assert documents(db) == []
    assert actions.purge in accounts.on_purge


def test_a_paused_account_shows_nothing_until_it_comes_back(db: Session, ndeye: Member, reader: Member) -> None:
    told.published(db, ndeye, reader)
    today = (now() + days(2)).date()
    ndeye.status = MemberStatus.PAUSED
    db.flush()
    actions.follow_standing(db, ndeye.id, MemberStatus.PAUSED)
    assert (documents(db), list(reading.shelf(db.connection(), today)[0])) == ([], [])
    ndeye.status = MemberStatus.ACTIVE
    db.flush()
    actions.follow_standing(db, ndeye.id, MemberStatus.ACTIVE)
    assert (len(documents(db)), len(list(reading.shelf(db.connection(), today)[0]))) == (1, 1)


def test_hide_and_pause(db: Session, ndeye: Member, reader: Member) -> None:
    story, teller, second = told.published(db, ndeye, reader), actor_of(ndeye), actor_of(reader, Role.COORDINATOR)
    actions.pause(db, teller, story)
    assert documents(db) == []
    actions.resume(db, teller, story)
    assert len(documents(db)) == 1
    actions.hide(db, second, story)
    with pytest.raises(Refused, match="hidden"):
        actions.resume(db, teller, story)
    actions.unhide(db, second, story)
    assert (story.status, story.held) == (S.PUBLISHED, False)


def _in_threads(*acts: Callable[[], None]) -> None:
    gate, failed = threading.Barrier(len(acts)), []

    def run(act: Callable[[], None]) -> None:
        gate.wait(10)
        try:
            act()
        except HearthError:
            pass
        except Exception as problem:
            failed.append(problem)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []


def test_take_back_wins_against_a_publish(database: Database, db: Session, ndeye: Member, reader: Member) -> None:
    refs = [told.approved(db, ndeye, reader, title=f"Story {n}").ref for n in range(6)]
    db.commit()
    moment = now() + days(2)

    def publish() -> None:
        with database.transaction() as session:
            actions.publish_due(session, moment)

    def take_back(ref: str) -> Callable[[], None]:
        def act() -> None:
            with database.transaction() as session:
                actions.take_back(session, actor_of(ndeye), queries.by_ref(session, ref))

        return act

    for ref in refs:
        for _again in range(2):  # a take-back that met a conflict is pressed again
            _in_threads(publish, take_back(ref))
    with database.reading() as session:
        found = session.exec(select(Story)).all()
        assert {s.status for s in found} == {S.TAKEN_BACK}
        assert documents(session) == []
        assert all(consents.live_purposes(session, s.id) == [] for s in found)


def test_two_readers_cannot_both_decide(database: Database, db: Session, make: Make, ndeye: Member, reader: Member) -> None:
    story, other = told.sent(db, ndeye), make.member("", Role.COORDINATOR)
    actions.open_review(db, actor_of(reader, Role.COORDINATOR), story)
    db.commit()
    results: list[str] = []

    def decide(who: Member, approve: bool) -> Callable[[], None]:
        def act() -> None:
            with database.transaction() as session:
                mine = queries.by_ref(session, story.ref)
                second = actor_of(who, Role.COORDINATOR)
                actions.approve(session, second, mine) if approve else actions.decline(session, second, mine, "No.")
            results.append("approved" if approve else "declined")

        return act

    _in_threads(decide(reader, True), decide(other, False))
    with database.reading() as session:
        assert [session.exec(select(Story.status)).one().value] == results


def test_save_needs_a_free_language(db: Session, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    told.translated(db, actor_of(ndeye), story)
    with pytest.raises(Invalid) as refused:
        actions.save_text(db, actor_of(ndeye), story, WriteStory(title="x", language="fr", row_version=story.row_version))
    assert refused.value.field == "language"
    assert issubclass(actions.ChangedMeanwhile, Conflict)


def test_another_name_reaches_search_and_kept_pages(db: Session, ndeye: Member, reader: Member) -> None:
    told.published(db, ndeye, reader)
    before = versions.current(db.connection())[versions.STORIES]
    changes.change_name(db, actor_of(ndeye), "Slow Lantern")
    assert [d.shown["teller"] for d in documents(db)] == ["Slow Lantern"]
    assert versions.current(db.connection())[versions.STORIES] > before


def test_another_name_shows_nothing_of_a_paused_account(db: Session, ndeye: Member, reader: Member) -> None:
    told.published(db, ndeye, reader)
    changes.pause(db, actor_of(ndeye))
    assert documents(db) == []
    changes.change_name(db, actor_of(ndeye), "Slow Lantern")
    assert documents(db) == []
    changes.start_again(db, actor_of(ndeye))
    assert [d.shown["teller"] for d in documents(db)] == ["Slow Lantern"]
