"""Who may see, open and decide a case: by table."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.errors import Invalid
from app.core.ids import new_id
from app.domain.actor import GUEST, Actor
from app.domain.moderation import rules
from app.domain.moderation.findings import findings_text
from app.domain.moderation.rules import Choice
from app.domain.moderation.wording import REASONS, due_text
from app.models.accounts import MemberStatus, Role
from app.models.moderation import Case, CaseKind, CaseState, Outcome, Priority

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AUTHOR, FLAGGER = new_id(), new_id()


def someone(*roles: Role, **fields: object) -> Actor:
    """An actor with roles."""
    return Actor(**{"member_id": new_id(), "roles": frozenset(roles), "second_factor": True, **fields})  # type: ignore[arg-type]


def case(kind: CaseKind = CaseKind.STORY, **fields: object) -> Case:
    """A case about the author."""
    given = {"ref": "x", "kind": kind, "subject_kind": "story", "subject_id": new_id(), "about_id": AUTHOR, "due_at": NOON}
    return Case(**{**given, "opened_at": NOON, **fields})


COORDINATOR = someone(Role.COORDINATOR)
PEOPLE = {
    "guest": GUEST,
    "member": someone(),
    "organiser": someone(Role.ORGANISER),
    "analyst": someone(Role.ANALYST),
    "operator": someone(Role.OPERATOR),
    "coordinator": COORDINATOR,
    "safeguarding": someone(Role.SAFEGUARDING),
    "author, a coordinator": someone(Role.COORDINATOR, member_id=AUTHOR),
    "author, of safeguarding": someone(Role.SAFEGUARDING, member_id=AUTHOR),
    "author": someone(member_id=AUTHOR),
    "flagger, a coordinator": someone(Role.COORDINATOR, member_id=FLAGGER),
    "paused coordinator": someone(Role.COORDINATOR, status=MemberStatus.PAUSED),
    "suspended coordinator": someone(Role.COORDINATOR, status=MemberStatus.SUSPENDED),
}
SEES = {"coordinator", "safeguarding", "flagger, a coordinator"}
OPENS = {
    CaseKind.STORY: {"coordinator", "safeguarding"},
    CaseKind.TRANSLATION: {"coordinator", "safeguarding"},
    CaseKind.FLAG: {"coordinator", "safeguarding"},
    CaseKind.CORRECTION: {"coordinator"},
    CaseKind.CALL: {"coordinator"},
    CaseKind.APPLICATION: {"coordinator"},
    CaseKind.POST: {"coordinator", "safeguarding"},
    CaseKind.TALK: {"coordinator", "safeguarding"},
    CaseKind.APPEAL: {"coordinator", "safeguarding"},
    CaseKind.COMPLAINT: {"safeguarding"},
    CaseKind.ACCOUNT: {"coordinator", "safeguarding"},
    CaseKind.MESSAGE: {"safeguarding"},
    CaseKind.MESSAGE_FLAG: {"safeguarding"},
}


@pytest.mark.parametrize("who", PEOPLE)
def test_who_sees_a_case(who: str) -> None:
    assert rules.sees(PEOPLE[who], case()) == (who in SEES)


@pytest.mark.parametrize("kind", CaseKind)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_opens_a_case(who: str, kind: CaseKind) -> None:
    assert bool(rules.may_open(PEOPLE[who], case(kind), {FLAGGER})) == (who in OPENS[kind])


def test_reasons_are_sentences() -> None:
    refused = rules.may_open(PEOPLE["flagger, a coordinator"], case(CaseKind.FLAG), {FLAGGER})
    assert refused.reason == "You told us about this yourself, so another person decides."
    assert rules.may_open(PEOPLE["author, a coordinator"], case(), set()).reason == "This page is not here."


@pytest.mark.parametrize(
    ("priority", "length"),
    [(Priority.DANGER, timedelta(hours=24)), (Priority.EXPOSED, timedelta(hours=24)), (Priority.RULE, timedelta(hours=72)),
     (Priority.SPAM, timedelta(days=14))],
)  # fmt: skip
def test_each_priority_has_its_clock(priority: Priority, length: timedelta) -> None:
    assert rules.due(priority, NOON) - NOON == length


@pytest.mark.parametrize(
    ("claimed_by", "until", "free", "holds"),
    [
        (None, None, True, False),
        ("me", NOON + timedelta(minutes=1), True, True),
        ("me", NOON, True, False),
        ("other", NOON + timedelta(minutes=1), False, False),
        ("other", NOON, True, False),
    ],
)
def test_a_claim_ends_by_the_clock(claimed_by: str | None, until: datetime | None, free: bool, holds: bool) -> None:
    owner = {"me": COORDINATOR.me, "other": new_id()}.get(claimed_by or "")
    found = case(claimed_by=owner, claimed_until=until)
    assert (rules.free_for(COORDINATOR, found, NOON), rules.holds(COORDINATOR, found, NOON)) == (free, holds)


def test_nobody_holds_a_closed_case() -> None:
    closed = case(claimed_by=COORDINATOR.me, claimed_until=NOON + timedelta(hours=1), state=CaseState.CLOSED)
    assert not rules.holds(COORDINATOR, closed, NOON)


@pytest.mark.parametrize("kind", CaseKind)
@pytest.mark.parametrize("outcome", Outcome)
def test_what_a_decision_needs(kind: CaseKind, outcome: Outcome) -> None:
    def wrong(rule: int | None, words: str, days: int | None = 7) -> str:
        try:
            rules.check(kind, Choice(outcome, 1, rule, words, days=days), [1, 2])
        except Invalid as problem:
            return problem.field
        return ""

    if outcome not in rules.OUTCOMES[kind]:
        assert wrong(1, "because") == "outcome"
        return
    about_accounts = (*rules.LIMITS, Outcome.CLOSE)
    assert wrong(1, "because") == ""
    assert wrong(9, "because") == "rule"
    assert wrong(None, "because") == ("rule" if outcome in (Outcome.DECLINE, *rules.HIDES, *about_accounts) else "")
    lengths = [wrong(1, "because", days) for days in (None, 2)]
    assert lengths == ["days" if outcome in rules.LIMITS else "", "days" if outcome in (*rules.LIMITS, Outcome.HIDE) else ""]
    hard = (Outcome.ASK_CHANGE, Outcome.DECLINE, *rules.HIDES, Outcome.REFUSE, Outcome.UPHOLD, Outcome.OVERTURN, Outcome.ACTED,
            Outcome.NOTE, Outcome.LIFT, *about_accounts)  # fmt: skip
    assert wrong(1, "  ") == ("words" if outcome in hard else "")


def test_every_choice_has_words_and_an_effect() -> None:
    from app.domain.moderation.effects import EFFECTS
    from app.domain.moderation.wording import CHOICES, DECIDED

    offered = {(kind, outcome) for kind, outcomes in rules.OUTCOMES.items() for outcome in outcomes}
    assert offered == set(CHOICES) == set(EFFECTS)
    assert {outcome for _, outcome in offered} == set(DECIDED)


def test_only_decided_flags_open_again() -> None:
    assert rules.may_reopen(COORDINATOR, case(CaseKind.FLAG, state=CaseState.CLOSED), set())
    assert not rules.may_reopen(COORDINATOR, case(CaseKind.FLAG), set())
    assert not rules.may_reopen(COORDINATOR, case(CaseKind.STORY, state=CaseState.CLOSED), set())


def test_nobody_flags_their_own_story() -> None:
    assert rules.may_flag(GUEST, AUTHOR)
    assert rules.may_flag(PEOPLE["member"], AUTHOR)
    assert not rules.may_flag(PEOPLE["author"], AUTHOR)
    assert rules.may_flag(PEOPLE["author"], None)


def test_five_reasons_at_most() -> None:
    for reasons in REASONS.values():
        assert len(reasons) == 5
        assert len({r.key for r in reasons}) == 5


@pytest.mark.parametrize(
    ("hours", "words"),
    [(-50, "overdue since 2 days"), (-1, "overdue"), (0.5, "due within the hour"), (1.2, "due in 1 hour"),
     (23.9, "due in 23 hours"), (24, "due in 1 day"), (72, "due in 3 days")],
)  # fmt: skip
def test_due_in_words(hours: float, words: str) -> None:
    assert due_text(hours) == words


def test_findings_are_counts_only() -> None:
    assert findings_text({"place": 2, "phone": 1, "unknown": 3, "name": 0}) == "2 possible places, 1 phone number"
