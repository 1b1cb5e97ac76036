"""What may be asked of the public lists: every parameter of HSDS 3.1 once, for reading it and for describing it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.text import clean
from app.domain.directory.wire.lists import Asked, Kind
from app.domain.directory.wire.matching import Filters

PER_PAGE, MOST_PER_PAGE = 20, 500
MOST_MINIMAL = 10_000  # "aim to return all services within one page"
MOST_NESTED = 50  # organisations with all their services
MOST_PAGES = 10_000_000
LONGEST_SEARCH, LONGEST_POSTCODE, FARTHEST = 200, 20, 500_000
_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_EXAMPLE = "3f2c8b9e-5d1a-4c7e-9b1f-2a6d8e4c0b11"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: how it is read from text (Invalid says what is wrong with it), its JSON schema, what it is for."""

    read: Callable[[str, str], Any]
    schema: dict[str, Any]
    about: str


def whole_number(least: int, most: int) -> Callable[[str, str], int]:
    """Return a reader of whole numbers between two limits."""

    def read(name: str, text: str) -> int:
        if not _DIGITS.fullmatch(text) or not least <= int(text) <= most:
            sentence = _("%(name)s must be a whole number from %(least)s to %(most)s.", name=name, least=least, most=most)
            raise Invalid(name, sentence)
        return int(text)

    return read


def _yes_or_no(name: str, text: str) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    if text.lower() not in known:
        raise Invalid(name, _("%(name)s must be true or false.", name=name))
    return known[text.lower()]


def _id(name: str, text: str) -> UUID:
    if not _UUID.fullmatch(text):
        raise Invalid(name, _("%(name)s must be an id such as %(example)s.", name=name, example=_EXAMPLE))
    return UUID(text)


