"""Reads crisis.yaml, whom to call when somebody is in danger now: the network's own in the data folder, else the one we ship."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
class Source:
    """Where the numbers of the file come from, and when they were read there."""

    title: str
    url: str
    read: date


def numbers(folder: Path, codes: Sequence[str], today: date) -> tuple[list[Country], Source | None]:
    """Return the numbers of these countries in their order by name, also of one without any, and the source of the file."""
    content = _content(folder)
    known = _countries(content, today)
    names = Locale.parse(i18n.current().replace("-", "_")).territories
    found = [Country(code, names.get(code, code), known.get(code, [])) for code in codes]
    return sorted(found, key=lambda country: country.name), _source(content)


def overdue(folder: Path, codes: Sequence[str], today: date) -> list[str]:
    """Return the codes of those of these countries of which a number was never called, or not for long, or which have none."""
    known = _countries(_content(folder), today)
    return sorted(code for code in codes if not known.get(code) or any(one.old or one.checked is None for one in known[code]))


def fault(path: Path) -> Sentence | None:
    """Return what is wrong with a crisis.yaml, None when all of it can be shown."""
    return _fault(path, path.stat().st_mtime)


@lru_cache(maxsize=4)
def _load(path: Path, _changed: float) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


@lru_cache(maxsize=4)
def _fault(path: Path, changed: float) -> Sentence | None:
    try:
        content = _load(path, changed)
        _countries(content, date.min + CHECKED)
        _source(content)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        return Sentence(N_("it cannot be read near line %(line)s"), {"line": line})
    except (yaml.YAMLError, UnicodeError, OSError, RecursionError):
        return Sentence(N_("it cannot be read"))
    except KeyError as error:
        return Sentence(N_("%(name)s is missing"), {"name": repr(error.args[0])})
    except (AttributeError, TypeError, ValueError):
        return Sentence(N_("a part of it is not what the shipped file has at that place"))
    return None


def _content(folder: Path) -> dict[str, Any]:
    own = folder / OWN
    if own.exists():
        wrong = fault(own)
        if wrong is None:
            return _load(own, own.stat().st_mtime)
        log.error("%s is not used: %s", OWN, wrong.words("en"))
    return _load(SHIPPED, SHIPPED.stat().st_mtime)


def _countries(content: dict[str, Any], today: date) -> dict[str, list[Number]]:
    return {str(code): [_number(item, today) for item in items] for code, items in content["countries"].items()}


def _number(item: dict[str, Any], today: date) -> Number:
    what, number, free, checked = item["what"], item["number"], item.get("free"), item.get("checked")
    if what not in WHAT or not isinstance(number, str) or not _NUMBER.fullmatch(number):
        raise ValueError("not a number that can be called")
    if free not in (None, True, False) or not (checked is None or isinstance(checked, date)):
        raise ValueError("not a yes or no, or not a day")
    return Number(_(WHAT[what]), number, free, checked, checked is not None and checked + CHECKED < today)


def _source(content: dict[str, Any]) -> Source | None:
    """Return the source; a network's own file may have none: then somebody of the network wrote the numbers down."""
    told = content.get("source")
    if told is None:
        return None
    url, read = str(told["url"]), told["read"]
    if not url.startswith("https://") or not isinstance(read, date):
        raise ValueError("not an address, or not a day")
    title = told["title"]  # one for all languages, or one for each
    words = (title.get(i18n.current()) or title["en"]) if isinstance(title, dict) else title
    return Source(str(words), url, read)
