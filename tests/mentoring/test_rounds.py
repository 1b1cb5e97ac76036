"""Rounds: a pair's life, driven at random and by people; what is stored becomes the matcher's people; the pages."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.core import clock
from app.core import settings as core_settings
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Conflict, NotFound, Refused
from app.domain import wiring
from app.domain.accounts import power
from app.domain.actor import Actor
from app.domain.between import blocking
from app.domain.mentoring import measures
from app.domain.mentoring import rules as pair_rules
from app.domain.mentoring.joining import asking, keeping, offering, packets, standing
from app.domain.mentoring.joining import queries as joined
from app.domain.mentoring.rounds import answering, facts, moving, packing, queries, rules, running
from app.domain.mentoring.rounds.rules import Event
from app.models.accounts import Answer, Erasure, Member, MemberStatus, Role, RoleGrant
from app.models.between import MemberBlock
from app.models.mentoring import AskState, MatchState, Mentor, MentorAsk, MentorMatch, MentorRound, MentorState
from app.models.places import AreaKind, AreaNeighbour
from app.schemas.mentoring import Introduce
from scripts import states
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

S = MatchState
WHEN = {"slots": [1, 3, 5], "first": "chat", "also": []}
PLACE = {"place": "SN", "languages": {"wo": 3, "fr": 2}, "host": None}
SELF = {"gender": "undisclosed", "age": None}


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected."""
    wiring.connect()


@pytest.fixture
def asks(make: Make) -> Callable[..., Member]:
    """``asks("Amina", days=30)`` has waited that long."""

    def one(name: str = "", days: int = 0, **who: Any) -> Member:
        member = make.member(name)
        said = {
            "needs": {"main": ["business"], "more": []}, "who": {"rule": "any", "trained": False, **SELF, **who}, "place": PLACE,
            "when": WHEN,
        }  # fmt: skip
        make.db.add(MentorAsk(
            member_id=member.id, state=AskState.WAITING, said=packets.packed(said), touched_on=now().date(),
            asked_on=now().date() - timedelta(days=days),
        ))  # fmt: skip
        make.db.flush()
        return member

    return one


@pytest.fixture
def offers(make: Make) -> Callable[..., Member]:
    """``offers("Lamin", capacity=2)`` is a mentor today."""

    def one(name: str = "", capacity: int = 1, **meet: Any) -> Member:
        member = make.member(name, Role.MENTOR)
        help_ = {"kind": None, **dict.fromkeys(facts.NEEDS, 0), "business": 3}
        said = {"help": help_, "place": PLACE, "when": WHEN, "meet": {"accepts": "any", "capacity": capacity, **SELF, **meet}}
        make.db.add(Mentor(
            ref=str(member.id)[-12:], member_id=member.id, state=MentorState.ACTIVE, said=packets.packed(said), capacity=capacity,
            trained_until=now().date() + timedelta(days=90), touched_on=now().date(),
        ))  # fmt: skip
        make.db.flush()
        return member

    return one


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(list(Event)), max_size=8))
def test_a_pair_never_comes_back_and_nobody_is_asked_out_of_turn(events: list[Event]) -> None:
    """A walk by any events: what is closed stays closed; both have said yes, the mentee first, before they are introduced."""
    state, done = S.PROPOSED, list[Event]()
    for event in events:
        if (state, event) not in rules.MOVES:
            with pytest.raises(Conflict):
                rules.after(state, event)
            continue
        state = rules.after(state, event)
        done.append(event)
    if state in (S.AGREED, S.ACTIVE):
        assert done[:3] == [Event.RELEASE, Event.MENTEE_YES, Event.MENTOR_YES]
    if Event.INTRODUCE in done:
        assert done.index(Event.INTRODUCE) == 3
    if state not in rules.OPEN:
        assert not [event for event in Event if (state, event) in rules.MOVES]
        assert not {Event.MENTEE_NO, Event.MENTOR_NO}.intersection(done) or state in rules.CLOSED_FOR_GOOD


