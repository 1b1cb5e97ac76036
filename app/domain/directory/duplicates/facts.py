"""What is compared of a listing: every field taken apart once, small enough to keep a hundred thousand in memory."""

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from sys import intern
from typing import Any
from zlib import crc32

from app.core.text import words
from app.domain.directory.duplicates import wordlists
from app.domain.directory.duplicates.contacts import country_of, mailboxes_of, own_domains, phones_of, web_of
from app.domain.directory.duplicates.listing import Listing
from app.domain.directory.duplicates.meaning import help_bits, language_of, need_bits
from app.domain.directory.duplicates.naming import Name, audience_of, name_of
from app.domain.directory.duplicates.places import Address, Point, Town, address_of, point_of, town_of
from app.domain.directory.duplicates.spelling import folded, without_article

PRINT_BITS = 512
_DESCRIBED = 60  # words of a description that are looked at: a shortened copy keeps its beginning
_BEGINNING = 6  # words of a description by which copies meet
_LEAST_LETTERS = 4  # shorter words stand in every description
_COMPARED = (
    "town", "point", "address", "postcode", "phones", "mailboxes", "host", "organization", "categories",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """A listing as it is compared."""

    id: str
    partner: str
    name: Name
    organization: Name
    town: Town
    address: Address
    postcode: str
    country: str
    point: Point | None
    phones: frozenset[str]
    loose_phones: bool  # whether one of them lacks the prefix of a country
    mailboxes: frozenset[str]
    domains: frozenset[str]  # of the mailboxes
    host: str
    site: str  # the host without its first parts
    path: str
    print: int  # a bit for each longer word at the beginning of the description
    bits: int  # how many
    beginning: int  # of the description, as a number; 0 where there is none
    categories: frozenset[str]
    needs: int  # a bit for each need that name and categories speak of
    helps: int  # a bit for each finer concept that the name speaks of
    audience: int
    language: str
    has: int  # which of the compared fields are known, see ``has_bit``
    placed: bool  # whether anything says where it is
    aside: frozenset[str]  # words that say where and by whom, wherever they stand


def facts_of(listing: Listing) -> Facts:
    """Take a listing apart."""
    city, street = _where(listing)
    name, town, country = name_of(listing.name), town_of(city), country_of(listing.country)
    described = [without_article(w) for w in words(folded(listing.description))[:_DESCRIBED]]
    host, path = web_of(listing.url)
    organization, mailboxes = name_of(listing.organization, least_initials=2), mailboxes_of(listing.email)
    phones = phones_of(listing.phone, country)
    known: dict[str, Any] = {
        "organization": organization, "town": town, "address": address_of(street, town),
        "postcode": "".join(words(listing.postcode)),
        "point": point_of(listing.lat, listing.lon), "phones": phones, "mailboxes": mailboxes, "host": host,
        "categories": _categories(listing.categories),
    }  # fmt: skip
    fingerprint, aside = _print(described), _aside(organization, town, listing.organization, city)
    offered = _offered(listing.name, aside)
    return Facts(
        id=listing.id, partner=intern(listing.partner.casefold()), country=country, name=name, path=path,
        print=fingerprint, bits=fingerprint.bit_count(),
        beginning=crc32(" ".join(described[:_BEGINNING]).encode()) if len(described) >= _BEGINNING else 0,
        needs=reduce(or_, map(need_bits, listing.categories), need_bits(offered)), helps=help_bits(offered),
        audience=_audience(name, described), language=language_of(listing.name, listing.language),
        domains=own_domains(mailboxes), site=".".join(host.split(".")[-2:]),
        loose_phones=not all(number.startswith("+") for number in phones),
        has=sum(has_bit(field) for field in _COMPARED if known[field]),
        placed=bool(town or known["address"] or known["point"]), aside=aside, **known,
    )  # fmt: skip


def has_bit(field: str) -> int:
    """Return the bit of a compared field in ``Facts.has``."""
    return 1 << _COMPARED.index(field)


def _where(listing: Listing) -> tuple[str, str]:
    """Return town and address. Where no town is named, an address without number, or that says what kind of place it is, is one."""
    if listing.city or not listing.address:
        return listing.city, listing.address
    kinds = wordlists.place_kinds()
    numbered = any(char.isdecimal() for char in listing.address)
    if numbered and not any(w in kinds for w in wordlists.key_of(listing.address).split()):
        return "", listing.address
    return listing.address, ""


@lru_cache(maxsize=50_000)
def _categories(given: tuple[str, ...]) -> frozenset[str]:
    return frozenset(" ".join(words(category)) for category in given) - {""}


@lru_cache(maxsize=50_000)
def _aside(organization: Name, town: Town, *written: str) -> frozenset[str]:
    """Return the words of organisation and town, as they are compared and as they are written ("Inc.", "Governorate")."""
    return frozenset((*organization.words, *town.core, *(without_article(w) for text in written for w in words(folded(text)))))


def _offered(name: str, aside: frozenset[str]) -> str:
    """Return a name without words that say where and by whom: the "Asile" of an organisation is no bed for the night."""
    said = words(folded(name))
    kept = [w for w in said if without_article(w) not in aside]
    return " ".join(kept if len(kept) < len(said) and kept else said)


def _print(described: list[str]) -> int:
    found = 0
    for word in described:
        if len(word) >= _LEAST_LETTERS:
            found |= 1 << crc32(word.encode()) % PRINT_BITS
    return found


def _audience(name: Name, described: list[str]) -> int:
    """Return whom the name speaks of; where it leaves women or men open, whom of them the description speaks of."""
    first, second = wordlists.opposed_bits()[0]
    either = first | second
    return name.audience if name.audience & either else name.audience | (audience_of(described) & either)
