"""Write docs/permissions.md: who may do what at the desk, asked of the rules themselves. ``python scripts/matrix.py``."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from app.core.ids import new_id, new_ref  # noqa: E402
from app.core.verdict import Verdict  # noqa: E402
from app.domain.accounts import rules as accounts  # noqa: E402
from app.domain.actor import GUEST, Actor  # noqa: E402
from app.domain.moderation import rules, second  # noqa: E402
from app.domain.moderation.rules import Choice  # noqa: E402
from app.models.accounts import MemberStatus, Role  # noqa: E402
from app.models.moderation import Case, CaseKind, CaseState, Outcome, Priority  # noqa: E402

TARGET = ROOT / "docs" / "permissions.md"
NOON: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
AUTHOR, TOLD, BEFORE = new_id(), new_id(), new_id()


def _actor(*roles: Role, member_id: object = None, **more: object) -> Actor:
    given = {"member_id": member_id or new_id(), "roles": frozenset(roles), "second_factor": True, **more}
    return Actor(**given)  # type: ignore[arg-type]


PEOPLE: Final = {
    "guest": GUEST, "member": _actor(), "organiser": _actor(Role.ORGANISER), "mentor": _actor(Role.MENTOR),
    "analyst": _actor(Role.ANALYST), "operator": _actor(Role.OPERATOR), "coordinator": _actor(Role.COORDINATOR),
    "safeguarding": _actor(Role.SAFEGUARDING), "coordinator, stopped by a decision": _actor(Role.COORDINATOR,
                                                                                           status=MemberStatus.SUSPENDED),
    "coordinator whom it is about": _actor(Role.COORDINATOR, member_id=AUTHOR),
    "safeguarding whom it is about": _actor(Role.SAFEGUARDING, member_id=AUTHOR),
    "every role, whom it is about": _actor(*Role, member_id=AUTHOR),
    "coordinator who told us": _actor(Role.COORDINATOR, member_id=TOLD),
    "safeguarding who told us": _actor(Role.SAFEGUARDING, member_id=TOLD),
    "coordinator who decided it before, or left it to others": _actor(Role.COORDINATOR, member_id=BEFORE),
    "safeguarding who decided it before, or left it to others": _actor(Role.SAFEGUARDING, member_id=BEFORE),
}  # fmt: skip


def case(kind: CaseKind, state: CaseState = CaseState.OPEN) -> Case:
    """Return a case about the author."""
    return Case(
        ref=new_ref(), kind=kind, state=state, priority=Priority.RULE, subject_kind="x", subject_id=new_id(), about_id=AUTHOR,
        opened_at=NOON, due_at=NOON + timedelta(days=3),
    )  # fmt: skip


def decides(actor: Actor, kind: CaseKind) -> str:
    """Return what becomes of somebody who wants to decide a case: "-" where it does not exist for them."""
    found = case(kind)
    if not rules.sees(actor, found):
        return "-"
    listed = kind in rules.kinds_of(actor)
    return "yes" if rules.may_open(actor, found, {TOLD}, {BEFORE}) and listed else "no"


def _word(verdict: Verdict) -> str:
    return "yes" if verdict else "no"


def others(actor: Actor) -> list[str]:
    """Return the answers of the other rules, in the order of OTHERS."""
    again = case(CaseKind.FLAG, CaseState.CLOSED)
    return [
        _word(rules.may_flag(actor, new_id())), _word(rules.may_flag(actor, actor.member_id)), _word(rules.may_complain(actor)),
        _word(rules.may_reopen(actor, again, {TOLD}, {BEFORE})), _word(rules.may_work(actor)),
        _word(accounts.may_decide_application(actor, AUTHOR, MemberStatus.APPLIED)),
        _word(accounts.may_let_in_after_all(actor, AUTHOR)),
    ]  # fmt: skip


OTHERS: Final = (
    "flag something of others", "flag something of their own", "complain about a person", "open a decided flag again",
    "come to the desk", "decide who joins", "let in after an appeal",
)  # fmt: skip


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def appeals() -> list[list[str]]:
    """Return when a decision can be seen differently."""
    day, rows = date(2026, 11, 20), []
    for words, late, lodged, standing in (
        ("within the time, the first time", 30, False, True), ("a day later", 31, False, True), ("twice", 1, True, True),
        ("after it was decided anew", 1, False, False),
    ):  # fmt: skip
        verdict = rules.may_appeal(day + timedelta(days=late), rules.appeal_until(day, 30), lodged, standing)
        rows.append([words, _word(verdict), verdict.reason or ""])
    return rows


_ACCOUNT, _COMPLAINT = CaseKind.ACCOUNT, CaseKind.COMPLAINT
SEVERE: Final = (  # what somebody chooses; whether it is about somebody with a role in the network; how urgent the case is
    ("close an account", _ACCOUNT, Choice(Outcome.CLOSE, 1), False, Priority.RULE),
    (f"stop an account for up to {rules.ALONE_DAYS} days", _ACCOUNT, Choice(Outcome.SUSPEND, 1, days=30), False, Priority.RULE),
    ("stop an account for longer", _ACCOUNT, Choice(Outcome.SUSPEND, 1, days=90), False, Priority.RULE),
    ("end what limits an account", _ACCOUNT, Choice(Outcome.LIFT, 1), False, Priority.RULE),
    ("reading only, no new topics, posts read first", _ACCOUNT, Choice(Outcome.READ_ONLY, 1, days=90), False, Priority.RULE),
    ("the same for somebody with a role in the network", _ACCOUNT, Choice(Outcome.READ_ONLY, 1, days=1), True, Priority.RULE),
    ("a few words to somebody", _ACCOUNT, Choice(Outcome.NOTE, 1), True, Priority.RULE),
    ("end a complaint about danger", _COMPLAINT, Choice(Outcome.KEEP, 1), False, Priority.DANGER),
    ("end one about what is private without action", _COMPLAINT, Choice(Outcome.KEEP, 1), False, Priority.EXPOSED),
    ("end another one without action", _COMPLAINT, Choice(Outcome.KEEP, 1), False, Priority.RULE),
    ("say that something was done about one", _COMPLAINT, Choice(Outcome.ACTED, 1), False, Priority.DANGER),
)  # fmt: skip


def _two(kind: CaseKind, choice: Choice, powerful: bool, priority: Priority) -> str:
    return "two people" if second.takes_two(kind, choice, powerful, priority) else "one person"


def page() -> str:
    """Return the whole page."""
    kinds = list(CaseKind)
    two = [[what, _two(kind, choice, powerful, priority)] for what, kind, choice, powerful, priority in SEVERE]
    again = Choice(Outcome.SUSPEND, 1, days=1), False, Priority.RULE
    lift = Choice(Outcome.LIFT, 1), False, Priority.RULE
    for what, severe in (
        (f"stop an account again, with what ended in the last {rules.ALONE_DAYS} days for longer",
         second.takes_two(_ACCOUNT, *again, before=rules.ALONE_DAYS)),
        ("end what two people decided about an account", second.takes_two(_ACCOUNT, *lift, took_two=True)),
    ):  # fmt: skip
        two.append([what, "two people" if severe else "one person"])
    decided = [[who, *(decides(actor, kind) for kind in kinds)] for who, actor in PEOPLE.items()]
    more = [[who, *others(actor)] for who, actor in PEOPLE.items()]
    needs = [
        [kind.value, ", ".join(outcome.value for outcome in rules.OUTCOMES[kind]),
         ", ".join(o.value for o in rules.OUTCOMES[kind] if o in rules.NEEDS_RULE) or "-",
         ", ".join(o.value for o in rules.OUTCOMES[kind] if o in rules.NEEDS_WORDS) or "-",
         ", ".join(o.value for o in rules.OUTCOMES[kind] if (kind, o) in rules.TAKES | rules.LEAVES) or "-"]
        for kind in kinds
    ]  # fmt: skip
    return f"""# Who decides what

