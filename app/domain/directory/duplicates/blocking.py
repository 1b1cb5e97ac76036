"""Which listings are compared at all: those that share a telephone, a rare word in one town, a corner of the map …"""

from collections.abc import Iterator
from hashlib import blake2b
from math import floor

from app.domain.directory.duplicates.facts import Facts
from app.domain.directory.duplicates.naming import Name

MOST = 60  # listings in a block; what more share tells nothing
CELL_NORTH, CELL_EAST = 0.018, 0.027  # degrees, about 2 km: with four shifted grids any two points within 1 km share a cell
_LAST_DIGITS = 6
_FEW_WORDS = 8  # of a name that make keys
_FIRST_LETTERS = 2
Part = str | int


def keys(facts: Facts) -> set[int]:
    """Return the keys of all blocks a listing stands in, as numbers that hold for this process."""
    return {hash(key) for key in _keys(facts)}


def lasting_keys(facts: Facts) -> set[int]:
    """Return the same keys as 64-bit numbers (signed) that hold for good, to be kept in a database."""
    made = (blake2b(repr(key).encode("utf-8", "replace"), digest_size=8).digest() for key in _keys(facts))
    return {int.from_bytes(digest, "big", signed=True) for digest in made}


def _keys(f: Facts) -> Iterator[tuple[Part, ...]]:
    towns = [f.town.key] if f.town else []
    for number in f.phones:
        yield ("phone", number)
        yield from (("digits", number[-_LAST_DIGITS:], town) for town in towns)
    for mailbox in f.mailboxes:
        yield ("mailbox", mailbox)
        yield from (("mailbox", mailbox, town) for town in towns)
    if f.host:
        yield ("page", f.host, f.path)
        yield from (("site", f.host, town) for town in towns)
    yield from _street(f, towns)
    yield from _words(f, towns)
    yield from _corner(f)
    yield from _organization(f, towns)
    yield from _kinds(f, towns)
    if f.beginning:
        yield ("text", f.beginning)


def _street(f: Facts, towns: list[str]) -> Iterator[tuple[Part, ...]]:
    wheres = towns or ([f.postcode] if f.postcode else [])
    for number in f.address.numbers[:2]:
        for word in f.address.words or ("",):
            yield from (("street", word, number, where) for where in wheres)


def _words(f: Facts, towns: list[str]) -> Iterator[tuple[Part, ...]]:
    """Every word of a name, alone and with the town; a common word makes a block that is too large and falls out."""
    for word in f.name.words[:_FEW_WORDS]:
        yield ("word", word)
        yield from (("word", word, town) for town in towns)
    if f.name.words and not towns:
        yield ("name", *sorted(f.name.words))


def _beginnings(name: Name) -> list[str]:
    return sorted({w[:_FIRST_LETTERS] for w in name.words[:_FEW_WORDS]})[:4]


def _corner(f: Facts) -> Iterator[tuple[Part, ...]]:
    if f.point is None:
        return
    for shift in range(4):
        north = floor(f.point.lat / CELL_NORTH + (shift & 1) / 2)
        east = floor(f.point.lon / CELL_EAST + (shift >> 1) / 2)
        yield from (("corner", shift, north, east, letters) for letters in _beginnings(f.name))


def _organization(f: Facts, towns: list[str]) -> Iterator[tuple[Part, ...]]:
    if not f.organization:
        return
    names = dict.fromkeys(("".join(sorted(f.organization.words)), *f.organization.initials, *f.organization.words[:1]))
    for name in names:
        yield ("organization", name)
        yield from (("organization", name, town) for town in towns)
        yield from (("organization", name, letters, 0) for letters in _beginnings(f.name))


def _kinds(f: Facts, towns: list[str]) -> Iterator[tuple[Part, ...]]:
    """What is offered and where: all that is left to meet by when the name is in another language."""
    kinds = [n for n in range(f.needs.bit_length()) if f.needs >> n & 1]
    wheres: list[tuple[Part, ...]] = [(town,) for town in towns]
    if f.point is not None:
        wheres += [(round(f.point.lat / CELL_NORTH), round(f.point.lon / CELL_EAST))]
    yield from (("kind", kind, *where) for kind in kinds for where in wheres)
