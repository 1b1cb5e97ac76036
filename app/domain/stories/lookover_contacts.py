"""E-mails, links and handles, also when they are written to slip past a filter ("name at gmail dot com")."""

import re
from collections.abc import Iterator
from typing import Final

from app.domain.stories.lookover_parts import Hit, Kind, Plain, phrases

_LONGEST_LOCAL: Final = 64
_LONGEST_HOST: Final = 120
_PROVIDERS: Final = (
    "gmail|googlemail|yahoo|ymail|hotmail|outlook|live|icloud|proton|protonmail|orange|gmx|aol|mail|laposte|tutanota|zoho"
    "|جيميل|ياهو|هوتميل"
)
# Endings nobody uses as a word of a sentence; the two-letter ones that are words need a path or "www" (see _LINK).
_SURE: Final = (
    "com|org|net|info|edu|gov|int|biz|app|dev|link|site|online|shop|xyz|club|blog|page|news|africa|fr|uk|sn|ml|gh|ng|gm|gn|ci"
    "|bf|cm|ma|tn|dz|eg|jo|lb|iq|tr|eu|ch|io|gd|ly|gle|co|ua|ru|br|mx|cat|cc|tv|onion"
)
_AT: Final = (
    r"(?: ?[(\[{<] ?(?:at|a|arobase|arroba|chez|ات) ?[)\]}>] ?| {1,3}(?:at|arobase|arroba|chez|ات|اد) {1,3}| {1,3}@ {0,3}|@ {1,3})"
)
_DOT: Final = (
    r"(?: ?[(\[{<] ?(?:dot|point|punto|ponto|punkt|نقطة|\.) ?[)\]}>] ?| {1,3}(?:dot|point|punto|ponto|punkt|نقطة|دوت) {1,3}| ?\. ?)"
)
_SPOKEN_EMAIL: Final = re.compile(
    rf"(?<![\w.])[\w.+-]{{1,64}}+{_AT}(?:(?:{_PROVIDERS}){_DOT}|[\w-]{{2,63}}+{_DOT}(?=(?:com|org|net|fr|info|كوم)\b))[\w-]{{2,24}}(?:\.\w{{2,6}})?"
)
_SPOKEN_LINK: Final = re.compile(
    r"(?<![\w.])[\w-]{2,63}+ {0,3}(?:[(\[]? ?(?:dot|point|punto|نقطة|دوت) ?[)\]]?) {0,3}(?:com|org|net|info|كوم)(?!\w)"
)
_LINK: Final = re.compile(
    r"(?:h(?:tt|xx)ps?|ftp|tg|geo|whatsapp)(?::|\[:\])//?[^\s<>\"]{1,300}"
    r"|(?<![\w@.])www\d?\.[^\s<>\"]{2,300}"
    r"|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:" + _SURE + r")(?![\w-])(?:[/?#:][^\s<>\"]{0,300})?"
    r"|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,6}/[^\s<>\"]{1,300}"
)  # fmt: skip
_HANDLE: Final = re.compile(r"(?<![\w@.])@ ?[\w.]{2,40}")
_TRAILING: Final = ".,;:!?)]}'\"»"


def emails(text: Plain) -> Iterator[Hit]:
    """Yield e-mail addresses, with a sign or with words for it."""
    lower = text.lower
    at = lower.find("@")
    while at != -1:
        hit = _around(lower, at)
        if hit:
            yield hit
        at = lower.find("@", at + 1)
    for match in _SPOKEN_EMAIL.finditer(lower):
        yield Hit(match.start(), match.end(), Kind.EMAIL)


def _around(lower: str, at: int) -> Hit | None:
    """Return the address around the sign at ``at``: outward from the sign, so that long texts cost nothing."""
    local = re.search(r"[\w.+%'-]+$", lower[max(0, at - _LONGEST_LOCAL) : at])
    host = re.match(r"[\w-]+(?:\.[\w-]+)+", lower[at + 1 : at + 1 + _LONGEST_HOST])
    if not local or not host:
        return None
    return Hit(at - len(local.group()), at + 1 + len(host.group()), Kind.EMAIL)


def links(text: Plain) -> Iterator[Hit]:
    """Yield web addresses, with and without "https://", and "name dot com"."""
    for match in _LINK.finditer(text.lower):
        found = match.group().rstrip(_TRAILING)
        if "." in found or "//" in found or found.startswith("geo"):
            yield Hit(match.start(), match.start() + len(found), Kind.LINK)
    for match in _SPOKEN_LINK.finditer(text.lower):
        yield Hit(match.start(), match.end(), Kind.LINK)


def handles(text: Plain) -> Iterator[Hit]:
    """Yield names of messengers: "@name", "telegram: name"."""
    for match in _HANDLE.finditer(text.lower):
        found = match.group().rstrip(".")
        yield Hit(match.start(), match.start() + len(found), Kind.HANDLE)
    announced = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases('messenger')))}) ?[:=] ?([\w.-]{{3,40}})")
    for match in announced.finditer(text.lower):
        yield Hit(match.start(1), match.end(1), Kind.HANDLE)
