"""A mentor would like to talk, and their supervisor writes down that they have."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.mentoring.joining import keeping
from app.domain.mentoring.joining import queries as joining_queries
from app.domain.mentoring.joining import rules as joining
from app.domain.mentoring.supervision import queries, rules
from app.models.mentoring import Mentor

PAGE = "/desk/supervision"
MINE = "/my/mentoring/wellbeing"


def _mine(db: Session, actor: Actor) -> Mentor:
    row = keeping.own(db, Mentor, actor.me, lock=True)
    if row is None or row.state not in joining.IS_MENTOR:
        raise NotFound(_("This page is not here."))
    return row


def would_like_to_talk(db: Session, actor: Actor) -> None:
    """Tell one's supervisor that one would like to talk, and nothing else; said twice it is told once."""
    require(joining.may_take_back(actor))
    row = _mine(db, actor)
    if row.wants_talk_on is not None:
        return
    row.wants_talk_on = now().date()
    db.add(row)
    if row.supervisor_id is not None and joining_queries.supervisor_of(db, row):  # not whoever has left the desk
        says = N_("A mentor whom you supervise would like to talk with you. You find who it is under Work, Looking after mentors.")
        tell(db, row.supervisor_id, says, link=PAGE)
    db.flush()


def no_need(db: Session, actor: Actor) -> None:
    """Take it back."""
    require(joining.may_take_back(actor))
    row = _mine(db, actor)
    row.wants_talk_on = None
    db.add(row)
    db.flush()


def talked(db: Session, actor: Actor, ref: str) -> None:
    """Write down that the two have talked; the mentor is told, and can say it again."""
    found = db.execute(
        sa.select(
            col(Mentor.id), queries.at_work().label("works"),
            joining_queries.goes_with(col(Mentor.member_id), actor.me).label("mentee"),
        ).where(col(Mentor.ref) == ref),
        {"today": now().date()},
    ).first()  # fmt: skip
    row = db.exec(select(Mentor).where(Mentor.id == found.id).with_for_update()).first() if found is not None else None
    if found is None or row is None or row.state not in joining.IS_MENTOR:
        raise NotFound(_("This page is not here."))
    # First the right, then whether there is a wish: from the order nobody else learns that somebody would like to talk.
    require(rules.may_note_talk(actor, row.member_id, row.supervisor_id, at_work=found.works, mentee=found.mentee))
    if row.wants_talk_on is None:
        raise NotFound(_("This page is not here."))
    row.wants_talk_on = None
    db.add(row)
    says = N_("It is written down that you and your supervisor have talked. If you have not, say it once more.")
    tell(db, row.member_id, says, link=MINE)
    audit.record(db, actor, "mentor.talked", "mentor", row.id)
