"""Put things into the index, take them out, make it anew."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlmodel import Session

from app.core.clock import now
from app.core.db import Database
from app.domain.search.terms import cell, concept_tokens, document_words, keys, token
from app.models.engine import SearchDocument, SearchWord, SearchWordKey

_D: sa.Table = SearchDocument.__table__  # type: ignore[attr-defined]
_W: sa.Table = SearchWord.__table__  # type: ignore[attr-defined]
_K: sa.Table = SearchWordKey.__table__  # type: ignore[attr-defined]
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Document:
    """One thing in one language, as it is found and shown."""

    kind: str
    subject_id: UUID
    language: str
    title: str
    body: str
    tokens: Sequence[str] = ()
    shown: dict[str, Any] = field(default_factory=dict)
    audience: str = "everyone"
    rank: int = 0
    lat: float | None = None
    lon: float | None = None


def index(
    db: Session, kind: str, subject_id: UUID, language: str, *, title: str, body: str, tokens: Sequence[str], shown: dict[str, Any],
    audience: str = "everyone", rank: int = 0, lat: float | None = None, lon: float | None = None,
) -> None:  # fmt: skip
    """Put one document into the index, in place of the one of the same thing and language; plain text in, folded here."""
    index_many(db, [Document(kind, subject_id, language, title, body, tokens, shown, audience, rank, lat, lon)])


def index_many(db: Session, documents: Iterable[Document]) -> int:
    """Put many documents into the index; return how many."""
    count, stream = 0, iter(documents)
    while batch := list(islice(stream, BATCH)):
        # The last one of a thing and language wins; one statement may not touch a row twice.
        rows = list({(r["kind"], r["subject_id"], r["language"]): r for r in map(_row, batch)}.values())
        _forget(db, rows)
        db.execute(sa.insert(_D), rows)
        _learn(db, rows)
        count += len(rows)
    return count


def unindex(db: Session, kind: str, subject_id: UUID) -> None:
    """Take a thing out of the index in every language; its words are found no more."""
    old = db.execute(sa.select(_D.c.title, _D.c.body).where(_D.c.kind == kind, _D.c.subject_id == subject_id)).all()
    db.execute(sa.delete(_D).where(_D.c.kind == kind, _D.c.subject_id == subject_id))
    _unlearn(db, Counter(w for row in old for w in {*row.title.split(), *row.body.split()}))


def optimize(database: Database) -> None:
    """Merge the index after bulk loads."""
    with database.transaction() as db:
        if database.embedded:
            db.execute(sa.text("INSERT INTO search_index(search_index) VALUES ('optimize')"))
        db.execute(sa.text("ANALYZE search_document"))


def rebuild(database: Database) -> None:
    """Make the index and the vocabulary anew from the documents (after a restore, or when in doubt)."""
    with database.transaction() as db:
        if database.embedded:
            db.execute(sa.text("INSERT INTO search_index(search_index) VALUES ('rebuild')"))
        db.execute(sa.delete(_K))
        db.execute(sa.delete(_W))
        counts: Counter[str] = Counter()
        for row in db.execute(sa.select(_D.c.title, _D.c.body).execution_options(yield_per=BATCH)):
            counts.update({*row.title.split(), *row.body.split()})
        _add_words(db, counts)
    optimize(database)


def _row(document: Document) -> dict[str, Any]:
    title, body = document_words(document.title), document_words(document.body)
    place = [cell(document.lat, document.lon)] if document.lat is not None and document.lon is not None else []
    filters = [token(t) for t in (*document.tokens, *place, f"kind:{document.kind}")]
    return {
        "kind": document.kind, "subject_id": document.subject_id, "language": document.language, "audience": document.audience,
        "title": " ".join(title), "body": " ".join(body), "tokens": " ".join([*filters, *concept_tokens({*title, *body})]),
        "rank": document.rank, "shown": document.shown, "lat": document.lat, "lon": document.lon, "changed_on": now().date(),
    }  # fmt: skip


def _forget(db: Session, rows: list[dict[str, Any]]) -> None:
    same = [sa.and_(_D.c.kind == kind, _D.c.subject_id.in_(ids)) for kind, ids in _subjects(rows).items()]
    old = db.execute(
        sa.select(_D.c.id, _D.c.kind, _D.c.subject_id, _D.c.language, _D.c.title, _D.c.body).where(sa.or_(*same))
    ).all()
    fresh = {(r["kind"], r["subject_id"], r["language"]) for r in rows}
    gone = [o for o in old if (o.kind, o.subject_id, o.language) in fresh]
    if gone:
        db.execute(sa.delete(_D).where(_D.c.id.in_([o.id for o in gone])))
        _unlearn(db, Counter(w for o in gone for w in {*o.title.split(), *o.body.split()}))


def _subjects(rows: list[dict[str, Any]]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for row in rows:
        found.setdefault(row["kind"], []).append(row["subject_id"])
    return found


def _learn(db: Session, rows: list[dict[str, Any]]) -> None:
    _add_words(db, Counter(w for r in rows for w in {*r["title"].split(), *r["body"].split()}))


def _add_words(db: Session, counts: Counter[str]) -> None:
    insert = sqlite_dialect.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    for part in _parts(counts):
        known = set(db.execute(sa.select(_W.c.word).where(_W.c.word.in_(list(part)))).scalars())
        add = insert(_W)
        upsert = add.on_conflict_do_update(index_elements=["word"], set_={"count": _W.c.count + add.excluded["count"]})
        db.execute(upsert, [{"word": w, "count": c} for w, c in part.items()])
        fresh = [{"key": k, "word": w} for w in part if w not in known for k in sorted(keys(w))]
        if fresh:
            db.execute(insert(_K).on_conflict_do_nothing(), fresh)


def _unlearn(db: Session, counts: Counter[str]) -> None:
    for part in _parts(counts):
        lower = sa.update(_W).where(_W.c.word == sa.bindparam("w")).values(count=_W.c.count - sa.bindparam("c"))
        db.connection().execute(lower, [{"w": w, "c": c} for w, c in part.items()])
        gone = list(db.execute(sa.select(_W.c.word).where(_W.c.word.in_(list(part)), _W.c.count <= 0)).scalars())
        if gone:
            db.execute(sa.delete(_K).where(_K.c.word.in_(gone)))
            db.execute(sa.delete(_W).where(_W.c.word.in_(gone)))


def _parts(counts: Counter[str]) -> Iterator[dict[str, int]]:
    # Sorted, so that two transactions lock the same words in the same order on PostgreSQL.
    stream = iter(sorted(counts.items()))
    while part := dict(islice(stream, 500)):
        yield part
