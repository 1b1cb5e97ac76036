"""Exact places: streets, quarters, house numbers, coordinates, and the small places of the network's own list."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Final

from app.domain.stories.lookover_parts import Hit, Kind, Plain, ordinary, phrases, plain

_LONGEST_PLACE: Final = 5  # words
_CAP: Final = r"[A-ZØŁÐÆŊƊƁƘƳА-ЯІЇЄҐ][\w'-]{1,25}"
_CAPS: Final = rf"{_CAP}(?: {_CAP}){{0,3}}"
_LINKING: Final = r"(?:(?:de|du|des|la|le|les|del|do|da|dos|of|l'|d')[ ]?){0,3}"
_NO: Final = r"(?:no|n|nr|numero|number|#)?[.#°]?"
_NUMBER: Final = rf"(?:,? ?{_NO} ?\d{{1,5}}[a-z]?(?!\w))"
_AR: Final = r"[^\W\d_]{2,20}"
_BEFORE_NAME: Final = "Rue|Avenue|Boulevard|Impasse|Calle|Rua|Avenida|Via|Plaza|Place"
_STREETS: Final = "rue|avenue|av|boulevard|bd|blvd|allee|impasse|chemin|ruelle|rond-point|calle|rua|avenida"
_HOUSES: Final = (
    r"rue|road|calle|carrera|avenue|house|plot|villa|lot|b\.?p|p\.? ?o\.? ?box|apartment|apartamento|apt|appartement|appt|immeuble"
    r"|flat|block|casa|apartado|parcelle|porte|maison|zip|hausnummer|wohnung|квартира|будинок|кв|буд"
)
_AFTER_NUMBER: Final = "Street|St|Road|Rd|Lane|Drive|Close|Crescent|Avenue|Ave|Highway"
_AFTER_NAME: Final = "Street|Road|Lane|Avenue|Crescent|Junction|Roundabout"
_QUARTERS: Final = (
    "Quartier|Cite|Barrio|Bairro|Colonia|Hameau|Village|Village of|Stadtteil|Dorf|Unguwar|District of|Commune|Localite|Aldea|Vereda"
    "|Sector|Suburb of|Residence|Hlm|Село|Район"
)
_LANDMARKS: Final = (
    "neighbou?rhood|quarter|estate|ward|village|market|mosque|church|school|hospital|station|bridge|hotel|park|beach|suburb"
)


def _either_case(words: str) -> str:
    return "|".join(f"[{word[0]}{word[0].lower()}]{word[1:]}" for word in words.split("|"))


# Coordinates: "14.6937, -17.4441", "14°41'34\"N 17°26'38\"W", plus codes.
_DEGREES: Final = r"\d{1,3}[°o] ?\d{1,2}['′] ?(?:\d{1,2}(?:\.\d{1,4})?[\"″'′]{1,2})? ?[nseow]?"
_COORDINATES: Final = re.compile(
    r"(?<![\d.])[-+]?\d{1,3}\.\d{3,12}°? ?[ns]? ?[,;/ ] ?[-+]?\d{1,3}\.\d{3,12}°?(?: ?[ewo](?![\w]))?"
    rf"|(?<!\d){_DEGREES}(?:[ ,;]{{1,3}}{_DEGREES})?"
    r"|(?<![\w])[23456789cfghjmpqrvwx]{4,8}\+[23456789cfghjmpqrvwx]{2,3}(?!\w)"
)
# These run on lower case.
_LOWER: Final = (
    re.compile(rf"(?<![\w.,])\d{{1,5}} ?(?:bis|ter|[a-c])?,? (?:{_STREETS})(?!\w)(?: [^\W\d_][\w'-]{{0,25}}){{0,5}}"),
    re.compile(rf"(?<!\w)(?:{_HOUSES})\.? ?{_NO} ?\d{{1,6}}(?!\w)|(?<!\w)(?:বড|রড|হউজ)(?: নমবর)? ?\d{{1,5}}"),
    re.compile(
        r"(?<!\w)(?:вул|вулиця|вулиц[іюи]|улица|ул|просп|проспект)\.? [^\W\d_][\w'-]{1,25}"
        r"(?: [^\W\d_][\w'-]{1,25})?(?:,? (?:буд\.? ?)?\d{1,4})?"
    ),
    re.compile(
        rf"(?<!\w)[وبلف]?(?:شارع|زنقة|زقاق|نهج|حارة) (?:ال{_AR}|{_AR}(?: {_AR}){{0,2}} ?(?:,? ?رقم)? ?\d{{1,4}})(?: {_AR})?"
        r"(?:,? ?(?:رقم)? ?\d{1,4})?"
    ),
    re.compile(rf"(?<!\w)[وبلف]?(?:حي|عمارة|بناية|عزبة|مخيم) ال{_AR}(?: \d{{1,4}})?"),
    re.compile(r"(?<!\w)[وبلف]?(?:شقة|عمارة|بناية|منزل|بيت|فيلا)(?: رقم)? ?\d{1,5}"),
)
# These need the capitals.
_CASED: Final = (
    re.compile(rf"(?<!\w)(?:{_either_case(_BEFORE_NAME)}) {_LINKING}{_CAPS}{_NUMBER}?"),
    re.compile(rf"(?<!\w)\d{{1,5}},? (?:{_CAP} ){{1,4}}(?:{_either_case(_AFTER_NUMBER)})(?!\w)"),
    re.compile(rf"(?<!\w)(?:{_CAP} ){{1,4}}(?:{_either_case(_AFTER_NAME)})(?!\w)"),
    re.compile(rf"(?<!\w)(?:{_either_case(_QUARTERS)}|HLM) {_LINKING}{_CAPS}"),
    re.compile(rf"(?<!\w)(?:{_CAP} ){{1,3}}(?:{_LANDMARKS})(?!\w)"),
    re.compile(r"(?<!\w)[A-Z][a-z]{2,30}(?:strasse|straße|str\.|weg|gasse|platz|allee) ?\d{1,4}[a-z]?(?!\w)"),
)


def coordinates(text: Plain) -> Iterator[Hit]:
    """Yield positions on the map."""
    for match in _COORDINATES.finditer(text.lower):
        yield Hit(match.start(), match.end(), Kind.PLACE, "coordinates")


# What must stand in a text (lower case) before each of the patterns above is tried: most texts hold none of it.
_LOWER_NEEDS: Final = (_STREETS.split("|"), None, ("вул", "ул", "просп"), ("شارع", "زنقة", "زقاق", "نهج", "حارة"),
                       ("حي", "عمارة", "بناية", "عزبة", "مخيم"), ("شقة", "عمارة", "بناية", "منزل", "بيت", "فيلا"))  # fmt: skip
_CASED_NEEDS: Final = (
    _BEFORE_NAME.lower().split("|"), _AFTER_NUMBER.lower().split("|"), _AFTER_NAME.lower().split("|"),
    (*_QUARTERS.lower().split("|"), "hlm"), ("neighb", *_LANDMARKS.split("|")[1:]),
    ("stra", "str.", "weg", "gasse", "platz", "allee"),
)  # fmt: skip


def _worth_trying(patterns: Sequence[re.Pattern[str]], needs: Sequence[Sequence[str] | None], lower: str) -> list[re.Pattern[str]]:
    return [p for p, words in zip(patterns, needs, strict=True) if words is None or any(word in lower for word in words)]


def addresses(text: Plain) -> Iterator[Hit]:
    """Yield streets, houses and named quarters."""
    for pattern in _worth_trying(_LOWER, _LOWER_NEEDS, text.lower):
        for match in pattern.finditer(text.lower):
            yield Hit(match.start(), match.end(), Kind.PLACE, "address")
    for pattern in _worth_trying(_CASED, _CASED_NEEDS, text.lower):
        for match in pattern.finditer(text.text):
            start = _after_openers(match.group(), match.start())
            if start is not None:
                yield Hit(start, match.end(), Kind.PLACE, "address")


def _after_openers(found: str, start: int) -> int | None:
    """Return where the name begins once "The", "Our" … are left out; None when nothing but a common noun remains."""
    words = found.split(" ")
    while len(words) > 1 and words[0].lower() in ordinary():
        start += len(words.pop(0)) + 1
    return start if len(words) > 1 else None


def gazetteer(text: Plain, places: Collection[str]) -> Iterator[Hit]:
    """Yield names of ``places`` (smaller than a region), as whole words; Latin and Cyrillic ones need a capital or "in"."""
    known = {name for name in map(_words, places) if name}
    if not known:
        return
    firsts = {name.split(" ", 1)[0] for name in known}
    words = [(m.start(), m.end(), m.group()) for m in re.finditer(r"[^\W_]+", text.lower)]
    for i, (start, _end, word) in enumerate(words):
        for shift in (0, 1) if word[:1] in "وبلفك" else (0,):
            if word[shift:] not in firsts or not _written_as_place(text, words, i):
                continue
            length = _longest(words, i, shift, known)
            if length:
                yield Hit(start + shift, words[i + length - 1][1], Kind.PLACE, "small place")
                break


def _longest(words: list[tuple[int, int, str]], i: int, shift: int, known: set[str]) -> int:
    for length in range(min(_LONGEST_PLACE, len(words) - i), 0, -1):
        if " ".join(w for _s, _e, w in words[i : i + length])[shift:] in known:
            return length
    return 0


def _written_as_place(text: Plain, words: list[tuple[int, int, str]], i: int) -> bool:
    first = text.text[words[i][0]]
    return first.isupper() or first.lower() == first.upper() or (i > 0 and words[i - 1][2] in phrases("locative"))


@lru_cache(maxsize=65536)
def _words(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", plain(name).lower))
