"""Meetings, goals, reminders; and the whole way of a pair at random: late answers, ends, both sides in the same second."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.domain import wiring
from app.domain.mentoring.rounds import answering, moving
from app.domain.mentoring.rounds import rules as rounds
from app.domain.mentoring.together import goals, meeting, nudging, reading, rules, standing, talking
from app.domain.mentoring.together.meeting import WANTED
from app.jobs import erasures
from app.models.accounts import Answer, Member, MemberStatus, Role
from app.models.mentoring import MatchState, MentorMatch
from app.models.mentorships import Dimension, GoalState, MentorGoal, MentorMeeting, MentorMessage, MessageState
from app.schemas.mentoring import Introduce
from app.schemas.mentorships import ChangeGoal, ChangeMeeting, TellGoal, TellMeeting, WriteMessage
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make
from tests.mentoring.test_talks import OFFER, Two
from tests.races import together

S = MatchState
HOW = {"on": TODAY.date(), "channel": "chat", "minutes": 30}


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected."""
    wiring.connect()


@pytest.fixture
def two(db: Session, make: Make) -> Two:
    """Two people who both said yes."""
    return Two(db, make)


def _meetings(two: Two, who: Member) -> list[meeting.Meeting]:
    connection, actor = two.db.connection(), two.act(who)
    return meeting.listed(connection, reading.talk(connection, actor, two.pair.ref), actor.me)[0]


def test_the_first_meeting_begins_the_half_year_and_the_mood_is_the_mentees(two: Two) -> None:
    mentee, mentor, ref = two.act(two.mentee), two.act(two.mentor), two.pair.ref
    for wrong, field in ((TODAY.date() + timedelta(days=1), "on"), (TODAY.date() - timedelta(days=1), "on")):
        with pytest.raises(Invalid) as refused:
            meeting.write_down(two.db, mentor, ref, TellMeeting(**{**HOW, "on": wrong}))
        assert refused.value.field == field
    meeting.write_down(two.db, mentor, ref, TellMeeting(**HOW, next="The chamber of trade.", supervisor=True, mood="heavier"))
    two.db.refresh(two.pair)
    assert (two.pair.state, two.pair.due_on) == (S.ACTIVE, TODAY.date() + timedelta(days=182))
    assert two.told(two.binta) == [WANTED]  # who supervises: neither about whom nor what
    (line,) = _meetings(two, two.mentee)
    assert (line.next, line.mood, line.minutes) == ("The chamber of trade.", "", 30)  # a mentor says no mood
    change = ChangeMeeting(do="mood", mood="lighter")
    meeting.change(two.db, mentee, ref, line.ref, change)
    with pytest.raises(Refused):
        meeting.change(two.db, mentor, ref, line.ref, change)
    assert [_meetings(two, who)[0].mood for who in (two.mentee, two.mentor)] == ["lighter", ""]
    assert len({len(row) for row in two.db.connection().exec_driver_sql("SELECT mood FROM mentor_meeting").scalars()}) == 1
    mine, theirs = (standing.export(two.db, who.id)["our meetings"] for who in (two.mentee, two.mentor))
    assert ([one["next step"] for one in mine], [one["next step"] for one in theirs]) == ([""], ["The chamber of trade."])
    assert [one.get("how it was for me").code for one in mine] == ["lighter"]  # type: ignore[union-attr]
    assert "how it was for me" not in theirs[0]
    meeting.write_down(two.db, mentee, ref, TellMeeting(**HOW))
    with pytest.raises(Refused, match="Only whoever wrote this"):
        meeting.change(two.db, mentor, ref, _meetings(two, two.mentee)[0].ref, ChangeMeeting(do="remove"))
    two.db.refresh(two.pair)
    assert two.pair.due_on == TODAY.date() + timedelta(days=182)  # once
    meeting.change(two.db, mentor, ref, line.ref, ChangeMeeting(do="remove"))
    assert [(one.next, one.channel, one.mood) for one in _meetings(two, two.mentee)] == [("", "chat", ""), ("", "", "lighter")]
    answering.say_no(two.db, mentee, ref)
    with pytest.raises(Invalid, match="come to its end"):
        meeting.write_down(two.db, mentor, ref, TellMeeting(**HOW))
    assert len(_meetings(two, two.mentee)) == 2  # the mentee keeps what was written about them


