"""Blocks: what a blocked person asks or writes does not reach whoever blocked them, and looks the same to them as before."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid
from app.core.ids import new_ref
from app.domain import ledger
from app.domain.actor import Actor
from app.domain.between import rules, telling
from app.models.accounts import Member, MemberStatus
from app.models.between import MemberBlock, PrivateTalk

# In the ledger of erasures: a block stands, with what it takes to make it anew after an older copy; or it was lifted.
BLOCKED: Final = "block"
LIFTED: Final = "block lifted"
_T, _B = PrivateTalk.__table__, MemberBlock.__table__  # type: ignore[attr-defined]
_P: sa.Table = Member.__table__  # type: ignore[attr-defined]


def block(db: Session, actor: Actor, member_id: UUID | None, name: str) -> None:
    """Want nothing more from somebody; the name is kept as it is today. Possible in every standing; Invalid at too many."""
    verdict = rules.may_block(db.execute(sa.select(sa.func.count()).where(_B.c.member_id == actor.me)).scalar_one())
    if verdict.reason is not None:
        raise Invalid("", verdict.reason)
    row = MemberBlock(ref=new_ref(), member_id=actor.me, blocked_id=member_id, name=name, on=now().date())
    db.add(row)
    db.flush()
    if member_id is not None:  # of somebody who has left nothing can come
        again = {"by": actor.me.hex, "of": member_id.hex, "name": name, "ref": row.ref, "on": row.on.isoformat()}
        ledger.remember_new(db, BLOCKED, [row.id], json.dumps(again))
    with_them = sa.or_(
        sa.and_(_T.c.asker_id == member_id, _T.c.asked_id == actor.me),
        sa.and_(_T.c.asked_id == member_id, _T.c.asker_id == actor.me),
    )
    telling.forget(db, sa.select(_T.c.ref).where(with_them), actor.me)


def blocks(db: Session, actor: Actor) -> Sequence[MemberBlock]:
    """Return whom the actor blocked, the last one first."""
    wanted = select(MemberBlock).where(MemberBlock.member_id == actor.me).order_by(col(MemberBlock.id).desc())
    return db.exec(wanted.limit(rules.MOST_BLOCKS)).all()


def lift(db: Session, actor: Actor, ref: str) -> bool:
    """Lift a block of the actor's; what came meanwhile still does not reach them. Return whether it was there."""
    gone = db.execute(sa.delete(_B).where(_B.c.member_id == actor.me, _B.c.ref == ref).returning(_B.c.id)).scalar()
    if gone is not None:
        ledger.remember(db, LIFTED, gone)
    return gone is not None


def lift_again(db: Session, block_id: UUID) -> bool:
    """Lift a block that a restored older copy brought back; return whether it was there."""
    return bool(db.execute(sa.delete(_B).where(_B.c.id == block_id)).rowcount)  # type: ignore[attr-defined]


def block_again(db: Session, block_id: UUID, more: str | None) -> bool:
    """Make a block anew that a restored older copy does not have; return whether there was anything to do."""
    if more is None or db.get(MemberBlock, block_id) is not None:
        return False
    said = json.loads(more)
    by, of = UUID(said["by"]), UUID(said["of"])
    here = sa.select(sa.func.count()).where(_P.c.id.in_([by, of]), _P.c.status != MemberStatus.GONE)
    if db.execute(here).scalar_one() != 2:
        return False
    db.add(MemberBlock(
        id=block_id, ref=said["ref"], member_id=by, blocked_id=of, name=said["name"], on=date.fromisoformat(said["on"])
    ))  # fmt: skip
    db.flush()
    return True


def forget(db: Session, member_id: UUID) -> None:
    """Forget the blocks of somebody who leaves, and who it was in those of others, also in the ledger."""
    theirs = sa.or_(_B.c.member_id == member_id, _B.c.blocked_id == member_id)
    ledger.forget(db, db.execute(sa.select(_B.c.id).where(theirs)).scalars().all())
    db.execute(sa.delete(_B).where(_B.c.member_id == member_id))
    db.execute(sa.update(_B).where(_B.c.blocked_id == member_id).values(blocked_id=None))


def reaches(by: UUID, to: UUID) -> sa.ColumnElement[bool]:
    """Return the condition that what ``by`` writes reaches ``to``."""
    return ~sa.exists().where(_B.c.member_id == to, _B.c.blocked_id == by)
