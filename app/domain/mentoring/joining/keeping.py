"""The rows in which steps are kept: begun by the first step, changed under a lock, an old form changes nothing."""

from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.ids import new_id, new_ref
from app.domain.mentoring.joining.packets import EMPTY, Said, packed, unpacked
from app.models.mentoring import AskState, Mentor, MentorAsk, MentorState

Kept = TypeVar("Kept", bound=MentorAsk | Mentor)


class ChangedMeanwhile(Conflict):
    """Another page saved a step after the one at hand was opened."""


def own(db: Session, kind: type[Kept], member_id: UUID, *, lock: bool = False) -> Kept | None:
    """Return the row of a member, None without one."""
    wanted = select(kind).where(kind.member_id == member_id)
    if lock:  # what this session knows of the row may be older than the lock
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.exec(wanted).first()


def begun(db: Session, kind: type[Kept], member_id: UUID, seen: int) -> Kept:
    """Return the row of a member, locked; made where the form in hand was the first one (``seen`` 0).

    Raises ChangedMeanwhile when the row is not the one that was seen: changed, taken back, or begun in another place.
    """
    row, fresh = own(db, kind, member_id, lock=True), False
    if row is None and seen == 0:
        fresh = _insert(db, kind, member_id)
        row = own(db, kind, member_id, lock=True)
    if row is None or row.row_version != (1 if fresh else seen):
        raise ChangedMeanwhile(_("This was changed in another place meanwhile. Nothing was overwritten."))
    return row


def _insert(db: Session, kind: type[Kept], member_id: UUID) -> bool:
    """Begin a row; False where another page of the same member was faster."""
    table = kind.__table__  # type: ignore[attr-defined]
    values = {"id": new_id(), "member_id": member_id, "said": EMPTY, "touched_on": now().date(), "row_version": 1}
    if kind is Mentor:
        values |= {"ref": new_ref(), "state": MentorState.BEGUN, "capacity": 0, "why": "", "ties": "", "panel": 0}
    else:
        values |= {"state": AskState.BEGUN}
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    made = insert_into(table).values(**values).on_conflict_do_nothing().returning(table.c.id)
    return db.execute(made).scalar() is not None


def told(row: MentorAsk | Mentor | None) -> Said:
    """Return what was said so far."""
    return unpacked(row.said) if row is not None else {}


def put(db: Session, row: MentorAsk | Mentor, step: str, content: dict[str, object]) -> None:
    """Keep what was said in a step, in place of what was said before."""
    row.said = packed({**told(row), step: content})
    touch(db, row)


def touch(db: Session, row: MentorAsk | Mentor, on: date | None = None) -> None:
    """Note that the row was changed by its member today."""
    row.touched_on = on or now().date()
    row.row_version += 1
    db.add(row)
    db.flush()