@pytest.mark.parametrize("words", [OFFER, "https://t.me/x", "Call me: +221 77 123 45 67"])
def test_what_would_wait_or_go_around_the_network_stands_in_no_line(two: Two, words: str) -> None:
    actor, ref = two.act(two.mentor), two.pair.ref
    with pytest.raises(Invalid) as refused:
        goals.set_goal(two.db, actor, ref, TellGoal(dimension=Dimension.ECONOMIC, words=words))
    assert refused.value.field == "words"
    with pytest.raises(Invalid) as refused:
        meeting.write_down(two.db, actor, ref, TellMeeting(**HOW, next=words))
    assert refused.value.field == "next"
    assert _meetings(two, two.mentee) == []
    two.db.refresh(two.pair)
    assert two.pair.state == S.AGREED


def test_twenty_meetings_at_a_time_and_the_mentee_takes_out_each(two: Two) -> None:
    for _n in range(22):
        meeting.write_down(two.db, two.act(two.mentor), two.pair.ref, TellMeeting(**HOW))
    connection, mentee = two.db.connection(), two.act(two.mentee)
    of = reading.talk(connection, mentee, two.pair.ref)
    first, passed = meeting.listed(connection, of, mentee.me)
    assert (len(first), passed) == (20, 20)
    last, none = meeting.listed(connection, of, mentee.me, 20)
    assert (len(last), none) == (2, None)
    meeting.change(two.db, mentee, two.pair.ref, last[-1].ref, ChangeMeeting(do="remove"))
    assert len(meeting.listed(connection, of, mentee.me, 20)[0]) == 1


def test_nobody_supervises_is_said_and_nothing_is_kept(two: Two) -> None:
    two.db.execute(sa.text("UPDATE mentor SET supervisor_id = NULL"))
    with pytest.raises(Invalid, match="Nobody supervises you"):
        meeting.write_down(two.db, two.act(two.mentor), two.pair.ref, TellMeeting(**HOW, supervisor=True))


def test_goals_in_three_dimensions_or_why_not(two: Two) -> None:
    mentee, mentor, ref = two.act(two.mentee), two.act(two.mentor), two.pair.ref
    goals.set_goal(two.db, mentee, ref, TellGoal(dimension=Dimension.ECONOMIC, words="A stall on the market"))
    goals.set_goal(two.db, mentor, ref, TellGoal(dimension=Dimension.SOCIAL, words="Later, she says", none=True))
    of = reading.talk(two.db.connection(), mentee, ref)
    found = goals.listed(two.db.connection(), of, mentee.me)
    assert rules.lacking([(one.dimension, one.state) for one in found]) == [Dimension.PSYCHOSOCIAL]
    assert [(one.own, one.state) for one in found] == [(True, GoalState.OPEN), (False, GoalState.NONE)]
    for do, state in (("reached", GoalState.REACHED), ("set_aside", GoalState.SET_ASIDE), ("open", GoalState.OPEN)):
        goals.change(two.db, mentor, ref, found[0].ref, ChangeGoal(do=do))  # type: ignore[arg-type]
        assert goals.listed(two.db.connection(), of, mentee.me)[0].state == state
    for who, line, do in ((mentee, found[1].ref, "reached"), (mentor, found[0].ref, "remove")):
        with pytest.raises(Refused):
            goals.change(two.db, who, ref, line, ChangeGoal(do=do))  # type: ignore[arg-type]
    meeting.write_down(two.db, mentee, ref, TellMeeting(**HOW, goal=found[0].ref))
    with pytest.raises(Invalid):
        meeting.write_down(two.db, mentee, ref, TellMeeting(**HOW, goal=found[1].ref))
    row = two.db.exec(select(MentorGoal).where(MentorGoal.ref == found[0].ref)).one()
    kept = row.model_dump()
    goals.change(two.db, mentee, ref, found[0].ref, ChangeGoal(do="remove"))
    two.db.add(MentorGoal(**kept))  # an older copy was restored
    two.db.flush()
    assert erasures.erase(two.db, goals.LINE, row.id, TODAY.date())
    assert not erasures.erase(two.db, goals.LINE, row.id, TODAY.date())
    assert [one["text"] for one in standing.export(two.db, two.mentor.id)["goals that I wrote down"]] == ["Later, she says"]


