"""Lessons: the files, until when a training holds, its check through the pages, and what the round makes of it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import clock, i18n
from app.domain import wiring
from app.domain.accounts import exports
from app.domain.mentoring.joining import keeping, offering, packets, standing
from app.domain.mentoring.training import lessons, records, rules
from app.domain.mentoring.weights import CURRENT
from app.models.accounts import Answer, Member, Role
from app.models.mentoring import Mentor, MentorLesson, MentorState
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

DAY = TODAY.date()
LONG = timedelta(days=CURRENT.training_days)
NOWHERE = Path("/nowhere")


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected."""
    wiring.connect()


@pytest.fixture
def mentor(make: Make) -> Member:
    """A mentor who has learned nothing yet."""
    member = make.member("Quiet River", Role.MENTOR)
    make.db.add(
        Mentor(
            ref="abcdefgh2345", member_id=member.id, state=MentorState.ACTIVE, said=packets.EMPTY, capacity=1, touched_on=DAY,
            agreed_on=DAY, applied_on=DAY, why="Because.",
        )
    )  # fmt: skip
    make.commit()
    return member


@pytest.mark.parametrize(("passed", "ends"), [
    ({}, None), ({"a": DAY}, None), ({"a": DAY, "b": DAY}, DAY + LONG), ({"a": DAY, "b": DAY - LONG, "old": DAY}, DAY),
])  # fmt: skip
def test_the_oldest_lesson_decides(passed: dict[str, date], ends: date | None) -> None:
    assert rules.until(passed, ["a", "b"]) == ends


def test_who_is_trained_on_the_day() -> None:
    later = DAY + timedelta(days=1)
    assert [rules.is_trained(day, DAY) for day in (None, DAY, later)] == [False, False, True]
    month = DAY + timedelta(days=CURRENT.remind_days)
    assert [rules.ends_soon(day, DAY) for day in (None, DAY, month, month + timedelta(days=1))] == [False, True, True, False]
    assert [rules.holds_until(*days) for days in ((None, None), (DAY, None), (DAY, later), (later, DAY))] == [
        None,
        DAY,
        later,
        later,
    ]
    fits = [(None, ""), (later, "Course"), (DAY, "Course"), (DAY + LONG, "Course"), (DAY + LONG + timedelta(days=1), "Course"),
            (later, ""), (None, "Course")]  # fmt: skip
    assert [(rules.elsewhere_fits(day, source, DAY) or ("",))[0] for day, source in fits] == [
        "", "", "held_until", "", "held_until", "source", "held_until",
    ]  # fmt: skip


def test_lessons_are_whole_in_every_language(tmp_path: Path) -> None:
    told = {}
    for language in i18n.available():
        with i18n.speaking(language):
            told[language] = lessons.all_of(NOWHERE)
    assert {language: next(iter(one.values())).language for language, one in told.items()} == {one: one for one in told}
    english = told["en"]
    assert len(english) >= 5
    for one in told.values():
        assert list(one) == list(english)
        for key, lesson in one.items():
            assert [len(s.points) for s in lesson.sections] == [len(s.points) for s in english[key].sections]
            assert [len(s.text) for s in lesson.sections] == [len(s.text) for s in english[key].sections]
            assert 2 <= len(lesson.questions) <= 4
            assert all(len(question.options) == 3 for question in lesson.questions)
    # The network's own: whole, or ours.
    own = tmp_path / lessons.OWN
    own.mkdir()
    assert (lessons.fault(tmp_path), list(lessons.all_of(tmp_path))) == (None, list(english))
    one = "- {key: k, minutes: 1, title: T, sections: [], questions: [{ask: A, options: [b, c], right: %s, why: W}]}"
    (own / "fr.yaml").write_text(one % 2)
    assert [lesson.language for lesson in lessons.all_of(tmp_path).values()] == ["fr"]
    (own / "k.fr.ogg").write_bytes(b"OggS" * 1_000)
    sound = lessons.sound(tmp_path, lessons.all_of(tmp_path)["k"])
    assert sound is not None
    assert (sound.kb, sound.type) == (4, "audio/ogg")
    (own / "en.yaml").write_text(one % 1)
    fault = lessons.fault(tmp_path)
    assert fault is not None
    assert "do not have the same lessons" in fault.words("en")
    for text in ("- {key: k}", "- [", one % 3, "[]", one.replace("k,", "../k,") % 1):
        (own / "en.yaml").write_text(text)
        assert lessons.fault(tmp_path) is not None
        assert list(lessons.all_of(tmp_path)) == list(english)


