"""What is severe takes two people: one proposes, another one who is not concerned confirms it, or decides differently."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.i18n import N_, _
from app.core.verdict import YES, Verdict, no
from app.domain.accounts import actions as accounts
from app.domain.accounts import queries
from app.domain.actor import POWER, Actor
from app.domain.moderation import conduct, rules, waking
from app.domain.moderation.rules import Choice
from app.models.moderation import Case, CaseKind, Outcome, Priority, Proposal

WAITS: Final = N_("Somebody proposes a decision that takes two people. Please look at Work.")
STANDS: Final = timedelta(days=7)  # how long a proposal waits; then it is made anew


def takes_two(
    kind: CaseKind, choice: Choice, powerful: bool, priority: Priority, before: int = 0, took_two: bool = False
) -> bool:  # fmt: skip
    """Say whether a choice is severe.

    To close an account, to stop one for more than 30 days (with the ``before`` for which it was stopped lately), to limit one that
    holds a role in the network, to end what ``took_two``; and to end what somebody said about danger or about what is private:
    there the mistake of one person, or their friendship, would leave somebody alone with it.
    """
    if kind == CaseKind.COMPLAINT:
        return rules.always_heard(priority)  # also "something was done": one word would end it as well
    if kind == CaseKind.ACCOUNT and choice.outcome == Outcome.LIFT:
        return took_two
    if kind != CaseKind.ACCOUNT or choice.outcome not in (*rules.LIMITS, Outcome.CLOSE):
        return False
    long = choice.outcome == Outcome.SUSPEND and (choice.days or 0) + before > rules.ALONE_DAYS
    return choice.outcome == Outcome.CLOSE or long or powerful


def may_settle(kind: CaseKind, severe: bool, confirmed: bool, others: bool) -> Verdict:
    """Answer whether somebody may decide: what is not severe, or what another person proposed.

    Of complaints also where no second person is left who may know of them; ``others``: somebody else may decide the case.
    """
    if not severe or confirmed or (kind == CaseKind.COMPLAINT and not others):
        return YES
    return no(_("This takes two people: another one has to confirm it."))


def may_propose(others: bool) -> Verdict:
    """Answer whether somebody may propose: only where another person is left to confirm it, so that nothing waits for nobody."""
    return YES if others else no(_("This takes two people, and nobody else is left who may confirm it. Choose something that one "
                                   "person decides, or ask an operator to give somebody the role."))  # fmt: skip


def counts(found: Proposal, left: Collection[UUID], moment: datetime) -> bool:
    """Say whether a proposal still counts: for a week, while whoever made it may (still) decide; ``left``: who may."""
    return found.by_id in left and moment < found.at + STANDS


def proposal(db: Session, case: Case) -> Proposal | None:
    """Return what is proposed in a case and counts, or None; no statement where nothing can take two."""
    if case.kind not in rules.SEVERE:
        return None
    found = db.exec(select(Proposal).where(Proposal.case_id == case.id)).first()
    return found if found and counts(found, waking.left(db, case), now()) else None


def confirms(found: Proposal | None, actor: Actor, choice: Choice) -> bool:
    """Say whether a choice is, unchanged, what another person proposed, about the same state of the case."""
    if found is None or found.by_id == actor.member_id or found.case_version != choice.row_version:
        return False
    same = (found.outcome, found.rule, found.words or "") == (choice.outcome, choice.rule, choice.words)
    return same and (choice.outcome not in rules.LIMITS or found.days == choice.days)


def severe(db: Session, case: Case, choice: Choice) -> bool:
    """Say whether this choice about this case takes two people."""
    if case.kind not in rules.SEVERE:
        return False
    powerful = case.about_id is not None and not queries.roles_today(db, case.about_id).isdisjoint(POWER)
    about = case.about_id if case.kind == CaseKind.ACCOUNT else None
    before = conduct.stopped_days(db, about) if about and choice.outcome == Outcome.SUSPEND else 0
    took = conduct.took_two(db, about) if about and choice.outcome == Outcome.LIFT else False
    return takes_two(case.kind, choice, powerful, case.priority, before, took)


def others(db: Session, actor: Actor, case: Case) -> set[UUID]:
    """Return who else may decide a case."""
    return waking.left(db, case) - {actor.me}


def may_decide(db: Session, actor: Actor, case: Case, choice: Choice) -> Verdict:
    """Answer whether the actor may decide this now, alone or as the second person."""
    if not severe(db, case, choice):
        return YES
    return may_settle(case.kind, True, confirms(proposal(db, case), actor, choice), bool(others(db, actor, case)))


def keep(db: Session, actor: Actor, case: Case, choice: Choice) -> None:
    """Keep what the actor proposes in the place of what was proposed before, and tell those who may confirm it."""
    forget(db, col(Proposal.case_id) == case.id)
    db.add(Proposal(
        case_id=case.id, by_id=actor.me, at=now(), outcome=choice.outcome, rule=choice.rule, days=choice.days,
        words=choice.words or None, case_version=case.row_version,
    ))  # fmt: skip
    db.flush()
    for member_id in others(db, actor, case):
        accounts.tell(db, member_id, WAITS, link="/desk")


def forget(db: Session, which: sa.ColumnElement[bool]) -> None:
    """Forget what was proposed."""
    db.execute(sa.delete(Proposal).where(which))