def test_every_open_state_ends_by_itself() -> None:
    assert set(rules.DAYS) == rules.OPEN
    assert all((state, Event.LAPSE) in rules.MOVES and (state, Event.DROP) in rules.MOVES for state in rules.OPEN)


def _actor(member: Member, *roles: Role) -> Actor:
    return Actor(member.id, member.name, status=member.status, roles=frozenset(roles), second_factor=True)


def _pairs(db: Session) -> list[MentorMatch]:
    return list(db.exec(select(MentorMatch).order_by(sa.column("id"))).all())


def _told(db: Session, member: Member) -> list[str]:
    return [a.sentence for a in db.exec(select(Answer).where(Answer.member_id == member.id).order_by(sa.column("id"))).all()]


def test_a_round_takes_who_waits_and_who_has_a_place(db: Session, make: Make, asks: Any, offers: Any) -> None:
    longest, later = asks("Longest", days=40), asks("Later", days=2)
    asks("Rests", days=90)
    db.execute(sa.update(Member).where(sa.column("name") == "Rests").values(status=MemberStatus.PAUSED))
    mentor = offers("Lamin")
    offers("Role is over")
    ended = sa.select(Member.id).where(sa.column("name") == "Role is over").scalar_subquery()
    db.execute(sa.update(RoleGrant).where(RoleGrant.member_id == ended).values(ended_on=TODAY.date()))
    made = running.run(db)
    (pair,) = _pairs(db)
    assert (pair.mentee_id, pair.mentor_id, pair.state, made.proposed) == (longest.id, mentor.id, S.PROPOSED, 1)
    assert running.run(db).proposed == 0  # the place is held, nobody is proposed twice
    ask = keeping.own(db, MentorAsk, later.id, lock=True)
    why = queries.why_waiting(ask, keeping.told(ask))
    assert why is not None
    assert why.reason == "We have not found the right mentor yet."  # one mentor is less than three: nothing is told about one
    assert made.lacking == {"words": []}
    # Coordinators see names, and nothing of wishes whom to meet.
    desk = _actor(make.member("Desk", Role.COORDINATOR), Role.COORDINATOR)
    assert [(p.mentee, p.mentor) for p in queries.at_desk(db, desk)] == [("Longest", "Lamin")]
    assert queries.at_desk(db, _actor(longest, Role.COORDINATOR)) == []
    assert queries.mine(db, _actor(longest)) == queries.mine(db, _actor(mentor)) == []  # not released


def test_to_both_yeses_and_the_goodbye(db: Session, make: Make, asks: Any, offers: Any) -> None:
    mentee, mentor = asks("Longest", days=40), offers("Lamin")
    desk = _actor(make.member("Desk", Role.COORDINATOR), Role.COORDINATOR)
    running.run(db)
    (pair,) = _pairs(db)
    assert sum(measures.waiting(db, TODAY.date(), TODAY.date())["wishes"].values()) == 1
    answering.release(db, desk, pair.ref, 1)
    assert queries.mine(db, _actor(mentor)) == []
    (seen,) = queries.mine(db, _actor(mentee))
    assert (seen.name, seen.why.reasons[0]) == ("Lamin", "Knows how to start a business")
    with pytest.raises(Conflict):
        answering.release(db, desk, pair.ref, 1)
    answering.say_yes(db, _actor(mentee), pair.ref)
    with pytest.raises(Conflict):  # a second tap
        answering.say_yes(db, _actor(mentee), pair.ref)
    answering.say_yes(db, _actor(mentor), pair.ref)
    assert pair.state == S.AGREED
    answering.introduce(
        db, desk, pair.ref, Introduce(row_version=pair.row_version, to_mentee="Thursday at nine.", to_mentor="At nine.")
    )
    assert (pair.state, pair.due_on) == (S.ACTIVE, TODAY.date() + timedelta(days=182))
    assert sum(measures.waiting(db, TODAY.date(), TODAY.date())["wishes"].values()) == 0  # nor do the numbers call that waiting
    assert [a.note for a in db.exec(select(Answer).where(Answer.member_id == mentee.id)).all() if a.note] == ["Thursday at nine."]
    answering.say_goodbye(db, _actor(mentee), pair.ref)
    assert (pair.state, pair.open_mentee, len(pair.why.strip())) == (S.ENDED, None, 2)
    assert keeping.own(db, MentorAsk, mentee.id) is None
    assert _told(db, mentor)[-1] == moving.OVER


