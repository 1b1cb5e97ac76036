"""How entries and takings end: by hand, by their date, because somebody leaves; and again after a restored older copy."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.domain import ledger
from app.domain.accounts import actions as accounts
from app.domain.board import hooks, queries, reading, rules
from app.domain.board.wording import BECAUSE, ENDED, MOVED, NOT_THIS
from app.models.accounts import Answer
from app.models.board import BoardEntry, BoardStage, BoardState, BoardTaking, TakingState
from app.models.groups import Group
from app.models.moderation import Case, CaseState

# In the ledger of erasures: an entry that was taken out, one that was done; a taking that was given back, one answered with no.
TAKEN_OUT, DONE, GIVEN_BACK, REFUSED = "board entry", "board done", "board taking", "board no"
AT_ONCE: Final = 500  # entries that end in one run; the next one ends the others
_E, _T = BoardEntry.__table__, BoardTaking.__table__  # type: ignore[attr-defined]


def tell(db: Session, entry: BoardEntry, member_id: UUID | None) -> None:
    """Tell one of the two that something has moved, in words that name nothing; where that stands there unread, it is of now."""
    if member_id is None:
        return
    group_ref = db.execute(sa.select(col(Group.ref)).where(col(Group.id) == entry.group_id)).scalar_one()
    link = queries.link(group_ref, entry.ref)
    unread = select(Answer).where(Answer.member_id == member_id, Answer.link == link, Answer.sentence == MOVED)
    told = db.exec(unread.where(col(Answer.read_at).is_(None)).limit(1)).first()
    if told is None:
        accounts.tell(db, member_id, MOVED, link=link)
    else:
        told.at = now()
        db.flush()


def _forget_told(db: Session, links: Sequence[str], member_ids: Sequence[UUID] | None = None) -> None:
    """Forget what people were told because of entries: all of it, or what these people were told."""
    about = sa.and_(col(Answer.link).in_(links), col(Answer.sentence).in_(BECAUSE))
    whose = sa.true() if member_ids is None else col(Answer.member_id).in_(member_ids)
    db.execute(sa.delete(Answer).where(about, whose))


def _links(db: Session, entry_ids: Sequence[UUID]) -> list[str]:
    rows = db.execute(
        sa.select(col(Group.ref), _E.c.ref).join(Group, col(Group.id) == _E.c.group_id).where(_E.c.id.in_(entry_ids))
    ).all()  # fmt: skip
    return [queries.link(group_ref, ref) for group_ref, ref in rows]


def erase(db: Session, entry_ids: Sequence[UUID]) -> int:
    """Empty entries for good; whoever took one is told that nothing is asked of them. Return how many it was.

    Whoever decides about one holds its case, then the entry, and so does this.
    """
    which = sa.and_(_E.c.id.in_(entry_ids), _E.c.state != BoardState.GONE)
    hooks.tell_gone(db, sa.select(_E.c.id).where(which))
    gone = db.execute(sa.select(_E.c.id, _E.c.stage).where(which).order_by(_E.c.id).with_for_update()).all()
    ids = [one.id for one in gone]
    if not ids:
        return 0
    _forget_told(db, _links(db, ids))
    unfinished = [one.id for one in gone if one.stage == BoardStage.TAKEN]
    with accounts.concerning(None):
        takers = db.execute(sa.select(_T.c.member_id).where(_T.c.entry_id.in_(unfinished), _T.c.state.in_(reading.LIVE)))
        accounts.tell_all(db, [(member_id, None) for member_id in takers.scalars()], NOT_THIS)
    db.execute(sa.delete(_T).where(_T.c.entry_id.in_(ids)))
    empty = {"state": BoardState.GONE, "title": "", "about": "", "near": ""}
    db.execute(sa.update(_E).where(_E.c.id.in_(ids)).values(row_version=_E.c.row_version + 1, **empty))
    _read_anew(db)
    return len(ids)


def give_back(db: Session, taking_ids: Sequence[UUID]) -> int:
    """Let takings be gone: the entries are open again, and those who wrote them are told. Return how many it was."""
    gone = db.execute(
        sa.delete(_T).where(_T.c.id.in_(taking_ids)).returning(_T.c.entry_id, _T.c.member_id, _T.c.state)
    ).all()  # fmt: skip
    live = [one.entry_id for one in gone if one.state in reading.LIVE]
    for entry in db.exec(select(BoardEntry).where(col(BoardEntry.id).in_(live), BoardEntry.stage == BoardStage.TAKEN)).all():
        entry.stage, entry.row_version = BoardStage.OPEN, entry.row_version + 1
        db.flush()
        tell(db, entry, entry.by_id)
    _forget_told(db, _links(db, live), [one.member_id for one in gone]) if gone else None
    return len(gone)


def refuse(db: Session, entry: BoardEntry, taking: BoardTaking) -> None:
    """Let somebody see an entry no more that they took: their words are gone, and it is open again."""
    taking.state, taking.note, taking.told = TakingState.REFUSED, None, None
    entry.stage, entry.row_version = BoardStage.OPEN, entry.row_version + 1
    db.flush()
    _forget_told(db, _links(db, [entry.id]), [taking.member_id])
    accounts.tell(db, taking.member_id, NOT_THIS)


def finish(db: Session, entry: BoardEntry, on: date) -> None:
    """Let an entry be done since that day: what the two wrote to each other is gone."""
    entry.stage, entry.done_on, entry.row_version = BoardStage.DONE, on, entry.row_version + 1
    db.flush()
    db.execute(sa.update(_T).where(_T.c.entry_id == entry.id, _T.c.state.in_(reading.LIVE)).values(note=None, told=None))
    _read_anew(db)


def left(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Somebody belongs to the group no longer: what they wrote on its board goes, what they took is open again.

    A no stays as long as the entry: whoever comes in again has not become somebody else.
    """
    mine = list(db.execute(sa.select(_E.c.id).where(_E.c.by_id == member_id, _E.c.group_id == group_id)).scalars())
    erase(db, mine)
    of_group = sa.select(_E.c.id).where(_E.c.group_id == group_id)
    theirs = sa.and_(_T.c.member_id == member_id, _T.c.entry_id.in_(of_group), _T.c.state.in_(reading.LIVE))
    took = list(db.execute(sa.select(_T.c.id).where(theirs)).scalars())
    give_back(db, took)
    ledger.remember_new(db, GIVEN_BACK, took)


