"""What the network wants of its own numbers, and who is told when a release does not reach it."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.reporting import rules
from app.domain.reporting.measuring.registry import FUNNEL
from app.domain.reporting.releasing.figures import RESPONSE
from app.domain.reporting.showing.health import NAMES
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.reporting import NumberGoal, NumberRelease
from app.schemas.reporting import NewGoal

WANTED: Final = {
    RESPONSE: N_("How many answer the question"), **{step.key: step.words for step in FUNNEL}, **NAMES,
}  # fmt: skip
OF_WOMEN: Final = {step.key for step in FUNNEL}  # what is wanted there is women's share
ACT: Final = (Role.ANALYST, Role.COORDINATOR)
UNDER: Final = N_(
    "Numbers were published, and something in them lies below what the network wants. See what it is, and what we can change."
)
FELL: Final = N_("Numbers were published. Fewer people answer the question than before: see why, before the numbers say less.")


def in_use(db: Session) -> list[NumberGoal]:
    """Return what the network wants today, one for each figure, in the order of the funnel."""
    newest = {row.what: row for row in _open(db)}
    return [newest[key] for key in WANTED if key in newest]


def _open(db: Session) -> list[NumberGoal]:
    return list(db.exec(select(NumberGoal).where(col(NumberGoal.ended_on).is_(None)).order_by(col(NumberGoal.id))).all())


def _end_all(db: Session, what: str) -> None:
    """End every goal of a figure: two people may have set one at the same moment."""
    for row in _open(db):
        if row.what == what:
            row.ended_on = now().date()
            db.add(row)


def want(db: Session, actor: Actor, wish: NewGoal) -> NumberGoal:
    """Want this from the next release on, in place of what was wanted of the same figure; raises Invalid."""
    require(rules.may_work_on_numbers(actor))
    if wish.figure not in WANTED:
        raise Invalid("figure", _("Choose one of these."))
    _end_all(db, wish.figure)
    row = NumberGoal(what=wish.figure, least=wish.least, made_on=now().date())
    db.add(row)
    db.flush()
    audit.record(db, actor, "numbers.goal_set", "goal", row.id, least=wish.least)
    return row


def end(db: Session, actor: Actor, goal_id: UUID) -> None:
    """Want it no longer; NotFound for what is not wanted."""
    require(rules.may_work_on_numbers(actor))
    row = db.get(NumberGoal, goal_id)
    if row is None or row.ended_on is not None:
        raise NotFound
    _end_all(db, row.what)
    db.flush()
    audit.record(db, actor, "numbers.goal_ended", "goal", row.id)


def raise_alarm(db: Session, release: NumberRelease) -> None:
    """Tell those who can act that a published release misses what is wanted, or that fewer answer; no number is in it."""
    metrics = release.body["metrics"]
    sentences = [UNDER] if any(one["metric"] == "goal" and one["met"] is False for one in metrics) else []
    sentences += [FELL] if any(one["metric"] == "response" and one["fell"] for one in metrics) else []
    for member_id in who_act(db) if sentences else ():
        for sentence in sentences:
            tell(db, member_id, sentence, link="/desk/numbers")


def who_act(db: Session) -> list[UUID]:
    """Return the analysts and coordinators of today."""
    today = now().date()
    wanted = (
        sa.select(col(RoleGrant.member_id)).distinct().join(Member, col(Member.id) == col(RoleGrant.member_id))
        .where(col(RoleGrant.role).in_(ACT), col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today)
        .where(col(RoleGrant.ended_on).is_(None), col(Member.status) == MemberStatus.ACTIVE)
    )  # fmt: skip
    return list(db.execute(wanted).scalars())
