"""Which listings must not show where they are, and which have to be checked more often."""

import re

from app.core.text import fold

# Folded words: a shelter or refuge …
_HOUSE = re.compile(
    r"\b(shelters?|refuges?|safe ?houses?|foyers?|hebergements?|schronisk\w*|prytul\w*|приют\w*|притул\w*)\b"
    r"|ملجا|دار ايواء|ماوي"
)
# … for people whom somebody may look for.
_SOUGHT = re.compile(
    r"\b(wom[ae]n\w*|violen\w*|abus\w*|survivors?|victim\w*|traffick\w*|traite|femmes?|battered|lgbt\w*|przemoc\w*|kobiet\w*)\b"
    r"|наси\w*|жен\w*|жін\w*|نساء|عنف|اتجار"
)
_SAFE_HOUSE = re.compile(r"\bsafe ?houses?\b|\bwomen'?s? (shelter|refuge)s?\b")
_SHORT = re.compile(
    r"\b(hotlines?|helplines?|crisis lines?|numero vert|ligne d'ecoute|infolini\w*)\b"
    r"|горяч\w* лини\w*|гаряч\w* ліні\w*|خط ساخن"
)
# What leads to a door or a telephone, in the words of a listing: a number of six digits, an address of any kind, a street.
_STREET = (
    r"street|st|avenue|ave|road|rd|drive|dr|boulevard|blvd|bd|lane|ln|highway|hwy|square|rue|route|impasse|allee|place|quai"
    r"|calle|avenida|ulic\w*|ul|al|strasse|вул\w*|ул\w*"
)
_TRACE = re.compile(
    r"\d(?:[ ().\-/]{0,2}\d){5}|@|https?:|\bwww\.|\b[\w-]+\.(?:com|org|net|info|gov|edu|fr|sn|gh|ng|ma|jo|pl|am|uk|de)\b"
    rf"|\b\d{{1,5}},? (?:[\w'.]+ ){{0,3}}(?:{_STREET})\b|\b(?:{_STREET})\.? [^\W\d_]|شارع|حي |عماره|-?\d{{1,3}}\.\d{{3,}}"
)
_SENTENCE = re.compile(r"(?<=[.!?؟।])\s+|\n+")


def without_traces(text: str) -> str:
    """Return a text about a protected place without the sentences that hold an address, a number or a way to one."""
    return " ".join(part for part in _SENTENCE.split(text) if part and not _TRACE.search(fold(part)))


def is_protected(name: str, labels: list[str]) -> bool:
    """Say whether the name or one category speaks of a shelter for people whom somebody may look for.

    Descriptions are not read: legal advice that mentions a shelter must stay findable. When in doubt a coordinator decides.
    """
    for text in (name, *labels):
        folded = fold(text)
        if _SAFE_HOUSE.search(folded) or (_HOUSE.search(folded) and _SOUGHT.search(folded)):
            return True
    return False


def is_short_term(name: str, labels: list[str]) -> bool:
    """Say whether this is a shelter or a hotline: checked every 60 days."""
    return any(_HOUSE.search(folded) or _SHORT.search(folded) for folded in map(fold, (name, *labels)))
