"""Messages as one of two reads them: 20 at a time in the order of a chat, by their numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from app.core import i18n
from app.models.mentorships import MessageState

PER_PAGE: Final = 20
LAST: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message on the page: whose, which day ("" when the one above has the same), the words where they are to be read."""

    ref: str
    own: bool
    state: str
    language: str
    words: str
    day: str
    why: tuple[str, ...]  # for its writer: why it waits for a person
    voice: Any = None  # what a player takes of the voice that says the same, where one goes with it (media.shown.Voice)


@dataclass(frozen=True, slots=True)
class Page:
    """Messages in the order of a chat, and the number before which earlier ones stand (None: these are the first)."""

    bubbles: list[Bubble]
    earlier: int | None


def is_there(row: Any, taken_back: bool) -> bool:
    """Say whether a message is there for its reader, or, with ``taken_back``, the empty place of one that they could read."""
    if row.state == MessageState.DELETED:
        return taken_back and not row.own and row.number is not None
    return bool(row.own or row.state == MessageState.SHOWN)


def unsent(words: sa.Select[Any], table: sa.FromClause, own: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the statement for the reader's own messages that were not sent: those that wait before those that were refused."""
    mine = words.where(table.c.number.is_(None), own, table.c.state != MessageState.DELETED)
    return mine.order_by(sa.case((table.c.state == MessageState.HELD, 0), else_=1), table.c.id.desc()).limit(PER_PAGE)


def before(words: sa.Select[Any], table: sa.FromClause) -> sa.Select[Any]:
    """Return the statement for one page of messages that were sent, by the parameter ``before``."""
    earlier = words.where(table.c.number < sa.bindparam("before", type_=sa.Integer))
    return earlier.order_by(table.c.number.desc()).limit(PER_PAGE + 1)


def page(
    connection: sa.Connection, sent: sa.Select[Any], waiting: sa.Select[Any], asked: dict[str, Any], number: int,
    why: Callable[[str], tuple[str, ...]], voice: Callable[[Any], Any] = lambda _row: None,
) -> Page:  # fmt: skip
    """Return 20 messages before a number, on the last page with the reader's own that were not sent; one or two statements."""
    rows = list(connection.execute(sent, {**asked, "before": number}))
    earlier = rows[PER_PAGE - 1].number if len(rows) > PER_PAGE else None
    shown = rows[:PER_PAGE][::-1]
    if number == LAST:
        shown += sorted(connection.execute(waiting, asked), key=lambda row: row.written_at)
    return Page(of_rows(shown, why, voice), earlier)


def of_rows(
    rows: Sequence[Any], why: Callable[[str], tuple[str, ...]], voice: Callable[[Any], Any] = lambda _row: None
) -> list[Bubble]:
    """Return the messages of rows (ref, state, language, body, why, written_at, own, and what ``voice`` takes)."""
    found, earlier = list[Bubble](), None
    for row in rows:
        day = row.written_at.date()
        read = row.state == MessageState.SHOWN or (row.own and row.state != MessageState.DELETED)
        waits = why(row.why) if row.own and row.state == MessageState.HELD else ()
        words = "" if day == earlier else i18n.day_words(day)
        body, heard = (row.body, voice(row)) if read else ("", None)
        found.append(Bubble(row.ref, bool(row.own), row.state.value, row.language, body, words, waits, heard))
        earlier = day
    return found
