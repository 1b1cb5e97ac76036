"""Single values made plain: text without HTML, addresses of web sites, numbers, dates, times, countries."""

import html
import math
import re
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from babel import Locale

from app.core.text import clean, digits, is_seen

# Words that programs write where there is nothing.
_NOTHING = frozenset({"", "null", "none", "nil", "nan", "n/a", "#n/a", "undefined", "\\n"})
_TAGS = (
    "a|abbr|article|b|blockquote|br|center|code|dd|div|dl|dt|em|font|footer|h[1-6]|header|hr|i|img|li|main|ol|p|pre|"
    "s|section|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul|script|style|iframe|svg|form|input|button"
)
_TAG = re.compile(rf"<(/?)({_TAGS})(?=[\s/>])([^<>]*)>", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?(https?://[^\"'\s<>]+)", re.IGNORECASE)
_LINE_TAGS = frozenset("article blockquote br dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre section "
                       "table tr ul".split())  # fmt: skip
_EMAIL = re.compile(r"[^\s@<>,;:\"()]{1,64}@[^\s@<>,;:\"()]{1,190}\.[^\s@<>,;:\"().]{2,60}")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?")
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*([ap]\.?m\.?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_][\w-]{1,62}", re.UNICODE)


def is_nothing(value: Any) -> bool:
    """Tell whether a value only says that there is none: null, empty text, "NULL", an empty list."""
    if isinstance(value, str):
        return len(value) < 20 and value.strip().lower() in _NOTHING
    return value is None or value == [] or value == {} or (isinstance(value, float) and not math.isfinite(value))


def text_of(value: Any) -> str | None:
    """Return a scalar as plain text without HTML, or None where there is nothing to read."""
    if is_nothing(value) or isinstance(value, dict | list):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if "<" in text or "&" in text:
        text = _plain(text)
    text = clean(text)
    return text if is_seen(text) and not is_nothing(text) else None


def _plain(text: str) -> str:
    """Return text without HTML; what is coded twice (&amp;lt;p&amp;gt;) is opened twice."""
    for _round in (1, 2):
        if _TAG.search(text):
            text = _without_tags(text)
        opened = html.unescape(text)
        if opened == text:
            break
        text = opened
    return re.sub(r"\n{3,}", "\n\n", text) if not _TAG.search(text) else _without_tags(text)


def _without_tags(text: str) -> str:
    for name in ("script", "style"):
        text = _drop_element(text, name)
    if any(tag[2].lower() in _LINE_TAGS for tag in _TAG.finditer(text)):
        text = re.sub(r"\s+", " ", text)
    pieces: list[str] = []
    links: list[str] = []
    end = 0
    for tag in _TAG.finditer(text):
        pieces.append(text[end : tag.start()])
        pieces.append(_instead(tag, links, "".join(pieces[-1:])))
        end = tag.end()
    pieces.append(text[end:])
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _instead(tag: re.Match[str], links: list[str], before: str) -> str:
    """Return what stands where a tag stood: a line break, a dash, the address of a link after its words, or nothing."""
    closing, name = bool(tag[1]), tag[2].lower()
    if name == "a":
        if closing:
            link = links.pop() if links else ""
            return f" ({link})" if link and link.rstrip("/") not in before else ""
        found = _HREF.search(tag[3])
        links.append(html.unescape(found[1]) if found else "")
        return ""
    if name == "li":
        return "" if closing else "\n– "
    if name in ("td", "th"):
        return " "
    return "\n" if name in _LINE_TAGS else ""


def _drop_element(text: str, name: str) -> str:
    """Remove an element with everything in it; one that never closes goes to the end of the text."""
    lowered = text.lower()
    if len(lowered) != len(text) or f"<{name}" not in lowered:
        return text
    kept, start = [], 0
    while (begin := lowered.find(f"<{name}", start)) >= 0:
        kept.append(text[start:begin])
        close = lowered.find(f"</{name}", begin)
        stop = lowered.find(">", close) if close >= 0 else -1
        start = stop + 1 if stop >= 0 else len(text)
    return "".join([*kept, text[start:]])


def url_of(value: str) -> str | None:
    """Return a web address with its scheme (https where none is written), or None if it is not one."""
    text = value.strip().strip("<>")
    if not text or len(text) > 2_000 or any(c.isspace() for c in text):
        return None
    if not _SCHEME.match(text) or _HOST.match(text.split(":", 1)[0]):
        text = "https://" + text.lstrip("/")
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    return text


def email_of(value: str) -> str | None:
    """Return an e-mail address, or None if the text is not exactly one."""
    text = value.strip().removeprefix("mailto:")
    return text if _EMAIL.fullmatch(text) else None


def number_of(value: Any) -> int | float | None:
    """Return a finite number, or None; "12,5" is twelve and a half, true is no number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < 10**15 else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    text = digits(value).strip() if isinstance(value, str) and len(value) < 40 else ""
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text.replace(",", "."))
    return int(number) if number.is_integer() else number


def date_of(value: str) -> str | None:
    """Return an ISO date (YYYY-MM-DD); None for anything else: 03/04/2026 means two days, so it is not guessed."""
    text = value.strip()
    try:
        return date.fromisoformat(text[:10]).isoformat() if text[10:11] in ("", "T", " ") else None
    except ValueError:
        return None


def moment_of(value: str) -> str | None:
    """Return an ISO date and time as written, or None if it is not one; a bare date is a moment of no known hour."""
    text = value.strip()
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text if "T" in text else None


def time_of(value: str) -> str | None:
    """Return HH:MM:SS with the offset if one is written; "8:30am" and "13:00pm" are understood."""
    found = _TIME.fullmatch(value.strip())
    if not found or (found[2] is None and found[4] is None):
        return None
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    half = (found[4] or "").lower()[:1]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return f"{hour:02}:{minute:02}:{second:02}{(found[5] or '').upper()}"


def country_of(value: str) -> str | None:
    """Return the two letters of a country from its code or its name in English, French or Arabic."""
    text = value.strip()
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    return _countries().get(text.casefold())


@cache
def _countries() -> dict[str, str]:
    names: dict[str, str] = {"usa": "US", "u.s.a.": "US", "u.s.": "US", "great britain": "GB"}
    for language in ("en", "fr", "ar"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(name.casefold(), code)
    return names
