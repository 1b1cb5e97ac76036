"""The house rules as they stood: written down whenever they read differently than before, never changed, never removed."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.ids import new_id
from app.domain.network import texts
from app.domain.network.texts import Rule
from app.models.network import RulesVersion

_V: sa.Table = RulesVersion.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Edition:
    """The rules of one version from a day on, in one language."""

    version: int
    from_on: date
    title: str
    intro: str
    rules: list[Rule]


def note(db: Session, folder: Path) -> bool:
    """Write the rules of today down where the newest row is another one; return whether they are new. One statement, or two.

    Words that stood here before and come back are written down again: they count from today on.
    """
    words = texts.in_every_language(folder)
    text = json.dumps(words, ensure_ascii=False, sort_keys=True)
    row = {"version": words["version"], "digest": hashlib.sha256(text.encode()).hexdigest()}
    newest = db.execute(sa.select(_V.c.number, _V.c.version, _V.c.digest).order_by(_V.c.number.desc()).limit(1)).first()
    if newest is not None and (newest.version, newest.digest) == (row["version"], row["digest"]):
        return False
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"id": new_id(), "number": newest.number + 1 if newest else 1, "from_on": now().date(), "words": words, **row}
    made = db.execute(insert(_V).values(values).on_conflict_do_nothing().returning(_V.c.id))  # two at once write one row
    return made.first() is not None


def known(db: Session) -> list[tuple[int, date]]:
    """Return version and first day of every text of the rules, the newest first."""
    rows = db.execute(sa.select(_V.c.version, _V.c.from_on).order_by(_V.c.number.desc()).limit(200))
    return [(version, from_on) for version, from_on in rows]


def editions(db: Session, version: int, language: str) -> list[Edition]:
    """Return the texts that a version had, the newest first: an operator may change words and not raise the number."""
    rows = db.exec(select(RulesVersion).where(RulesVersion.version == version).order_by(col(RulesVersion.number).desc()).limit(20))
    return [_edition(row, language) for row in rows]


def _edition(row: RulesVersion, language: str) -> Edition:
    told = row.words
    rules = [Rule(one["number"], _in(language, one["title"]), _in(language, one["text"])) for one in told["rules"]]
    return Edition(row.version, row.from_on, _in(language, told["title"]), _in(language, told["intro"]), rules)


def _in(language: str, words: dict[str, str]) -> str:
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


def for_machines(db: Session, version: int) -> list[dict[str, Any]]:
    """Return the texts that a version had for programs, the newest first: since when, and the words in every language."""
    rows = db.exec(select(RulesVersion).where(RulesVersion.version == version).order_by(col(RulesVersion.number).desc()).limit(20))
    return [{"from": row.from_on.isoformat(), **row.words} for row in rows]