def purge(db: Session, member_id: UUID) -> None:
    """Erase what is here of somebody who leaves the network."""
    erase(db, list(db.execute(sa.select(_E.c.id).where(_E.c.by_id == member_id)).scalars()))
    give_back(db, list(db.execute(sa.select(_T.c.id).where(_T.c.member_id == member_id)).scalars()))
    db.execute(sa.update(_E).where(_E.c.by_id == member_id).values(by_id=None))
    _read_anew(db)


def end_due(db: Session, moment: datetime) -> int:
    """End what is over by its date, 14 days later where somebody took it, or since it is done; remove what nothing is about.

    Whoever wrote an entry that is not done is told. Return how many ended. Safe to repeat.
    """
    today = moment.date()
    late = today - rules.KEPT
    over = sa.or_(
        sa.and_(_E.c.stage == BoardStage.OPEN, _E.c.until < today), sa.and_(_E.c.stage == BoardStage.TAKEN, _E.c.until < late),
        sa.and_(_E.c.stage == BoardStage.DONE, _E.c.done_on < late),
    )  # fmt: skip
    due = sa.select(_E.c.id, _E.c.by_id, _E.c.stage).where(over, _E.c.state != BoardState.GONE).order_by(_E.c.until).limit(AT_ONCE)
    rows = db.execute(due).all()
    erase(db, [row.id for row in rows])
    accounts.tell_all(db, [(row.by_id, None) for row in rows if row.by_id and row.stage != BoardStage.DONE], ENDED)
    waits = sa.exists().where(col(Case.subject_id) == _E.c.id, col(Case.state) == CaseState.OPEN)
    db.execute(sa.delete(_E).where(_E.c.state == BoardState.GONE, ~waits))
    return len(rows)


def erase_again(db: Session, kind: str, subject_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back; return whether there was anything to do."""
    if kind == TAKEN_OUT:
        return erase(db, [subject_id]) > 0
    if kind == DONE:
        entry = db.get(BoardEntry, subject_id)
        if entry is None or entry.state == BoardState.GONE or entry.stage == BoardStage.DONE:
            return False
        finish(db, entry, ledger.since(db, subject_id) or now().date())
        return True
    if kind == GIVEN_BACK:
        return give_back(db, [subject_id]) > 0
    taking = db.get(BoardTaking, subject_id)
    if taking is None or taking.state == TakingState.REFUSED:
        return False
    refuse(db, db.get_one(BoardEntry, taking.entry_id), taking)
    return True


def _read_anew(db: Session) -> None:
    """Let what this session knows of entries be read anew: it was changed past it."""
    for row in list(db):
        if isinstance(row, BoardEntry | BoardTaking):
            db.expire(row)
