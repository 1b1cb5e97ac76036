"""Put things into the index, take them out, make it anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.db import Database
from app.domain.search.terms import cells, concept_tokens, document_words, pairs, token
from app.domain.search.vocabulary import learn, relearn, unlearn
from app.models.engine import SearchDocument

_D: sa.Table = SearchDocument.__table__  # type: ignore[attr-defined]
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
    count, stream, learned = 0, iter(documents), set[str]()
    while batch := list(islice(stream, BATCH)):
        # The last one of a thing and language wins; one statement may not touch a row twice.
        rows = list({(r["kind"], r["subject_id"], r["language"]): r for r in map(_row, batch)}.values())
        old = _forget(db, rows)
        db.execute(sa.insert(_D), rows)
        fresh = _words_of(rows)
        learn(db, fresh - learned)
        unlearn(db, old - fresh)
        learned = (learned - old) | fresh
        count += len(rows)
    return count


def unindex(db: Session, kind: str, subject_id: UUID) -> None:
    """Take a thing out of the index in every language; its words are found no more."""
    same = sa.and_(_D.c.kind == kind, _D.c.subject_id == subject_id)
    old = db.execute(sa.select(_D.c.title, _D.c.body).where(same)).mappings().all()
    if old:
        db.execute(sa.delete(_D).where(same))
        unlearn(db, _words_of(old))


def optimize(database: Database) -> None:
    """Merge the index after bulk loads, and count for the planner."""
    with database.transaction() as db:
        _take_time(db)
        if database.embedded:
            db.execute(sa.text("INSERT INTO search_index(search_index) VALUES ('optimize')"))
        db.execute(sa.text("ANALYZE search_document"))


def rebuild(database: Database) -> None:
    """Make the index and the vocabulary anew from the documents (after a restore, or when in doubt)."""
    with database.transaction() as db:
        _take_time(db)
        if database.embedded:
            db.execute(sa.text("INSERT INTO search_index(search_index) VALUES ('rebuild')"))
        else:
            # Rows that were put in with their numbers did not move the counter.
            db.execute(sa.select(sa.func.setval("search_document_id_seq", sa.select(sa.func.max(_D.c.id)).scalar_subquery())))
            db.execute(sa.text("SET LOCAL maintenance_work_mem = '256MB'"))
            db.execute(sa.text("REINDEX INDEX ix_search_document_words"))
        relearn(db)
    optimize(database)


def _take_time(db: Session) -> None:
    if db.get_bind().dialect.name == "postgresql":
        db.execute(sa.text("SET LOCAL statement_timeout = 0"))


def _row(document: Document) -> dict[str, Any]:
    title, body = document_words(document.title), document_words(document.body)
    place = cells(document.lat, document.lon)
    # Who may read it is a filter like the others: what a reader may not see costs them nothing to pass over.
    own = [f"kind:{document.kind}", *([f"open:{document.kind}"] if document.audience == "everyone" else [])]
    filters = [token(t) for t in (*document.tokens, *pairs(document.tokens), *place, *own)]
    lat, lon = (document.lat, document.lon) if place else (None, None)
    return {
        "kind": document.kind, "subject_id": document.subject_id, "language": document.language, "audience": document.audience,
        "title": " ".join(title), "body": " ".join(body), "tokens": " ".join([*filters, *concept_tokens(title, body)]),
        "rank": document.rank, "shown": document.shown, "lat": lat, "lon": lon, "changed_on": now().date(),
    }  # fmt: skip


def _forget(db: Session, rows: list[dict[str, Any]]) -> set[str]:
    """Delete what the rows take the place of; return its words."""
    same = [sa.and_(_D.c.kind == kind, _D.c.subject_id.in_(ids)) for kind, ids in _subjects(rows).items()]
    columns = (_D.c.id, _D.c.kind, _D.c.subject_id, _D.c.language, _D.c.title, _D.c.body)
    old = db.execute(sa.select(*columns).where(sa.or_(*same))).mappings().all()
    fresh = {(r["kind"], r["subject_id"], r["language"]) for r in rows}
    gone = [o for o in old if (o["kind"], o["subject_id"], o["language"]) in fresh]
    if gone:
        db.execute(sa.delete(_D).where(_D.c.id.in_([o["id"] for o in gone])))
    return _words_of(gone)


def _subjects(rows: list[dict[str, Any]]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for row in rows:
        found.setdefault(row["kind"], []).append(row["subject_id"])
    return found


def _words_of(rows: Iterable[Mapping[Any, Any]]) -> set[str]:
    return {word for row in rows for name in ("title", "body") for word in row[name].split(" ") if word}
