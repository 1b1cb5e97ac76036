"""Names of months, countries, languages and days as CLDR has them: a file of ours, made by ``scripts/cldr.py``.

Babel would read eighteen whole locales for them and keep them: 14 MB in every worker.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = (
    "en", "fr", "ar", "ar_MA", "ar_DZ", "ar_SY", "ar_MR", "es", "pt", "de", "uk", "bn", "ha", "wo", "it", "tr", "fa", "sw",
)  # fmt: skip
NAMED_LANGUAGES: Final = ("en", "fr", "es", "pt")


def _read() -> Any:
    return json.loads(Path(__file__).with_name("lookover_data").joinpath("cldr.json").read_text(encoding="utf-8"))


@cache
def months() -> dict[str, dict[str, list[str]]]:
    """Return for every language of LANGUAGES the twelve months, ``wide`` and ``abbreviated``, January first."""
    found: dict[str, dict[str, list[str]]] = _read()["months"]
    return found


def capitalised(language: str) -> list[str]:
    """Return the countries, languages and days of one of NAMED_LANGUAGES."""
    found: list[str] = _read()["names"][language]
    return found
