"""Put documents into the index and ask, in one line each."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.domain import wiring
from app.domain.search import actions, queries

wiring.connect()


class Library:
    """The index of one test; documents are known by the name on their card."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.last = 0

    def put(self, title: str, body: str = "", *, number: int = 0, language: str = "en", kind: str = "service", **more: Any) -> UUID:
        """Index one document and return the id of its subject; the same ``number`` is the same subject."""
        self.last += 1
        subject = UUID(int=number or 1_000 + self.last)
        values: dict[str, Any] = {"tokens": (), "shown": {"name": f"{title}"}, **more}
        actions.index(self.db, kind, subject, language, title=title, body=body, **values)
        return subject

    def find(self, text: str = "", **more: Any) -> queries.Found:
        """Ask as a guest for services, 20 a page, unless told otherwise."""
        return queries.find(self.db.connection(), **{"kind": "service", "text": text, "limit": 20, **more})

    def names(self, text: str = "", **more: Any) -> list[str]:
        """Return the names on the cards that are found, in order."""
        return [hit.shown["name"] for hit in self.find(text, **more).rows]
