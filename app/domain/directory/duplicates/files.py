"""Listings read from a file, one after another, and pairs written as a table."""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from app.core.errors import HearthError
from app.domain.directory.duplicates.listing import Listing, NotAListing, listing_from
from app.domain.directory.duplicates.scoring import Match
from app.domain.directory.reading.decoding import encoding_of
from app.domain.directory.reading.json_stream import records
from app.domain.directory.reading.shapes import Held, Note

COLUMNS = ("id1", "id2", "score", "band", "reasons")
_LISTS = frozenset({"listings"})  # the list may also stand in an object under this key
_GUESSED = frozenset({"cp1252", "latin-1"})  # what a file is taken for that is nothing else; its ids may come out wrong
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BadFile(HearthError):
    """The file cannot be compared; the sentence says what is wrong with it, and where."""


def read_listings(path: Path, notes: list[Note]) -> Iterator[Listing]:
    """Yield the listings of a JSON file: a list, an object with a list "listings", or one object per line.

    Raises BadFile at the first entry that is none, at an id that stood before and where the encoding could only be guessed, and
    reading.Unreadable where nothing can be read.
    """
    if path.is_file() and encoding_of(path) in _GUESSED:
        raise BadFile(f"{path.name} is not in UTF-8, as JSON has to be. Save it as UTF-8 and try again.")
    entries: dict[str, int] = {}
    for found in records(path, notes, _LISTS):
        if isinstance(found, Held):
            raise BadFile(f"{path.name}, entry {found.line}: {found.reason}")
        try:
            listing = listing_from(found.record)
        except NotAListing as error:
            raise BadFile(f"{path.name}, entry {found.number}: {error}.") from error
        first = entries.setdefault(listing.id, found.number)
        if first != found.number:  # a pair would not say which of them it means
            raise BadFile(f"{path.name}, entry {found.number}: its id {listing.id} is that of entry {first} too.")
        yield listing


def write_pairs(path: Path, matches: Iterable[Match]) -> None:
    """Write pairs as CSV with the columns ``COLUMNS``; the file is whole or not there. Raises OSError."""
    if path.exists() and not path.is_file():  # a pipe or a device, which no other file may take the place of
        with path.open("w", encoding="utf-8", newline="") as file:
            _write(file, matches)
        return
    path = path.resolve()
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".pairs-")  # for its owner's eyes only
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            _write(file, matches)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)


def _write(file: TextIO, matches: Iterable[Match]) -> None:
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)
    for m in matches:
        table.writerow((_cell(m.id1), _cell(m.id2), f"{m.score:.4f}", m.band, in_short(m)))


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
