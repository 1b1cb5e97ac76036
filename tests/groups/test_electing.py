"""A group chooses who takes on a role: who may what, by table; one election through its pages; what a copy tells."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.core import clock
from app.core import settings as core_settings
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Invalid
from app.core.settings import Settings
from app.domain.actor import Actor
from app.domain.groups import belonging, resting, roles, standing
from app.domain.groups.electing import actions, box, ending, reading, rules
from app.domain.groups.electing.rules import Phase, Stands
from app.domain.groups.rules import Seat
from app.domain.reporting.protecting import few
from app.jobs import backup, erasures, periodic
from app.models.accounts import Answer, Erasure, MemberStatus, Role
from app.models.engine import AuditEvent, OnceKey
from app.models.groups import Group, GroupCandidate, GroupElection, GroupMember, GroupRole, GroupState, Outcome, Post, PostState
from tests.browse import Browser, text_of
from tests.groups.conftest import Circle

MEMBER, OUT = Seat(GroupRole.MEMBER), Seat()
CARES = Seat(GroupRole.ORGANISER, date(2030, 1, 1))
STAND = Stands(Phase.STAND, GroupRole.ORGANISER)
VOTE = replace(STAND, phase=Phase.VOTE)


def _actor(status: MemberStatus = MemberStatus.ACTIVE) -> Actor:
    return Actor(uuid4(), "Awa", status=status)


@pytest.mark.parametrize(
    ("stands", "seat", "state", "status", "stand", "vote"),
    [
        (STAND, MEMBER, "shown", "active", True, False),
        (VOTE, MEMBER, "shown", "active", False, True),
        (VOTE, MEMBER, "waits", "active", False, True),
        (VOTE, CARES, "hidden", "active", False, False),
        (replace(STAND, phase=Phase.COUNT), MEMBER, "shown", "active", False, False),
        (replace(STAND, phase=Phase.ENDED), MEMBER, "shown", "active", False, False),
        (replace(VOTE, voted=True), MEMBER, "shown", "active", False, False),
        (replace(STAND, candidate=True), MEMBER, "shown", "active", False, False),
        (replace(STAND, belonged=False), MEMBER, "shown", "active", False, False),
        (replace(VOTE, belonged=False), MEMBER, "shown", "active", False, False),
        (VOTE, OUT, "shown", "active", False, False),
        (VOTE, MEMBER, "shown", "paused", False, False),
        (STAND, CARES, "shown", "active", True, False),
        (replace(STAND, role=GroupRole.MONEY), CARES, "shown", "active", False, False),
    ],
)
def test_who_stands_and_who_votes(stands: Stands, seat: Seat, state: str, status: str, stand: bool, vote: bool) -> None:
    actor = _actor(MemberStatus(status))
    assert bool(rules.may_stand(actor, seat, GroupState(state), stands)) == stand
    assert bool(rules.may_vote(actor, seat, GroupState(state), stands)) == vote


def test_who_begins_and_who_calls_it_off() -> None:
    today, actor = date(2026, 12, 1), _actor()
    over = Seat(GroupRole.ORGANISER, today)
    assert rules.may_begin(actor, CARES, True, today)
    assert not rules.may_begin(actor, MEMBER, True, today)
    assert rules.may_begin(actor, MEMBER, False, today)
    assert rules.may_begin(actor, over, False, today)
    assert not rules.may_begin(actor, OUT, False, today)
    assert rules.may_stop(actor, CARES, today, STAND)
    assert not rules.may_stop(actor, CARES, today, VOTE)
    assert not rules.may_stop(actor, MEMBER, today, STAND)
    for runs, last in ((True, None), (False, today - timedelta(days=2))):
        with pytest.raises(Invalid):
            rules.check_begin(runs, last, today)
    rules.check_begin(False, today - timedelta(days=3), today)
    with pytest.raises(Invalid):
        rules.check_begin(False, today - timedelta(days=13), today, stopped=True)
    rules.check_begin(False, today - timedelta(days=14), today, stopped=True)


@pytest.mark.parametrize(
    ("votes", "standing", "voted", "may_vote", "outcome"),
    [
        ({}, "", 0, 9, Outcome.NOBODY),
        ({"a": 2}, "a", 2, 9, Outcome.FEW),
        ({"a": 2, "b": 1}, "ab", 3, 9, Outcome.CHOSEN),
        ({"a": 1}, "a", 1, 1, Outcome.CHOSEN),
        ({"a": 1, "none": 1}, "a", 2, 2, Outcome.NONE),
        ({"none": 3}, "a", 3, 9, Outcome.NONE),
        ({"a": 2, "b": 2}, "ab", 4, 9, Outcome.TIED),
        ({"gone": 5, "a": 1}, "a", 6, 9, Outcome.CHOSEN),
    ],
)
def test_what_comes_of_the_votes(votes: dict[str, int], standing: str, voted: int, may_vote: int, outcome: Outcome) -> None:
    assert rules.counted(votes, set(standing), voted, may_vote) == (outcome, "a" if outcome == Outcome.CHOSEN else "")


def test_a_box_has_no_order_and_its_length_tells_nothing() -> None:
    one, two = box.Box(salt="s"), box.Box(salt="s")
    people = [uuid4() for _n in range(30)]
    for inside, order in ((one, people), (two, list(reversed(people)))):
        for n, member in enumerate(order):
            inside.voted.add(inside.mark(member))
            inside.votes["ab"[people.index(member) % 2]] = inside.votes.get("ab"[people.index(member) % 2], 0) + 1
            assert n < len(people)
    assert box.closed(one) == box.closed(two)
    assert len(box.closed(box.Box())) == len(box.closed(one)) == box.STEP
    assert box.opened(box.closed(one)) == one
    assert one.mark(people[0]) != box.Box().mark(people[0])


def test_numbers_are_told_all_or_none() -> None:
    assert few.told({"a": 20, "b": 15, "none": 12}, 10) == {"a": 20, "b": 15, "none": 10}
    assert few.told({"a": 20, "b": 3, "none": 12}, 10) is None
    assert few.told({"a": 2, "none": 0}, 10) is None


OWN = {"words": "", "language": "en", "own_wish": "1"}


def _begun(circle: Circle, **more: str) -> GroupElection:
    """Awa begins; Omar and Lina belong to the group."""
    circle.make.seat(circle.group, circle.lina)
    circle.make.commit()
    form = {"role": "organiser", "stand_days": "3", "vote_days": "3", **more}
    assert circle.browse(circle.awa).post(f"{circle.path}/elections", form).status_code == 303
    return circle.one(select(GroupElection))  # type: ignore[no-any-return]


@contextmanager
def _after(circle: Circle, moment: datetime, days: int) -> Iterator[tuple[Browser, Browser, Browser]]:
    """So many days later; everybody has to come in anew."""
    circle.browsers.clear()
    with clock.at(moment + timedelta(days=days)):
        yield circle.browse(circle.awa), circle.browse(circle.omar), circle.browse(circle.lina)
    circle.browsers.clear()


def _move(circle: Circle) -> None:
    """As the job does."""
    for one in ending.due(circle.make.db):
        ending.move(circle.make.db, one)
        circle.make.commit()


def test_an_election_from_the_beginning_to_the_result(circle: Circle) -> None:
    election = _begun(circle, hand_on="1")
    path, started = f"{circle.path}/elections/{election.ref}", now()
    late = circle.make.member("Nora Late")
    with _after(circle, started, 1) as (awa, omar, lina):
        circle.make.seat(circle.group, late)
        circle.make.commit()
        assert "An election runs in this group already." in text_of(awa.post(f"{circle.path}/elections", {"role": "money"}))
        said = omar.post(f"{path}/stand", {"words": "I know the offices.", "language": "en"})
        assert (said.status_code, "I know the offices." in said.text) == (422, True)  # not without the own yes
        assert omar.post(f"{path}/stand", {"words": "I know the offices.", "language": "en", "own_wish": "1"}).status_code == 303
        assert lina.post(f"{path}/stand", OWN).status_code == 303
        assert "You stand already." in text_of(omar.post(f"{path}/stand", OWN))
        assert "The vote has not begun." in text_of(awa.post(f"{path}/vote", {"ballot": "none"}))
        assert "I know the offices." in awa.get(path).text
        assert circle.browse(late).post(f"{path}/stand", OWN).status_code == 422
    with _after(circle, started, 4) as (awa, omar, lina):
        _move(circle)
        _move(circle)  # called once
        told = [a.member_id for a in circle.all(select(Answer).where(Answer.sentence == ending.VOTE_NOW))]
        assert sorted(told) == sorted([circle.awa.id, circle.omar.id, circle.lina.id, late.id])
        mine = circle.one(select(GroupCandidate).where(GroupCandidate.member_id == circle.omar.id)).id.hex
        assert awa.post(f"{path}/vote", {"ballot": "x"}).status_code == 422
        for browser in (awa, omar, lina):
            assert browser.post(f"{path}/vote", {"ballot": mine}).status_code == 303
        again = awa.post(f"{path}/vote", {"ballot": "none"})
        assert (again.status_code, "You have voted already." in text_of(again)) == (422, True)
        assert circle.browse(late).post(f"{path}/vote", {"ballot": mine}).status_code == 422
        assert awa.post(f"{path}/stop", {}).status_code == 403
        circle.make.db.expunge_all()
        copy = standing.export(circle.make.db, circle.awa.id)
        assert copy["elections in which I have voted"]
        assert mine not in str(copy)
        stored = circle.make.db.execute(sa.text("SELECT box FROM group_election")).scalar()
        assert mine.encode() not in bytes(stored)
        circle.make.commit()
    with _after(circle, started, 7) as (awa, omar, lina):
        assert "The vote is over." in text_of(awa.post(f"{path}/vote", {"ballot": mine}))
        _move(circle)
        _move(circle)
        election = circle.fresh(election)
        assert (election.outcome, election.box, election.hands_on_id) == (Outcome.CHOSEN, None, None)
        page = text_of(lina.get(path))
        assert "Chosen: Omar Copper" in page
        assert "No numbers" in page
        held = {row.member_id: row for row in circle.all(select(GroupMember))}
        assert held[circle.omar.id].role == GroupRole.ORGANISER
        assert held[circle.awa.id].role == GroupRole.MEMBER
        trail = circle.all(select(AuditEvent).where(AuditEvent.verb.startswith("group.elect")))  # type: ignore[attr-defined]
        assert [event.verb for event in trail] == ["group.election", "group.elected"]
        assert circle.omar.id.hex not in str([event.detail for event in trail])
    with clock.at(started + timedelta(days=120)):
        ending.forget_old(circle.make.db, now())
        circle.make.commit()
        assert not circle.all(select(GroupCandidate))
        assert not circle.all(select(GroupElection))


def test_whoever_leaves_or_stands_no_longer_is_not_on_the_ballot_and_words_go(circle: Circle) -> None:
    election = _begun(circle)
    path, omar, lina = f"{circle.path}/elections/{election.ref}", circle.browse(circle.omar), circle.browse(circle.lina)
    for browser in (omar, lina):
        browser.post(f"{path}/stand", {"words": "I would like to.", "language": "en", "own_wish": "1"})
    gone = circle.one(select(GroupCandidate).where(GroupCandidate.member_id == circle.omar.id))
    assert omar.post(f"{path}/withdraw", {}).status_code == 303
    assert omar.post(f"{path}/withdraw", {}).status_code == 403
    post = circle.one(select(Post).where(Post.id == gone.post_id))
    assert (post.state, post.body) == (PostState.DELETED, "")
    db = circle.make.db
    db.expunge_all()
    db.add(GroupCandidate(id=gone.id, election_id=election.id, member_id=circle.omar.id))
    db.commit()
    assert standing.erase_again(db, actions.WITHDRAWN, gone.id)
    circle.make.commit()
    assert lina.post(f"{circle.path}/leave", {"words": "stay", "reason": ""}).status_code == 303
    assert not circle.all(select(GroupCandidate))
    with _after(circle, now(), 4):
        _move(circle)
    assert circle.fresh(election).outcome == Outcome.NOBODY


def test_a_suspended_candidate_a_hidden_group_and_a_stranger(circle: Circle) -> None:
    election, db = _begun(circle), circle.make.db
    path = f"{circle.path}/elections/{election.ref}"
    circle.browse(circle.omar).post(f"{path}/stand", OWN)
    stranger = circle.make.member("Sam Outside")
    assert circle.browse(stranger).get(path).status_code == 404
    assert circle.browse(stranger).post(f"{path}/vote", {"ballot": "none"}).status_code == 404
    circle.make.db.get_one(type(circle.omar), circle.omar.id, populate_existing=True).status = MemberStatus.SUSPENDED
    circle.make.commit()
    assert not reading.may_stand_now(db, election)
    assert "Omar" not in text_of(circle.browse(circle.lina).get(path))
    db.get_one(Group, circle.group.id, populate_existing=True).state = GroupState.HIDDEN
    circle.make.commit()
    assert circle.browse(circle.lina).get(path).status_code == 404
    with _after(circle, now(), 7):
        _move(circle)
    assert circle.fresh(election).outcome == Outcome.AWAY


def _voting(circle: Circle) -> GroupElection:
    """An election in which Omar stands and the vote runs."""
    today = now().date()
    for one in circle.make.db.exec(select(GroupMember)).all():
        one.joined_on = today - timedelta(days=9)
    election = circle.make.election(
        circle.group, begun_on=today - timedelta(days=8), stand_until=today - timedelta(days=1), vote_until=today, called=True
    )
    circle.make.db.add(GroupCandidate(election_id=election.id, member_id=circle.omar.id))
    circle.make.commit()
    return election


def test_no_row_tells_that_or_when_a_ballot_was_sent(circle: Circle) -> None:
    path = f"{circle.path}/elections/{_voting(circle).ref}"
    awa = circle.browse(circle.awa)
    page = awa.get(path).text
    ballot = page[page.index(f'action="{path}/vote"') :].partition("</form>")[0]
    assert 'name="once"' not in ballot
    assert awa.post(f"{path}/vote", {"ballot": "none", "once": "sent-all-the-same"}).status_code == 303
    assert not circle.all(select(OnceKey))
    assert "You have voted already." in text_of(awa.post(f"{path}/vote", {"ballot": "none", "once": "sent-all-the-same"}))


def test_whoever_stepped_back_meanwhile_cannot_be_chosen_and_nothing_is_counted(circle: Circle) -> None:
    election = _voting(circle)
    path, gone = f"{circle.path}/elections/{election.ref}", uuid4().hex
    awa = circle.browse(circle.awa)
    answer = awa.post(f"{path}/vote", {"ballot": gone})
    assert (answer.status_code, "This person does not stand any more. Choose again." in text_of(answer)) == (422, True)
    assert awa.post(f"{path}/vote", {"ballot": "none"}).status_code == 303


def test_another_secret_lets_nobody_vote_twice(circle: Circle) -> None:
    election = _voting(circle)
    held = reading.held(circle.make.db, circle.act(circle.awa), circle.group.ref, election.ref, lock=True)
    actions.vote(circle.make.db, circle.act(circle.awa), held, box.NONE)
    circle.make.commit()
    settings = core_settings.current()
    core_settings.use(settings.model_copy(update={"secret_key": "another secret of at least so many letters"}))
    try:
        assert reading.held(circle.make.db, circle.act(circle.awa), circle.group.ref, election.ref).stands.voted
    finally:
        core_settings.use(settings)


def test_one_election_that_cannot_be_moved_stops_no_other(circle: Circle, database: Database) -> None:
    bad, good = _voting(circle), circle.make.election(circle.make.group(by=circle.lina, name="Night kitchen"))
    circle.make.db.get_one(GroupElection, bad.id).box = "not a box"
    circle.make.commit()
    with clock.at(now() + timedelta(days=30)), pytest.raises(ValueError, match="Expecting value"):
        periodic._elections(database, core_settings.current())
    assert (circle.fresh(bad).outcome, circle.fresh(good).outcome) == (None, Outcome.NOBODY)


@pytest.mark.parametrize("ended", ["counted", "called off"])
def test_an_election_that_was_over_is_not_held_again_from_an_older_copy(
    circle: Circle, database: Database, settings: Settings, tmp_path: Path, ended: str
) -> None:
    election, file = _voting(circle), tmp_path / "old.hearth"
    awa = circle.act(circle.awa)
    held = reading.held(circle.make.db, awa, circle.group.ref, election.ref, lock=True)
    actions.vote(circle.make.db, awa, held, held.standing[0].id.hex)
    circle.make.commit()
    backup.back_up(database, settings, file)
    if ended == "counted":
        with clock.at(now() + timedelta(days=2)):
            _move(circle)
    else:
        actions.close(circle.make.db, circle.make.db.get_one(GroupElection, election.id), Outcome.STOPPED)
        circle.make.commit()
    erasures.note_erasures(database, settings)
    told = backup.restore(database, settings, file, force=True)
    again = circle.fresh(election)
    assert (told["erased_again"], again.outcome, again.box) == (1, Outcome.LOST, None)
    with clock.at(now() + timedelta(days=2)):
        assert election.id not in ending.due(circle.make.db)
        circle.make.commit()


def test_a_group_that_sleeps_wakes_with_whoever_cares_for_it(circle: Circle) -> None:
    db = circle.make.db
    belonging.take_out(db, circle.group.id, circle.awa.id)
    belonging.rest(db, circle.group.id)
    circle.make.commit()
    group = circle.fresh(circle.group)
    assert (group.state, group.asleep) == (GroupState.WAITS, True)
    form = {"role": "organiser", "stand_days": "3", "vote_days": "3"}
    assert circle.browse(circle.omar).post(f"{circle.path}/elections", form).status_code == 303
    election = circle.one(select(GroupElection))
    path = f"{circle.path}/elections/{election.ref}"
    circle.browse(circle.omar).post(f"{path}/stand", OWN)
    mine, started = circle.one(select(GroupCandidate)).id.hex, now()
    with _after(circle, started, 4):
        assert circle.browse(circle.omar).post(f"{path}/vote", {"ballot": mine}).status_code == 303
    with _after(circle, started, 7):
        _move(circle)  # one member, one vote
    group = circle.fresh(group)
    assert (group.state, group.asleep) == (GroupState.SHOWN, False)
    place = circle.one(select(GroupMember))
    assert (place.role, place.role_since) == (GroupRole.ORGANISER, (started + timedelta(days=7)).date())


def test_a_group_that_nobody_cares_for_is_called_then_sleeps_and_keeps_everything(circle: Circle) -> None:
    db, started = circle.make.db, now()
    helper = circle.make.member("Kofi Desk", Role.COORDINATOR)

    def later(day: int) -> Group:
        with clock.at(started + timedelta(days=day)):
            resting.note(db, now())
            for one in resting.due(db, now()):
                resting.move(db, one)
            for one in ending.due(db):
                ending.move(db, one)
        circle.make.commit()
        return circle.fresh(circle.group)  # type: ignore[no-any-return]

    assert later(0).alone_since is None
    db.exec(select(GroupMember).where(GroupMember.member_id == circle.awa.id)).one().role_until = started.date()
    circle.make.commit()
    assert later(1).alone_since == (started + timedelta(days=1)).date()
    assert later(60).asleep is False
    assert not circle.all(select(GroupElection))
    later(61)
    later(62)  # called once
    assert circle.one(select(GroupElection)).role == GroupRole.ORGANISER
    assert [a.member_id for a in circle.all(select(Answer).where(Answer.sentence == resting.HELP))] == [helper.id]
    assert later(99).state == GroupState.SHOWN  # nobody stood
    group = later(101)
    assert (group.state, group.asleep, group.members) == (GroupState.WAITS, True, 2)
    assert "This group sleeps" in text_of(circle.browse(circle.omar).get(circle.path))
    assert circle.browse(circle.lina).get(circle.path).status_code == 404
    assert circle.browse(circle.awa).post(f"{circle.path}/care/go-on", {}).status_code == 303
    group = circle.fresh(group)
    assert (group.state, group.asleep, group.alone_since) == (GroupState.SHOWN, False, None)


def test_whoever_has_a_role_is_told_once_that_it_ends(circle: Circle) -> None:
    ends = [a.sentence for a in circle.all(select(Answer)) if a.sentence in (roles.ENDS, roles.ENDS_CARE)]
    assert not ends
    with clock.at(now() + timedelta(days=340)):
        assert roles.remind_of_ends(circle.make.db, now()) == 1
        assert roles.remind_of_ends(circle.make.db, now()) == 0
        circle.make.commit()
    told = circle.one(select(Answer).where(Answer.sentence == roles.ENDS_CARE))
    assert (told.member_id, told.link) == (circle.awa.id, f"{circle.path}/care")


def test_a_step_further_is_private_and_can_be_taken_back_also_from_a_restored_copy(circle: Circle) -> None:
    omar, db = circle.browse(circle.omar), circle.make.db
    assert omar.post(f"{circle.path}/me/step", {"step": "alumni"}).status_code == 303
    assert omar.post(f"{circle.path}/me/step", {"step": "boss"}).status_code == 422
    assert "Thank you." in text_of(omar.get(f"{circle.path}/me"))
    for page in (circle.path, f"{circle.path}/care", f"{circle.path}/about"):
        assert "found my feet" not in text_of(circle.browse(circle.awa).get(page))
    place = circle.one(select(GroupMember).where(GroupMember.member_id == circle.omar.id))
    assert (place.step, place.role) == ("alumni", GroupRole.MEMBER)
    assert standing.export(db, circle.omar.id)["my groups"][0]["step"].code == "alumni"
    circle.make.commit()
    assert omar.post(f"{circle.path}/me", {"kind": "returned"}).status_code == 303
    for form, said in (({"step": ""}, belonging.UNSAID_STEP), ({"kind": ""}, belonging.UNSAID_BOTH)):
        assert omar.post(f"{circle.path}/me{'/step' if 'step' in form else ''}", form).status_code == 303
        assert circle.one(select(Erasure).where(Erasure.subject_id == place.id)).kind == said
    db.expunge_all()
    place = db.get_one(GroupMember, place.id)
    place.kind, place.step = "returned", "alumni"
    db.commit()
    assert standing.erase_again(db, belonging.UNSAID_BOTH, place.id)
    circle.make.commit()
    place = circle.one(select(GroupMember).where(GroupMember.member_id == circle.omar.id))
    assert (place.kind, place.step) == (None, None)
