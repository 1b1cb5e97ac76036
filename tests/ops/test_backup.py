"""Backup and restore: every table, both engines, damaged files refused, erased people stay erased."""

import tarfile
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.core import migrate
from app.core.clock import days, now
from app.core.db import Database
from app.core.errors import Refused
from app.core.ids import new_id, new_ref
from app.domain import wiring
from app.domain.actor import Actor
from app.domain.media.store import from_url
from app.domain.moderation import actions as moderation
from app.domain.stories import actions as stories
from app.domain.stories import consents, files
from app.jobs import backup, copying, erasures
from app.models.accounts import Erasure, Member, MemberStatus, Role, SignIn
from app.models.engine import Draft, OnceKey, SearchDocument
from app.models.moderation import Case, DeskCare, Flag
from app.models.stories import Media, MediaKind, Purpose, Story, StoryStatus, StoryText
from tests.stories import told


@pytest.fixture
def furnished(make, db, settings):
    """A network with people, a story, a draft, media."""
    member = make.member("Quiet River", Role.ORGANISER)
    story = make.story(member, "The bus was late.")
    name = from_url(settings.media).put(b"RIFFxxxxWEBP", ".webp")
    db.add(Media(ref=new_ref(), story_id=story.id, kind=MediaKind.PICTURE, files={"webp": {"name": name, "bytes": 12}}))
    make.area()
    db.add(Draft(member_id=member.id, form="story", fields='{"title": "sealed words"}', saved_at=now()))
    db.add(OnceKey(key="k", location="/ü", at=now()))
    make.commit()
    return member, name


@pytest.fixture
def other(tmp_path, settings):
    """An empty SQLite database with a data folder of its own: another machine."""
    folder = tmp_path / "other"
    folder.mkdir()
    there = settings.model_copy(update={"data_dir": folder, "media_url": "", "database_url": ""})
    for name in ("database", "media"):
        there.__dict__.pop(name, None)  # cached for the first machine
    database = Database(there.database)
    yield database, there
    database.dispose()


def contents(database: Database) -> dict[str, list[str]]:
    with database.read_engine.connect() as connection:
        return {t.name: list(copying.dump(connection, t)) for t in copying.tables()}


def test_everything_comes_back_on_another_machine_and_on_the_first(furnished, database, settings, other, tmp_path):
    """SQLite → SQLite → SQLite, or PostgreSQL → SQLite → PostgreSQL, by the engine of this run."""
    _member, media = furnished
    there, its = other
    told = backup.back_up(database, settings, tmp_path / "b.hearth")
    assert told["rows"] >= 6
    assert told["media"] == 1
    before = contents(database)
    restored = backup.restore(there, its, tmp_path / "b.hearth")
    assert restored == {"rows": told["rows"], "media": 1, "erased_again": 0}
    assert contents(there) == before
    with from_url(its.media).open(media) as file:
        assert file.read() == b"RIFFxxxxWEBP"
    backup.back_up(there, its, tmp_path / "c.hearth")
    backup.restore(database, settings, tmp_path / "c.hearth", force=True)
    assert contents(database) == before
    assert migrate.is_current(database)


def test_the_file_is_for_its_owner_only_and_nothing_else_is_left(furnished, database, settings, tmp_path):
    folder = tmp_path / "copies"
    backup.back_up(database, settings, folder / "b.hearth")
    assert [p.name for p in folder.iterdir()] == ["b.hearth"]
    assert (folder / "b.hearth").stat().st_mode & 0o777 == 0o600
    assert b"sealed words" not in (folder / "b.hearth").read_bytes()


def test_a_full_disk_leaves_no_half_file(furnished, database, settings, tmp_path, monkeypatch):
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_add_media", full)
    folder = tmp_path / "copies"
    with pytest.raises(OSError, match="No space"):
        backup.back_up(database, settings, folder / "b.hearth")
    assert list(folder.iterdir()) == []


