"""What goes in is found, what is taken out is gone, and the index can always be made anew."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import Database
from app.domain.search import actions, queries
from app.domain.search.actions import Document
from app.domain.search.terms import cells, token
from app.models.engine import SearchDocument, SearchWord, SearchWordKey
from tests.search.library import Library

D: sa.Table = SearchDocument.__table__  # type: ignore[attr-defined]
W: sa.Table = SearchWord.__table__  # type: ignore[attr-defined]
K: sa.Table = SearchWordKey.__table__  # type: ignore[attr-defined]


def vocabulary(db: Session) -> tuple[list[str], list[tuple[str, str]]]:
    """Return every known word and every key."""
    words = sorted(db.execute(sa.select(W.c.word)).scalars())
    return words, sorted((r.key, r.word) for r in db.execute(sa.select(K.c.key, K.c.word)))


def in_index(db: Session, term: str) -> int:
    """Count straight in the engine's own index."""
    if db.get_bind().dialect.name == "sqlite":
        statement = "SELECT count(*) FROM search_index WHERE search_index MATCH :q"
        return int(db.execute(sa.text(statement), {"q": f'"{term}"'}).scalar_one())
    return int(
        db.execute(
            sa.text("SELECT count(*) FROM search_document WHERE words @@ CAST(:q AS tsquery)"), {"q": f"'{term}'"}
        ).scalar_one()
    )


def test_a_word_and_its_keys(library: Library, db: Session) -> None:
    library.put("Sew it 2024 a")
    assert vocabulary(db) == (
        ["it", "sew"],
        [("ew", "sew"), ("i", "it"), ("it", "it"), ("se", "sew"), ("sew", "sew"), ("sw", "sew"), ("t", "it")],
    )


def test_the_same_thing_again_takes_the_place_of_the_first(library: Library, db: Session) -> None:
    library.put("Old bakery", "oldword shared", number=5)
    library.put("Vieille boulangerie", "shared", number=5, language="fr")
    library.put("New bakery", "newword shared", number=5)
    assert library.names("oldword") == []
    assert library.names("newword") == ["New bakery"]
    assert library.find("shared").total_capped == 1
    words, _ = vocabulary(db)
    assert "oldword" not in words
    assert {"newword", "shared", "vieille"} <= set(words)
    assert in_index(db, "oldword") == 0


def test_unindex_leaves_nothing(library: Library, db: Session) -> None:
    library.put("Stays", "common sentence", number=1)
    before = vocabulary(db)
    library.put("Secret bakery", "common whisper 4711 ছোট", number=2, tokens=["need:rare"], lat=1.0, lon=1.0)
    library.put("Boulangerie", "whisper", number=2, language="fr")
    actions.unindex(db, "service", UUID(int=2))
    assert vocabulary(db) == before
    for term in ("secret", "bakery", "whisper", "4711", "ছোট", "\ue000need\ue001rare", *map(token, cells(1.0, 1.0))):
        assert in_index(db, term) == 0
    assert in_index(db, "common") == 1
    assert library.names("whisper") == []
    assert library.find("whispr").corrected is None
    assert library.names(near=(1.0, 1.0)) == []


def test_unindex_of_what_is_not_there_is_nothing(library: Library, db: Session, count_queries: Callable[[], Any]) -> None:
    library.put("Stays")
    with count_queries() as statements:
        actions.unindex(db, "service", UUID(int=99))
        actions.unindex(db, "story", UUID(int=1_001))
    assert len(statements) == 2
    assert library.names("stays") == ["Stays"]


