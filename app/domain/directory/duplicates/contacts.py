"""Telephone numbers, mailboxes and addresses on the web in the one form in which they are compared."""

import re
from functools import cache, lru_cache
from urllib.parse import urlsplit

import phonenumbers
from babel import Locale
from phonenumbers import NumberParseException, PhoneNumberFormat

from app.core.text import digits, fold

MOST = 4  # numbers of one listing that are compared; more are a list of somebody else's
_PARTS = re.compile(r"[\n;,|]|(?<=\d)\s+/\s+|\s+(?:or|ou|lub|oder|або|или|أو)\s+", re.IGNORECASE)
_NOT_NUMBER = re.compile(r"(?:ext|extension|poste|wew|доб|تحويلة|x)\.?\s*\d+\s*$|\([^\d()]*\)", re.IGNORECASE)
_RUN = re.compile(r"[\d\s().+/‐-―-]+")
_SPACES = re.compile(r"[^\S\n]+")
# Begun only where no letter of a mailbox stands before, and never shortened: otherwise a field of letters takes hours.
_MAILBOX = re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]+(?:\.[\w-]+)+")
_LEAST_DIGITS = 6
# Houses with many tenants: their name says nothing about who lives there.
_SHARED_HOSTS = frozenset(
    "facebook.com m.facebook.com fb.com instagram.com twitter.com x.com t.me wa.me youtube.com youtu.be linkedin.com linktr.ee "
    "bit.ly google.com sites.google.com docs.google.com forms.gle goo.gl maps.google.com maps.app.goo.gl vk.com wordpress.com "
    "blogspot.com wixsite.com tiktok.com".split()
)
_SHARED_MAIL = frozenset(
    "gmail.com googlemail.com yahoo.com yahoo.fr hotmail.com hotmail.fr outlook.com live.com msn.com aol.com icloud.com gmx.com "
    "gmx.net gmx.de wp.pl o2.pl onet.pl interia.pl op.pl poczta.onet.pl ukr.net i.ua meta.ua mail.ru yandex.ru bk.ru list.ru "
    "rambler.ru orange.fr free.fr laposte.net proton.me protonmail.com".split()
)
_PAGE = re.compile(r"/(?:index|home|default)\.\w+$|/+$")


def phones_of(text: str, country: str) -> frozenset[str]:
    """Return the numbers in a text as E.164; without a known country, or where that fails, their digits alone."""
    found: list[str] = []
    for part in _PARTS.split(_SPACES.sub(" ", digits(text))):
        written = next(filter(None, map(_from_sign_to_digit, _RUN.findall(_NOT_NUMBER.sub(" ", part)))), "")
        if written and (number := _number(written, country)):
            found.append(number)
            if len(found) == MOST:
                break
    return frozenset(found)


def _from_sign_to_digit(run: str) -> str:
    """Return what of a run of digits and signs may be a number: from "+", "(" or the first digit to the last one, six at least."""
    start = next((at for at, char in enumerate(run) if char in "+(" or char.isdecimal()), len(run))
    end = next((at for at in range(len(run) - 1, start, -1) if run[at].isdecimal()), start)
    return run[start : end + 1] if end - start >= _LEAST_DIGITS - 1 else ""


@lru_cache(maxsize=20_000)
def _number(text: str, country: str) -> str:
    plain = re.sub(r"[^\d+]", "", text.replace("(0)", ""))
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if plain.startswith("+") or country:
        try:
            parsed = phonenumbers.parse(plain, country or None)
        except NumberParseException:
            parsed = None
        if parsed is not None and phonenumbers.is_possible_number(parsed):
            return str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))
    only = plain.lstrip("+0")
    return only if len(only) >= _LEAST_DIGITS else ""


def same_number(a: str, b: str) -> bool:
    """Say whether two numbers are one; without the country's prefix the last seven digits or all of the shorter must agree."""
    if a == b:
        return True
    if a.startswith("+") and b.startswith("+"):
        return False
    short, long = sorted((a.lstrip("+"), b.lstrip("+")), key=len)
    return len(short) >= 7 and long.endswith(short)


def mailboxes_of(text: str) -> frozenset[str]:
    """Return the mailboxes in a text, in small letters."""
    return frozenset(_MAILBOX.findall(text.casefold())[:MOST])


def own_domains(mailboxes: frozenset[str]) -> frozenset[str]:
    """Return the domains of mailboxes, but for those where everybody can have one."""
    return frozenset(mailbox.rpartition("@")[2] for mailbox in mailboxes) - _SHARED_MAIL


def web_of(text: str) -> tuple[str, str]:
    """Return host (without www.) and path of an address; for hosts that many share the path belongs to the host."""
    plain = next(iter(text.split()), "")
    if "." not in plain:
        return "", ""
    try:
        parts = urlsplit(plain if "://" in plain else f"//{plain}", "https")
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return "", ""
    path = _PAGE.sub("", parts.path.casefold())
    if host in _SHARED_HOSTS:
        return (f"{host}{path}" if path else ""), path
    return (host if "." in host else ""), path


@lru_cache(maxsize=1_000)
def country_of(text: str) -> str:
    """Return the two-letter code of a country given as code or by its name in a few languages, "" for anything else."""
    if len(text) == 2 and text.upper() in Locale("en").territories:
        return text.upper()
    return _countries().get(fold(text.strip()), "")


@cache
def _countries() -> dict[str, str]:
    """Map folded names of countries to codes."""
    found: dict[str, str] = {}
    for language in ("en", "fr", "ar", "pl", "uk", "ru", "ro", "hu", "sk", "es", "de"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(fold(name), code)
    found.update(usa="US", uk="GB")
    return found
