"""Which language a request is answered in: the cookie, then the browser, then the network's first."""

import re
from functools import lru_cache

COOKIE = "hearth_language"
_QUALITY = re.compile(r"0?\.\d{1,3}|1(\.0{1,3})?")  # of RFC 9110, above 0


def choose(cookie: str, accept: str, offered: tuple[str, ...]) -> str:
    """Return one of ``offered``: what was chosen, else the best match of Accept-Language, else the first."""
    return cookie if cookie in offered else _negotiate(accept[:200], offered)


@lru_cache(maxsize=2_000)
def _negotiate(accept: str, offered: tuple[str, ...]) -> str:
    wanted = []
    for position, part in enumerate(accept.split(",")):
        code, _, quality = part.replace(" ", "").partition(";q=")
        if _QUALITY.fullmatch(quality or "1"):
            wanted.append((-float(quality or 1), position, code.lower()))
    for _, _, code in sorted(wanted):
        for match in (code, code.split("-")[0]):
            if match in offered:
                return match
    return offered[0]
