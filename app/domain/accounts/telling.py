"""Tell a member something under "My answers": a sentence of ours with its parts, put into words when it is read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.ids import day_id, new_id
from app.models.accounts import Answer

_matter: ContextVar[UUID | None] = ContextVar("matter", default=None)


@contextmanager
def concerning(matter: UUID | None) -> Iterator[None]:
    """Let whatever is told meanwhile, by whichever feature, lead back to this decision, or to none."""
    token = _matter.set(matter)
    try:
        yield
    finally:
        _matter.reset(token)


def tell(db: Session, member_id: UUID, sentence: str, note: str | None = None, link: str | None = None, **params: Any) -> Answer:
    """Add an answer; ``sentence`` is a msgid marked with N_(), ``note`` words of a person (sealed), ``params`` plain JSON."""
    answer = Answer(
        member_id=member_id, at=now(), sentence=sentence, params=params, note=note or None, link=link, matter=_matter.get()
    )
    db.add(answer)
    db.flush()
    return answer


def tell_all(db: Session, told: Iterable[tuple[UUID, str | None]], sentence: str, *, of_day: bool = False, **params: Any) -> None:
    """Tell many the same sentence, each with a link of their own; ``params`` as for tell(). One statement for any number.

    ``of_day``: what stands in the row tells only the day, for what somebody did who must not be found by the moment.
    """
    today = now().date()
    at = datetime.combine(today, datetime.min.time(), UTC) if of_day else now()
    same: dict[str, Any] = {"at": at, "sentence": sentence, "params": params, "matter": _matter.get()}
    rows = [{"id": day_id(today) if of_day else new_id(), "member_id": member_id, "link": link, **same} for member_id, link in told]
    if rows:
        db.execute(sa.insert(Answer), rows)


def told_of(db: Session, matter: UUID, among: Iterable[UUID]) -> set[UUID]:
    """Return who of these was told something about this decision."""
    told = col(Answer.member_id).in_(list(among)), col(Answer.matter) == matter
    return set(db.exec(select(Answer.member_id).where(*told)))


def forget_notes(db: Session, link: str) -> set[UUID]:
    """Forget what people wrote to anybody about the thing at ``link``, which is gone for good; our own sentences stay.

    Returns who was told something about it.
    """
    about = col(Answer.link) == link
    told = set(db.exec(select(Answer.member_id).where(about)).all())
    db.execute(sa.update(Answer).where(about).values(note=None, link=None))
    return told
