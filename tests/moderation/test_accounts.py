"""Decisions about accounts: what they keep somebody from until when, what takes two people, and that all of it ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.core import clock
from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.domain import limits
from app.domain.accounts import actions as accounts
from app.domain.accounts import changes
from app.domain.actor import Actor, may_take_part
from app.domain.groups import rules as groups
from app.domain.groups import talking
from app.domain.groups.rules import Seat
from app.domain.moderation import actions, appeals, conduct, following, letters, queries, rules, second, undoing
from app.domain.moderation.rules import Choice
from app.models.accounts import Answer, Limit, Member, MemberStatus, Role
from app.models.groups import GroupRole, Post, PostState
from app.models.moderation import Case, CaseKind, CaseState, Decision, Outcome, Priority, Proposal
from app.models.stories import Audience
from app.schemas.groups import WritePost
from tests.browse import Browser, text_of
from tests.moderation.conftest import Desk

SOON = now() + timedelta(days=2)
INSIDE = Seat(GroupRole.MEMBER)


def limited(*whats: Limit, **more: object) -> Actor:
    """Return a member whose account is kept from these."""
    return Actor(member_id=Member().id, limits=tuple(limits.Limited(what, SOON) for what in whats), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("whats", "reads", "writes", "begins", "first"),
    [
        ((), True, True, True, False), ((Limit.HELD,), True, True, True, True), ((Limit.NO_TOPICS,), True, True, False, False),
        ((Limit.NO_TOPICS, Limit.HELD), True, True, False, True), ((Limit.READ_ONLY, Limit.HELD), True, False, False, True),
        ((Limit.STOPPED,), False, False, False, False), ((Limit.STOPPED, Limit.NO_TOPICS), False, False, False, False),
        ((Limit.CLOSED,), False, False, False, False),
    ],
)  # fmt: skip
def test_what_an_account_is_kept_from(whats: tuple[Limit, ...], reads: bool, writes: bool, begins: bool, first: bool) -> None:
    actor = limited(*whats, roles=frozenset({Role.COORDINATOR}))
    assert (actor.let_in, actor.active, actor.has(Role.COORDINATOR)) == (reads, reads, reads)
    assert (bool(may_take_part(actor)), bool(groups.may_write(actor, INSIDE))) == (writes, writes)
    assert (bool(groups.may_start_topic(actor, INSIDE)), bool(groups.may_start(actor, 0))) == (begins, begins)
    assert groups.read_first(actor) == first
    if whats and not begins:
        assert "2026" in (groups.may_start(actor, 0).reason or ""), "it says until when"


@pytest.mark.parametrize(
    ("kind", "outcome", "days", "powerful", "priority", "two"),
    [
        (CaseKind.ACCOUNT, Outcome.CLOSE, None, False, Priority.RULE, True),
        (CaseKind.ACCOUNT, Outcome.SUSPEND, 30, False, Priority.RULE, False),
        (CaseKind.ACCOUNT, Outcome.SUSPEND, 90, False, Priority.RULE, True),
        (CaseKind.ACCOUNT, Outcome.READ_ONLY, 180, False, Priority.RULE, False),
        (CaseKind.ACCOUNT, Outcome.HOLD_POSTS, 1, True, Priority.RULE, True),
        (CaseKind.ACCOUNT, Outcome.NOTE, None, True, Priority.RULE, False),
        (CaseKind.ACCOUNT, Outcome.KEEP, None, True, Priority.RULE, False),
        (CaseKind.COMPLAINT, Outcome.KEEP, None, False, Priority.DANGER, True),
        (CaseKind.COMPLAINT, Outcome.KEEP, None, False, Priority.EXPOSED, True),
        (CaseKind.COMPLAINT, Outcome.KEEP, None, False, Priority.RULE, False),
        (CaseKind.COMPLAINT, Outcome.ACTED, None, False, Priority.DANGER, True),
        (CaseKind.FLAG, Outcome.KEEP, None, True, Priority.DANGER, False),
    ],
)  # fmt: skip
def test_what_takes_two_people(
    kind: CaseKind, outcome: Outcome, days: int | None, powerful: bool, priority: Priority, two: bool
) -> None:  # fmt: skip
    assert second.takes_two(kind, Choice(outcome, 1, 1, "Why", days=days), powerful, priority) == two


@pytest.mark.parametrize(
    ("kind", "severe", "confirmed", "others", "may"),
    [
        (CaseKind.ACCOUNT, False, False, False, True), (CaseKind.ACCOUNT, True, False, True, False),
        (CaseKind.ACCOUNT, True, True, True, True), (CaseKind.ACCOUNT, True, False, False, False),
        (CaseKind.COMPLAINT, True, False, True, False), (CaseKind.COMPLAINT, True, False, False, True),
    ],
)  # fmt: skip
def test_who_decides_what_is_severe(kind: CaseKind, severe: bool, confirmed: bool, others: bool, may: bool) -> None:
    assert bool(second.may_settle(kind, severe, confirmed, others)) == may


def about(desk: Desk, by: Member, whom: Member | None = None) -> Case:
    """Let somebody take up the account of somebody."""
    case = conduct.open_about(desk.db, desk.act(by), (whom or desk.teller).name)
    return actions.open_case(desk.db, desk.act(by), case.ref)


def settle(desk: Desk, by: Member, outcome: Outcome, days: int | None = None, whom: Member | None = None) -> Decision | None:
    """Let somebody decide about an account, or propose it."""
    case = about(desk, by, whom)
    return actions.settle(desk.db, desk.act(by), case.ref, Choice(outcome, case.row_version, 3, "Because.", days=days))


def kept_from(db: Session, member: Member) -> list[Limit]:
    """Return what an account is kept from at this moment."""
    db.refresh(member)
    return [one.what for one in limits.of(member, now())]


def test_several_at_once_end_one_by_one_and_are_taken_back_each_for_itself(db: Session, desk: Desk) -> None:
    long = settle(desk, desk.awa, Outcome.HOLD_POSTS, 90)
    short = settle(desk, desk.brahim, Outcome.READ_ONLY, 3)
    settle(desk, desk.awa, Outcome.SUSPEND, 1)
    assert long
    assert short
    assert long.case_id != short.case_id
    assert kept_from(db, desk.teller) == [Limit.STOPPED, Limit.READ_ONLY, Limit.HELD]
    with clock.at(now() + timedelta(days=2)):
        assert kept_from(db, desk.teller) == [Limit.READ_ONLY, Limit.HELD], "by the clock, without a job"
    with clock.at(now() + timedelta(days=4)):
        assert kept_from(db, desk.teller) == [Limit.HELD]
    assert undoing.undo(db, desk.act(desk.brahim), [short.ref]) == (1, "")
    assert kept_from(db, desk.teller) == [Limit.STOPPED, Limit.HELD]
    appeals.appeal(db, desk.act(desk.teller), long.ref, "I was ill.")
    case = desk.case(long.id, "appeal")
    with pytest.raises(Refused):
        actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.open_case(db, desk.act(desk.sira), case.ref)
    actions.decide(db, desk.act(desk.sira), case.ref, Choice(Outcome.OVERTURN, case.row_version, None, "You are right."))
    assert kept_from(db, desk.teller) == [Limit.STOPPED]
    with clock.at(now() + timedelta(days=200)):
        assert kept_from(db, desk.teller) == []


def test_whose_account_it_is_reads_why_in_their_language_and_nothing_of_who(db: Session, desk: Desk) -> None:
    case = about(desk, desk.awa)
    choice = Choice(Outcome.READ_ONLY, case.row_version, 3, "Trois fois.", days=7)
    seen = actions.preview(db, desk.act(desk.awa), case.ref, choice)
    assert [one.language for one in seen.to_author] == ["fr"]
    assert "Jusqu" in seen.to_author[0].text
    assert not seen.second
    assert not db.exec(select(Answer)).all(), "nothing of it has happened"
    assert kept_from(db, desk.teller) == []
    decision = actions.decide(db, desk.act(desk.awa), case.ref, choice)
    told = letters.statement(db, desk.act(desk.teller), decision.ref)
    assert told.may_appeal
    assert told.rule
    assert "UTC" in told.reach
    assert desk.awa.name not in repr(told)
    with pytest.raises(NotFound):
        letters.statement(db, desk.act(desk.reader), decision.ref)
    mine = following.export(db, desk.teller.id)
    assert [row["until"] for row in mine["decisions about me"]] == [decision.until_at.date() if decision.until_at else None]


def test_nobody_finds_or_decides_their_own_and_a_name_leads_to_one_open_case(db: Session, desk: Desk) -> None:
    with pytest.raises(Invalid):
        conduct.open_about(db, desk.act(desk.awa), desk.awa.name)
    with pytest.raises(Invalid):
        conduct.open_about(db, desk.act(desk.awa), "Nobody Of This Name")
    with pytest.raises(Refused):
        conduct.open_about(db, desk.act(desk.reader), desk.teller.name)
    case = about(desk, desk.awa, desk.brahim)
    assert conduct.open_about(db, desk.act(desk.sira), desk.brahim.name).id == case.id
    with pytest.raises(NotFound):
        queries.case(db, desk.act(desk.brahim), case.ref)
    assert all(card.ref != case.ref for card in queries.waiting(db, desk.act(desk.brahim)).cards)
    for wrong in (
        Choice(Outcome.SUSPEND, 1, 3, "Why"),
        Choice(Outcome.SUSPEND, 1, 3, "Why", days=31),
        Choice(Outcome.SUSPEND, 1, None, "W", days=1),
    ):
        with pytest.raises(Invalid):
            rules.check(CaseKind.ACCOUNT, wrong, [3])


def test_closing_takes_another_person_and_the_account_goes_when_its_time_to_answer_is_over(db: Session, desk: Desk) -> None:
    assert settle(desk, desk.awa, Outcome.CLOSE) is None
    case = db.exec(select(Case).where(Case.kind == CaseKind.ACCOUNT)).one()
    assert case.state == CaseState.OPEN
    assert kept_from(db, desk.teller) == []
    heard = set(db.exec(select(Answer.member_id).where(Answer.sentence == second.WAITS)).all())
    assert heard == {desk.brahim.id, desk.sira.id}
    actions.open_case(db, desk.act(desk.awa), case.ref)
    same = Choice(Outcome.CLOSE, case.row_version, 3, "Because.")
    with pytest.raises(Refused):  # not the same person twice
        actions.decide(db, desk.act(desk.awa), case.ref, same)
    actions.give_back(db, desk.act(desk.awa), case.ref)
    actions.open_case(db, desk.act(desk.sira), case.ref)
    shown = queries.case_page(db, desk.act(desk.sira), case.ref)
    assert shown.proposed
    assert shown.contents
    assert shown.contents.account
    assert shown.contents.account.name == desk.teller.name
    with pytest.raises(Refused):  # other words are another proposal
        actions.decide(db, desk.act(desk.sira), case.ref, Choice(Outcome.CLOSE, case.row_version, 3, "Other words."))
    decision = actions.decide(db, desk.act(desk.sira), case.ref, same)
    assert (decision.decided_by, decision.proposed_by) == (desk.sira.id, desk.awa.id)
    assert not db.exec(select(Proposal)).all()
    assert kept_from(db, desk.teller) == [Limit.CLOSED]
    assert changes.due_for_purge(db) == []
    with clock.at(now() + timedelta(days=20)):
        appeals.appeal(db, desk.act(desk.teller), decision.ref, "It was not me.")
        appealed = desk.case(decision.id, "appeal")
        for one in (desk.awa, desk.sira):
            with pytest.raises(Refused):
                actions.open_case(db, desk.act(one), appealed.ref)
    with clock.at(now() + timedelta(days=60)):
        db.refresh(desk.teller)
        assert changes.due_for_purge(db) == [desk.teller.id]
        assert changes.due_for_purge(db, conduct.kept(db)) == [], "as long as nobody has answered"
        actions.open_case(db, desk.act(desk.brahim), appealed.ref)
        actions.decide(db, desk.act(desk.brahim), appealed.ref, Choice(Outcome.OVERTURN, appealed.row_version, None, "Right."))
        assert kept_from(db, desk.teller) == []
        assert changes.due_for_purge(db) == []


def test_a_deletion_that_somebody_asked_for_and_a_closed_account(db: Session, desk: Desk) -> None:
    settle(desk, desk.awa, Outcome.CLOSE)
    settle(desk, desk.brahim, Outcome.CLOSE)
    db.refresh(desk.teller)
    closes = desk.teller.delete_after
    assert closes == desk.teller.stopped_until
    actor = Actor(member_id=desk.teller.id, limits=limits.of(desk.teller, now()))
    changes.ask_deletion(db, actor)
    assert closes is not None
    assert desk.teller.delete_after is not None
    assert desk.teller.delete_after < closes, "one's own word is sooner"
    changes.stay(db, Actor(member_id=desk.teller.id, status=MemberStatus.LEAVING, limits=actor.limits))
    assert desk.teller.delete_after == closes, "and staying does not undo a decision"
    accounts.purge_member(db, desk.teller.id)
    db.refresh(desk.teller)
    assert (desk.teller.closed, desk.teller.stopped_until, desk.teller.status) == (False, None, MemberStatus.GONE)


def test_with_nobody_else_left_nothing_severe_waits_for_ever(db: Session, desk: Desk) -> None:
    for gone in (desk.brahim, desk.sira):
        gone.status = MemberStatus.PAUSED
    db.flush()
    case = about(desk, desk.awa)
    with pytest.raises(Refused):
        actions.settle(db, desk.act(desk.awa), case.ref, Choice(Outcome.CLOSE, case.row_version, 3, "Because."))
    assert actions.settle(db, desk.act(desk.awa), case.ref, Choice(Outcome.SUSPEND, case.row_version, 3, "Because.", days=30))
    desk.sira.status = MemberStatus.ACTIVE
    db.flush()
    actions.complain(db, Actor(), "Somebody", "harm", "It hurt.", "")
    complaint = db.exec(select(Case).where(Case.kind == CaseKind.COMPLAINT)).one()
    actions.open_case(db, desk.act(desk.sira), complaint.ref)
    ended = Choice(Outcome.KEEP, complaint.row_version)
    assert actions.settle(db, desk.act(desk.sira), complaint.ref, ended), "with one of safeguarding, that one decides"
    again = desk.make.member("Second Mango", Role.SAFEGUARDING)
    actions.reopen(db, desk.act(desk.sira), complaint.ref)
    actions.open_case(db, desk.act(desk.sira), complaint.ref)
    db.refresh(complaint)
    assert actions.settle(db, desk.act(desk.sira), complaint.ref, Choice(Outcome.KEEP, complaint.row_version)) is None
    db.refresh(complaint)
    actions.open_case(db, desk.act(again), complaint.ref)
    assert actions.settle(db, desk.act(again), complaint.ref, Choice(Outcome.KEEP, complaint.row_version))


def test_a_proposal_is_not_confirmed_by_an_old_form(db: Session, desk: Desk) -> None:
    case = about(desk, desk.awa)
    old = Choice(Outcome.CLOSE, case.row_version, 3, "Because.")
    actions.settle(db, desk.act(desk.awa), case.ref, old)
    actions.open_case(db, desk.act(desk.brahim), case.ref)
    with pytest.raises(Conflict):
        actions.settle(db, desk.act(desk.brahim), case.ref, old)


def test_what_is_read_first_waits_and_what_was_taken_back_does_not_stay(db: Session, desk: Desk) -> None:
    group = desk.make.group(desk.awa)
    desk.make.seat(group, desk.teller)
    topic = desk.make.topic(group, desk.teller, posts=4)
    settle(desk, desk.awa, Outcome.HOLD_POSTS, 7)
    db.refresh(desk.teller)
    actor = Actor(member_id=desk.teller.id, limits=limits.of(desk.teller, now()))
    there = talking.where(db, actor, group.ref, topic.ref)
    sent = talking.write(db, actor, there, WritePost(body="The kettle is warm.", language="en"))
    assert sent.held
    assert db.get_one(Post, sent.id).state == PostState.HELD
    assert db.exec(select(Case).where(Case.subject_id == sent.id, col(Case.kind) == CaseKind.POST)).one()


def test_from_the_name_to_the_statement_and_what_was_typed_stays(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    group = desk.make.group(desk.awa)
    desk.make.seat(group, desk.teller)
    topic = desk.make.topic(group, desk.teller)
    db.commit()
    awa, teller = browse(desk.awa), browse(desk.teller)
    wrong = awa.post("/desk/accounts", {"name": "Nobody Of This Name"})
    assert wrong.status_code == 422
    assert "Nobody Of This Name" in wrong.text
    reader = browse(desk.reader)
    assert reader.get("/desk/accounts").status_code == 404
    assert reader.post("/desk/accounts", {"name": desk.teller.name}).status_code == 404
    assert browse().post("/desk/accounts", {"name": desk.teller.name}).status_code in (303, 401)
    opened = awa.post("/desk/accounts", {"name": desk.teller.name})
    assert opened.status_code == 303
    ref = opened.headers["location"].split("?")[0].rsplit("/", 1)[-1]
    assert desk.teller.name in text_of(awa.get(f"/desk/cases/{ref}"))
    form = {"outcome": "read_only", "rule": "3", "words": "Three times.", "row_version": "1"}
    missing = awa.post(f"/desk/cases/{ref}/decision", {**form, "days": "", "step": "look"})
    assert missing.status_code == 422
    assert "Three times." in missing.text
    look = awa.post(f"/desk/cases/{ref}/decision", {**form, "days": "7", "step": "look"})
    assert look.status_code == 200
    assert "Three times." in look.text
    assert awa.post(f"/desk/cases/{ref}/decision", {**form, "days": "7", "step": "send"}).status_code == 303
    refused = teller.post(f"/g/{group.ref}/t/{topic.ref}/posts", {"body": "The kettle is warm.", "language": "en"})
    assert refused.status_code == 403
    assert "The kettle is warm." in refused.text
    assert teller.post(f"/g/{group.ref}/topics", {"title": "Tea", "body": "Who comes?", "language": "en"}).status_code == 403
    assert "UTC" in text_of(teller.get("/me"))
    decided = db.exec(select(Decision)).one()
    assert "Three times." in teller.get(f"/my/decisions/{decided.ref}").text
    assert reader.get(f"/my/decisions/{decided.ref}").status_code == 404


def test_somebody_stopped_reads_why_answers_takes_a_copy_and_can_go(
    db: Session, desk: Desk, browse: Callable[..., Browser]
) -> None:  # fmt: skip
    story = desk.story(desk.awa, audience=Audience.MEMBERS)
    decision = settle(desk, desk.awa, Outcome.SUSPEND, 7)
    assert decision is not None
    db.commit()
    teller, reader = browse(desk.teller), browse(desk.reader)
    assert (teller.get(f"/stories/{story.ref}").status_code, reader.get(f"/stories/{story.ref}").status_code) == (404, 200)
    for way in ("/my/answers", f"/my/decisions/{decision.ref}", "/me", "/me/data", "/me/delete", "/safe"):
        assert teller.get(way).status_code == 200, way
    assert teller.post(f"/my/decisions/{decision.ref}", {"words": "I see it differently."}).status_code == 303
    assert teller.get("/groups/new").status_code == 403
    with clock.at(now() + timedelta(minutes=1) + timedelta(days=7)):
        db.expire_all()
        assert limits.of(db.get_one(Member, desk.teller.id), now()) == ()
