"""Notices of talks: one for each talk as long as it is unread, and the same work whether somebody hears of it or not."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.ids import new_id
from app.models.accounts import Answer

_A: Any = Answer.__table__  # type: ignore[attr-defined]
PATH: Final = "/my/between"


def address(ref: str) -> str:
    """Return where a talk stands."""
    return f"{PATH}/{ref}"


def place_of_ask(ref: str) -> str:
    """Return where an ask stands for whoever was asked."""
    return f"{PATH}#a-{ref}"


def tell(db: Session, to: UUID, link: str, sentence: str, *, heard: bool, within: timedelta | None = None) -> None:
    """Tell somebody, unless the same stands there unread (then it is of now), or was told ``within`` that time; two statements.

    Without ``heard`` nothing is written, by the same two statements: how long a page takes must not tell who is blocked.
    """
    at, reached = now(), sa.literal(heard, sa.Boolean())
    same = sa.and_(_A.c.member_id == to, _A.c.link == link, _A.c.sentence == sentence)
    db.execute(sa.update(_A).where(same, _A.c.read_at.is_(None), reached).values(at=at))
    stands = _A.c.read_at.is_(None) if within is None else sa.or_(_A.c.read_at.is_(None), _A.c.at > at - within)
    row = {"id": new_id(), "member_id": to, "at": at, "sentence": sentence, "params": {}, "link": link}
    values = sa.select(*(sa.literal(value, _A.c[name].type) for name, value in row.items()))
    there = sa.exists(sa.select(_A.c.id).where(same, stands))
    db.execute(sa.insert(_A).from_select(list(row), values.where(reached, ~there), include_defaults=False))


def forget(db: Session, talks: sa.Select[Any], member_id: UUID | None = None) -> None:
    """Take away what told of these talks (a statement that yields their ref): of one member, or of all; one statement."""
    links = talks.subquery()
    pages = sa.union_all(*(sa.select(sa.literal(start) + links.c[0]) for start in (address(""), place_of_ask(""))))
    about = _A.c.link.in_(pages)
    db.execute(sa.delete(_A).where(about, _A.c.member_id == member_id if member_id is not None else sa.true()))
