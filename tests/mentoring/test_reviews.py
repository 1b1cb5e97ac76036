"""How it goes, asked of both after one, three and six months, read by nobody else; and another half year when both want it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.errors import Invalid
from app.core.ids import new_ref
from app.domain import wiring
from app.domain.mentoring.rounds import answering, moving
from app.domain.mentoring.rounds.rules import Event
from app.domain.mentoring.together import nudging, reading, reviews, standing
from app.domain.mentoring.together.wording import GOING
from app.models.accounts import Member
from app.models.mentoring import MatchState
from app.models.mentorships import MentorMessage, MentorReview, Mentorship, MessageState
from app.schemas.mentorships import TellReview
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make
from tests.mentoring.test_talks import CANARY, Two

S = MatchState


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected."""
    wiring.connect()


@pytest.fixture
def two(db: Session, make: Make) -> Two:
    """Two people who go together since today."""
    found = Two(db, make)
    moving.move(db, found.pair, Event.MEET)
    return found


def _listed(two: Two, who: Member) -> list[reviews.Review]:
    connection = two.db.connection()
    return reviews.listed(connection, reading.talk(connection, two.act(who), two.pair.ref))


def _answer(two: Two, who: Member, month: Any, **more: Any) -> bool:
    return reviews.answer(two.db, two.act(who), two.pair.ref, TellReview(month=month, going="well", **more))


def test_both_are_asked_three_times_and_read_their_own_answers_only(two: Two) -> None:
    asked = []
    for days in (0, 29, 30, 90, 91, 92, 168, 169):
        with clock.at(TODAY + timedelta(days=days)):
            reviews.ask_due(two.db)
            asked.append((days, two.told(two.mentee).count(reviews.ASKED), two.told(two.mentor).count(reviews.ASKED)))
    assert asked == [(0, 0, 0), (29, 0, 0), (30, 1, 1), (90, 1, 1), (91, 2, 2), (92, 2, 2), (168, 3, 3), (169, 3, 3)]
    with pytest.raises(Invalid, match="not asked yet"):
        _answer(two, two.mentee, 1)
    with clock.at(TODAY + timedelta(days=31)):
        _answer(two, two.mentee, 1, helped=CANARY)
        with pytest.raises(Invalid, match="not asked yet"):
            _answer(two, two.mentee, 3)
        assert [one.said is not None for one in _listed(two, two.mentee)] == [True, False, False]
        assert [one.said for one in _listed(two, two.mentor)] == [None] * 3
        _answer(two, two.mentor, 1)
        said = _listed(two, two.mentor)[0].said
    assert said is not None
    assert said["helped"] == ""  # also once both have answered
    mine, theirs = (standing.export(two.db, who.id)["how I said it goes"] for who in (two.mentee, two.mentor))
    assert ([one["what helped"] for one in mine], [one["what helped"] for one in theirs]) == ([CANARY], [""])
    raw = two.db.connection().exec_driver_sql("SELECT mentee_said FROM mentor_review WHERE mentee_said IS NOT NULL").scalars()
    assert CANARY.encode() not in b"".join(bytes(one) for one in raw)


def test_another_half_year_once_and_only_when_both_want_it(two: Two) -> None:
    reviews.ask_due(two.db)
    until = two.pair.due_on
    assert until is not None
    with clock.at(TODAY + timedelta(days=170)):
        assert not _answer(two, two.mentee, 6, go_on=True)
        assert not _answer(two, two.mentor, 6)
        assert (two.pair.due_on, reviews.GO_ON in two.told(two.mentee)) == (until, False)  # a no is told to nobody
        assert _answer(two, two.mentor, 6, go_on=True)
        assert not _answer(two, two.mentor, 6, go_on=True)  # a second tap
    two.db.refresh(two.pair)
    assert (two.pair.state, two.pair.due_on) == (S.ACTIVE, until + timedelta(days=182))
    assert [two.told(who).count(reviews.GO_ON) for who in (two.mentee, two.mentor)] == [1, 1]
    with clock.at(TODAY + timedelta(days=366)):
        assert moving.lapse_due(two.db) == 1
        with pytest.raises(Invalid, match="come to its end"):
            _answer(two, two.mentee, 6, go_on=True)


def test_who_parted_is_asked_nothing(two: Two) -> None:
    reviews.ask_due(two.db)
    answering.say_no(two.db, two.act(two.mentee), two.pair.ref)
    with clock.at(TODAY + timedelta(days=40)):
        assert reviews.ask_due(two.db) == 0
    assert len(_listed(two, two.mentee)) == 3


def test_the_page(two: Two, browse: Callable[..., Browser], count_queries: Callable[[], Any], app: Any) -> None:
    reviews.ask_due(two.db)
    for row in two.db.exec(select(MentorReview)).all():
        row.due_on = TODAY.date() - timedelta(days=row.month)
    two.make.commit()
    mentee, path, engines = browse(two.mentee), f"/my/mentoring/with/{two.pair.ref}/reviews", app.state.house.database
    mentee.get(path)
    with count_queries(engines.read_engine, engines.write_engine) as seen:
        page = mentee.get(path)
    assert (len(seen), page.text.count("another half year")) == (3, 1), seen
    assert "Nobody but you reads it" in text_of(mentee.send(path, {"month": "1", "going": "not", "helped": "Tea"}))
    assert "without a reason" in text_of(mentee.get(path))
    refused = mentee.post(path, {"month": "3", "going": "", "change": "Kept words"})
    assert (refused.status_code, "Kept words" in refused.text) == (422, True)
    assert browse(two.awa).get(path).status_code == 404


def test_what_was_chosen_cannot_be_told_by_its_length_and_stays_what_it_is() -> None:
    said = [json.dumps({"going": going, "helped": "", "change": "", "go_on": go}) for going in GOING for go in (True, False)]
    assert {len(reviews.padded(one)) for one in said} == {reviews.BLOCK}
    assert [json.loads(reviews.padded(one)) for one in said] == [json.loads(one) for one in said]
    assert len(reviews.padded("ع" * 200).encode()) == 2 * reviews.BLOCK


@pytest.mark.parametrize(("stopped", "told"), [(False, 1), (True, 0)])
def test_no_coordinator_is_told_whom_a_decision_stops(two: Two, stopped: bool, told: int) -> None:
    for member in (two.awa, two.binta):
        member.stopped_until = now() + timedelta(days=1) if stopped or member is two.binta else None
    two.db.flush()
    assert len(nudging.coordinators(two.db)) == told


def test_of_ended_ones_only_those_are_listed_in_which_something_stands(two: Two) -> None:
    two.db.add(Mentorship(match_id=two.pair.id))
    held = MentorMessage(
        ref=new_ref(), match_id=two.pair.id, author_id=two.mentor.id, state=MessageState.HELD, body="x", written_at=now()
    )  # fmt: skip
    moving.move(two.db, two.pair, Event.END)
    connection = two.db.connection()
    for add, listed in ((None, (0, 0)), (held, (0, 1))):  # what waits of the other one does not show
        if add is not None:
            two.db.add(add)
            two.db.flush()
        assert tuple(len(reading.ended(connection, two.act(who))) for who in (two.mentee, two.mentor)) == listed
