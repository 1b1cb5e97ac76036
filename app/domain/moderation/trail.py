"""The audit trail as a second role reads it, without what is about the reader."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.actor import Actor
from app.domain.audit.wording import sentence
from app.domain.moderation import leading
from app.domain.moderation.wording import role_text
from app.models.engine import AuditEvent
from app.models.moderation import Bar, Case

EVENTS_PER_PAGE = 50
_C, _B = Case.__table__, Bar.__table__  # type: ignore[attr-defined]
_E: sa.Table = AuditEvent.__table__  # type: ignore[attr-defined]
_ME = sa.bindparam("me", type_=sa.Uuid)
_LED_BY_ME = leading.led(_C, _ME)
_EVENTS = (
    sa.select(_E.c.at, _E.c.actor_role, _E.c.verb)
    .where(
        ~sa.and_(_E.c.subject_kind == "case", _E.c.subject_id.in_(
            sa.select(_C.c.id).where(sa.or_(_C.c.about_id == _ME, _LED_BY_ME))
            .union(sa.select(_B.c.case_id).where(_B.c.member_id == _ME, _B.c.hidden))
        )),
        # Whom only the words of an order name, or whose words are kept as evidence, would learn here that there is one.
        _E.c.subject_kind.not_in(("order", "evidence")),
    )
    .order_by(_E.c.at.desc(), _E.c.number.desc())  # the demo writes down what it says happened earlier
    .limit(EVENTS_PER_PAGE + 1)
    .offset(sa.bindparam("skip", type_=sa.Integer))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the audit trail, in words; by day, because an hour beside "a teller sent a story" can tell who it was."""

    on: date
    what: str
    role: str


def events(db: Session, actor: Actor, page: int = 1) -> tuple[list[Event], bool]:
    """Return one page of the audit trail, newest first, without what is about the reader; one statement."""
    rows = db.execute(_EVENTS, {"me": actor.me, "skip": (page - 1) * EVENTS_PER_PAGE}).all()
    found = [Event(r.at.date(), sentence(r.verb), role_text(r.actor_role)) for r in rows]
    return found[:EVENTS_PER_PAGE], len(found) > EVENTS_PER_PAGE