@pytest.mark.parametrize(("side", "again"), [("mentee", False), ("mentor", False), ("lapse", True)])
def test_a_no_closes_the_pair_for_good_and_tells_no_reason(
    db: Session, make: Make, asks: Any, offers: Any, side: str, again: bool
) -> None:
    mentee, mentor = asks("Longest", days=40), offers("Lamin")
    desk = _actor(make.member("Desk", Role.COORDINATOR), Role.COORDINATOR)
    running.run(db)
    (pair,) = _pairs(db)
    answering.release(db, desk, pair.ref, 1)
    if side == "mentee":
        answering.say_no(db, _actor(mentee), pair.ref)
        assert _told(db, mentor) == []  # the mentor never learns of it
    else:
        answering.say_yes(db, _actor(mentee), pair.ref)
        if side == "mentor":
            answering.say_no(db, _actor(mentor), pair.ref)
        else:
            with clock.at(TODAY + timedelta(days=4)):
                assert moving.lapse_due(db) == 1
        assert _told(db, mentee)[-1] == moving.NOT_THIS_TIME  # the same sentence, whatever happened
    assert pair.state == (S.LAPSED if again else S.DECLINED)
    for late in (mentee, mentor):  # an answer after it is over
        with pytest.raises(Exception, match="not open any more"):
            answering.say_yes(db, _actor(late), pair.ref)
    known = db.exec(select(Erasure.kind).where(Erasure.subject_id == pair.id)).all()
    assert known == ([] if again else [moving.CLOSED])
    db.execute(sa.update(MentorMatch).values(state=S.MENTEE_ASKED, open_mentee=mentee.id))  # as an older copy has it
    assert standing.erase_again(db, moving.CLOSED, pair.id)
    assert not standing.erase_again(db, moving.CLOSED, pair.id)
    db.execute(sa.update(MentorMatch).values(state=S.LAPSED if again else S.DECLINED))
    assert running.run(db).proposed == (1 if again else 0)
    assert keeping.own(db, MentorAsk, mentee.id).asked_on == TODAY.date() - timedelta(days=40)  # type: ignore[union-attr]


@pytest.mark.parametrize("what", ["wish", "pause", "step back", "suspended", "leaves", "under 18", "role over"])
def test_what_happens_while_a_proposal_is_open(db: Session, make: Make, asks: Any, offers: Any, what: str) -> None:
    mentee, mentor = asks("Longest", days=40), offers("Lamin")
    desk = _actor(make.member("Desk", Role.COORDINATOR), Role.COORDINATOR)
    running.run(db)
    (pair,) = _pairs(db)
    answering.release(db, desk, pair.ref, 1)
    answering.say_yes(db, _actor(mentee), pair.ref)
    if what == "wish":
        asking.take_back(db, _actor(mentee))
    elif what == "pause":
        offering.pause(db, _actor(mentor))
    elif what == "step back":
        offering.step_back(db, _actor(mentor))
    elif what == "suspended":
        moving.standing_changed(db, mentor.id, MemberStatus.SUSPENDED)
    elif what == "leaves":
        standing.purge(db, mentor.id)
        assert _pairs(db) == []
    else:
        young = sa.update(Member).where(sa.column("id") == mentee.id).values(adult=False)
        over = sa.update(RoleGrant).where(RoleGrant.member_id == mentor.id).values(ended_on=TODAY.date())
        db.execute(young if what == "under 18" else over)
        assert moving.lapse_due(db) == 1
    if what != "leaves":
        assert pair.state not in rules.OPEN
    other = mentor if what == "wish" else mentee
    assert _told(db, other)[-1] in (moving.NOT_THIS_TIME, moving.NO_LONGER)
    assert len(queries.mine(db, _actor(mentee)) + queries.mine(db, _actor(mentor))) == 0


