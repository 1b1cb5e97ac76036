"""What takes two people, and what is decided about accounts: whose yes counts, for what, and what it says of its end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.errors import Invalid, Refused
from app.core.ids import new_id
from app.domain import limits
from app.domain.accounts import changes
from app.domain.accounts import rules as accounts
from app.domain.actor import Actor
from app.domain.groups import queries as groups
from app.domain.moderation import actions, appeals, conduct, letters, rules, second, undoing
from app.domain.moderation.rules import Choice
from app.models.accounts import Answer, Limit, Member, MemberStatus, Role
from app.models.moderation import Case, CaseKind, CaseState, Decision, Flag, Outcome, Proposal
from tests.browse import Browser, text_of
from tests.moderation.conftest import Desk
from tests.moderation.test_accounts import about, settle

DAY = timedelta(days=1)


def closed(desk: Desk) -> Decision:
    """Let two people close the account of the teller."""
    settle(desk, desk.awa, Outcome.CLOSE)
    done = settle(desk, desk.brahim, Outcome.CLOSE)
    assert done is not None
    desk.db.refresh(desk.teller)
    return done


@pytest.mark.parametrize(("may", "age", "counts"), [(True, 6 * DAY, True), (True, 7 * DAY, False), (False, DAY, False)])
def test_whose_proposal_counts_and_for_how_long(may: bool, age: timedelta, counts: bool) -> None:
    by = new_id()
    found = Proposal(case_id=new_id(), by_id=by, at=now(), outcome=Outcome.CLOSE)
    assert second.counts(found, {by} if may else {new_id()}, now() + age) == counts


@pytest.mark.parametrize("how", ["too close", "role ended", "stopped"])
def test_a_proposal_of_somebody_who_may_not_decide_any_more_is_no_yes(db: Session, desk: Desk, how: str) -> None:
    settle(desk, desk.awa, Outcome.CLOSE)
    case = db.exec(select(Case).where(Case.kind == CaseKind.ACCOUNT)).one()
    if how == "too close":
        actions.declare_conflict(db, desk.act(desk.awa), case.ref)
        assert not db.exec(select(Proposal)).all()
    elif how == "stopped":
        desk.awa.stopped_until = now() + DAY
    else:
        desk.awa.status = MemberStatus.PAUSED
    db.flush()
    assert settle(desk, desk.brahim, Outcome.CLOSE) is None, "it waits for another person again"
    assert settle(desk, desk.sira, Outcome.CLOSE)


def test_what_comes_after_a_proposal_is_not_ended_by_one_person(db: Session, desk: Desk) -> None:
    mina = desk.make.member("Mina Second", Role.SAFEGUARDING)
    for number in range(7):
        actions.complain(db, Actor(), "Somebody", "harm", f"It hurt {number}.", "")
    case = next(
        one for one in db.exec(select(Case).where(Case.kind == CaseKind.COMPLAINT)).all()
        if len(db.exec(select(Flag).where(Flag.case_id == one.id)).all()) > 1
    )  # fmt: skip

    def end(by: Member) -> Decision | None:
        actions.open_case(db, desk.act(by), case.ref)
        db.refresh(case)
        return actions.settle(db, desk.act(by), case.ref, Choice(Outcome.KEEP, case.row_version))

    assert end(desk.sira) is None
    actions.complain(db, Actor(), "Somebody", "harm", "New and worse.", "")
    db.refresh(case)
    assert end(mina) is None, "the first one never read it"
    assert end(desk.sira)


def test_nobody_opens_again_what_was_decided_about_an_account(db: Session, desk: Desk) -> None:
    decision = settle(desk, desk.awa, Outcome.SUSPEND, 30)
    assert decision is not None
    with pytest.raises(Refused):
        actions.reopen(db, desk.act(desk.brahim), db.get_one(Case, decision.case_id).ref)
    assert letters.statement(db, desk.act(desk.teller), decision.ref).may_appeal
    late = rules.may_undo(CaseKind.ACCOUNT, timedelta(minutes=11), True).reason or ""
    assert "again" not in late, "nothing is promised that is not there"


def test_an_appeal_moves_the_day_of_the_deletion_too(db: Session, desk: Desk) -> None:
    decision = closed(desk)
    with clock.at(now() + 25 * DAY):
        appeals.appeal(db, desk.act(desk.teller), decision.ref, "No.")
        db.refresh(desk.teller)
        assert desk.teller.delete_after == desk.teller.stopped_until == decision.until_at
        case = desk.case(decision.id, "appeal")
        actions.open_case(db, desk.act(desk.sira), case.ref)
    with clock.at(now() + 25 * DAY + timedelta(hours=1)):
        actions.decide(db, desk.act(desk.sira), case.ref, Choice(Outcome.UPHOLD, case.row_version, None, "It stays."))
    with clock.at(now() + 33 * DAY):
        assert changes.due_for_purge(db, conduct.kept(db)) == []


def test_what_is_told_is_the_end_that_counts(db: Session, desk: Desk) -> None:
    settle(desk, desk.awa, Outcome.READ_ONLY, 30)
    with pytest.raises(Invalid) as shorter:
        settle(desk, desk.awa, Outcome.READ_ONLY, 1)
    assert shorter.value.field == "days"
    actions.give_back(db, desk.act(desk.awa), db.exec(select(Case.ref).order_by(Case.opened_at.desc())).first() or "")  # type: ignore[attr-defined]
    closed(desk)
    for outcome, days in ((Outcome.CLOSE, None), (Outcome.SUSPEND, 90)):
        with pytest.raises(Invalid):
            settle(desk, desk.sira, outcome, days)
    assert settle(desk, desk.sira, Outcome.NOTE)


def test_one_person_does_not_stop_somebody_again_and_again(db: Session, desk: Desk) -> None:
    assert settle(desk, desk.awa, Outcome.SUSPEND, 30)
    for after, days, alone in ((29, 7, False), (45, 1, False), (62, 30, False), (215, 30, True)):
        with clock.at(now() + after * DAY):
            assert bool(settle(desk, desk.brahim, Outcome.SUSPEND, days)) == alone, after


@pytest.mark.parametrize("two", [False, True])
def test_what_limits_an_account_ends_before_its_time(db: Session, desk: Desk, two: bool) -> None:
    with pytest.raises(Invalid):
        settle(desk, desk.sira, Outcome.LIFT)
    actions.give_back(db, desk.act(desk.sira), db.exec(select(Case.ref)).first() or "")
    decision = closed(desk) if two else settle(desk, desk.awa, Outcome.SUSPEND, 30)
    assert decision is not None
    lifted = settle(desk, desk.sira, Outcome.LIFT)
    assert bool(lifted) != two, "what took two people takes two"
    lifted = lifted or settle(desk, desk.brahim, Outcome.LIFT)
    assert lifted is not None
    db.refresh(desk.teller)
    assert (limits.of(desk.teller, now()), desk.teller.closed, desk.teller.delete_after) == ((), False, None)
    assert "before its time" in letters.statement(db, desk.act(desk.teller), decision.ref).reach
    assert conduct.TOLD[Outcome.LIFT] in db.exec(select(Answer.sentence).where(Answer.member_id == desk.teller.id)).all()
    undoing.undo(db, desk.act(desk.brahim if two else desk.sira), [lifted.ref])
    db.refresh(desk.teller)
    assert limits.stops(desk.teller, now()), "taken back, the limit lasts as before"
    assert "before its time" not in letters.statement(db, desk.act(desk.teller), decision.ref).reach


def test_whoever_is_not_heard_any_more_is_heard_about_their_account(
    db: Session, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(appeals.misuse, "stopped_until", lambda *_of: now().date() + 9 * DAY)
    decision = settle(desk, desk.awa, Outcome.SUSPEND, 7)
    assert decision is not None
    assert letters.statement(db, desk.act(desk.teller), decision.ref).may_appeal


def test_whom_a_decision_stops_is_not_whom_a_group_turns_to(db: Session, desk: Desk) -> None:
    group = desk.make.group(desk.reader)
    assert [row.name for row in groups.roles(db, group.id)] == [desk.reader.name]
    assert groups.other_organisers(db, group.id, desk.teller.id, now().date()) == 1
    assert settle(desk, desk.awa, Outcome.SUSPEND, 7, desk.reader)
    assert (list(groups.roles(db, group.id)), groups.other_organisers(db, group.id, desk.teller.id, now().date())) == ([], 0)


def test_an_account_that_was_only_looked_at_leaves_nothing_that_waits(db: Session, desk: Desk) -> None:
    looked = about(desk, desk.awa)
    assert actions.give_back(db, desk.act(desk.brahim), looked.ref), "it is open with somebody else"
    assert not actions.give_back(db, desk.act(desk.awa), looked.ref)
    assert desk.case(looked.subject_id).state == CaseState.CLOSED
    undone = settle(desk, desk.awa, Outcome.READ_ONLY, 7)
    assert undone is not None
    undoing.undo(db, desk.act(desk.awa), [undone.ref])
    case = about(desk, desk.awa)
    assert case.id == undone.case_id != looked.id
    assert actions.give_back(db, desk.act(desk.awa), case.ref), "somebody waits for what comes of it"


def test_whoever_was_told_of_what_was_undone_hears_that_nothing_comes_of_it(db: Session, desk: Desk) -> None:
    def heard() -> int:
        return sum(one == conduct.NOTHING for one in db.exec(select(Answer.sentence)).all())

    assert settle(desk, desk.awa, Outcome.KEEP)
    assert heard() == 0
    decision = settle(desk, desk.awa, Outcome.READ_ONLY, 7)
    assert decision is not None
    undoing.undo(db, desk.act(desk.awa), [decision.ref])
    assert settle(desk, desk.awa, Outcome.KEEP)
    assert heard() == 1


def test_whoever_was_not_let_in_has_no_account_to_decide_about(db: Session, desk: Desk) -> None:
    desk.teller.status, desk.teller.delete_after = MemberStatus.SUSPENDED, now() + DAY
    db.flush()
    with pytest.raises(Invalid):
        about(desk, desk.awa)


@pytest.mark.parametrize(
    ("what", "may"),
    [
        (None, True), (Limit.NO_TOPICS, True), (Limit.HELD, False), (Limit.READ_ONLY, False), (Limit.STOPPED, False),
        (Limit.CLOSED, False),
    ],
)  # fmt: skip
def test_a_name_is_not_a_way_to_write(what: Limit | None, may: bool) -> None:
    kept = (limits.Limited(what, now() + DAY),) if what else ()
    actor = Actor(member_id=new_id(), limits=kept)
    assert bool(accounts.may_change_name(actor)) == may
    assert accounts.may_change_account(actor), "key and phone stay one's own"


def test_the_page_shows_the_proposal_beside_ones_own_words(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    settle(desk, desk.awa, Outcome.READ_ONLY, 7)
    settle(desk, desk.awa, Outcome.CLOSE)
    case = db.exec(select(Case).where(Case.kind == CaseKind.ACCOUNT, Case.state == CaseState.OPEN)).one()
    actions.open_case(db, desk.act(desk.brahim), case.ref)
    db.refresh(case)
    form = {"outcome": "suspend", "rule": "3", "days": "", "words": "My own words.", "row_version": str(case.row_version)}
    ref = case.ref
    db.commit()
    brahim, teller = browse(desk.brahim), browse(desk.teller)
    assert "Sent unchanged, it takes effect" in text_of(brahim.get(f"/desk/cases/{ref}"))
    wrong = brahim.post(f"/desk/cases/{ref}/decision", {**form, "step": "look"})
    assert wrong.status_code == 422
    assert "My own words." in wrong.text
    assert "Because." in wrong.text
    assert "Sent unchanged" not in wrong.text
    assert teller.get("/me/name").status_code == teller.post("/me/name", {"name": "Ask Lamin"}).status_code == 403
