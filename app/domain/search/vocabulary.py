"""The words that stand in documents, for typing mistakes and short beginnings; a word that stands nowhere is not kept.

No counters: two writers of common words would wait for each other on PostgreSQL. A word is added when it first appears, and
when documents go, their words are looked up in the index once more.
"""

import json
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.search.terms import MARK, keys, teachable
from app.models.engine import SearchDocument, SearchWord, SearchWordKey

_D: sa.Table = SearchDocument.__table__  # type: ignore[attr-defined]
_W: sa.Table = SearchWord.__table__  # type: ignore[attr-defined]
_K: sa.Table = SearchWordKey.__table__  # type: ignore[attr-defined]
_CHUNK = 500
_MANY = 20_000
_LISTED = {
    "sqlite": "SELECT value AS word FROM json_each(:words)",
    "postgresql": "SELECT value AS word FROM jsonb_array_elements_text(CAST(:words AS jsonb))",
}
_ADD = "INSERT INTO search_word (word) SELECT listed.word FROM ({listed}) AS listed WHERE true ON CONFLICT DO NOTHING"
_ADD_KEYS = (
    "WITH RECURSIVE place(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 25) "
    "INSERT INTO search_word_key (key, word) "
    "SELECT DISTINCT substr(listed.word, 1, n - 1) || substr(listed.word, n + 1), listed.word "
    "FROM ({listed}) AS listed JOIN place ON n <= length(listed.word) + 1 WHERE true ORDER BY 1, 2 ON CONFLICT DO NOTHING"
)
_NOWHERE = sa.text(
    "SELECT listed.value FROM json_each(:words) AS listed "
    "WHERE NOT EXISTS (SELECT 1 FROM search_index WHERE search_index MATCH '\"' || listed.value || '\"')"
)
_TOGETHER = 40
_STANDS: sa.CompoundSelect[Any] = sa.union_all(*[
    sa.select(sa.literal_column(str(n)))
    .where(sa.exists().where(
        sa.literal_column("search_document.words").op("@@")(
            sa.cast(sa.bindparam(f"q{n}", type_=sa.Text, literal_execute=True), sa.dialects.postgresql.TSQUERY)  # type: ignore[attr-defined]
        )
    ).select_from(_D))
    for n in range(_TOGETHER)
])  # fmt: skip


def learn(db: Session, words: Collection[str]) -> None:
    """Add the words that are not known yet."""
    for part in _parts([w for w in words if teachable(w)], _CHUNK):
        known = set(db.execute(sa.select(_W.c.word).where(_W.c.word.in_(part))).scalars())
        if fresh := [w for w in part if w not in known]:
            _add(db, fresh)


def _add(db: Session, words: list[str]) -> None:
    listed = _LISTED[db.get_bind().dialect.name]
    for statement in (_ADD, _ADD_KEYS):
        db.execute(sa.text(statement.format(listed=listed)), {"words": json.dumps(words)})


def unlearn(db: Session, words: Collection[str]) -> None:
    """Take out the words that stand in no document any more (call it when the documents are out of the index)."""
    embedded = db.get_bind().dialect.name == "sqlite"
    for part in _parts([w for w in words if teachable(w)], _CHUNK if embedded else _TOGETHER):
        gone = list(db.execute(_NOWHERE, {"words": json.dumps(part)}).scalars()) if embedded else _nowhere(db, part)
        if gone:
            # By its keys: they lead the primary key, so that no second index is needed.
            of_gone = sorted({k for w in gone for k in keys(w)})
            for some in _parts(of_gone, _CHUNK):
                db.execute(sa.delete(_K).where(_K.c.key.in_(some), _K.c.word.in_(gone)))
            db.execute(sa.delete(_W).where(_W.c.word.in_(gone)))


def _nowhere(db: Session, part: list[str]) -> list[str]:
    # Literals, so that each word is planned for how common it is: a common one is found at once without its whole list.
    filled = [*part, *[part[0]] * (_TOGETHER - len(part))]
    values = {f"q{n}": f"'{w}'" for n, w in enumerate(filled)}
    stands = set(db.execute(_STANDS, values).scalars())
    return [w for n, w in enumerate(part) if n not in stands]


def relearn(db: Session) -> None:
    """Make the vocabulary anew from the index (SQLite) or the documents (PostgreSQL)."""
    db.execute(sa.delete(_K))
    db.execute(sa.delete(_W))
    found = _indexed(db) if db.get_bind().dialect.name == "sqlite" else _written(db)
    for part in _parts([w for w in found if teachable(w)], _MANY):
        _add(db, part)


def _indexed(db: Session) -> set[str]:
    db.execute(sa.text("CREATE VIRTUAL TABLE temp.search_term USING fts5vocab('main', 'search_index', 'row')"))
    found = {w for w in db.execute(sa.text("SELECT term FROM temp.search_term")).scalars() if not w.startswith(MARK)}
    db.execute(sa.text("DROP TABLE temp.search_term"))
    return found


def _written(db: Session) -> set[str]:
    every = "SELECT DISTINCT unnest(string_to_array(title || ' ' || body, ' ')) FROM search_document"
    return {w for w in db.execute(sa.text(every)).scalars() if w}


def _parts(words: Collection[str], size: int) -> Iterator[list[str]]:
    # Sorted, so that two transactions that add the same new words meet in the same order.
    stream = iter(sorted(words))
    while part := list(islice(stream, size)):
        yield part
