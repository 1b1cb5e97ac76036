"""What going together does when somebody leaves the network or a year is over, and what it adds to a member's own copy."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.i18n import N_, _
from app.domain.accounts.export_words import Coded
from app.domain.mentoring.together import hooks, rules, talking
from app.domain.mentoring.together.wording import STATES
from app.models.mentoring import MentorMatch
from app.models.mentorships import MentorMessage, Mentorship, MessageState

LEDGER: Final = (talking.WORDS,)
_M, _S, _W = MentorMatch.__table__, Mentorship.__table__, MentorMessage.__table__  # type: ignore[attr-defined]


def purge(db: Session, member_id: UUID) -> None:
    """Erase the talks of a member who left, with the words of both: without the one there is no talk for the other to read."""
    _gone(db, sa.select(_M.c.id).where(sa.or_(_M.c.mentee_id == member_id, _M.c.mentor_id == member_id)))


def remove_old(db: Session, moment: datetime) -> int:
    """Erase talks twelve months after their end; return how many messages went."""
    over = _M.c.ended_on < (moment - timedelta(days=rules.KEPT_DAYS)).date()
    return _gone(db, sa.select(_M.c.id).where(over))


def _gone(db: Session, pairs: sa.Select[tuple[UUID]]) -> int:
    hooks.tell_gone(db, sa.select(_W.c.id).where(_W.c.match_id.in_(pairs)))
    count = int(db.execute(sa.delete(_W).where(_W.c.match_id.in_(pairs))).rowcount)  # type: ignore[attr-defined]
    db.execute(sa.delete(_S).where(_S.c.match_id.in_(pairs)))
    return count


def erase_again(db: Session, _kind: str, subject_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back; return whether it was there."""
    return talking.delete_again(db, subject_id)


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what a member wrote to those they go or went with: never the words or the name of the other one."""
    rows = db.execute(
        sa.select(_W.c.written_at, _W.c.body, _W.c.state)
        .where(_W.c.author_id == member_id, _W.c.state != MessageState.DELETED).order_by(_W.c.id)
    )  # fmt: skip
    return {
        N_("what I wrote in mentoring"): [
            {"on": row.written_at.date(), "text": row.body, N_("state"): Coded(row.state.value, _(STATES[row.state]))}
            for row in rows
        ]
    }  # fmt: skip
