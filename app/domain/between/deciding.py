"""What the desk does with an ask that was flagged: hide it from the asked one, or show it again. Whoever asked sees the same."""

import sqlalchemy as sa
from sqlmodel import Session

from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.between import rules, telling
from app.domain.two import rules as two
from app.models.between import PrivateTalk, TalkState


def hide(db: Session, actor: Actor, row: PrivateTalk) -> None:
    """Keep an ask from whoever was asked; one that was answered or taken back meanwhile stays as it is."""
    require(two.may_decide(actor, row.asker_id))
    if row.state in rules.UNANSWERED:
        row.state = TalkState.HIDDEN
        db.flush()
        telling.forget(db, sa.select(sa.literal(row.ref)), row.asked_id)


def unhide(db: Session, actor: Actor | None, row: PrivateTalk) -> None:
    """Let the asked one find an ask again, without a notice: as one that was put off; by the clock for nobody."""
    require(two.may_show_again(actor, row.asker_id))
    if row.state == TalkState.HIDDEN:
        row.state = TalkState.LATER
        db.flush()
