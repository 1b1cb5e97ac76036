"""What helps to decide alike: similar matters without people, what the rules need of whoever wrote it, what stands around it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.domain.moderation import actions, alike, appeals, filing, queries
from app.domain.moderation.rules import Choice
from app.models.accounts import Member, Role
from app.models.engine import AuditEvent
from app.models.groups import Group, GroupRole, Post, PostState
from app.models.moderation import Case, CaseKind, Decision, Outcome
from tests.browse import Browser, text_of
from tests.moderation.conftest import Desk


def flagged(desk: Desk, group: Group, by: Member, reason: str = "spam", title: str = "A room in town") -> Case:
    """Let somebody write a post in a group, and let somebody tell us of it."""
    post = desk.make.post(desk.make.topic(group, by, title, posts=0), by, body=f"Words of {by.name}")
    actions.flag(desk.db, desk.act(desk.reader), "post", post.ref, reason, "")
    return desk.case(post.id, "talk")


def decided(desk: Desk, case: Case, outcome: Outcome = Outcome.HIDE, by: Member | None = None) -> Decision:
    """Decide a case."""
    who = desk.act(by or desk.awa)
    actions.open_case(desk.db, who, case.ref)
    desk.db.refresh(case)
    rule, words = (3, "A reason that names Amina.") if outcome == Outcome.HIDE else (None, "")
    actions.decide(desk.db, who, case.ref, Choice(outcome, case.row_version, rule, words))
    return desk.db.exec(select(Decision).where(Decision.case_id == case.id)).one()


def opened(desk: Desk, case: Case, by: Member | None = None) -> queries.CasePage:
    """Open a case and read its page."""
    who = desk.act(by or desk.awa)
    actions.open_case(desk.db, who, case.ref)
    return queries.case_page(desk.db, who, case.ref)


@pytest.fixture
def group(desk: Desk) -> Group:
    """A group in which the teller writes and the reader tells us."""
    made = desk.make.group(by=desk.make.member("Leads It"))
    for one in (desk.teller, desk.reader):
        desk.make.seat(made, one)
    return made


def test_similar_matters_say_what_was_decided_without_people(db: Session, desk: Desk, group: Group) -> None:
    decided(desk, flagged(desk, group, desk.teller))
    decided(desk, flagged(desk, group, desk.teller, "rude"))
    case = flagged(desk, group, desk.teller)
    assert queries.case_page(db, desk.act(desk.awa), case.ref).examples == (), "only for whoever has it open"
    page = opened(desk, case)
    assert [(one.rule, one.after) for one in page.examples] == [("3", "")], "told for the same reason"
    said = repr(page.examples)
    assert not any(word in said for word in ("Amina", "Awa", "reason", str(now().day) + " "))


def test_what_came_of_it_where_somebody_saw_it_differently(db: Session, desk: Desk, group: Group) -> None:
    for outcome in (Outcome.UPHOLD, Outcome.OVERTURN):
        first = decided(desk, flagged(desk, group, desk.teller))
        appeals.appeal(db, desk.act(desk.teller), first.ref, "It is fine.")
        case = desk.case(first.id, "appeal")
        actions.open_case(db, desk.act(desk.brahim), case.ref)
        actions.decide(db, desk.act(desk.brahim), case.ref, Choice(outcome, case.row_version, None, "Because."))
    page = opened(desk, flagged(desk, group, desk.teller))
    assert [one.after for one in page.examples] == [alike.CHANGED, alike.STAYED]
    assert list(page.standing) == [alike.NEW, alike.ONE, alike.RIGHT]


@pytest.mark.parametrize("role", [Role.MENTOR, Role.COORDINATOR, GroupRole.CONTACT, None])
def test_nothing_about_anybody_who_has_a_role_is_an_example(
    db: Session, desk: Desk, group: Group, role: Role | GroupRole | None
) -> None:
    writer = desk.make.member("Holds A Role", role) if isinstance(role, Role) else desk.make.member("Holds A Role")
    desk.make.seat(group, writer, role if isinstance(role, GroupRole) else GroupRole.MEMBER)
    decided(desk, flagged(desk, group, writer))
    assert len(opened(desk, flagged(desk, group, desk.teller)).examples) == (0 if role else 1)


def test_what_is_hidden_from_anybody_is_nobodys_example(db: Session, desk: Desk, group: Group) -> None:
    case = flagged(desk, group, desk.teller)
    decided(desk, case)
    filing.bar(db, case, desk.brahim.id, hidden=True)
    for who in (desk.awa, desk.brahim):
        assert list(opened(desk, flagged(desk, group, desk.teller), who).examples) == []


def test_of_flags_that_led_nowhere_and_of_what_is_old_nothing_is_said(db: Session, desk: Desk, group: Group) -> None:
    decided(desk, flagged(desk, group, desk.teller), Outcome.KEEP)
    case = flagged(desk, group, desk.teller)
    assert list(opened(desk, case).standing) == [alike.NEW, alike.NONE]
    decided(desk, case)
    decided(desk, flagged(desk, group, desk.teller))
    last = flagged(desk, group, desk.teller)
    assert list(opened(desk, last).standing) == [alike.NEW, alike.MORE]
    with clock.at(now() + timedelta(days=181)):
        assert list(alike.standing(db, desk.act(desk.awa), last)) == [alike.NEW, alike.NONE]
    with clock.at(now() + timedelta(days=366)):
        assert alike.standing(db, desk.act(desk.awa), last)[0] == alike.SOME
    with clock.at(now() + timedelta(days=3 * 366)):
        assert alike.standing(db, desk.act(desk.awa), last)[0] == alike.LONG


def test_a_teller_stays_unnamed_and_no_story_leads_to_a_post(db: Session, desk: Desk, group: Group) -> None:
    decided(desk, desk.flagged(desk.story(), "recognised"))
    story = desk.flagged(desk.story(), "recognised")
    assert (list(opened(desk, story).standing), len(opened(desk, story).examples)) == ([], 1)
    assert list(opened(desk, flagged(desk, group, desk.teller)).standing) == [alike.NEW, alike.NONE]


def test_what_safeguarding_knows_of_is_no_example(db: Session, desk: Desk) -> None:
    case = Case(kind=CaseKind.COMPLAINT, subject_kind="person", subject_id=desk.teller.id, ref="x")
    for kind in (CaseKind.COMPLAINT, CaseKind.MESSAGE, CaseKind.MESSAGE_FLAG, CaseKind.ACCOUNT, CaseKind.APPEAL):
        case.kind = kind
        assert alike.decisions(db, desk.act(desk.sira), case, None) == []


@pytest.mark.parametrize("decisions", [1, 3])
def test_it_costs_two_statements_however_much_was_decided(
    db: Session, desk: Desk, group: Group, count_queries: Callable[..., object], decisions: int
) -> None:
    for _ in range(decisions):
        decided(desk, flagged(desk, group, desk.teller))
    case, who = flagged(desk, group, desk.teller), desk.act(desk.awa)
    db.refresh(case)
    with count_queries(db.get_bind()) as asked:
        found = alike.decisions(db, who, case, "spam")
        alike.standing(db, who, case)
    assert (len(found), len(asked)) == (decisions, 2)


def test_what_stands_around_a_post_is_read_without_names_and_written_down(
    db: Session, desk: Desk, group: Group, browse: Callable[..., Browser]
) -> None:
    topic = desk.make.topic(group, desk.reader, posts=0)
    for n in range(5):
        desk.make.post(topic, desk.reader, body=f"Before {n}")
    post: Post = desk.make.post(topic, desk.teller, body="The one")
    desk.make.post(topic, desk.teller, body="After, mine")
    desk.make.post(topic, desk.reader, body="After, hidden", state=PostState.HIDDEN)
    actions.flag(db, desk.act(desk.reader), "post", post.ref, "spam", "")
    case = desk.case(post.id, "talk")
    desk.make.commit()
    awa, path = browse(desk.awa), f"/desk/cases/{case.ref}"
    assert awa.post(f"{path}/around").status_code == 404, "not opened"
    awa.send(f"{path}/open")
    assert awa.get(f"{path}/around").headers["location"] == path, "nobody said that they look"
    page = awa.send(f"{path}/around")
    said = text_of(page)
    assert [f"Before {n}" in said for n in range(5)] == [False, False, True, True, True]
    assert ("After, mine" in said, "After, hidden" in said, "The one" in said) == (True, False, False)
    assert not any(name in said for name in ("Quiet Reader", "Amina"))
    assert (page.text.count("By the same person."), page.text.count("<details")) == (1, page.text.count('class="heavy"'))
    brahim = browse(desk.brahim)
    assert (brahim.post(f"{path}/around").status_code, brahim.get(f"{path}/around").status_code) == (404, 404)
    verbs = db.exec(select(AuditEvent.verb).where(AuditEvent.subject_id == case.id)).all()
    assert verbs.count("case.around_looked") == 1
