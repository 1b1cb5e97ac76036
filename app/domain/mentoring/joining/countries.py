"""Countries that somebody may have lived in: the codes of ISO 3166-1 with their names in the language of the moment."""

import re
from functools import cache

from babel import Locale

from app.core import i18n
from app.core.text import fold

_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"})


@cache
def _codes() -> frozenset[str]:
    found = (str(code) for code in Locale.parse("en").territories if re.fullmatch("[A-Z]{2}", str(code)))
    return frozenset(found) - _NOT_COUNTRIES


def is_country(code: str) -> bool:
    """Say whether ``code`` names a country."""
    return code in _codes()


def named() -> list[tuple[str, str]]:
    """Return code and name of every country, by name, in the language of the moment."""
    return _named(i18n.current())


@cache
def _named(language: str) -> list[tuple[str, str]]:
    with i18n.speaking(language):
        return sorted(((code, i18n.country_name(code)) for code in _codes()), key=lambda one: (fold(one[1]), one[0]))
