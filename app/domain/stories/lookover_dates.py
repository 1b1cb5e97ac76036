"""Exact dates: a day and a month, in words or digits; a month or a season with a year is no finding."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from app.domain.stories import cldr
from app.domain.stories.lookover_parts import Hit, Kind, Plain, plain

_SHORT_TOO: Final = ("en", "fr", "es", "pt", "de")
_SHORTEST_MONTH: Final = 3
# Months of the Islamic calendar and spellings CLDR does not list.
_ISLAMIC: Final = ("محرم", "صفر", "ربيع الأول", "ربيع الثاني", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان",
                   "رمضان", "شوال", "ذو القعدة", "ذو الحجة", "ذي القعدة", "ذي الحجة")  # fmt: skip
_EXTRA: Final = {"sept": 9, "fevr": 2, "juil": 7, "augost": 8, "set": 9, "جويلية": 7, "غشت": 8, "شتنبر": 9, "نونبر": 11,
                 "دجنبر": 12, "يناير": 1, "فبراير": 2, "ماي": 5, "يوليوز": 7, "ابريل": 4, "مايو": 5}  # fmt: skip
# English words that are months as well: without a year they count only with a capital.
_ALSO_WORDS: Final = ("may", "march", "mar")
_LEADS: Final = {
    "en": (r"on (?:the )?", "in "),
    "fr": (r"le ", "en "),
    "es": (r"el ", "en "),
    "de": (r"am ", "im "),
    "pt": (r"no dia |em |a ", "em "),
}

_DIGITS: Final = re.compile(
    r"(?<![\d./-])(?:(\d{1,2}) ?([./-]) ?(\d{1,2}) ?\2 ?((?:19|20)\d\d|\d\d)|((?:19|20)\d\d)([./-])(\d{1,2})\6(\d{1,2})"
    r"|(\d{1,2}) (\d{1,2}) ((?:19|20)\d\d))(?![\d-]|[./]\d)"
)


@cache
def months(language: str) -> dict[str, int]:
    """Return plain lower-case month names of a CLDR language -> 1 to 12."""
    widths = ("wide", "abbreviated") if language in _SHORT_TOO else ("wide",)
    found = {}
    for width in widths:
        for number, name in enumerate(cldr.months()[language][width], 1):
            found[plain(name).lower.strip(". ")] = number
    return {name: number for name, number in found.items() if len(name) >= _SHORTEST_MONTH and not any(map(str.isdigit, name))}


@cache
def _all_months() -> dict[str, int]:
    found: dict[str, int] = dict.fromkeys((plain(name).lower for name in _ISLAMIC), 0)
    for language in reversed(cldr.LANGUAGES):
        found.update(months(language))
    return {**found, **{plain(name).lower: number for name, number in _EXTRA.items()}}


@cache
def _day_month() -> re.Pattern[str]:
    names = "|".join(re.escape(n).replace(r"\ ", " {1,2}") for n in sorted(_all_months(), key=len, reverse=True))
    return re.compile(
        r"(?<![\d.,/])(?<![^\W\d_])(\d{1,2}|premier|first)(?:st|nd|rd|th|er|re|e|o|\.|-?го)?"
        r"(?: {1,3}|-)(?:of |de |d'|من |شهر |من شهر )?"
        rf"({names})(?![^\W\d_])\.?(?:[,/]? {{0,3}}(?:de |del |do |سنة |عام )?((?:19|20)\d\d|14\d\d)(?!\d))?"
    )


@cache
def _month_day() -> re.Pattern[str]:
    names = "|".join(sorted((*months("en"), *months("bn"), "sept"), key=len, reverse=True))
    return re.compile(
        rf"(?<![^\W\d_])({names})\.? {{1,2}}(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?![\w%])(?:,? {{1,2}}((?:19|20)\d\d))?(?!\d)"
    )


def dates(text: Plain, language: str) -> Iterator[Hit]:
    """Yield exact dates; each with its month and year in ``language`` as what could stand instead."""
    for match in _day_month().finditer(text.lower):
        if _is_day(match[1]) and not _just_a_word(text, match, 2):
            yield _hit(text, match, _all_months()[re.sub(" +", " ", match[2])], match[3], language)
    for match in _month_day().finditer(text.lower):
        if _is_day(match[2]) and not _just_a_word(text, match, 1):
            yield _hit(text, match, _all_months()[match[1]], match[3], language)
    for match in _DIGITS.finditer(text.lower):
        day, month, year = next(parts for parts in (match.group(1, 3, 4), match.group(8, 7, 5), match.group(9, 10, 11)) if parts[0])
        if _is_month(month) and _is_day(day):
            yield _hit(text, match, int(month), year, language)
        elif _is_month(day) and _is_day(month):  # month first, as in the United States
            yield _hit(text, match, int(day), year, language)


def _is_day(written: str) -> bool:
    return not written.isdigit() or 1 <= int(written) <= 31


def _is_month(written: str) -> bool:
    return 1 <= int(written) <= 12


def _just_a_word(text: Plain, match: re.Match[str], group: int) -> bool:
    return match[group] in _ALSO_WORDS and not match[3] and not text.text[match.start(group)].isupper()


def _hit(text: Plain, match: re.Match[str], month: int, year: str | None, language: str) -> Hit:
    before, instead = _LEADS.get(language, ("(?!)", ""))
    lead = re.search(rf"(?<![^\W\d_])(?:{before})$", text.lower[max(0, match.start() - 10) : match.start()])
    start = match.start() - len(lead.group()) if lead else match.start()
    name = month_name(month, language)
    if lead and text.text[start].isupper():
        instead = instead.capitalize()
    return Hit(
        start, match.end(), Kind.DATE, instead=f"{instead if lead else ''}{name} {_whole_year(year)}".strip() if name else ""
    )


def _whole_year(year: str | None) -> str:
    if not year or len(year) != 2:
        return year or ""
    return f"20{year}" if int(year) < 50 else f"19{year}"


def month_name(month: int, language: str) -> str:
    """Return the name of a month in ``language`` (English when CLDR has none); "" for an unknown month (0)."""
    if not month:
        return ""
    known = cldr.months()
    return known.get(language, known["en"])["wide"][month - 1]
