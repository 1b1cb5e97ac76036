"""Where nobody is left who may act in a call of this network, somebody else is told: nothing waits in silence."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import i18n
from app.core.clock import now
from app.core.i18n import _
from app.core.settings import Settings
from app.domain import limits
from app.domain.accounts import telling
from app.domain.audit import actions as audit
from app.domain.money.granting import appealing, judging, opening, queries
from app.domain.money.granting.rules import Stage
from app.domain.money.granting.wording import NOBODY_LEFT, SEAT_RESTS, SOMEBODY_IS_NEEDED
from app.domain.notifications.actions import owe_mail
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.engine import AuditEvent
from app.models.money import FundAsk, FundCall, SeatState

AGAIN: Final = timedelta(days=7)  # for each call
LOOKED_AT: Final = 50  # calls, the one that is to be decided first on top


def look(db: Session, settings: Settings) -> int:
    """Tell safeguarding, those who give roles and somebody outside where nobody may act; return how many messages are owed.

    Nobody may name people for a panel that does not meet its rule: each coordinator belongs to a group that asks. Nobody may answer
    an appeal: each sat on the panel, scored or has a tie. It says neither which, nor who. Once in seven days for each call.
    """
    told = 0
    coordinators = _holders(db, Role.COORDINATOR)
    for call in _waiting(db):
        opening.keep(db, call)  # from the day after: whoever rests later closes no scores that others have read
        _tell_of_rest(db, call)
        if _stuck(db, call, coordinators) and not _told(db, call, "panel.nobody_left"):
            audit.record(db, None, "panel.nobody_left", "fund_call", call.id)
            others = _holders(db, Role.SAFEGUARDING, Role.OPERATOR)
            telling.tell_all(db, ((one, f"/money/{call.ref}") for one in others), SOMEBODY_IS_NEEDED)
            told += _write(db, settings)
    return told


def _tell_of_rest(db: Session, call: FundCall) -> None:
    """Tell who names people for a panel that somebody who said yes takes no part at the moment: nothing goes on without them."""
    works = queries.stage(call) in (Stage.SCORING, Stage.OPENED)
    if works and queries.sitting(db, call.id).rests and not _told(db, call, "panel.rests"):
        audit.record(db, None, "panel.rests", "fund_call", call.id)
        link = f"/desk/money/{call.ref}/panel"
        telling.tell_all(db, ((one, link) for one in queries.namers(db, call.id)), SEAT_RESTS)


def _waiting(db: Session) -> Sequence[FundCall]:
    """Return the calls of this network in which something was sent and is not decided, or an appeal is not answered."""
    waits = sa.or_(
        sa.and_(col(FundCall.decided_at).is_(None), col(FundAsk.sent_at).is_not(None)),
        sa.and_(col(FundAsk.appealed_at).is_not(None), col(FundAsk.answered_at).is_(None), col(FundAsk.appeal).is_not(None)),
    )
    some = sa.exists().where(col(FundAsk.call_id) == FundCall.id, waits)
    wanted = select(FundCall).where(col(FundCall.here), col(FundCall.cancelled_at).is_(None), some)
    return db.exec(wanted.order_by(col(FundCall.decide_on), col(FundCall.id)).limit(LOOKED_AT)).all()


def _stuck(db: Session, call: FundCall, coordinators: Sequence[UUID]) -> bool:
    if call.decided_at is not None:
        return bool(appealing.waiting(db, call)) and not any(_may_answer(db, call, one) for one in coordinators)
    if any(not queries.tied(db, call.id, one) for one in coordinators):
        return False
    return not judging.panel(db, call).decides(queries.live(db, call.id))


def _may_answer(db: Session, call: FundCall, member_id: UUID) -> bool:
    seat = queries.seat(db, call.id, member_id)
    sat = seat is not None and seat.state in (SeatState.SITS, SeatState.ENDED)
    return not sat and not queries.scored(db, call.id, member_id) and queries.ties(db, call.id, [member_id])[member_id].none


def _holders(db: Session, *roles: Role) -> list[UUID]:
    today = now().date()
    held = sa.select(col(Member.id)).join(RoleGrant, col(RoleGrant.member_id) == Member.id).where(
        col(RoleGrant.role).in_(roles), col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today,
        col(RoleGrant.ended_on).is_(None), col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()),
    )  # fmt: skip
    return list(db.execute(held.distinct()).scalars())


def _told(db: Session, call: FundCall, verb: str) -> bool:
    before = sa.exists().where(
        col(AuditEvent.verb) == verb, col(AuditEvent.subject_id) == call.id, col(AuditEvent.at) > now() - AGAIN
    )
    return bool(db.execute(sa.select(before)).scalar_one())


def _write(db: Session, settings: Settings) -> int:
    if not settings.escalation_contact:
        return 0
    with i18n.speaking(settings.language_list[0]):
        owe_mail(db, settings.escalation_contact, _(NOBODY_LEFT))
    return 1
