"""The consent ledger: rows are added, never changed; what lives is read from the last row of each purpose."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import i18n
from app.core.clock import days, now
from app.core.i18n import _
from app.domain.stories import erasing
from app.domain.stories.rules import CARRIES, live
from app.domain.stories.wording import CONSENT_VERSION, CONSENTS
from app.models.stories import Consent, ConsentAct, Purpose, Story

LASTS = {"half": 183, "year": 365, "open": None}  # days; None: until the teller says


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a teller said to, until when, and whether it still lives."""

    purpose: Purpose
    sentence: str
    from_on: date
    until_on: date | None
    live: bool
    withdrawn_on: date | None = None  # taken back by the teller; None: it lives, or ended by itself

    @property
    def until_text(self) -> str:
        """Return the day of its end in words, "" without an end."""
        return i18n.day_words(self.until_on) if self.until_on else ""


def ledger(db: Session, story_id: UUID) -> list[Consent]:
    """Return all rows of a story in the order in which they were written."""
    return list(db.exec(select(Consent).where(Consent.story_id == story_id).order_by(col(Consent.number))))


def agreements(db: Session, story_id: UUID) -> list[Agreement]:
    """Return the last word on each purpose that was ever given."""
    return last_words(ledger(db, story_id))


def last_words(rows: Sequence[Any]) -> list[Agreement]:
    """Return the last word on each purpose from the rows of one story, in the order in which they were written."""
    today, last = now().date(), {row.purpose: row for row in rows}
    given = {row.purpose: row for row in rows if row.act == ConsentAct.GIVEN}
    return [
        Agreement(
            p, _(CONSENTS[p]), given[p].from_on, given[p].until_on, live(last[p].act, last[p].until_on, today),
            last[p].from_on if last[p].act == ConsentAct.WITHDRAWN else None,
        )
        for p in Purpose
        if p in given
    ]  # fmt: skip


def live_purposes(db: Session, story_id: UUID) -> list[Purpose]:
    """Return the purposes that are agreed to today."""
    return [a.purpose for a in agreements(db, story_id) if a.live]


def carried_until(db: Session, story: Story) -> date | None:
    """Return the first end of the consents that carry the chosen audience; None: no end."""
    needed = CARRIES[story.audience]
    return min((a.until_on for a in agreements(db, story.id) if a.live and a.until_on and a.purpose in needed), default=None)


def text_hash(purpose: Purpose) -> str:
    """Return SHA-256 of the sentence as it stood on the screen, in the language of the moment."""
    return hashlib.sha256(_(CONSENTS[purpose]).encode()).hexdigest()


def give(db: Session, story: Story, purposes: set[Purpose], lasts: str, helper_present: bool) -> None:
    """Write a row for each purpose said yes to, and a withdrawal for each that lived and is not said yes to now."""
    today, length = now().date(), LASTS[lasts]
    until_on = today + days(length) if length else None
    withdraw(db, story, [p for p in live_purposes(db, story.id) if p not in purposes])
    rows = [_row(db, story, p, ConsentAct.GIVEN, helper_present, until_on) for p in Purpose if p in purposes]
    _write(db, story, rows)
    if rows:  # a new yes counts more than what was taken back before
        erasing.forget(db, [story.id, *(erasing.mark(story.id, p) for p in purposes)])


def withdraw(db: Session, story: Story, purposes: list[Purpose], how: str = "screen") -> None:
    """Write that these purposes are agreed to no longer."""
    rows = [_row(db, story, p, ConsentAct.WITHDRAWN, False, None, how) for p in purposes]
    _write(db, story, rows)
    for purpose in purposes:
        erasing.remember(db, erasing.YES, erasing.mark(story.id, purpose))


def _row(
    db: Session, story: Story, purpose: Purpose, act: ConsentAct, helper: bool, until_on: date | None, how: str = "screen"
) -> Consent:
    moment = now()
    return Consent(
        story_id=story.id, number=0, member_id=story.author_id, act=act, purpose=purpose, text_version=CONSENT_VERSION,
        text_hash=text_hash(purpose), language=i18n.current(), how=how, helper_present=helper, from_on=moment.date(),
        until_on=until_on, at=moment,
    )  # fmt: skip


def _write(db: Session, story: Story, rows: list[Consent]) -> None:
    last = db.execute(sa.select(sa.func.max(col(Consent.number))).where(col(Consent.story_id) == story.id)).scalar() or 0
    for number, row in enumerate(rows, last + 1):
        row.number = number
    db.add_all(rows)
    db.flush()  # so that constraints speak now
