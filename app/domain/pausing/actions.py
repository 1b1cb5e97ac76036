"""Pause something, end a pause; others who may do so and somebody outside hear of both."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import i18n
from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.core.verdict import require
from app.domain import limits, paused, versions
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.notifications.actions import owe_mail
from app.domain.pausing import rules
from app.domain.pausing.wording import ASKED, ENDED, OUTSIDE, STARTED
from app.models.accounts import Member, MemberStatus, RoleGrant
from app.models.pausing import HousePause, Pause


def pause(db: Session, actor: Actor, what: Pause, hours: int, reason: str) -> HousePause:
    """Pause something from now on; a pause of the same that lasts is replaced.

    ``hours`` is one of ``rules.HOURS``. Raises Refused, or Invalid where the length or the reason is missing.
    """
    require(rules.may_pause(actor))
    length = rules.length(hours)
    if length is None:
        raise Invalid("hours", _("Choose one of these."))
    if not reason:
        raise Invalid("reason", _("Write the reason. The others who may pause read it."))
    moment = now().replace(second=0, microsecond=0) + timedelta(minutes=1)  # it lasts to the minute: never shorter than said
    if not (verdict := rules.may_shorten(paused.until(paused.of(db), what), moment + length, _others(db, actor))):
        raise Invalid("hours", verdict.reason or "")
    before = db.exec(select(HousePause).where(*_lasts(what)).order_by(col(HousePause.id).desc()).with_for_update()).first()
    asked_by, asked_at = (
        (before.asked_by, before.asked_at) if before else (None, None)
    )  # a longer one drops nobody's wish to end it
    _end(db, actor, what)
    row = HousePause(
        what=what, by_id=actor.me, at=now(), until_at=moment + length, reason=reason, asked_by=asked_by, asked_at=asked_at
    )  # fmt: skip
    db.add(row)
    versions.keep(db, f"pause.{what.value}", paused.minute(row.until_at))
    db.flush()
    audit.record(db, actor, "house.paused", "house", row.id, what=what.value, until=row.until_at.isoformat())
    _tell(db, actor, STARTED[what])
    return row


def go_on(db: Session, actor: Actor, what: Pause) -> bool:
    """End a pause before its time, as the second person or where nobody else may; else ask the others for that.

    Returns whether it is ended; Conflict when it is over already.
    """
    require(rules.may_pause(actor))
    if paused.until(paused.of(db), what) is None:
        raise Conflict(_("This is not paused any more."))
    row = db.exec(select(HousePause).where(*_lasts(what)).order_by(col(HousePause.id).desc()).with_for_update()).first()
    if row is None:  # another person ended it while we waited
        raise Conflict(_("This is not paused any more."))
    asked_by, asked_at = row.asked_by, row.asked_at
    if not rules.may_end(actor, _others(db, actor), asked_by, now() - asked_at if asked_at else None):
        _ask(db, actor, row, what)
        return False
    _end(db, actor, what)
    versions.keep(db, f"pause.{what.value}", 0)
    audit.record(db, actor, "house.went_on", "house", what=what.value)
    _tell(db, actor, ENDED[what])
    return True


def _ask(db: Session, actor: Actor, row: HousePause, what: Pause) -> None:
    """Write down that somebody wants to end it, and tell the others once."""
    if row.asked_by == actor.me and row.asked_at and now() - row.asked_at <= rules.ASKED:
        return
    row.asked_by, row.asked_at = actor.me, now()
    db.flush()
    audit.record(db, actor, "house.end_asked", "house", row.id, what=what.value)
    for member_id in _others(db, actor):
        accounts.tell(db, member_id, ASKED, link="/desk/pause")


def latest(db: Session, actor: Actor) -> Sequence[HousePause]:
    """Return the last pauses, the newest first; one statement."""
    require(rules.may_pause(actor))
    return db.exec(select(HousePause).order_by(col(HousePause.at).desc(), col(HousePause.id).desc()).limit(20)).all()


def wants_end(row: HousePause) -> bool:
    """Say whether somebody wants to end a pause that lasts, and another person could do it now."""
    moment = now()
    return row.ended_at is None and row.until_at > moment and row.asked_at is not None and moment - row.asked_at <= rules.ASKED


def _end(db: Session, actor: Actor, what: Pause) -> None:
    db.execute(sa.update(HousePause).where(*_lasts(what)).values(ended_at=now(), ended_by=actor.me))


def _lasts(what: Pause) -> tuple[sa.ColumnElement[bool], ...]:
    return col(HousePause.what) == what, col(HousePause.until_at) > now(), col(HousePause.ended_at).is_(None)


def _others(db: Session, actor: Actor) -> Sequence[UUID]:
    """Return who else may pause today."""
    today = now().date()
    others = select(Member.id).join(RoleGrant, col(RoleGrant.member_id) == Member.id).where(
        col(RoleGrant.role).in_(rules.WHO), col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today,
        col(RoleGrant.ended_on).is_(None), col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()),
        col(Member.id) != actor.me,
    ).distinct()  # fmt: skip
    return db.exec(others).all()


def _tell(db: Session, actor: Actor, sentence: str) -> None:
    """Tell the others who may pause, and somebody outside in words that say nothing to whoever reads along."""
    for member_id in _others(db, actor):
        accounts.tell(db, member_id, sentence, link="/desk/pause")
    settings = core_settings.current()
    if settings.escalation_contact:
        with i18n.speaking(settings.language_list[0]):
            owe_mail(db, settings.escalation_contact, _(OUTSIDE))
