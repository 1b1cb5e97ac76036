"""Putting a case back or leaving it to others, with a note for whoever opens it next; nobody asks why, nobody counts it."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain import limits
from app.domain.accounts import telling
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.moderation import care, filing, queries, rules, second, waking
from app.models.accounts import Answer, Member, MemberStatus, Role, RoleGrant
from app.models.moderation import Case, CaseKind, CaseState, Decision

ASKED: Final = N_("Somebody you work with asks you to look at something.")


def give_back(db: Session, actor: Actor, ref: str, note: str | None = None, to: str = "") -> bool:
    """Put a case back for others; return whether it waits for them.

    ``note``: for whoever opens it next, in place of the one that is there ("" takes it away, None keeps it); Conflict of somebody
    who has not opened the case. ``to``: a name of those who work here, who is asked to look; Invalid for any other. Whether they
    may look, and so whether they hear of it, nobody learns here: who told us of something stays unknown.
    An account that was only looked at does not wait: nobody told us of it, nothing is proposed, nobody was told of a decision.
    """
    case = queries.case(db, actor, ref)
    require(rules.may_work(actor))
    mine = case.claimed_by == actor.member_id and case.state == CaseState.OPEN
    _write(db, actor, case, note)
    if to:
        _ask(db, actor, case, to)
    if case.claimed_by == actor.member_id:
        case.claimed_by = case.claimed_until = None
        db.flush()
    audit.record(db, actor, "case.given_back", "case", case.id)
    if mine:
        close_if_only_looked_at(db, case)
    return case.state == CaseState.OPEN


def close_if_only_looked_at(db: Session, case: Case) -> None:
    """Close the case of an account that somebody put back without having decided or proposed anything."""
    begun = select(Decision.id).where(Decision.case_id == case.id)
    if case.kind == CaseKind.ACCOUNT and not second.proposal(db, case) and db.exec(begun.limit(1)).first() is None:
        filing.close_undecided(db, case)


def declare_conflict(db: Session, actor: Actor, ref: str, note: str | None = None) -> None:
    """Leave a case to others, for good and without a reason: somebody is close to it, or it is too close to their own way."""
    case = queries.case(db, actor, ref)
    require(rules.may_work(actor))
    require(rules.may_leave(case, waking.left(db, case) - {actor.me}))
    _write(db, actor, case, note)
    filing.bar(db, case, actor.me)
    if case.claimed_by == actor.member_id:
        case.claimed_by = case.claimed_until = None
    db.flush()
    audit.record(db, actor, "case.left_to_others", "case", case.id)


def _write(db: Session, actor: Actor, case: Case, note: str | None) -> None:
    """Keep a note with a case; Conflict where somebody writes one who has not opened it, so that it is not lost unseen."""
    if note is None:
        return
    if case.state == CaseState.OPEN and case.claimed_by == actor.member_id and filing.may_open(db, actor, case):
        case.handover = note.strip() or None
        db.flush()
    elif note.strip():
        raise Conflict(_("Open the case again first. Nothing you wrote is lost."))


def _ask(db: Session, actor: Actor, case: Case, to: str) -> None:
    found = {name: member_id for member_id, name in colleagues(db, actor, case.kind)}
    if to not in found:
        raise Invalid("to", _("Choose one of these."))
    other = found[to]
    if case.state == CaseState.OPEN and filing.may_open(db, actor, case) and care.takes(db, {other} & waking.left(db, case), case):
        case.asked_id = other
        db.flush()
        tell_once(db, [other], ASKED, f"/desk/cases/{case.ref}")


def colleagues(db: Session, actor: Actor, kind: CaseKind | None = None) -> list[tuple[UUID, str]]:
    """Return who else works here today, by name; for a case everybody whose role decides its kind, whoever may look at it."""
    today = now().date()
    roles = {Role.COORDINATOR, Role.SAFEGUARDING}
    if kind in rules.SAFEGUARDING_ONLY:
        roles = {Role.SAFEGUARDING}
    elif kind in rules.COORDINATORS_ONLY:
        roles = {Role.COORDINATOR}
    rows = db.execute(
        sa.select(col(Member.id), col(Member.name)).join(RoleGrant, col(RoleGrant.member_id) == Member.id).distinct()
        .where(
            col(RoleGrant.role).in_(roles), col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today,
            col(RoleGrant.ended_on).is_(None), col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()),
            col(Member.id) != actor.member_id,
        )
        .order_by(col(Member.name))
    ).all()  # fmt: skip
    return [(row.id, row.name) for row in rows]


def tell_once(db: Session, members: list[UUID], sentence: str, link: str | None = None) -> None:
    """Tell these a sentence, but nobody who has not read the same yet: a heavy day is no storm of notices."""
    waits = select(Answer.member_id).where(
        col(Answer.member_id).in_(members), Answer.sentence == sentence, Answer.link == link, col(Answer.read_at).is_(None)
    )
    have = set(db.exec(waits).all()) if members else set()
    telling.tell_all(db, ((one, link) for one in members if one not in have), sentence)
