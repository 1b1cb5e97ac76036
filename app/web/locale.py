"""Which language a request is answered in: the cookie, then the browser, then the network's first."""

import re
from functools import lru_cache

COOKIE = "hearth_language"
_MOST = 5  # languages that one reader is asked about
_QUALITY = re.compile(r"0?\.\d{1,3}|1(\.0{1,3})?")  # of RFC 9110, above 0


def choose(cookie: str, accept: str, offered: tuple[str, ...]) -> str:
    """Return one of ``offered``: what was chosen, else the best match of Accept-Language, else the first."""
    return cookie if cookie in offered else _negotiate(accept[:200], offered)


@lru_cache(maxsize=2_000)
def preferred(accept: str) -> tuple[str, ...]:
    """Return the languages of Accept-Language without their regions, the most wanted first; "*" says nothing."""
    codes = dict.fromkeys(code.partition("-")[0] for code in _wanted(accept[:200]))
    return tuple(code for code in codes if code.isalpha())[:_MOST]


def _wanted(accept: str) -> list[str]:
    wanted = []
    for position, part in enumerate(accept.split(",")):
        code, _, quality = part.replace(" ", "").partition(";q=")
        if _QUALITY.fullmatch(quality or "1"):
            wanted.append((-float(quality or 1), position, code.lower()))
    return [code for _, _, code in sorted(wanted)]


@lru_cache(maxsize=2_000)
def _negotiate(accept: str, offered: tuple[str, ...]) -> str:
    for code in _wanted(accept):
        for match in (code, code.split("-")[0]):
            if match in offered:
                return match
    return offered[0]
