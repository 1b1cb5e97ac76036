"""Ask for a sealed copy, confirm it, look at it, let it end: nothing that somebody deletes or a job purges touches it."""

import base64
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, NotFound
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import Verdict, require
from app.domain import ledger, limits
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.audit.wording import sentence
from app.domain.moderation import filing, leading, queries
from app.domain.moderation import rules as cases
from app.domain.moderation.preserving import copying, rules
from app.domain.moderation.preserving.wording import CONFIRMED, LAPSED, REFUSED, WAITS
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.engine import AuditEvent
from app.models.evidence import EvidenceCopy
from app.models.moderation import Case
from app.schemas.evidence import AskCopy, WishEnd

WORDS: Final = "evidence copy"  # in the ledger of erasures: a copy that was deleted before its day
MOST: Final = 100
_E = EvidenceCopy.__table__  # type: ignore[attr-defined]
_LISTED = (_E.c.id, _E.c.ref, _E.c.kind, _E.c.asked_at, _E.c.until, _E.c.days, _E.c.about_id, _E.c.kept_from)


def may_ask(db: Session, actor: Actor, case: Case) -> Verdict:
    """Answer whether the actor may ask for a copy of what this case is about."""
    holds = cases.holds(actor, case, now()) and bool(filing.may_open(db, actor, case))
    one_waits = sa.select(_E.c.id).where(_E.c.case_id == case.id, _E.c.until.is_(None), _E.c.asked_at > now() - rules.STANDS)
    return rules.may_ask(case.kind, holds, _anybody(db, actor, case.about_id), db.execute(one_waits.limit(1)).first() is not None)


def ask(db: Session, actor: Actor, ref: str, wish: AskCopy) -> EvidenceCopy:
    """Copy at once what a case is about, sealed; without a second person's yes the copy is gone after a week.

    Refused where nobody else could say yes, Invalid for what is missing, Conflict where it is gone already.
    """
    case = queries.case(db, actor, ref)
    require(may_ask(db, actor, case))
    rules.check(wish.reason, wish.days, rules.LENGTHS)
    concerned = _concerned(db, case)
    row = EvidenceCopy(
        ref=new_ref(), case_id=case.id, kind=case.subject_kind, about_id=case.about_id,
        private=case.kind in cases.SAFEGUARDING_ONLY,
        kept_from=sorted(one.hex for one in concerned), reason=wish.reason, copied=copying.copy(db, case), asked_by=actor.me,
        asked_at=now(), days=wish.days,
    )  # fmt: skip
    db.add(row)
    db.flush()
    audit.record(db, actor, "evidence.asked", "evidence", row.id)
    _tell_others(db, actor, row)
    return row


def listing(db: Session, actor: Actor) -> Sequence[Any]:
    """Return what there is for the actor: ref, kind, asked_at, until and days; the newest first, without what is in it."""
    found = db.execute(sa.select(*_LISTED).order_by(_E.c.id.desc()).limit(MOST)).all()
    return [one for one in found if rules.may_see(actor, _is_concerned(actor, one.about_id, one.kept_from))]


def get(db: Session, actor: Actor, ref: str) -> EvidenceCopy:
    """Return a copy; NotFound for everybody whom it concerns."""
    found = db.exec(select(EvidenceCopy).where(EvidenceCopy.ref == ref)).first()
    if found is None or not rules.may_see(actor, concerned(db, actor, found)):
        raise NotFound(_("This page is not here."))
    return found


def concerned(db: Session, actor: Actor, one: EvidenceCopy) -> bool:
    """Say whether a copy is about something of the actor's, or of which they must not know, by then or by now."""
    case = db.get(Case, one.case_id)
    return _is_concerned(actor, one.about_id, one.kept_from) or (case is not None and actor.me in _concerned(db, case))


def _is_concerned(actor: Actor, about_id: UUID | None, kept_from: Sequence[str]) -> bool:
    return actor.me == about_id or actor.me.hex in kept_from


def _concerned(db: Session, case: Case) -> set[UUID]:
    lead = leading.leaders(db, case.subject_kind, case.subject_id)
    who = {case.about_id, *filing.barred(db, case), *filing.brought_by(db, case), *lead}
    return {one for one in who if one is not None}


def _holders(db: Session, roles: Sequence[Role]) -> set[UUID]:
    """Return who holds one of these roles today, and may act."""
    today = now().date()
    holders = sa.select(col(Member.id)).join(RoleGrant, col(RoleGrant.member_id) == Member.id).where(
        col(RoleGrant.role).in_(roles), col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today,
        col(RoleGrant.ended_on).is_(None), col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()),
    )  # fmt: skip
    return set(db.execute(holders).scalars())


def others(db: Session, actor: Actor, one: EvidenceCopy) -> set[UUID]:
    """Return who else may confirm what is wished of a copy."""
    kept = _kept_from(db, one)
    return {found for found in _holders(db, rules.WHO) - {actor.me} - kept if found != one.about_id}


def _anybody(db: Session, actor: Actor, about_id: UUID | None) -> bool:
    """Say whether another person could confirm something: of whom it concerns only whose it is counts, for everybody at the case
    knows that; that nobody is left because somebody told us of it must not be found out."""
    return bool(_holders(db, rules.WHO) - {actor.me, about_id})


def _kept_from(db: Session, one: EvidenceCopy) -> set[UUID]:
    case = db.get(Case, one.case_id)
    return {UUID(hex=found) for found in one.kept_from} | (_concerned(db, case) if case else set())


