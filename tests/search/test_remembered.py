"""What recent searches found is found again, and never longer than it is true."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from app.domain import versions
from app.domain.search import queries
from app.domain.search.remembered import Remembered
from tests.search.library import Library


def test_the_longest_unused_goes_first() -> None:
    made: list[str] = []
    memory: Remembered[str] = Remembered(most=2)

    def ask(key: str) -> str:
        return memory.get((key,), lambda: made.append(key) or key.upper())

    assert [ask(k) for k in ("a", "b", "a", "c", "a", "b")] == ["A", "B", "A", "C", "A", "B"]
    assert made == ["a", "b", "c", "b"]


def test_a_question_is_asked_once_in_any_order_of_filters(library: Library, db: Session, count_queries: Callable[[], Any]) -> None:
    library.put("Sewing course", "in town", tokens=["need:work", "lang:en"], number=1)
    memory = queries.ranked_searches()

    def find(**asked: Any) -> list[str]:
        return library.names(remembered=memory, **asked)

    with count_queries() as statements:
        assert find(text="sewing", tokens=["need:work", "lang:en"]) == ["Sewing course"]
    assert len(statements) == 2
    with count_queries() as statements:
        assert find(text="SEWING", tokens=["lang:en", "need:work"]) == ["Sewing course"]
    assert len(statements) == 1
    assert find(text="sewing", tokens=["lang:fr"]) == []
    assert find(text="sewing", audience="members", tokens=["need:work", "lang:en"]) == ["Sewing course"]
    assert find(text="need:mark lang:en") == [], "words are no filters"


def test_a_new_version_is_searched_anew(library: Library, db: Session) -> None:
    memory = queries.ranked_searches()

    def find() -> list[str]:
        version = versions.one(db.connection(), versions.DIRECTORY)
        return sorted(library.names("sewing", remembered=memory, version=version))

    assert find() == []
    library.put("Sewing course", number=1)
    versions.bump(db, versions.DIRECTORY)
    assert find() == ["Sewing course"]
    library.put("Sewing room", number=2)
    versions.bump(db, versions.DIRECTORY)
    assert find() == ["Sewing course", "Sewing room"]
