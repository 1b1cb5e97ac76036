"""How questions and answers end: by number, by their date, because somebody leaves; and again after a restored older copy."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.i18n import N_
from app.core.ids import new_token
from app.domain.asking import hooks, rules
from app.models.abroad import AbroadQuestion, AbroadWord, StoryDoor, WordState
from app.models.moderation import Case, CaseState
from app.models.stories import Story

# In the ledger of erasures: a question that whoever asked deleted, an answer that was taken back, a teller asked no more.
ENDED, TAKEN_BACK, CLOSED = "abroad question", "abroad answer", "story door"
LEDGER: Final = frozenset({ENDED, TAKEN_BACK, CLOSED})
AT_ONCE: Final = 500  # questions that end in one run; the next one ends the others
_Q, _W = AbroadQuestion.__table__, AbroadWord.__table__  # type: ignore[attr-defined]
_D = StoryDoor.__table__  # type: ignore[attr-defined]


def empty(db: Session, word_ids: Sequence[UUID]) -> int:
    """Take words away for good; return how many it was."""
    which = sa.and_(_W.c.id.in_(word_ids), _W.c.state != WordState.GONE)
    hooks.tell_gone(db, sa.select(_W.c.id).where(which))
    gone: Any = db.execute(sa.update(_W).where(which).values(body=None, state=WordState.GONE))
    stand_anew(db, word_ids)
    return int(gone.rowcount)


def stand_anew(db: Session, word_ids: Sequence[UUID]) -> None:
    """Let the questions of these words wait again where no answer to the last one is left, or be answered where there is one."""
    asked, which = _W.alias("asked"), _W.alias("which")
    last = sa.select(sa.func.max(asked.c.number)).where(asked.c.question_id == _Q.c.id, asked.c.asks).scalar_subquery()
    left_over = sa.exists().where(
        _W.c.question_id == _Q.c.id, _W.c.asks.is_(False), _W.c.state == WordState.SHOWN, _W.c.number > last
    )  # fmt: skip
    of_these = sa.select(which.c.question_id).where(which.c.id.in_(word_ids))
    db.execute(sa.update(_Q).where(_Q.c.id.in_(of_these)).values(answered=left_over))
    _read_anew(db)


def erase(db: Session, question_ids: Sequence[UUID]) -> int:
    """End questions with everything that was said; their numbers lead nowhere. Return how many it was."""
    ids = list(db.execute(sa.select(_Q.c.id).where(_Q.c.id.in_(question_ids), _Q.c.ended.is_(False)).with_for_update()).scalars())
    if ids:
        empty(db, list(db.execute(sa.select(_W.c.id).where(_W.c.question_id.in_(ids))).scalars()))
        db.execute(sa.update(_W).where(_W.c.question_id.in_(ids)).values(by_id=None))
    for one in ids:  # what stood for the number goes too
        db.execute(sa.update(_Q).where(_Q.c.id == one).values(ended=True, receipt_hash=new_token()))
    _read_anew(db)
    return len(ids)


def end_due(db: Session, moment: datetime) -> int:
    """End questions 60 days after the last word, and remove what nothing at the desk is about; return how many ended."""
    late = moment.date() - rules.KEPT
    due = sa.select(_Q.c.id).where(_Q.c.last_on <= late, _Q.c.ended.is_(False)).order_by(_Q.c.last_on).limit(AT_ONCE)
    count = erase(db, list(db.execute(due).scalars()))
    waits = sa.exists().where(
        _W.c.question_id == _Q.c.id, col(Case.subject_id) == _W.c.id, col(Case.state) == CaseState.OPEN
    )  # fmt: skip
    over = list(db.execute(sa.select(_Q.c.id).where(_Q.c.ended, ~waits).limit(AT_ONCE)).scalars())
    db.execute(sa.delete(_W).where(_W.c.question_id.in_(over)))
    db.execute(sa.delete(_Q).where(_Q.c.id.in_(over)))
    return count


def _wrote(group_id: UUID, member_id: UUID) -> sa.ColumnElement[bool]:
    """What somebody answered for a group; what they answered for the network does not hang on it."""
    of_group = sa.select(_Q.c.id).where(_Q.c.group_id == group_id)
    return sa.and_(_W.c.by_id == member_id, _W.c.question_id.in_(of_group), _W.c.desk.is_(False))


def words_go(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Somebody leaves the group and wants what they wrote there to go: their answers too."""
    empty(db, list(db.execute(sa.select(_W.c.id).where(_wrote(group_id, member_id))).scalars()))


def left(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Somebody belongs to the group no longer: what they answered there and leave stands without them."""
    db.execute(sa.update(_W).where(_wrote(group_id, member_id)).values(by_id=None))
    _read_anew(db)


def purge(db: Session, member_id: UUID) -> None:
    """Erase what somebody answered who leaves the network."""
    empty(db, list(db.execute(sa.select(_W.c.id).where(_W.c.by_id == member_id)).scalars()))
    db.execute(sa.update(_W).where(_W.c.by_id == member_id).values(by_id=None))


def erase_again(db: Session, kind: str, subject_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back; return whether there was anything to do."""
    if kind == CLOSED:
        return bool(db.execute(sa.delete(_D).where(_D.c.id == subject_id)).rowcount)  # type: ignore[attr-defined]
    return (erase if kind == ENDED else empty)(db, [subject_id]) > 0


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what a member answered; what they asked stands nowhere with them."""
    wrote = sa.select(AbroadWord).where(col(AbroadWord.by_id) == member_id, col(AbroadWord.body).is_not(None))
    found = db.execute(wrote.order_by(col(AbroadWord.on), col(AbroadWord.id))).scalars().all()
    doors = sa.select(col(Story.ref)).join(StoryDoor, col(StoryDoor.story_id) == Story.id).where(col(Story.author_id) == member_id)
    return {
        N_("what I answered people abroad"): [{"on": one.on, "text": one.body} for one in found],
        N_("my stories about which one may ask"): [
            f"/stories/{ref}" for ref in db.execute(doors.order_by(col(Story.ref))).scalars()
        ],
    }


def _read_anew(db: Session) -> None:
    """Let what this session knows of questions be read anew: it was changed past it."""
    for row in list(db):
        if isinstance(row, AbroadQuestion | AbroadWord):
            db.expire(row)
