"""Number plates of cars: by their shape, or by a shape that is less sure after a word that announces one."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from app.domain.stories.lookover_parts import Hit, Kind, Plain, phrases

LOOK_BACK: Final = 40
FEWEST_DIGITS: Final = 2
SURE_DIGITS: Final = 3  # in a shape that announces nothing by itself

_L: Final = "[a-zа-яіїєґ]"
_A: Final = "[ء-ي]"
_S: Final = r"(?: ?[-/|.] ?| )?"
_HERE: Final = r"(?<![^\W_])(?<![^\W_][-/])"
_ENDS: Final = r"(?![^\W_]|[-/][^\W_])"
# Letters and digits of a plate in the order of many countries: DK-1234-AB, AA-123-BB, 1234 AB 01, ABC-123DE, GR 1234-20, 12345-أ-6.
_SHAPE: Final = re.compile(
    f"{_HERE}(?:"
    rf"{_L}{{1,3}}{_S}\d{{2,5}}{_S}{_L}{{1,3}}|{_L}{{1,3}}-{_L}{{1,2}} ?\d{{1,4}}|{_L}{{2,3}}{_S}\d{{3,6}}(?:{_S}\d{{1,2}})?|"
    rf"\d{{1,6}}{_S}{_L}{{1,3}}{_S}\d{{1,4}}|\d{{2,5}}{_S}{_L}{{1,3}}|"
    rf"\d{{1,6}}{_S}{_A}{{1,4}}{_S}\d{{1,4}}|(?:{_A} ){{0,2}}{_A}{_S}\d{{2,5}}|\d{{2,6}}{_S}{_A}(?: {_A}){{0,2}}"
    f"){_ENDS}"
)
_SURE: Final = re.compile(
    r"[A-ZА-ЯІЇЄҐ]{1,3}-\d{3,4}-[A-ZА-ЯІЇЄҐ]{1,3}|[A-ZА-ЯІЇЄҐ]{2,3}-\d{2}-[A-ZА-ЯІЇЄҐ]{2,3}|[A-Z]{3}-\d{3}[A-Z]{2}|\d{4}-[A-Z]{2}-\d{2}"
)
_DIGITS: Final = re.compile(rf"{_HERE}\d{{1,6}}(?:[ -]\d{{1,6}}){{0,2}}{_ENDS}")
_COUNTED: Final = re.compile(r"\d+ [^\W\d_]+")  # "350 men"
_SENTENCE: Final = re.compile(r"[\n!?]|\.(?= )")
_GLUE: Final = re.compile(
    r"(?:[\s:#°\"'«(,-]|\b(?:no|nr|number|numero|is|was|are|with|est|etait|avec|es|era|e|ist|war|هي|هو|كانت|كان|رقمها|رقم)\b)+$"
)


def plates(text: Plain, blanked: str) -> Iterator[Hit]:
    """Yield the plates in ``blanked`` (the plain text without dates and addresses)."""
    lower = blanked.lower() if len(blanked.lower()) == len(blanked) else text.lower
    for match in _SHAPE.finditer(lower):
        start, end = _trimmed(blanked, match.start(), match.end())
        if _is_plate(blanked[start:end], blanked[max(0, start - LOOK_BACK) : start]):
            yield Hit(start, end, Kind.ID_NUMBER, "plate")
    for match in _DIGITS.finditer(lower):
        if _count(match.group()) >= SURE_DIGITS and _directly(lower[max(0, match.start() - LOOK_BACK) : match.start()], "plate"):
            yield Hit(match.start(), match.end(), Kind.ID_NUMBER, "plate")


def _is_plate(found: str, near: str) -> bool:
    digits, before = _count(found), near.lower()
    if digits < FEWEST_DIGITS or not any(c.isalpha() for c in found):
        return False
    if _SURE.fullmatch(found) or _directly(before, "plate"):
        return True
    if digits < SURE_DIGITS or found.rsplit(maxsplit=1)[-1].lower() in phrases("unit"):
        return False
    # Capitals among small letters: "the car 120 of us" is no plate, "the car DK 1234 AB" is.
    shown = found.upper() == found and not near.isupper()
    if shown and any(_announced(before, section) for section in ("plate", "plate_weak", "vehicle")):
        return True
    return _directly(before, "plate_weak") and not _COUNTED.fullmatch(found)


def _count(found: str) -> int:
    return sum(c.isdigit() for c in found)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range without small words at its ends: "is dk 1234 in" is "dk 1234"."""
    small, words = phrases("small_word"), text[start:end].split(" ")
    while len(words) > 1 and words[0] in small:
        start += len(words.pop(0)) + 1
    while len(words) > 1 and words[-1] in small:
        end -= len(words.pop()) + 1
    return start, end


def _directly(before: str, section: str) -> bool:
    """Tell whether a word of ``section`` stands directly before, with nothing but "is", ":" and the like between."""
    return bool(_words(section).search(_GLUE.sub("", _SENTENCE.split(before)[-1])))


def _announced(before: str, section: str) -> bool:
    return bool(_words(section, anywhere=True).search(_SENTENCE.split(before)[-1]))


@cache
def _words(section: str, *, anywhere: bool = False) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, phrases(section)))}){_ENDS if anywhere else '$'}")
