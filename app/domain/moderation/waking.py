"""Small networks: when nobody has looked at the desk for 48 hours and something waits, somebody outside is told, neutrally."""

from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session

from app.core import i18n
from app.core.clock import now
from app.core.i18n import N_, _
from app.core.settings import Settings
from app.domain.audit import actions as audit
from app.domain.notifications.actions import owe_mail
from app.models.engine import AuditEvent
from app.models.moderation import Case, CaseState

ASLEEP: Final = timedelta(hours=48)
_C, _E = Case.__table__, AuditEvent.__table__  # type: ignore[attr-defined]
_AWAKE = ("case.looked", "case.decided", "case.given_back", "case.left_to_others", "desk.asleep")
SAYS = N_("Nobody has looked at what waits here for two days. Please look, or ask somebody to.")


def look(db: Session, settings: Settings) -> int:
    """Owe a message to the escalation contact when it is time; at most one in 48 hours. Returns how many are owed.

    It says neither what waits nor what this place is: whoever reads along learns nothing.
    """
    edge = now() - ASLEEP
    waits = sa.exists().where(_C.c.state == CaseState.OPEN, _C.c.opened_at <= edge)
    awake = sa.exists().where(_E.c.verb.in_(_AWAKE), _E.c.at > edge)
    if not settings.escalation_contact or not db.execute(sa.select(sa.and_(waits, ~awake))).scalar_one():
        return 0
    with i18n.speaking(settings.language_list[0]):
        owe_mail(db, settings.escalation_contact, _(SAYS))
    audit.record(db, None, "desk.asleep")
    return 1
