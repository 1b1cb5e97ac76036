"""Which codes name a language: the list of the IANA registry, in the short form of BCP 47 (fr, ha, prs, ctg)."""

from functools import cache
from pathlib import Path
from typing import Final

# Languages that people can say they write in, besides those of the screens.
OFFERED: Final = (
    "en", "fr", "ar", "wo", "ff", "bm", "ha", "yo", "ig", "sw", "so", "am", "ti", "pt", "es", "bn", "ur", "ps", "fa", "hi", "ta",
    "si", "tr", "ku", "hy", "ka", "az", "ru", "uk", "pl", "sq", "sr", "ro", "de", "it", "vi",
)  # fmt: skip
_FILE = Path(__file__).with_name("languages.txt")


@cache
def codes() -> frozenset[str]:
    """Return every code of the list, in small letters."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(code for line in lines if not line.startswith("#") for code in line.split())


def is_known(code: str) -> bool:
    """Say whether ``code`` is a language of the list, alone or with script, region or variant behind it (uz-Latn)."""
    first, *rest = code.split("-")
    return first in codes() and all(part.isascii() and part.isalnum() and len(part) <= 8 for part in rest)