def _answers(key: str, wrong: int = 0) -> dict[str, str]:
    right = {f"answer{n}": q.right for n, q in enumerate(lessons.all_of(NOWHERE)[key].questions, 1)}
    return {name: str(value % 3 + 1 if name == f"answer{wrong}" else value) for name, value in right.items()}


def test_learning_through_the_pages(db: Session, make: Make, browse: Callable[..., Browser], mentor: Member) -> None:
    other, desk = make.member("Amber"), make.member("Open Door", Role.COORDINATOR)
    make.commit()
    me, stranger, at = browse(mentor), browse(other), "/my/mentoring/lessons"
    assert "you go through the lessons" in text_of(me.get("/my/mentoring"))
    keys = list(lessons.all_of(NOWHERE))
    first = me.get(f"{at}/{keys[0]}")
    assert "<audio" not in first.text  # nothing to listen to: no button
    assert me.get(f"{at}/{keys[0]}/voice").status_code == me.get(f"{at}/nothing").status_code == 404
    assert me.post(f"{at}/nothing", {}).status_code == 404
    # Not answered, wrong: nothing is lost, and it is said why.
    assert me.post(f"{at}/{keys[0]}", {"answer1": "2"}).status_code == 422
    wrong = me.post(f"{at}/{keys[0]}", _answers(keys[0], wrong=2))
    assert wrong.status_code == 200
    assert "Not quite." in text_of(wrong)
    assert wrong.text.count("checked") == 3
    assert records.passed(db, mentor.id) == {}
    db.commit()
    for key in keys:
        assert "kept as gone through today" in text_of(me.post(f"{at}/{key}", _answers(key)))
    assert f"holds until {i18n.day_words(DAY + LONG)}" in text_of(me.get(at)).replace(
        "\xa0", " "
    ) or "Your training holds" in text_of(me.get(at))
    row = keeping.own(db, Mentor, mentor.id, lock=True)
    assert row is not None
    assert (row.trained_until, row.row_version) == (DAY + LONG, 1)
    db.commit()
    # Who offers nothing reads and tries; nothing is kept.
    assert "once you offer to be a mentor" in text_of(stranger.post(f"{at}/{keys[0]}", _answers(keys[0])))
    assert records.passed(db, other.id) == {}
    copy = exports.collect(db, mentor.id)["my offer to be a mentor"]
    assert len(copy["lessons passed"]) == len(keys)
    db.commit()
    # The desk writes down a training held elsewhere, with its source, and takes it back.
    work, here = browse(desk), f"/desk/mentoring/{row.ref}"
    until = DAY + timedelta(days=700)
    assert "Write where it was held" in text_of(
        work.post(f"{here}/training", {"row_version": "1", "held_until": until.isoformat()})
    )
    for browser in (me, stranger):
        assert browser.post(f"{here}/training", {"row_version": "1", "held_until": "", "source": ""}).status_code == 404
    work.send(f"{here}/training", {"row_version": "1", "held_until": until.isoformat(), "source": "Red Cross, March"})
    assert "Red Cross, March" in work.get(here).text
    assert "Red Cross, March" in text_of(me.get("/my/answers"))
    assert work.post(f"{here}/training", {"row_version": "1"}).status_code == 409
    db.refresh(row)
    assert (row.elsewhere_until, row.trained_until) == (until, DAY + LONG)
    db.execute(sa.update(Mentor).values(learned_until=None))
    db.commit()
    work.send(f"{here}/training", {"row_version": "2", "held_until": "", "source": ""})
    db.refresh(row)
    assert (row.elsewhere, row.trained_until) == (None, None)


def test_told_once_before_it_ends_and_forgotten_with_the_role(db: Session, mentor: Member) -> None:
    row = keeping.own(db, Mentor, mentor.id)
    assert row is not None
    for key in ("a", "b"):
        records.keep(db, row, key, ["a", "b"])
    assert records.remind(db) == 0
    with clock.at(TODAY + LONG - timedelta(days=CURRENT.remind_days)):
        assert (records.remind(db), records.remind(db)) == (1, 0)
        records.keep(db, row, "a", ["a", "b"])  # half of it: the other lesson still ends it
        assert records.remind(db) == 0
    (told,) = db.exec(select(Answer))
    assert told.sentence.startswith("Your training as a mentor ends within a month.")
    offering.close(db, row)
    assert (row.trained_until, records.passed(db, mentor.id)) == (None, {})
    db.add(MentorLesson(member_id=mentor.id, lesson="a", passed_on=DAY))  # as a restored copy could bring back
    db.flush()
    standing.remove_old(db, TODAY)
    assert records.passed(db, mentor.id) == {}
