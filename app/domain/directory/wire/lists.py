"""Pages of the public lists: ranges of slots, or of the slots that fit the filters; every page costs the same."""

import json
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from app.core.clock import now
from app.core.errors import Gone, NotFound
from app.core.i18n import _
from app.domain.directory.standing import standing_for
from app.domain.directory.wire.compose import Item, Wanted, objects
from app.domain.directory.wire.matching import Filters, slots
from app.domain.directory.wire.statements import COUNTED
from app.domain.search.remembered import Remembered

__all__ = ["Asked", "Kind", "Page", "counted", "matches", "one", "page", "part", "ranges", "standing_for"]
Kind = Literal["service", "organization", "service_at_location", "taxonomy", "taxonomy_term"]
AT_ONCE = 500  # objects of a stream that are read at a time
_KEPT_LISTS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of a list. ``after``: only what stands after this slot (in links to the next page)."""

    kind: Kind
    page: int = 1
    per_page: int = 20
    after: int | None = None
    full: bool = False
    full_service: bool = False
    minimal: bool = False
    filters: Filters = field(default_factory=Filters)
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``modified`` is the moment (ms) when anything of the directory last moved."""

    items: list[Item]
    number: int
    total_items: int
    total_pages: int
    modified: int

    @property
    def is_last(self) -> bool:
        """Say whether nothing follows."""
        return self.number >= self.total_pages

    def json(self) -> bytes:
        """Return the page as HSDS has it. ``empty``: nothing here and nothing behind it."""
        about = {
            "total_items": self.total_items, "total_pages": self.total_pages, "page_number": self.number, "size": len(self.items),
            "first_page": self.number == 1, "last_page": self.is_last, "empty": not self.items and self.is_last,
        }  # fmt: skip
        return f'{json.dumps(about)[:-1]}, "contents": [{",".join(item.text for item in self.items)}]}}'.encode()


@dataclass(frozen=True, slots=True)
class Counted:
    """How long a list is (slots, objects), and when anything of the directory moved."""

    top: int
    size: int
    modified: int


def matches() -> "Remembered[array[int]]":
    """Return an empty memory of the slots that fit filters, four bytes each: the next page of a long list need not look again."""
    return Remembered(_KEPT_LISTS)


def _fitting(connection: sa.Connection, asked: Asked, known: Counted, kept: "Remembered[array[int]]") -> "array[int]":
    """Return the slots that fit the filters, ascending; kept for as long as nothing moves and the day does not change."""
    today = now().date()

    def look() -> "array[int]":
        return array("I", slots(connection, asked.kind, asked.filters, today))

    if asked.filters.search:  # the search index also moves by the calendar
        return look()
    return kept.get((asked.kind, asked.filters, known.modified, today), look)


def counted(connection: sa.Connection, kind: str) -> Counted:
    """Return how long a list is; what ended long ago and waits for the nightly job is not counted."""
    rows = connection.execute(COUNTED, {"today": now().date()}).all()
    modified = max((row[3] for row in rows), default=0)
    own = next((row for row in rows if row[0] == kind), (kind, 0, 0, 0, 0))
    return Counted(own[1], own[2] - own[4], modified)


def page(connection: sa.Connection, asked: Asked, kept: "Remembered[array[int]]") -> Page:
    """Return one page of a list; one beyond the end is empty."""
    today, known = now().date(), counted(connection, asked.kind)
    wanted = _wanted(asked)
    low = (asked.page - 1) * asked.per_page
    if asked.filters.any:
        fitting = _fitting(connection, asked, known, kept)
        start = low if asked.after is None else bisect_right(fitting, asked.after)
        some = list(fitting[start : start + asked.per_page])
        items = objects(connection, replace(wanted, which="slots", values={"slots": some})) if some else []
        total, pages = len(fitting), -(-len(fitting) // asked.per_page)
        if (
            asked.after is not None
        ):  # what went before this page took places with it: what is left counts, not the number of the page
            pages = asked.page + -(-(len(fitting) - start - len(some)) // asked.per_page)
    else:
        total, pages = known.size, -(-known.top // asked.per_page)
        items = _unfiltered(connection, wanted, asked, low) if low < known.top else []
    shown = [item for item in items if not _is_over(item, today)]
    return Page(shown, asked.page, total, pages if total else 0, known.modified)


def _unfiltered(connection: sa.Connection, wanted: Wanted, asked: Asked, low: int) -> list[Item]:
    if asked.after is not None:
        return objects(connection, replace(wanted, which="after", values={"low": asked.after, "most": asked.per_page}))
    return objects(connection, replace(wanted, values={"low": low, "high": low + asked.per_page}))


def _wanted(asked: Asked) -> Wanted:
    return Wanted(
        asked.kind, "range", {}, whole=asked.full, with_services=asked.full_service, minimal=asked.minimal,
        languages=asked.languages,
    )  # fmt: skip


def _is_over(item: Item, today: date) -> bool:
    return item.gone or (item.until is not None and item.until < today)


def ranges(connection: sa.Connection, asked: Asked, kept: "Remembered[array[int]]") -> tuple[list[Wanted], Counted]:
    """Return the parts in which a whole list is read one after the other, and how long it is."""
    known, wanted = counted(connection, asked.kind), _wanted(asked)
    if not asked.filters.any:
        steps = range(0, known.top, AT_ONCE)
        return [replace(wanted, values={"low": low, "high": low + AT_ONCE}) for low in steps], known
    fitting = _fitting(connection, asked, known, kept)
    parts = (list(fitting[n : n + AT_ONCE]) for n in range(0, len(fitting), AT_ONCE))
    return [replace(wanted, which="slots", values={"slots": part}) for part in parts], known


def part(connection: sa.Connection, wanted: Wanted) -> bytes:
    """Return the objects of one part of a whole list, a line of JSON for each."""
    today = now().date()
    return "".join(f"{item.text}\n" for item in objects(connection, wanted) if not _is_over(item, today)).encode()


def one(connection: sa.Connection, kind: str, key: UUID, languages: tuple[str, ...], *, full_service: bool = False) -> Item:
    """Return one object with everything nested in it. Raises NotFound, or Gone for what was here and was taken out."""
    wanted = Wanted(kind, "one", {"id": key}, whole=True, with_services=full_service, languages=languages)
    found = objects(connection, wanted)
    if not found:
        raise NotFound(_("There is nothing with this id."))
    if _is_over(found[0], now().date()):
        raise Gone(_("This was taken out of the directory."))
    return found[0]
