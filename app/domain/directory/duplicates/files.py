"""Listings read from a file, one after another, and pairs written as a table."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.core.errors import HearthError
from app.domain.directory.duplicates.listing import Listing, NotAListing, listing_from
from app.domain.directory.duplicates.scoring import Match
from app.domain.directory.reading.json_stream import records
from app.domain.directory.reading.shapes import Held, Note

COLUMNS = ("id1", "id2", "score", "band", "reasons")
_LISTS = frozenset({"listings"})  # the list may also stand in an object under this key
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BadFile(HearthError):
    """The file cannot be compared; the sentence says what is wrong with it, and where."""


def read_listings(path: Path, notes: list[Note]) -> Iterator[Listing]:
    """Yield the listings of a JSON file: a list, an object with a list "listings", or one object per line.

    Raises BadFile at the first entry that is none, and reading.Unreadable where nothing can be read.
    """
    for found in records(path, notes, _LISTS):
        if isinstance(found, Held):
            raise BadFile(f"{path.name}, entry {found.line}: {found.reason}")
        try:
            yield listing_from(found.record)
        except NotAListing as error:
            raise BadFile(f"{path.name}, entry {found.number}: {error}.") from error


def write_pairs(path: Path, matches: Iterable[Match]) -> None:
    """Write pairs as CSV with the columns ``COLUMNS``; the file is whole or not there. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(COLUMNS)
            for m in matches:
                table.writerow((_cell(m.id1), _cell(m.id2), f"{m.score:.4f}", m.band, in_short(m)))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def in_short(match: Match) -> str:
    """Return the reasons in one line, the strongest first: "name_same +4.75; phone_same +2.80"."""
    return "; ".join(f"{code} {adds:+.2f}" for code, adds in match.reasons)


def _cell(text: str) -> str:
    """Return an id as spreadsheet programs may see it: what they would take for a formula begins with an apostrophe."""
    if not text.startswith(_FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