def test_both_are_reminded_after_a_week_and_coordinators_after_two_once(two: Two) -> None:
    desk = two.act(two.awa, Role.COORDINATOR)
    for days, told, at_desk in ((6, [], []), (7, [nudging.HELLO], []), (8, [nudging.HELLO], []),
                                (14, [nudging.HELLO], [nudging.QUIET]), (15, [nudging.HELLO], [nudging.QUIET])):  # fmt: skip
        with clock.at(TODAY + timedelta(days=days)):
            nudging.remind(two.db)
            assert (two.told(two.mentee), two.told(two.mentor), two.told(two.awa)) == (told, told, at_desk), days
            assert [(one.mentee, one.mentor) for one in nudging.quiet(two.db, desk)] == (
                [("Amina Baobab", "Lamin Copper")] if days >= 14 else []
            )
    with clock.at(TODAY + timedelta(days=15)):
        assert nudging.quiet(two.db, two.act(two.mentee, Role.COORDINATOR)) == []  # never one's own
        two.write(two.mentee, "Hello!")
        assert nudging.quiet(two.db, desk) == []


def test_who_has_been_in_touch_is_reminded_of_nothing(two: Two) -> None:
    meeting.write_down(two.db, two.act(two.mentee), two.pair.ref, TellMeeting(**HOW))
    with clock.at(TODAY + timedelta(days=20)):
        assert nudging.remind(two.db) == 0


def _step(two: Two, name: str, desk: Any) -> None:
    """Let one thing happen; what cannot happen now is refused in a sentence."""
    mentee, mentor, ref = two.act(two.mentee), two.act(two.mentor), two.pair.ref
    two.db.refresh(two.pair)
    steps: dict[str, Callable[[], object]] = {
        "release": lambda: answering.release(two.db, desk, ref, two.pair.row_version),
        "mentee yes": lambda: answering.say_yes(two.db, mentee, ref), "mentor yes": lambda: answering.say_yes(two.db, mentor, ref),
        "mentee no": lambda: answering.say_no(two.db, mentee, ref), "mentor no": lambda: answering.say_no(two.db, mentor, ref),
        "goodbye": lambda: answering.say_goodbye(two.db, mentee, ref),
        "introduce": lambda: answering.introduce(
            two.db, desk, ref, Introduce(row_version=two.pair.row_version, to_mentee="At nine.", to_mentor="At nine.")
        ),
        "mentee writes": lambda: talking.write(two.db, mentee, ref, WriteMessage(body="Hello.", language="en")),
        "mentor writes": lambda: talking.write(two.db, mentor, ref, WriteMessage(body="Hello.", language="en")),
        "mentor offers": lambda: talking.write(two.db, mentor, ref, WriteMessage(body=OFFER, language="en")),
        "meeting": lambda: meeting.write_down(two.db, mentor, ref, TellMeeting(**HOW)),
        "take back": lambda: talking.delete_mine(two.db, mentee, ref),
        "stopped": lambda: moving.standing_changed(two.db, two.mentor.id, MemberStatus.SUSPENDED),
        "rests": lambda: moving.standing_changed(two.db, two.mentee.id, MemberStatus.PAUSED),
        "steps back": lambda: moving.mentor_goes(two.db, two.mentor.id), "late": lambda: moving.lapse_due(two.db),
    }  # fmt: skip
    steps[name]()


STEPS = ("release", "mentee yes", "mentor yes", "mentee no", "mentor no", "goodbye", "introduce", "mentee writes", "mentor writes",
         "mentor offers", "meeting", "take back", "stopped", "rests", "steps back", "late")  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=st.lists(st.sampled_from(STEPS), max_size=12), late=st.booleans())
def test_a_whole_way_at_random(two: Two, walk: list[str], late: bool) -> None:
    """Nobody writes before both said yes or after the end, what waits is read by nobody else, and what is over stays over."""
    desk = two.act(two.awa, Role.COORDINATOR)
    with two.db.begin_nested() as point:
        two.pair.state, two.pair.due_on = S.PROPOSED, TODAY.date() + timedelta(days=14)
        two.db.flush()
        seen, over = [two.pair.state], None
        for name in ["release", "mentee yes", "mentor yes", *walk] if late else walk:
            with contextlib.suppress(Conflict, Invalid, NotFound, Refused), two.db.begin_nested():
                _step(two, name, desk)
            two.db.expire_all()
            seen.append(two.pair.state)
            rows = two.db.exec(select(MentorMessage).execution_options(populate_existing=True)).all()
            assert sorted(row.number for row in rows if row.number) == list(range(1, sum(bool(row.number) for row in rows) + 1))
            assert not rows or S.AGREED in seen
            assert (two.pair.open_mentee is None) == (two.pair.state not in rounds.OPEN)
            assert over in (None, (two.pair.state, len(rows)))
            over = (two.pair.state, len(rows)) if two.pair.state not in rounds.OPEN else None
            if rows:
                assert OFFER not in two.reads(two.mentee)
            with pytest.raises(NotFound):
                reading.talk(two.db.connection(), desk, two.pair.ref)
        point.rollback()
    two.db.expire_all()


