"""Numbers and addresses: they pass between the two once both have said that they want it; either takes that back at any time."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.mentoring.together import erasing, lines, reading, rules, talking
from app.models.mentorships import Mentorship

_S: sa.Table = Mentorship.__table__  # type: ignore[attr-defined]
_SIDES: Final = {erasing.MENTEE: _S.c.mentee_shares, erasing.MENTOR: _S.c.mentor_shares}


def say(db: Session, actor: Actor, ref: str, *, wanted: bool) -> bool:
    """Keep what one of the two wants; return whether both want it now. The other one hears nothing: it shows by opening."""
    if wanted:
        of = lines.written_in(db, actor, ref)
    else:  # in every standing, also after the end
        require(rules.may_take_back(actor))
        of = reading.mine(db.connection(), actor, ref)
    talking.begin(db, of.match_id)
    values = {_SIDES[_side(of)]: wanted}
    both = sa.update(_S).where(_S.c.match_id == of.match_id).values(values)
    row = db.execute(both.returning(_S.c.id, _S.c.mentee_shares, _S.c.mentor_shares)).one()
    if wanted:
        erasing.said_anew(db, erasing.OF_NUMBERS, row.id, _side(of))
    else:
        erasing.remember(db, erasing.OF_NUMBERS, [row.id], _side(of))
    return bool(row.mentee_shares and row.mentor_shares)


def forget(db: Session, of: reading.Talk) -> None:
    """Let numbers pass no more, as one of the two."""
    gone = sa.update(_S).where(_S.c.match_id == of.match_id).values({_SIDES[_side(of)]: False}).returning(_S.c.id)
    erasing.remember(db, erasing.OF_NUMBERS, db.execute(gone).scalars().all(), _side(of))


def erase_again(db: Session, kind: str, row_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back; return whether it was there."""
    values = {_SIDES[side]: False for side in erasing.PARTS[kind]}
    return bool(db.execute(sa.update(_S).where(_S.c.id == row_id).values(values)).rowcount)  # type: ignore[attr-defined]


def _side(of: reading.Talk) -> str:
    return erasing.MENTEE if of.is_mentee else erasing.MENTOR