def _tell_others(db: Session, actor: Actor, one: EvidenceCopy) -> None:
    for member_id in others(db, actor, one):
        accounts.tell(db, member_id, WAITS, link="/desk/evidence")


def look(db: Session, actor: Actor, ref: str) -> EvidenceCopy:
    """Open a copy: that somebody looked is recorded. Refused where only safeguarding reads it."""
    found = get(db, actor, ref)
    require(rules.may_look(actor, concerned(db, actor, found), found.private))
    audit.record(db, actor, "evidence.looked", "evidence", found.id)
    return found


def file(db: Session, actor: Actor, ref: str, number: int) -> tuple[bytes, str]:
    """Return the bytes and the type of a voice or picture of a copy, from 1; each look is recorded."""
    files = look(db, actor, ref).copied["files"]
    if not 1 <= number <= len(files):
        raise NotFound(_("This page is not here."))
    one = files[number - 1]
    return base64.b64decode(one["data"]), copying.TYPES[one["part"]]


def wish_end(db: Session, actor: Actor, ref: str, wish: WishEnd) -> None:
    """Ask for another end of a copy that is kept, or that it be deleted now (END); nothing changes without a second person."""
    found = _held(db, actor, ref, wish.row_version)
    require(rules.may_wish(actor, concerned(db, actor, found), found.until is not None, _anybody(db, actor, found.about_id)))
    rules.check(wish.reason, wish.days, (rules.END, *rules.LENGTHS))
    found.reason, found.days, found.asked_by, found.asked_at = wish.reason, wish.days, actor.me, now()
    found.row_version += 1
    db.flush()
    audit.record(db, actor, "evidence.asked", "evidence", found.id)
    _tell_others(db, actor, found)


def confirm(db: Session, actor: Actor, ref: str, seen: int) -> date | None:
    """Say yes to what another person asked for; return until when the copy is kept, None where it is deleted now."""
    found = _held(db, actor, ref, seen)
    asks = found.asked_by in _holders(db, rules.ASK) - _kept_from(db, found)
    waiting, own = waits(found, now()), found.asked_by == actor.member_id
    require(rules.may_confirm(actor, concerned(db, actor, found), waiting, own, asks))
    audit.record(db, actor, "evidence.confirmed", "evidence", found.id)
    accounts.tell(db, found.asked_by, CONFIRMED)
    if found.days == rules.END:
        _delete(db, found)
        return None
    found.confirmed_by, found.until = actor.me, now().date() + timedelta(days=found.days or 0)
    found.days, found.row_version = None, found.row_version + 1
    db.flush()
    return found.until


def refuse(db: Session, actor: Actor, ref: str, seen: int) -> None:
    """Say no to what is wished, or take one's own wish back: a copy that nobody confirmed is deleted at once."""
    found = _held(db, actor, ref, seen)
    require(rules.may_confirm(actor, concerned(db, actor, found), found.days is not None, own=False))
    audit.record(db, actor, "evidence.refused", "evidence", found.id)
    if found.asked_by != actor.member_id:
        accounts.tell(db, found.asked_by, REFUSED)
    if found.until is None:
        _delete(db, found)
        return
    found.days, found.row_version = None, found.row_version + 1
    db.flush()


def _held(db: Session, actor: Actor, ref: str, seen: int) -> EvidenceCopy:
    found = get(db, actor, ref)
    db.refresh(found, with_for_update=True)
    if found.row_version != seen:
        raise Conflict(_("Somebody else wrote something here meanwhile. Look at it again. Nothing you wrote is lost."))
    return found


def _delete(db: Session, found: EvidenceCopy) -> None:
    """Delete a copy before its day, also after a restore."""
    ledger.remember(db, WORDS, found.id)
    db.delete(found)
    db.flush()


def forget_again(db: Session, copy_id: UUID) -> bool:
    """Delete a copy that a restored older copy of the database brought back; return whether it was there."""
    return bool(db.execute(sa.delete(_E).where(_E.c.id == copy_id)).rowcount)  # type: ignore[attr-defined]


def waits(one: Any, moment: datetime) -> bool:
    """Say whether something is wished of a copy that a second person can still confirm."""
    return one.days is not None and moment < one.asked_at + rules.STANDS


def end_due(db: Session) -> int:
    """Delete the copies whose last day is over, and those that nobody confirmed in a week; return how many."""
    lapsed = sa.and_(_E.c.until.is_(None), _E.c.asked_at <= now() - rules.STANDS)
    over = sa.delete(_E).where(sa.or_(_E.c.until < now().date(), lapsed)).returning(_E.c.id, _E.c.until, _E.c.asked_by)
    gone = db.execute(over).all()
    for one in gone:
        audit.record(db, None, "evidence.ended", "evidence", one.id)
        if one.until is None:
            accounts.tell(db, one.asked_by, LAPSED)
    return len(gone)


def late(connection: sa.Connection) -> int:
    """Return how many copies are still there though their day was over two days ago: the job does not run."""
    over = sa.select(sa.func.count()).where(_E.c.until < now().date() - timedelta(days=2))
    return int(connection.execute(over).scalar_one())


def trail(db: Session, one: EvidenceCopy) -> list[tuple[date, str]]:
    """Return what happened with a copy, the newest first: the trail that everybody at the desk reads says nothing of copies."""
    of_it = select(AuditEvent.at, AuditEvent.verb).where(AuditEvent.subject_kind == "evidence", AuditEvent.subject_id == one.id)
    return [(at.date(), sentence(verb)) for at, verb in db.exec(of_it.order_by(col(AuditEvent.number).desc()).limit(MOST))]
