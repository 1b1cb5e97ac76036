"""Reads crisis.yaml, whom to call when somebody is in danger now: the network's own in the data folder, else the one we ship."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from babel import Locale

from app.core import i18n
from app.core.i18n import N_, Sentence, _

SHIPPED = Path(__file__).parent / "crisis.yaml"
OWN = "crisis.yaml"
CHECKED: Final = timedelta(days=180)  # how long a call counts
WHAT: Final = {
    "any": N_("Every emergency"), "police": N_("Police"), "ambulance": N_("Ambulance"), "fire": N_("Fire and rescue"),
    "gendarmerie": N_("Police in the country"), "children": N_("For children"), "women": N_("Violence at home, or against women"),
    "trafficking": N_("Held, sold or forced to work"), "listening": N_("Somebody who listens"),
}  # fmt: skip
_NUMBER = re.compile(r"[+]?[0-9][0-9 ]{1,20}")
log = logging.getLogger("hearth.crisis")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that can be called; ``checked`` is the day on which somebody of the network did, ``old`` that it is long ago."""

    what: str
    number: str
    free: bool | None
    checked: date | None
    old: bool

    @property
    def dial(self) -> str:
        """Return it as a phone dials it."""
        return self.number.replace(" ", "")


@dataclass(frozen=True, slots=True)
class Country:
    """The numbers of one country, with its name in the language of the moment."""

    code: str
    name: str
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class Entry:
    """A number as a crisis.yaml has it, checked, in no language: ``what`` is a key of WHAT."""

    what: str
    number: str
    free: bool | None
    checked: date | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a crisis.yaml has its numbers from: the title in each language that it gives, "" for all of them."""

    titles: Mapping[str, str]
    url: str
    read: date


@dataclass(frozen=True, slots=True)
class Content:
    """All of a crisis.yaml, checked: whatever the language and the day, it can be shown."""

    countries: Mapping[str, list[Entry]]
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where the numbers of the file come from, and when they were read there."""

    title: str
    url: str
    read: date


def numbers(folder: Path, codes: Sequence[str], today: date) -> tuple[list[Country], Source | None]:
    """Return the numbers of these countries in their order by name, also of one without any, and the source of the file."""
    content = _content(folder)
    names = Locale.parse(i18n.current().replace("-", "_")).territories
    found = [Country(c, names.get(c, c), [_number(one, today) for one in content.countries.get(c, [])]) for c in codes]
    return sorted(found, key=lambda country: country.name), _source(content.origin)


def overdue(folder: Path, codes: Sequence[str], today: date) -> list[str]:
    """Return the codes of those of these countries of which a number was never called, or not for long, or which have none."""
    known = _content(folder).countries
    return sorted(c for c in codes if not known.get(c) or any(one.checked is None or _old(one, today) for one in known[c]))


def fault(path: Path) -> Sentence | None:
    """Return what is wrong with a crisis.yaml, None when all of it can be shown."""
    found = _read(path)
    return found if isinstance(found, Sentence) else None


def _content(folder: Path) -> Content:
    own = folder / OWN
    if own.exists():
        found = _read(own)
        if isinstance(found, Content):
            return found
        log.error("%s is not used: %s", OWN, found.words("en"))
    shipped = _read(SHIPPED)
    if isinstance(shipped, Sentence):
        raise RuntimeError(shipped.words("en"))
    return shipped


def _read(path: Path) -> Content | Sentence:
    """Return a crisis.yaml, or what is wrong with it."""
    try:
        return _load(path, path.stat().st_mtime_ns)
    except OSError:
        return Sentence(N_("it cannot be read"))


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int) -> Content | Sentence:
    """Read and check a file once, for all languages and days: on the page for danger nothing may fail that passed here."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        countries = {str(code): [_entry(item) for item in items] for code, items in content["countries"].items()}
        return Content(countries, _origin(content.get("source")))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        return Sentence(N_("it cannot be read near line %(line)s"), {"line": line})
    except (yaml.YAMLError, UnicodeError, RecursionError):
        return Sentence(N_("it cannot be read"))
    except KeyError as error:
        return Sentence(N_("%(name)s is missing"), {"name": repr(error.args[0])})
    except (AttributeError, TypeError, ValueError):
        return Sentence(N_("a part of it is not what the shipped file has at that place"))


def _entry(item: dict[str, Any]) -> Entry:
    what, number, free, checked = item["what"], item["number"], item.get("free"), item.get("checked")
    if what not in WHAT or not isinstance(number, str) or not _NUMBER.fullmatch(number):
        raise ValueError("not a number that can be called")
    if free not in (None, True, False) or not (checked is None or _is_day(checked)):
        raise ValueError("not a yes or no, or not a day")
    return Entry(what, number, free, checked)


def _origin(told: Any) -> Origin | None:
    """Return the source; a network's own file may have none: then somebody of the network wrote the numbers down."""
    if told is None:
        return None
    url, read, title = str(told["url"]), told["read"], told["title"]
    titles = title if isinstance(title, dict) else {"": title}
    if not url.startswith("https://") or not _is_day(read):
        raise ValueError("not an address, or not a day")
    if not titles or not all(isinstance(words, str) and words.strip() for words in titles.values()):
        raise ValueError("not a title, nor one for each language")
    return Origin({str(language): words for language, words in titles.items()}, url, read)


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)  # what has an hour cannot be compared with a day


def _old(one: Entry, today: date) -> bool:
    return one.checked is not None and today - one.checked > CHECKED


def _number(one: Entry, today: date) -> Number:
    return Number(_(WHAT[one.what]), one.number, one.free, one.checked, _old(one, today))


def _source(origin: Origin | None) -> Source | None:
    if origin is None:
        return None
    by = origin.titles  # in another language rather than not at all
    return Source(by.get(i18n.current()) or by.get("en") or next(iter(by.values())), origin.url, origin.read)