def damage(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    if how == "cut":
        data = data[: len(data) // 2]
    elif how == "byte":
        with tarfile.open(path) as archive:
            place = archive.getmember("tables/member.jsonl.gz").offset_data + 20
        data[place] ^= 0xFF
    elif how == "media":
        data[data.index(b"RIFFxxxx")] ^= 0xFF
    elif how == "empty":
        data = bytearray()
    elif how == "text":
        data = bytearray(b"This is a letter, not a backup. " * 100)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("how", ["cut", "byte", "media", "empty", "text"])
def test_a_damaged_file_is_refused_and_what_was_there_stays(furnished, database, settings, tmp_path, how):
    file = tmp_path / "b.hearth"
    backup.back_up(database, settings, file)
    before = contents(database)
    damage(file, how)
    with pytest.raises(Refused, match="Nothing was restored"):
        backup.restore(database, settings, file, force=True)
    assert contents(database) == before
    assert len(before["member"]) == 1


def test_a_network_with_members_is_not_replaced_by_accident(furnished, database, settings, tmp_path):
    backup.back_up(database, settings, tmp_path / "b.hearth")
    with pytest.raises(Refused, match="--force"):
        backup.restore(database, settings, tmp_path / "b.hearth")


def test_who_was_erased_since_stays_erased_also_in_still_older_copies(furnished, database, settings, tmp_path, db):
    from app.domain.accounts import actions as accounts

    member, _media = furnished
    file = tmp_path / "old.hearth"
    backup.back_up(database, settings, file)
    empty = tmp_path / "empty.hearth"
    with database.transaction() as session:
        accounts.purge_member(session, member.id)
    erasures.note_erasures(database, settings)
    ledger = (settings.data_dir / erasures.ERASURES).read_text()
    assert member.id.hex in ledger
    assert "Quiet River" not in ledger
    for _time in range(2):  # and again from a database that holds no ledger row of its own
        told = backup.restore(database, settings, file, force=True)
        assert told["erased_again"] == 1
        with database.reading() as session:
            row = session.get_one(Member, member.id)
            assert row.status == MemberStatus.GONE
            assert row.name == ""
            assert session.execute(sa.text("SELECT count(*) FROM draft")).scalar() == 0
        assert member.id.hex in (settings.data_dir / erasures.ERASURES).read_text()
    assert not empty.exists()


def test_the_ledger_keeps_people_whom_the_copy_does_not_know(furnished, database, settings, tmp_path):
    stranger = Erasure(kind="member", subject_id=new_id(), on=now().date())
    backup.back_up(database, settings, tmp_path / "b.hearth")
    with database.transaction() as session:
        session.add(stranger)
        key = stranger.subject_id.hex
    backup.restore(database, settings, tmp_path / "b.hearth", force=True)
    assert key in (settings.data_dir / erasures.ERASURES).read_text()


def test_a_copy_of_a_later_release_is_refused(furnished, database, settings, tmp_path, monkeypatch):
    backup.back_up(database, settings, tmp_path / "b.hearth")
    monkeypatch.setattr(migrate, "known", lambda: {"0001"})
    monkeypatch.setattr(migrate, "is_newer", lambda _d: False)
    with pytest.raises(Refused, match="later release"):
        backup.restore(database, settings, tmp_path / "b.hearth", force=True)


def test_a_story_that_was_taken_back_since_stays_taken_back(furnished, database, settings, tmp_path, db, make):
    """Also when the restored consent ledger has lost the withdrawal, and the voice is in the copy."""
    author, reader = make.member("Slow Lantern"), make.member("Second Reader", Role.COORDINATOR)
    story = told.agreed(db, author)
    stories.add_voice(db, told.actor_of(author), story, told.VOICE, "What I say.")
    stories.submit(db, told.actor_of(author), story)
    second = told.actor_of(reader, Role.COORDINATOR)
    stories.open_review(db, second, story)
    stories.approve(db, second, story)
    stories.publish_due(db, now() + days(2))
    radio = told.published(db, author, reader, more=(Purpose.RADIO,))
    db.commit()
    assert len(found(database)) == 2
    file = tmp_path / "old.hearth"
    backup.back_up(database, settings, file)
    stories.take_back(db, told.actor_of(author), db.get_one(Story, story.id))
    stories.withdraw_purpose(db, told.actor_of(author), db.get_one(Story, radio.id), Purpose.RADIO)
    db.commit()
    story_id, radio_id = story.id, radio.id
    db.close()
    erasures.note_erasures(database, settings)
    ledger = (settings.data_dir / erasures.ERASURES).read_text()
    assert story_id.hex in ledger
    assert "Slow Lantern" not in ledger
    for _time in range(2):
        told_us = backup.restore(database, settings, file, force=True)
        assert told_us["erased_again"] == 2  # the story, and the yes for the radio
        with database.reading() as session:
            assert session.get_one(Story, story_id).status == StoryStatus.TAKEN_BACK
            assert consents.live_purposes(session, story_id) == []
            assert files.of_story(session, story_id) == []
            assert session.get_one(Story, radio_id).status == StoryStatus.PUBLISHED
            assert consents.live_purposes(session, radio_id) == [Purpose.MEMBERS, Purpose.PUBLIC]
        assert found(database) == {radio_id}
        assert len([p for p in from_url(settings.media).root.rglob("*") if p.is_file()]) == 1  # not of this story
        assert story_id.hex in (settings.data_dir / erasures.ERASURES).read_text()


def test_words_that_were_deleted_for_good_since_do_not_come_back(furnished, database, settings, tmp_path, db, make):
    """Neither the story nor what a case quoted from it; what was told again about nothing else changes."""
    wiring.connect()
    author = make.member("Slow Lantern")
    story = told.published(db, author, make.member("Second Reader", Role.COORDINATOR))
    moderation.flag(db, Actor(), "story", story.ref, "recognised", "She is from my street.")
    db.commit()
    file, story_id = tmp_path / "old.hearth", story.id
    backup.back_up(database, settings, file)
    stories.take_back(db, told.actor_of(author), story)
    stories.discard(db, told.actor_of(author), story)
    db.commit()
    db.close()
    erasures.note_erasures(database, settings)
    for _time in range(2):
        assert backup.restore(database, settings, file, force=True)["erased_again"] == 1
        with database.reading() as session:
            assert session.get(Story, story_id) is None
            assert session.execute(sa.select(sa.func.count()).where(StoryText.story_id == story_id)).scalar() == 0
            assert set(session.exec(select(Case.snapshot)).all()) == {None}
            assert session.exec(select(Flag.note)).all() == [None]
            assert consents.live_purposes(session, story_id) == []
        assert found(database) == set()


def found(database: Database) -> set[UUID]:
    """Return which stories search knows."""
    with database.reading() as session:
        return set(session.exec(select(SearchDocument.subject_id).where(SearchDocument.kind == "story")).all())


def test_a_session_that_ended_since_does_not_come_back(furnished, database, settings, tmp_path):
    """Whoever signed out everywhere because a phone was stolen is not signed in there by an older copy."""
    member, _media = furnished
    with database.transaction() as session:
        session.add(SignIn(
            token_hash="t" * 64, member_id=member.id, since=now(), seen_at=now(), idle_until=now() + days(30),
            ends_at=now() + days(90), proven_at=now(),
        ))  # fmt: skip
    backup.back_up(database, settings, tmp_path / "b.hearth")
    backup.restore(database, settings, tmp_path / "b.hearth", force=True)
    with database.reading() as session:
        assert session.exec(select(Member.id)).all() == [member.id]
        assert session.exec(select(SignIn.id)).all() == []


def test_a_pair_at_the_desk_that_ended_since_is_not_bound_again(furnished, database, settings, tmp_path, db, make):
    one, other = (make.member(name, Role.COORDINATOR) for name in ("Slow Lantern", "Second Reader"))
    db.add(DeskCare(member_id=one.id, buddy_id=other.id, buddy_yes=True, topics=["children"]))
    db.add(DeskCare(member_id=other.id, buddy_id=one.id))
    db.commit()
    backup.back_up(database, settings, tmp_path / "b.hearth")
    with database.transaction() as session:
        session.execute(sa.delete(DeskCare))
    backup.restore(database, settings, tmp_path / "b.hearth", force=True)
    with database.reading() as session:
        rows = session.exec(select(DeskCare)).all()
        assert [(row.buddy_id, row.buddy_yes) for row in rows] == [(None, False)] * 2
        assert ["children"] in [row.topics for row in rows], "what somebody leaves to others stays"