def test_many_words_are_looked_up_in_parts(library: Library, db: Session) -> None:
    library.put("Stays", "w" + " w".join(chr(97 + n % 26) * 3 + chr(97 + n // 26) for n in range(0, 600, 2)), number=1)
    before = vocabulary(db)
    library.put("Goes", "w" + " w".join(chr(97 + n % 26) * 3 + chr(97 + n // 26) for n in range(600)), number=2)
    assert len(vocabulary(db)[0]) > len(before[0]) + 290
    actions.unindex(db, "service", UUID(int=2))
    assert vocabulary(db) == before


def test_rolled_back_is_as_if_never(database: Database) -> None:
    with database.transaction() as db:
        Library(db).put("Kept", "word", number=1)
    with database.writing() as db:
        Library(db).put("Never", "dropped sentence", number=2)
        Library(db).put("Kept", "otherword", number=1)
        db.rollback()
    with database.writing() as db:
        assert vocabulary(db)[0] == ["kept", "word"]
        assert [in_index(db, t) for t in ("dropped", "otherword", "word")] == [0, 0, 1]


def test_many_at_once_are_as_one_by_one(database: Database, database_url: str) -> None:
    documents = [
        Document(
            "service",
            UUID(int=1 + n % 7),
            ("en", "fr")[n % 2],
            f"Title {chr(97 + n)}",
            f"body {chr(98 + n)}x",
            shown={"name": str(n)},
        )
        for n in range(20)
    ]
    with database.transaction() as db:
        assert actions.index_many(db, documents) == 14
        once = vocabulary(db), _rows(db)
        actions.index_many(db, documents)
        assert (vocabulary(db), _rows(db)) == once
    with database.transaction() as db:
        for number in range(1, 8):
            actions.unindex(db, "service", UUID(int=number))
        assert vocabulary(db) == ([], [])
        for d in documents:
            actions.index(db, d.kind, d.subject_id, d.language, title=d.title, body=d.body, tokens=d.tokens, shown=d.shown)
        assert (vocabulary(db), _rows(db)) == once


def _rows(db: Session) -> list[tuple[Any, ...]]:
    columns = (D.c.subject_id, D.c.language, D.c.title, D.c.body, D.c.tokens, D.c.shown)
    return sorted(tuple(map(str, row)) for row in db.execute(sa.select(*columns)))


def test_statements_of_one_document(library: Library, db: Session, count_queries: Callable[[], Any]) -> None:
    with count_queries() as statements:
        library.put("Sewing course", "in town", number=1)
    assert len(statements) == 5  # what stood there, insert, known words, words, keys
    with count_queries() as statements:
        library.put("Sewing course", "in town", number=2)
    assert len(statements) == 3
    with count_queries() as statements:
        actions.unindex(db, "service", UUID(int=2))
    assert len(statements) == 3


def test_rebuilt_is_the_same(database: Database) -> None:
    with database.transaction() as db:
        library = Library(db)
        for n in range(30):
            library.put(f"Course {chr(97 + n % 26)}{chr(98 + n % 5)}", f"সদস্যরা 2024 مكتبة w{'abcdefgh'[n % 8]}", number=n + 1)
        actions.unindex(db, "service", UUID(int=3))
        before = vocabulary(db), library.names("course", limit=40), in_index(db, "2024")
    actions.rebuild(database)
    with database.transaction() as db:
        library = Library(db)
        assert (vocabulary(db), library.names("course", limit=40), in_index(db, "2024")) == before
        assert in_index(db, "2024") == 29


def test_rows_that_a_restore_put_in_are_found_after_rebuild(database: Database) -> None:
    rows = [
        {
            "id": n,
            "kind": "service",
            "subject_id": UUID(int=n),
            "language": "en",
            "audience": "everyone",
            "title": f"restored {word}",
            "body": 'it\'s "quoted" by someone else',
            "tokens": "\ue000kind\ue001service \ue000open\ue001service",
            "rank": 0,
            "shown": {"name": word},
            "lat": None,
            "lon": None,
            "changed_on": None,
        }
        for n, word in ((5, "bicycle"), (9, "carpenter"))
    ]
    with database.transaction() as db:
        db.execute(sa.insert(D), rows)
    actions.rebuild(database)
    with database.transaction() as db:
        library = Library(db)
        assert library.names("restored") == ["carpenter", "bicycle"]
        assert library.find("bycicle").corrected == "bicycle"
        library.put("Next")  # the counter of ids has moved on
        assert library.names() == ["Next", "carpenter", "bicycle"]
        actions.unindex(db, "service", UUID(int=9))
        assert "carpenter" not in vocabulary(db)[0]
        assert "restored" in vocabulary(db)[0]


def test_an_empty_index_can_be_rebuilt_and_merged(database: Database) -> None:
    actions.rebuild(database)
    actions.optimize(database)
    with database.transaction() as db:
        assert vocabulary(db) == ([], [])
        Library(db).put("First")
    with database.hot() as connection:
        assert len(queries.find(connection, kind="service", text="first").rows) == 1


def test_a_very_long_text_fits(library: Library) -> None:
    library.put("Long", " ".join(f"слово{n}" for n in range(60_000)), number=1)
    assert library.names("слово7") == ["Long"]