def test_a_word_and_an_end_in_the_same_second(two: Two, database: Database) -> None:
    """One of the two comes first: the word is there, or it is refused and stays on the page; never both ended and written later."""
    mentee, mentor, ref = two.act(two.mentee), two.act(two.mentor), two.pair.ref
    two.make.commit()

    def write(db: Session) -> None:
        with contextlib.suppress(Invalid, NotFound):  # ended before a first word, the talk is not there: the page keeps the words
            talking.write(db, mentor, ref, WriteMessage(body="Hello.", language="en"))

    said = together(database, write, lambda db: answering.say_no(db, mentee, ref), write)
    assert said == ["", "", ""]
    two.db.expire_all()
    pair = two.db.exec(select(MentorMatch)).one()
    numbers = two.db.exec(select(MentorMessage.number).where(MentorMessage.state == MessageState.SHOWN)).all()
    assert (pair.state, sorted(n or 0 for n in numbers)) == (S.ENDED, list(range(1, len(numbers) + 1)))


@pytest.mark.parametrize("items", [1, 3])
def test_the_pages(two: Two, browse: Callable[..., Browser], count_queries: Callable[[], Any], app: Any, items: int) -> None:
    for number in range(items):
        meeting.write_down(two.db, two.act(two.mentor), two.pair.ref, TellMeeting(**HOW, next=f"Step {number}"))
        goals.set_goal(two.db, two.act(two.mentee), two.pair.ref, TellGoal(dimension=Dimension.SOCIAL, words=f"Goal {number}"))
    two.make.commit()
    mentee, other, path = browse(two.mentee), browse(two.awa), f"/my/mentoring/with/{two.pair.ref}"
    engines = app.state.house.database
    for part, statements, words in (("meetings", 4, "Step 0"), ("goals", 3, "Goal 0")):
        mentee.get(f"{path}/{part}")
        with count_queries(engines.read_engine, engines.write_engine) as seen:
            page = mentee.get(f"{path}/{part}")
        assert (len(seen), words in page.text) == (statements, True), seen
        assert other.get(f"{path}/{part}").status_code == 404
        assert other.post(f"{path}/{part}", {"on": "2026-11-30", "channel": "chat", "minutes": "30"}).status_code in (404, 422)
    long = "n" * 501
    refused = mentee.post(f"{path}/meetings", {"on": "2026-11-30", "channel": "chat", "minutes": "30", "next": long})
    assert (refused.status_code, long in refused.text) == (422, True)
    refused = mentee.post(f"{path}/meetings", {"on": "2031-01-01", "channel": "chat", "minutes": "30", "next": "Kept words"})
    assert (refused.status_code, "Kept words" in refused.text) == (422, True)
    assert "Both of you read it" in text_of(mentee.send(f"{path}/goals", {"dimension": "economic", "words": "A stall"}))
    (line,) = two.db.exec(select(MentorGoal.ref).where(MentorGoal.dimension == Dimension.ECONOMIC))
    meetings = two.db.exec(select(MentorMeeting.ref)).all()
    two.db.commit()
    assert "Reached" in text_of(mentee.send(f"{path}/goals/{line}", {"do": "reached"}))
    assert "Kept." in text_of(mentee.send(f"{path}/meetings/{meetings[0]}", {"do": "mood", "mood": "lighter"}))
    assert [mentee.post(f"{path}/{part}/{line}", {"do": "x"}).status_code for part in ("goals", "meetings")] == [404, 404]
    desk = other.get("/desk/pairs/quiet")
    assert (desk.status_code, "Amina" in desk.text) == (200, False)
    assert two.db.exec(select(Answer).where(Answer.member_id == two.awa.id)).all() == []
