"""Languages: gettext catalogues read from .po files, the language of the moment, names and directions."""

import json
from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent.parent / "locale"
_current: ContextVar[str] = ContextVar("language", default="en")
# Content may come in languages that CLDR names badly or not at all; own-script names first.
_OWN_NAMES = {"wo": "Wolof", "ha": "Hausa", "bn": "বাংলা", "ff": "Pulaar", "bm": "Bamanankan", "ti": "ትግርኛ"}


@cache
def translations(language: str) -> NullTranslations:
    """Return the catalogue of ``language``; an empty one for English and for languages without a catalogue."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def available() -> list[str]:
    """Return the codes of the languages the interface is written in."""
    return ["en", *sorted(p.name for p in FOLDER.iterdir() if (p / "LC_MESSAGES" / "messages.po").exists())]


def current() -> str:
    """Return the language of the request or job at hand."""
    return _current.get()


def use(language: str) -> None:
    """Set the language for the rest of this request or job."""
    _current.set(language)


@contextmanager
def speaking(language: str) -> "Iterator[None]":
    """Write in ``language`` inside the block: for text to somebody else than the one who acts."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def _(msgid: str, **params: Any) -> str:
    """Return ``msgid`` in the current language, with %(name)s filled in."""
    text = translations(_current.get()).gettext(msgid)
    return text % params if params else text


def ngettext(one: str, many: str, n: int, **params: Any) -> str:
    """Return the form of the sentence that fits ``n``; ``%(num)s`` is the number."""
    return translations(_current.get()).ngettext(one, many, n) % {"num": n, **params}


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for "mark now, translate later"
    """Mark a string for the catalogues; it is translated where it is shown."""
    return msgid


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is put into words where it is read: an English sentence marked with N_(), and what fills its %(name)s."""

    says: str
    params: Mapping[str, str | int | datetime] = field(default_factory=dict)

    def words(self, language: str = "") -> str:
        """Return the sentence in ``language`` (without: in the language of the moment); moments as people write them, UTC."""
        with speaking(language or current()):
            return _(self.says, **{name: _shown(value) for name, value in self.params.items()})

    def as_text(self) -> str:
        """Return it as a row of a table keeps it."""
        return json.dumps([self.says, dict(self.params)], ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "Sentence":
        """Return what ``as_text`` wrote; any other text (of an older release, the name of an error) is shown as it is."""
        try:
            says, params = json.loads(text)
            return cls(str(says), dict(params))
        except (ValueError, TypeError):
            return cls("%(words)s", {"words": text})


def _shown(value: str | int | datetime) -> str | int:
    return moment_words(value) if isinstance(value, datetime) else value


def _of_sentences() -> str:
    """Return the locale of days inside sentences: the language of the moment where it has a catalogue, else English."""
    here = current()
    return here.replace("-", "_") if type(translations(here)) is GNUTranslations else "en"


def day_words(day: date) -> str:
    """Return a day in the language of the moment, such as "20 November 2026"; the one form for days on every page."""
    words = str(format_date(day, "d MMMM y", locale=_of_sentences()))
    return _first(words) if day.day == 1 else words


def _first(words: str) -> str:
    """Return the words of a first day of a month as French writes them: 1er, then 2, 3 …"""
    return f"1er {words[2:]}" if _of_sentences().startswith("fr") else words


def month_words(day: date) -> str:
    """Return the month of a day in the language of the moment, such as "November 2026"."""
    return str(format_date(day, "LLLL y", locale=_of_sentences()))


def moment_words(moment: datetime, zone: str = "UTC") -> str:
    """Return day and time of day in a zone (IANA, said too) in the language of the moment: "20 November 2026, 09:30 UTC"."""
    words = format_datetime(moment, "d MMMM y, HH:mm", tzinfo=ZoneInfo(zone), locale=_of_sentences())
    words = _first(words) if words.startswith("1 ") else words
    return f"{words} {zone if zone == 'UTC' else f'({zone})'}"


@cache
def _languages() -> dict[str, tuple[str, str]]:
    """Return the name in itself and the direction of every language that CLDR has: a file of ours, made by ``scripts/cldr.py``.

    Babel reads a whole locale for each and keeps it: a list of sixteen languages was 14 MB in every worker.
    """
    found: dict[str, tuple[str, str]] = json.loads((Path(__file__).with_name("languages.json")).read_text(encoding="utf-8"))[
        "languages"
    ]
    return found


@cache
def direction(language: str) -> str:
    """Return "rtl" or "ltr"."""
    if language in _languages():
        return _languages()[language][1]
    try:
        return str(Locale.parse(language.replace("-", "_")).text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


@cache
def language_name(code: str, inside: str | None = None) -> str:
    """Return the name of a language in itself, or in the language ``inside``."""
    if inside is None and code in _OWN_NAMES:
        return _OWN_NAMES[code]
    if inside is None and code in _languages():
        return _languages()[code][0]
    try:
        locale = Locale.parse(code.replace("-", "_"))
        return (own_name(locale) if inside is None else locale.get_display_name(inside)) or code
    except (UnknownLocaleError, ValueError):
        return _OWN_NAMES.get(code, code)


def country_name(code: str) -> str:
    """Return the name of a country (ISO 3166-1) in the language of the moment; the code of one that nobody knows."""
    return str(Locale.parse(current().replace("-", "_")).territories.get(code, code))


def own_name(locale: Locale) -> str:
    """Return the name of a language in itself, with a capital at its beginning; "" where CLDR has none."""
    name = locale.get_display_name() or ""
    georgian = "\u10d0" <= name[:1] <= "\u10ff"  # it has capitals that few phones can draw
    return name if georgian else name[:1].upper() + name[1:]
