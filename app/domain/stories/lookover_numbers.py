"""Phone numbers and numbers of papers, in digits of any script and however they are spaced."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import phonenumbers

from app.domain.stories.lookover_parts import Hit, Kind, Plain, phrases

SHORTEST_PHONE: Final = 7
SHORTEST_ANNOUNCED: Final = 6
LONGEST_PHONE: Final = 15  # E.164
SHORTEST_ID: Final = 5
SHORTEST_ANNOUNCED_ID: Final = 3
LOOK_BACK: Final = 40
# phonenumbers needs about 50 µs for a number and a country; after so many the plain rules decide alone.
MOST_LOOK_UPS: Final = 600

_NUMBER: Final = re.compile(r"(?<![\w+])(?:\+|\()? ?\d(?:[ ().\-/_*]{0,3}\d)*+")
_CODE: Final = re.compile(r"(?<![^\W_])[^\W_](?:[^\W_]|[-/](?=[^\W_])){3,40}+")
_IBAN: Final = re.compile(r"(?<![^\W_])[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}+(?: ?[a-z0-9]{1,3})?(?![^\W_])")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[ .]\d{3})+")
_YEARS: Final = re.compile(r"(?:19|20)\d\d(?:\D+(?:19|20)?\d\d)*")


def numbers(text: Plain, blanked: str, countries: Sequence[str]) -> Iterator[Hit]:
    """Yield phone numbers and long numbers of ``blanked`` (the plain text without dates); ``countries`` are ISO codes."""
    budget = MOST_LOOK_UPS
    for match in _NUMBER.finditer(blanked):
        found = match.group().strip()
        count = sum(c.isdigit() for c in found)
        if count < SHORTEST_ANNOUNCED or _is_amount(found, blanked[match.end() : match.end() + 14].lower()):
            continue
        start = match.start() + match.group().index(found)
        before = text.lower[max(0, start - LOOK_BACK) : start]
        valid = False
        if SHORTEST_PHONE <= count <= LONGEST_PHONE and budget > 0:
            budget -= len(countries) + 1
            valid = any(_valid(found, country) for country in countries)
        kind = _kind(found, count, before, valid)
        if kind:
            yield Hit(start, start + len(found), kind)


def _kind(found: str, count: int, before: str, valid: bool) -> Kind | None:
    international = found.startswith(("+", "00", "(+", "(00"))
    if count < SHORTEST_PHONE:
        return Kind.PHONE if _announced(before, "phone") else None
    if _announced(before, "id") and not international and not _announced(before[-12:], "phone"):
        return Kind.ID_NUMBER
    spaced = not found.isdigit()
    if count <= LONGEST_PHONE + 2 and (international or valid or spaced or found[0] == "0" or _announced(before, "phone")):
        return Kind.PHONE
    return Kind.ID_NUMBER


def _is_amount(found: str, after: str) -> bool:
    """Tell whether a number counts something: thousands in groups, money, or a list of years."""
    if _YEARS.fullmatch(found):
        return True
    if re.match(rf" ?(?:{'|'.join(map(re.escape, phrases('unit')))})(?![^\W\d_])", after):
        return not found.startswith(("+", "00"))
    return bool(_THOUSANDS.fullmatch(found)) and found.endswith("000")


def _valid(found: str, country: str) -> bool:
    try:
        number = phonenumbers.parse(found, country)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)


def _announced(before: str, section: str) -> bool:
    """Tell whether a word of ``section`` stands shortly before, in the same sentence."""
    near = re.split(r"[\n!?]|\.(?= )", before)[-1]
    return any(re.search(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])", near) for word in phrases(section) if word in near)


def codes(text: Plain, blanked: str) -> Iterator[Hit]:
    """Yield numbers of papers with letters in them: passports, files, accounts."""
    lower = blanked.lower() if len(blanked.lower()) == len(blanked) else text.lower
    for match in _IBAN.finditer(lower):
        if sum(c.isdigit() for c in match.group()) >= SHORTEST_PHONE:
            yield Hit(match.start(), match.end(), Kind.ID_NUMBER)
    for match in _CODE.finditer(blanked):
        found = match.group()
        count = 0 if found.isalpha() else sum(map(str.isdigit, found))
        if count < SHORTEST_ANNOUNCED_ID or _YEARS.fullmatch(found):
            continue
        mixed = count < sum(c.isalnum() for c in found)
        before = text.lower[max(0, match.start() - LOOK_BACK) : match.start()]
        if (mixed and count >= SHORTEST_ID) or ((mixed or count > SHORTEST_ANNOUNCED_ID) and _paper(before)):
            yield Hit(match.start(), match.end(), Kind.ID_NUMBER)


def _paper(before: str) -> bool:
    # The number must follow its announcement closely: "passport: ", "dossier n° ", "file number ".
    close = re.sub(r"(?:\b(?:no|n|number|numero|nr|is|est|es|رقم|رقمه|هو)\b|[\s:.#°-])+$", "", before)
    return any(close.endswith(word) for word in phrases("id"))