def test_what_is_lacking_is_told_of_many_without_a_number_and_never_by_the_press(
    db: Session, database: Database, make: Make, asks: Any
) -> None:  # fmt: skip
    desk, least = _actor(make.member("Desk", Role.COORDINATOR), Role.COORDINATOR), core_settings.current().disclosure_threshold
    for _n in range(least - 1):
        asks()
    assert running.run(db).lacking == {"words": []}
    asks()
    make.commit()
    with clock.at(TODAY + timedelta(minutes=59)), pytest.raises(Refused, match="less than an hour ago"):
        running.run_now(database, desk)
    with clock.at(TODAY + timedelta(hours=1)):  # who presses before and after somebody asked reads the same
        assert queries.lacking(running.run_now(database, desk)) == []
    with clock.at(TODAY + timedelta(hours=2)):
        assert queries.lacking(running.run(db)) == ["French", "Wolof", "Starting a business"]
    assert queries.lacking(MentorRound(lacking={"need legal": 3})) == []  # as rounds before this kept it


CHANGES: dict[str, Callable[[Session, Member, Member, Any], Any]] = {
    "nothing": lambda db, mentee, mentor, asks: None,
    "says something else": lambda db, mentee, mentor, asks: keeping.touch(db, keeping.own(db, MentorAsk, mentee.id)),
    "takes it back": lambda db, mentee, mentor, asks: asking.take_back(db, _actor(mentee)),
    "mentor pauses": lambda db, mentee, mentor, asks: offering.pause(db, _actor(mentor)),
    "mentor is blocked": lambda db, mentee, mentor, asks: _block(db, mentee, mentor),
    "place is taken": lambda db, mentee, mentor, asks: _hand_made(db, asks("Other"), mentor),
    "mentor is none": lambda db, mentee, mentor, asks: db.execute(sa.update(RoleGrant).values(ended_on=TODAY.date())),
    "under 18": lambda db, mentee, mentor, asks: setattr(mentee, "adult", False),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_while_a_round_matches_waits_for_the_next(db: Session, asks: Any, offers: Any, what: str) -> None:
    mentee, mentor = asks("Longest", days=40), offers("Lamin")
    looked = running.look(db)
    found = running.match(looked)
    assert len(found.pairs) == 1
    CHANGES[what](db, mentee, mentor, asks)
    db.flush()
    made = 1 if what == "nothing" else 0
    assert running.keep(db, looked, found).proposed == made
    db.expire_all()
    assert len(_pairs(db)) == made + (what == "place is taken")
    ask = keeping.own(db, MentorAsk, mentee.id)
    assert (ask is None) == (what == "takes it back")
    if ask is not None:  # nothing is told of why they wait by what does not hold any more
        assert ask.because == (packing.NOTHING if made else None)


def _block(db: Session, by: Member, whom: Member) -> None:
    blocking.block(db, _actor(by), whom.id, whom.name)


def _hand_made(db: Session, mentee: Member, mentor: Member) -> None:
    db.add(MentorMatch(
        ref=str(mentee.id)[-12:], mentee_id=mentee.id, mentor_id=mentor.id, open_mentee=mentee.id, version="1", why="{}",
        made_on=TODAY.date(), due_on=TODAY.date() + timedelta(days=9),
    ))  # fmt: skip
    db.flush()


def test_two_rounds_at_once_propose_nobody_twice(db: Session, database: Database, make: Make, asks: Any, offers: Any) -> None:
    for _n in range(3):
        asks(days=9)
    offers(capacity=2)
    looked = running.look(db)
    first, second = (running.keep(db, looked, running.match(looked)) for _n in range(2))
    assert (first.id, len(_pairs(db))) == (second.id, 2)  # the second writes nothing on top of the first
    db.execute(sa.delete(MentorMatch))
    db.execute(sa.delete(MentorRound))
    make.commit()
    with ThreadPoolExecutor(2) as pool:
        rounds = [one.result(30) for one in [pool.submit(running.run_apart, database) for _n in range(2)]]
    assert len(_pairs(db)) == 2
    assert {one.id for one in rounds} == set(db.exec(select(MentorRound.id)).all())


@pytest.mark.parametrize("mentor_blocks", [False, True])
def test_a_block_is_never_proposed_and_shows_nowhere(db: Session, make: Make, asks: Any, offers: Any, mentor_blocks: bool) -> None:
    mentee, mentor = asks("Longest", days=40), offers("Lamin")
    desk = _actor(make.member("Desk", Role.COORDINATOR), Role.COORDINATOR)
    two = (mentor, mentee) if mentor_blocks else (mentee, mentor)
    running.run(db)
    (pair,) = _pairs(db)
    answering.release(db, desk, pair.ref, 1)
    seen, told = queries.mine(db, _actor(mentee)), (_told(db, mentee), _told(db, mentor))
    _block(db, *two)
    # Nothing moves at that moment: it would tell whom it is about.
    assert (queries.mine(db, _actor(mentee)), (_told(db, mentee), _told(db, mentor))) == (seen, told)
    answering.say_yes(db, _actor(mentee), pair.ref)
    assert (pair.state, _told(db, mentee)[-1], _told(db, mentor)) == (S.LAPSED, moving.NOT_THIS_TIME, [])
    assert running.run(db).proposed == 0
    ask = keeping.own(db, MentorAsk, mentee.id)
    why = queries.why_waiting(ask, keeping.told(ask))
    assert why is not None
    assert why.reason == "We have not found the right mentor yet."
    db.execute(sa.delete(MemberBlock))
    assert running.run(db).proposed == 1


STEPS = st.lists(st.sampled_from([
    "round", "release", "mentee yes", "mentor yes", "mentee no", "mentor no", "mentee blocks", "mentor blocks", "under 18", "days",
    "drop", "pause", "wish back",
]), max_size=9)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_people_do_the_state_holds(db: Session, make: Make, asks: Any, offers: Any, steps: list[str]) -> None:
    """By the actions themselves: after each, what is open has a place and a day, and nobody goes together who must not."""
    with db.begin_nested() as all_of_it:
        mentee, mentor = asks(days=40), offers()
        desk = _actor(make.member("", Role.COORDINATOR), Role.COORDINATOR)
        done, moment = ["round", "release"], TODAY
        running.run(db)
        answering.release(db, desk, _pairs(db)[0].ref, 1)
        for step in steps:
            moment += timedelta(days=6 if step == "days" else 0)
            ref = _pairs(db)[-1].ref
            with clock.at(moment), contextlib.suppress(Conflict, Refused, NotFound):
                _do(db, step, ref, desk, mentee, mentor)
                done.append(step)
            _holds(db, done, mentee, mentor)
        all_of_it.rollback()
    db.expire_all()


def _do(db: Session, step: str, ref: str, desk: Actor, mentee: Member, mentor: Member) -> None:
    """Do one step by the action that people use."""
    one, other = _actor(mentee), _actor(mentor)
    {
        "round": lambda: running.run(db), "release": lambda: answering.release(db, desk, ref, _pairs(db)[-1].row_version),
        "mentee yes": lambda: answering.say_yes(db, one, ref), "mentor yes": lambda: answering.say_yes(db, other, ref),
        "mentee no": lambda: answering.say_no(db, one, ref), "mentor no": lambda: answering.say_no(db, other, ref),
        "mentee blocks": lambda: _block(db, mentee, mentor), "mentor blocks": lambda: _block(db, mentor, mentee),
        "under 18": lambda: setattr(mentee, "adult", False) or db.flush(), "days": lambda: moving.lapse_due(db),
        "drop": lambda: answering.drop(db, desk, ref, _pairs(db)[-1].row_version), "pause": lambda: offering.pause(db, other),
        "wish back": lambda: asking.take_back(db, one),
    }[step]()  # fmt: skip


def _holds(db: Session, done: list[str], mentee: Member, mentor: Member) -> None:
    pairs = _pairs(db)
    open_ = [pair for pair in pairs if pair.state in rules.OPEN]
    assert len(open_) <= 1
    for pair in pairs:
        assert (pair.open_mentee is not None) == (pair.state in rules.OPEN) == (pair.due_on is not None and pair.ended_on is None)
        assert pair.state in rules.OPEN or pair.why == packing.NOTHING
    if open_ and open_[0].state == S.AGREED:
        assert {"mentee yes", "mentor yes"} <= set(done)
        both = [n for n, step in enumerate(done) if step.endswith("yes")][1]
        assert not any(step.endswith("blocks") for step in done[:both])
    if any(pair.state in rules.CLOSED_FOR_GOOD for pair in pairs):
        assert not open_
    for who, knows in ((mentee, rules.MENTEE_KNOWS), (mentor, rules.MENTOR_KNOWS)):
        assert {pair.ref for pair in queries.mine(db, _actor(who))} == {pair.ref for pair in open_ if pair.state in knows}


def _together(db: Session, desk: Actor, mentee: Member, mentor: Member) -> MentorMatch:
    """Bring the only two together."""
    running.run(db)
    (pair,) = _pairs(db)
    answering.release(db, desk, pair.ref, 1)
    answering.say_yes(db, _actor(mentee), pair.ref)
    answering.say_yes(db, _actor(mentor), pair.ref)
    answering.introduce(db, desk, pair.ref, Introduce(row_version=pair.row_version, to_mentee="At nine.", to_mentor="At nine."))
    return pair


@pytest.mark.parametrize(("what", "state", "wish"), [
    ("role ended", S.ENDED, True), ("role over", S.LAPSED, True), ("mentor under 18", S.LAPSED, True),
    ("suspended", S.ENDED, True), ("half a year", S.ENDED, False),
])  # fmt: skip
def test_how_going_together_ends_without_the_mentee(
    db: Session, make: Make, asks: Any, offers: Any, what: str, state: MatchState, wish: bool
) -> None:
    """A mentor who is none any more goes with nobody; the mentee reads what becomes of the wish, and it is so."""
    mentee, mentor = asks("Longest", days=40), offers("Lamin")
    desk = _actor(make.member("Desk", Role.COORDINATOR), Role.COORDINATOR)
    pair = _together(db, desk, mentee, mentor)
    held, row = offering.role_of(db, mentor.id), keeping.own(db, Mentor, mentor.id)
    assert held is not None
    assert row is not None
    if what == "role ended":
        power.end_role(db, desk, held.id)
        assert (row.state, row.supervisor_id, row.decided_on) == (MentorState.DECLINED, None, TODAY.date())
    elif what == "suspended":
        moving.standing_changed(db, mentor.id, MemberStatus.SUSPENDED)
    else:
        held.until_on = TODAY.date() + timedelta(days=5 if what == "role over" else 300)
        mentor.adult = what != "mentor under 18"
        with clock.at(TODAY + timedelta(days={"role over": 5, "half a year": 183}.get(what, 0))):
            assert moving.lapse_due(db) == 1
    db.expire_all()
    assert (pair.state, pair.open_mentee) == (state, None)
    assert (keeping.own(db, MentorAsk, mentee.id) is not None) is wish
    assert _told(db, mentee)[-1] == (moving.WAITS_ON if wish else moving.HALF_YEAR)


def test_who_named_only_the_country_is_near_nobody(db: Session, asks: Any, offers: Any) -> None:
    """Else a whole country would be one region, also for meeting in person."""
    asks("Longest", days=40)
    offers("Lamin")
    (mentee,), (mentor,) = facts.load(db, TODAY.date())
    assert mentee.country == mentor.country
    assert not pair_rules.is_near(mentee, mentor)
    alone = replace(mentee, channels=("in_person",)), replace(mentor, channels=("in_person",))
    assert not pair_rules.has_channel(*alone)


def test_a_training_that_is_over_on_the_day(db: Session, asks: Any, offers: Any) -> None:
    """Whoever asks for somebody trained waits, others do not; before the first training nobody comes."""
    mentor = keeping.own(db, Mentor, offers("Lamin").id)
    asks("Longest", days=40, trained=True)
    assert mentor is not None
    mentor.trained_until = None
    assert facts.load(db, TODAY.date())[1] == []
    mentor.trained_until = TODAY.date()
    assert running.run(db).proposed == 0
    other = asks("Newer", days=1)
    assert running.run(db).proposed == 1
    assert [pair.mentee_id for pair in _pairs(db)] == [other.id]


def test_near_are_the_same_region_and_its_neighbours(db: Session, make: Make, asks: Any, offers: Any) -> None:
    """A town counts as its region; meeting in person is for those who live near."""
    kolda = make.area("Kolda", kind=AreaKind.REGION, code="SN-KD", remote=True)
    sedhiou = make.area("Sédhiou", kind=AreaKind.REGION, code="SN-SE")
    dakar, town = make.area("Dakar", kind=AreaKind.REGION, code="SN-DK"), make.area("Vélingara", parent_id=kolda.id)
    db.add_all([AreaNeighbour(area_id=a.id, other_id=b.id) for a, b in ((kolda, sedhiou), (sedhiou, kolda))])
    one, other = asks("Longest", days=40), offers("Lamin")
    found = {}
    for there in (kolda, sedhiou, dakar, town):
        for kind, who, where in ((MentorAsk, one, town), (Mentor, other, there)):
            row = keeping.own(db, kind, who.id)
            assert row is not None
            row.said = packets.packed({**keeping.told(row), "place": {**PLACE, "place": str(where.id)}})
        (mentee,), (mentor,) = facts.load(db, TODAY.date())
        alone = replace(mentee, channels=("in_person",)), replace(mentor, channels=("in_person",))
        found[there.name] = (pair_rules.components(mentee, mentor).place, pair_rules.has_channel(*alone), mentor.remote)
    assert found == {
        "Kolda": (1000, True, True), "Sédhiou": (500, True, False), "Dakar": (200, False, False), "Vélingara": (1000, True, True),
    }  # fmt: skip


@pytest.mark.parametrize("side", [asking.TAKEN_BACK, offering.STEPPED_BACK])
def test_a_restored_copy_shows_nobody_who_asked(db: Session, make: Make, asks: Any, offers: Any, side: str) -> None:
    """What was taken back was proposed, released and half answered in the copy: it closes with it, and nobody hears of it."""
    mentee, mentor = asks("Longest", days=40), offers("Lamin")
    running.run(db)
    (pair,) = _pairs(db)
    answering.release(db, _actor(make.member("Desk", Role.COORDINATOR), Role.COORDINATOR), pair.ref, 1)
    answering.say_yes(db, _actor(mentee), pair.ref)
    assert len(queries.mine(db, _actor(mentor))) == 1
    told = db.exec(select(sa.func.count()).select_from(Answer)).one()
    row = keeping.own(db, MentorAsk, mentee.id) if side == asking.TAKEN_BACK else keeping.own(db, Mentor, mentor.id)
    assert row is not None
    assert standing.erase_again(db, side, row.id)
    db.expire_all()
    assert (pair.state, pair.open_mentee) == (S.LAPSED, None)
    assert queries.mine(db, _actor(mentor)) == queries.mine(db, _actor(mentee)) == []
    assert db.exec(select(sa.func.count()).select_from(Answer)).one() == told


def test_a_year_ends_no_wish_while_somebody_is_asked(db: Session, asks: Any, offers: Any) -> None:
    mentee = asks("Longest", days=40)
    offers("Lamin")
    db.execute(sa.update(MentorAsk).values(touched_on=TODAY.date() - timedelta(days=400)))
    running.run(db)
    standing.remove_old(db, now())
    assert keeping.own(db, MentorAsk, mentee.id) is not None
    db.execute(sa.update(MentorMatch).values(state=S.LAPSED, open_mentee=None))
    standing.remove_old(db, now())
    assert keeping.own(db, MentorAsk, mentee.id) is None


def test_where_somebody_lives_is_told_to_nobody(db: Session, make: Make, asks: Any, offers: Any) -> None:
    mentee, mentor = asks("Longest", days=40, age="25-34", gender="woman"), offers("Lamin", age="50+", gender="woman")
    kolda = make.area("Kolda")
    for kind, who, place in ((MentorAsk, mentee, {"place": str(kolda.id)}), (Mentor, mentor, {})):
        row = keeping.own(db, kind, who.id)
        assert row is not None
        row.said = packets.packed({**keeping.told(row), "place": {**PLACE, "host": "LY", **place}})
    desk = _actor(make.member("Desk", Role.COORDINATOR), Role.COORDINATOR)
    running.run(db)
    (at_desk,) = queries.at_desk(db, desk)
    assert at_desk.why.limit is None
    assert at_desk.why.reasons == (
        "Would like to start a business, and you know how", "Speaks Wolof as you do",
        "Is free when you are, and likes best a way to talk that you use",
    )  # fmt: skip
    # A coordinator who asked learns nothing of it from how many places are taken.
    assert [card.load for card in joined.at_desk(db, desk, waiting=False)[0]] == [1]
    assert [card.load for card in joined.at_desk(db, _actor(mentee, Role.COORDINATOR), waiting=False)[0]] == [0]


def test_through_the_pages(db: Session, make: Make, browse: Callable[..., Browser], asks: Any, offers: Any) -> None:
    mentee, mentor, coordinator = asks("Quiet River", days=9), offers("Needle"), make.member("Desk", Role.COORDINATOR)
    make.commit()
    desk, me, other = browse(coordinator), browse(mentee), browse(mentor)
    found = text_of(desk.send("/desk/pairs"))
    assert "Needle" in found
    assert "1 of 1 places taken" in found
    ref, version = db.execute(sa.select(MentorMatch.ref, MentorMatch.row_version)).one()
    make.commit()
    assert "Needle" not in text_of(me.get("/my/mentoring"))
    assert other.post(f"/my/mentoring/with/{ref}", {"answer": "yes"}).status_code == 404
    assert desk.post(f"/desk/pairs/{ref}", {"row_version": "9", "do": "release"}).status_code == 409
    desk.send(f"/desk/pairs/{ref}", {"row_version": str(version), "do": "release"})
    page = text_of(me.get("/my/mentoring"))
    assert "Needle" in page
    assert "Knows how to start a business" in page
    assert "The mentor is asked now." in text_of(me.send(f"/my/mentoring/with/{ref}", {"answer": "yes"}))
    assert "Quiet River" in text_of(other.get("/my/mentoring"))
    other.send(f"/my/mentoring/with/{ref}", {"answer": "yes"})
    assert "Bring them together" in text_of(desk.get("/desk/mentoring"))
    again = desk.post(f"/desk/pairs/{ref}/introduce", {"row_version": str(version + 3), "to_mentee": "At nine."})
    assert again.status_code == 422
    assert "At nine." in again.text
    desk.send(f"/desk/pairs/{ref}/introduce", {"row_version": str(version + 3), "to_mentee": "At nine.", "to_mentor": "At nine."})
    assert "You go together until" in text_of(me.get("/my/mentoring"))
    assert "Nobody asks you why." in text_of(me.send(f"/my/mentoring/with/{ref}", {"answer": "no"}))
    assert "Asked on 11 November 2026" in text_of(me.get("/my/mentoring"))
    assert me.post(f"/my/mentoring/with/{ref}", {"answer": "yes"}).status_code == 404


def test_one_mentee_has_one_open_pair(db: Session, asks: Any, offers: Any) -> None:
    mentee, mentor = asks(), offers()
    running.run(db)
    values = {"mentee_id": mentee.id, "mentor_id": mentor.id, "open_mentee": mentee.id, "state": S.PROPOSED, "version": "1",
              "why": "{}", "made_on": now().date(), "row_version": 1}  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError), db.begin_nested():
        db.execute(sa.insert(MentorMatch).values(id=uuid4(), ref="aaaabbbbcccc", **values))
    assert isinstance(_pairs(db)[0].open_mentee, UUID)


def test_the_diagram_is_drawn_from_the_table() -> None:
    assert states.TARGET.read_text(encoding="utf-8") == states.page(), "write it again: python scripts/states.py"