def _moment(name: str, text: str) -> int:
    """Return milliseconds since 1970; without an offset it is UTC, a day is its first moment."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)  # "+" in an address means a space
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return -int(-found.timestamp() * 1000 // 1)
    except (ValueError, OverflowError):
        raise Invalid(
            name, _("%(name)s must be a day or a moment such as 2026-11-20 or 2026-11-20T09:30:00Z.", name=name)
        ) from None


def _text(longest: int) -> Callable[[str, str], str]:
    def read(name: str, text: str) -> str:
        if len(text) > longest:
            raise Invalid(name, _("%(name)s is too long. At most %(limit)s letters.", name=name, limit=longest))
        return clean(text)

    return read


def _one_of(*words: str) -> Callable[[str, str], str]:
    def read(name: str, text: str) -> str:
        if text not in words:
            raise Invalid(name, _("%(name)s must be one of: %(words)s.", name=name, words=", ".join(words)))
        return text

    return read


_FLAG: dict[str, Any] = {"type": "boolean"}
_KEY: dict[str, Any] = {"type": "string", "format": "uuid"}


def _numbers(least: int, most: int, **more: Any) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most, **more}


PARAMETERS: dict[str, Parameter] = {
    "search": Parameter(_text(LONGEST_SEARCH), {"type": "string", "maxLength": LONGEST_SEARCH},
                        "All of these words. Services are also found by words of the same meaning in other languages."),
    "page": Parameter(whole_number(1, MOST_PAGES), _numbers(1, MOST_PAGES, default=1), "Which page."),
    "per_page": Parameter(whole_number(1, MOST_PER_PAGE), _numbers(1, MOST_PER_PAGE, default=PER_PAGE),
                          "How many on a page, at most."),
    "format": Parameter(_one_of("json", "ndjson"), {"type": "string", "enum": ["json", "ndjson"], "default": "json"},
                        "ndjson: everything, one object on a line, without pages."),
    "taxonomy_term_id": Parameter(_id, _KEY, "Only what is in this category."),
    "taxonomy_id": Parameter(_id, _KEY, "Only what is in any category of this taxonomy."),
    "organization_id": Parameter(_id, _KEY, "Only what this organisation offers."),
    "modified_after": Parameter(_moment, {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]},
                                "Only what moved at that moment or later, anything nested in it included."),
    "minimal": Parameter(_yes_or_no, _FLAG, f"Only id and last_modified; up to {MOST_MINIMAL} on a page."),
    "full": Parameter(_yes_or_no, _FLAG, "Everything that is nested in it comes too."),
    "full_service": Parameter(_yes_or_no, _FLAG, f"Organisations come with their whole services; at most {MOST_NESTED} on a page."),
    "postcode": Parameter(_text(LONGEST_POSTCODE), {"type": "string", "maxLength": LONGEST_POSTCODE},
                          "At this postcode, or for people of an area in which it lies. Spaces and case do not matter."),
    "proximity": Parameter(whole_number(0, FARTHEST), _numbers(0, FARTHEST),
                           "Needs postcode: within so many metres of the centre of the places that have it."),
    "top_only": Parameter(_yes_or_no, _FLAG, "Only categories that are not inside another one."),
    "parent_id": Parameter(_id, _KEY, "Only categories right inside this one."),
    "after": Parameter(whole_number(0, 2**31 - 1), _numbers(0, 2**31 - 1),
                       "Ours: only what stands after this place in the list. Links to the next page carry it."),
}  # fmt: skip
_PAGES = ("search", "page", "per_page", "format", "after")
_CATEGORIES = ("taxonomy_term_id", "taxonomy_id")
TAKES: dict[Kind, tuple[str, ...]] = {
    "service": (*_PAGES, *_CATEGORIES, "organization_id", "modified_after", "minimal", "full"),
    "organization": (*_PAGES, *_CATEGORIES, "full_service", "full"),
    "service_at_location": (*_PAGES, *_CATEGORIES, "organization_id", "modified_after", "full", "postcode", "proximity"),
    "taxonomy": _PAGES,
    "taxonomy_term": (*_PAGES, "taxonomy_id", "top_only", "parent_id"),
}
_FILTERS = ("search", *_CATEGORIES, "organization_id", "modified_after", "parent_id", "top_only", "postcode", "proximity")


def read(
    names: Sequence[str], given: Mapping[str, Sequence[str]], readers: Mapping[str, Callable[[str, str], Any]] | None = None
) -> dict[str, Any]:  # fmt: skip
    """Return the values of these parameters; others are not looked at. Raises Invalid with a sentence for each wrong one.

    ``readers`` take the place of the parameters' own.
    """
    values: dict[str, Any] = {}
    wrong: list[Invalid] = []
    for name in names:
        texts = given.get(name, ())
        try:
            if len(texts) > 1:
                raise Invalid(name, _("%(name)s stands there more than once.", name=name))
            if texts and _UNSTORABLE.search(texts[0]):
                raise Invalid(name, _("%(name)s cannot be read as text.", name=name))
            if texts:
                values[name] = (readers or {}).get(name, PARAMETERS[name].read)(name, texts[0])
        except Invalid as problem:
            wrong.append(problem)
    if wrong:
        raise Invalid(",".join(w.field for w in wrong), " ".join(w.sentence for w in wrong))
    return values


def asked_of(kind: Kind, given: Mapping[str, Sequence[str]], languages: tuple[str, ...]) -> tuple[Asked, str]:
    """Return what is asked of a list, and whether as json or ndjson. Raises Invalid."""
    most = _most(kind, given)
    values = read(TAKES[kind], given, {"per_page": whole_number(1, most)})
    filters = Filters(**{name: values[name] for name in _FILTERS if name in values})
    if filters.proximity is not None and not filters.postcode:
        raise Invalid("proximity", _("proximity needs a postcode to be near to."))
    minimal = values.get("minimal", False)
    wanted = Asked(
        kind, page=values.get("page", 1), per_page=values.get("per_page", most if minimal else PER_PAGE), after=values.get("after"),
        full=values.get("full", False), full_service=values.get("full_service", False), minimal=minimal, filters=filters,
        languages=languages,
    )  # fmt: skip
    return wanted, values.get("format", "json")


def _most(kind: Kind, given: Mapping[str, Sequence[str]]) -> int:
    """Return how many a page may hold, at most: more where little is said of each, fewer where much is."""
    said = {name for name in TAKES[kind] if [text.lower() for text in given.get(name, ())] in (["true"], ["1"])}
    return MOST_MINIMAL if "minimal" in said else MOST_NESTED if "full_service" in said else MOST_PER_PAGE
