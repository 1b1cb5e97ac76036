"""What is read about a help board before something changes on it."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.board import reading, rules
from app.domain.board.rules import Stands
from app.domain.groups import queries as groups
from app.domain.groups.rules import Seat
from app.models.board import BoardEntry, BoardStage, BoardState, BoardTaking
from app.models.groups import Group, GroupState

_OPEN = col(Group.state).in_((GroupState.SHOWN, GroupState.WAITS))


class ChangedMeanwhile(Conflict):
    """The entry has moved since the page at hand was opened: somebody took it, or gave it back."""


def seen(db: Session, actor: Actor, group_ref: str, ref: str) -> reading.Row:
    """Return an entry as the actor sees it; for everybody else it is not there."""
    row = reading.entry(db.connection(), group_ref, ref, actor.member_id, now())
    if row is None or not rules.sees(reading.whole_of(row, actor)):
        raise groups.not_here()
    return row


def held(
    db: Session, actor: Actor, group_ref: str, ref: str, version: int | None = None
) -> tuple[BoardEntry, Seat, Stands]:  # fmt: skip
    """Return an entry that the actor sees, held for this transaction; ChangedMeanwhile where it is not as it was on the screen."""
    entry_id = seen(db, actor, group_ref, ref).id
    entry = db.get_one(BoardEntry, entry_id, populate_existing=True, with_for_update=True)
    row = seen(db, actor, group_ref, ref)  # as it stands now that nobody else can change it
    if version is not None and version != entry.row_version:
        raise ChangedMeanwhile(_("This has moved meanwhile. Nothing was sent: look first who you would write to."))
    return entry, reading.seat_of(row), reading.whole_of(row, actor)


def flaggable(db: Session, actor: Actor, ref: str) -> tuple[BoardEntry, str]:
    """Return a shown entry that the actor sees, and its address; NotFound when there is nothing to see for them."""
    found = db.exec(
        select(BoardEntry, Group.ref).join(Group, col(Group.id) == BoardEntry.group_id).where(BoardEntry.ref == ref)
    ).first()  # fmt: skip
    if found is None or not actor.signed_in:
        raise groups.not_here()
    stands = reading.whole_of(seen(db, actor, found[1], ref), actor)
    if not stands.inside or not rules.reads(stands) or found[0].state != BoardState.SHOWN:
        raise groups.not_here()
    return found[0], link(found[1], ref)


def link(group_ref: str, ref: str) -> str:
    """Return the address of an entry, as the two are told of it."""
    return f"/g/{group_ref}/b/{ref}"


def live_taking(db: Session, entry_id: UUID) -> BoardTaking | None:
    """Return who took an entry."""
    wanted = select(BoardTaking).where(BoardTaking.entry_id == entry_id, col(BoardTaking.state).in_(reading.LIVE))
    return db.exec(wanted.execution_options(populate_existing=True)).first()


def open_now(db: Session, member_id: UUID) -> int:
    """Return how many entries of somebody are not over, in groups that are open."""
    wanted = (
        sa.select(sa.func.count()).select_from(BoardEntry).join(Group, col(Group.id) == BoardEntry.group_id)
        .where(col(BoardEntry.by_id) == member_id, col(BoardEntry.state) != BoardState.GONE, _OPEN)
        .where(col(BoardEntry.stage) != BoardStage.DONE)
    )  # fmt: skip
    return int(db.execute(wanted).scalar_one())


def taken_now(db: Session, member_id: UUID) -> int:
    """Return how many entries somebody took that are not done, in groups that are open."""
    wanted = (
        sa.select(sa.func.count()).select_from(BoardTaking).join(BoardEntry, col(BoardEntry.id) == BoardTaking.entry_id)
        .join(Group, col(Group.id) == BoardEntry.group_id)
        .where(col(BoardTaking.member_id) == member_id, col(BoardTaking.state).in_(reading.LIVE), _OPEN)
        .where(col(BoardEntry.stage) == BoardStage.TAKEN)
    )  # fmt: skip
    return int(db.execute(wanted).scalar_one())