Written by `scripts/matrix.py`, which asks the rules of the program (`app/domain/moderation/rules.py`); a test fails when it is not
current. Who reaches which address stands in [access.md](access.md).

## Deciding a case

"-": for this person the case does not exist, in no list, count, address or trail. Everybody at the desk shows the second step.

{_table(["who", *(kind.value for kind in kinds)], decided)}

## What a decision needs

{_table(["kind of case", "decisions", "with a rule", "with words", "can be seen differently"], needs)}

## What takes two people

One proposes it, another one who may decide the case confirms it unchanged, or decides differently. Where nobody else is left,
what is severe about an account cannot be decided; what was said about a person can be ended by the one of safeguarding there is.
A proposal counts for seven days, while whoever made it may still decide, and for what the case held when it was made.
A second yes is asked where the mistake of one person, or their friendship, would cost somebody their place here, or their safety.

{_table(["what", "takes"], two)}

## Seeing it differently

Whom a decision takes something from, and whoever told us where it stays. Somebody who did not decide it looks; with one coordinator
that is safeguarding.

{_table(["when", "possible", "what they read"], appeals())}

## Besides

{_table(["who", *OTHERS], more)}

Flags and appeals that are plainly without ground are marked by whoever decides. At {rules.WARNED_AT} marks within
{rules.MISUSE.days} days the member is warned; at {rules.STOPPED_AT}, from two people at least and half of all they sent, nothing of
that kind is taken for {rules.STOPPED_DAYS} days. What is about danger, about somebody's identity or about a person always is.
"""


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
