"""Rows become pieces: what is published of one object, as text that is put together with others when it is asked for."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.text import words
from app.domain.directory.rows import TABLES, Parts, Record, Sources
from app.domain.directory.wire.objects import in_other_words, own_fields, own_parts, public
from app.domain.directory.wire.put import Piece
from app.models.directory import Feed

_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
_SEARCHED = ("name", "alternate_name", "description")
_MOST_WORDS = 4_000  # letters


class Pieces:
    """Makes the pieces of some objects; ``closed`` are the ids of those that show no way to them, ``joined`` as for Parts."""

    def __init__(
        self, db: Session, owners: Iterable[UUID], closed: set[UUID], joined: Mapping[UUID, Sources] | None = None
    ) -> None:  # fmt: skip
        self._parts, self._closed = Parts(db.connection(), sorted(owners), joined=joined), closed
        self._feeds = {row.id: dict(row._mapping) for row in db.execute(sa.select(_FEED))}
        term = TABLES["taxonomy_term"]
        named = self._parts.categories()
        found = rows_of(db, "taxonomy_term", term.c.id.in_(named)) if named else []
        self._terms = {str(row["id"]): self._parts.record("taxonomy_term", row) for row in found}

    def of(self, kind: str, row: Record, translations: dict[str, Record] | None = None, **more: Any) -> Piece:
        """Return one object as it is published, not sealed yet; ``more`` are pointers and dates of the piece."""
        closed, feed = row["id"] in self._closed, self._feeds[row["feed_id"]]
        made = public(kind, row, self._parts, closed=closed, feed=feed)
        self._name_categories(made)
        others = in_other_words(kind, made, translations or row.get("translations") or {}, closed)
        return Piece(
            kind, row["id"], members(own_fields(kind, made)), members(own_parts(kind, made)),
            {language[:12]: members(fields) for language, fields in others.items()},
            (row.get("language") or feed["language"])[:12], _words(kind, made, others), **more,
        )  # fmt: skip

    def _name_categories(self, made: Record) -> None:
        """Put the category of each attribute into it."""
        for name, value in made.items():
            for one in value if isinstance(value, list) else ():
                if not isinstance(one, dict):
                    continue
                if name == "attributes" and (term := self._terms.get(one.get("taxonomy_term_id", ""))):
                    one["taxonomy_term"] = term
                self._name_categories(one)


def _words(kind: str, made: Record, others: dict[str, Record]) -> str:
    if kind in ("service", "service_at_location", "program"):  # found by the search index, or not at all
        return ""
    texts = [fields.get(name, "") for fields in (made, *others.values()) for name in _SEARCHED]
    found = dict.fromkeys(word for text in texts if text for word in words(text))
    return f" {' '.join(found)}"[:_MOST_WORDS]


def members(made: Record) -> str:
    """Return the members of a JSON object without its braces."""
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))[1:-1]


def rows_of(db: Session, kind: str, which: sa.ColumnElement[bool]) -> list[Record]:
    """Return rows of one kind, by id."""
    table = TABLES[kind]
    return [dict(row._mapping) for row in db.execute(sa.select(table).where(which).order_by(table.c.id))]
