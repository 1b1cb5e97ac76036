"""Numbers and addresses: they pass between the two once both have said that they want it; either takes that back at any time."""

import sqlalchemy as sa
from sqlmodel import Session

from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.mentoring.together import lines, reading, rules, talking
from app.models.mentorships import Mentorship

_S: sa.Table = Mentorship.__table__  # type: ignore[attr-defined]


def say(db: Session, actor: Actor, ref: str, *, wanted: bool) -> bool:
    """Keep what one of the two wants; return whether both want it now. The other one hears nothing: it shows by opening."""
    if wanted:
        of = lines.written_in(db, actor, ref)
    else:  # in every standing, also after the end
        require(rules.may_take_back(actor))
        of = reading.mine(db.connection(), actor, ref)
    talking.begin(db, of.match_id)
    mine = _S.c.mentee_shares if of.is_mentee else _S.c.mentor_shares
    both = (
        sa.update(_S).where(_S.c.match_id == of.match_id).values({mine: wanted}).returning(_S.c.mentee_shares, _S.c.mentor_shares)
    )
    return all(db.execute(both).one())
