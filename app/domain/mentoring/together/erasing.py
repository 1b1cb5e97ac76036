"""What each of the two takes back of one row: the ledger holds one word for a row, so each set of parts has one of its own."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.domain import ledger
from app.models.accounts import Erasure

Parts = frozenset[str]
WORDS, MOOD, MENTEE, MENTOR = "words", "mood", "mentee", "mentor"
OF_MEETINGS: Final[Mapping[Parts, str]] = {
    frozenset({WORDS}): "meeting words", frozenset({MOOD}): "meeting mood", frozenset({WORDS, MOOD}): "meeting both",
}  # fmt: skip
OF_REVIEWS: Final[Mapping[Parts, str]] = {
    frozenset({MENTEE}): "review mentee", frozenset({MENTOR}): "review mentor", frozenset({MENTEE, MENTOR}): "review both",
}  # fmt: skip
OF_NUMBERS: Final[Mapping[Parts, str]] = {  # who of the two wants numbers to pass no more
    frozenset({MENTEE}): "numbers mentee", frozenset({MENTOR}): "numbers mentor", frozenset({MENTEE, MENTOR}): "numbers both",
}  # fmt: skip
PARTS: Final[Mapping[str, Parts]] = {
    kind: parts for kinds in (OF_MEETINGS, OF_REVIEWS, OF_NUMBERS) for parts, kind in kinds.items()
}
LEDGER: Final = tuple(PARTS)
_E: Any = Erasure.__table__  # type: ignore[attr-defined]


def remember(db: Session, kinds: Mapping[Parts, str], ids: Iterable[UUID], part: str) -> None:
    """Write into the ledger that a part of these rows is gone, beside what is gone already; five statements for any number."""
    wanted = list(ids)
    gone = {
        row.subject_id: PARTS[row.kind]
        for row in db.execute(sa.select(_E).where(_E.c.subject_id.in_(wanted), _E.c.kind.in_(LEDGER)))
    }
    ledger.forget(db, wanted)
    for parts, kind in kinds.items():
        ledger.remember_new(db, kind, [one for one in wanted if gone.get(one, Parts()) | {part} == parts])


def said_anew(db: Session, kinds: Mapping[Parts, str], row_id: UUID, part: str) -> None:
    """Take a part out of the ledger: somebody said it again."""
    kind = db.execute(sa.select(_E.c.kind).where(_E.c.subject_id == row_id)).scalar()
    if kind is not None and kind in LEDGER:
        ledger.forget(db, [row_id])
        left = PARTS[str(kind)] - {part}
        if left:
            ledger.remember_new(db, kinds[left], [row_id])
