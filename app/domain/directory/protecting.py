"""Which listings must not show where they are, and which have to be checked more often."""

import re

from app.core.text import fold

# Folded words: a shelter or refuge …
_HOUSE = re.compile(
    r"\b(shelters?|refuges?|safe (?:place|room|cent(?:re|er)|zone)s?|foyers?|maisons? d.accueil|hebergements?|lieux? surs?"
    r"|schronisk\w*|prytul\w*)\b"
    r"|\b(приют|притул)\w*|ملجا|دار ايواء|ماوي"
)
# … for people whom somebody may look for.
_SOUGHT = re.compile(
    r"\b(wom[ae]n\w*|girls?|violen\w*|abus\w*|s?gbv|survivors?|victim\w*|traffick\w*|traite|femmes?|filles?|battered|lgbt\w*|przemoc\w*"
    r"|kobiet\w*)\b|наси\w*|жен\w*|жін\w*|نساء|المراه|فتيات|عنف|اتجار"
)
# Words that say both at once: what the field calls a safe space is a place to which somebody came from danger.
_ROOMS = r"(?:مساح(?:ه|ات)|بيوت|بيت|دار|دور|ملاذ|منزل|منازل)"
_SAFE_HOUSE = re.compile(
    r"\bsafe[ -]?(?:house|home|haven|space)s?\b|\bwom[ae]n\W?s? (?:shelter|refuge)s?\b|\bespaces? (?:surs?|securises?)\b"
    r"|\bespacios? seguros?\b|\bcasas? (?:de acogida|abrigo|segura)s?\b|\b(?:frauen|madchen)haus"
    r"|\bbezpieczn\w+ (?:przestrze\w+|dom\w*)\b|безопасн\w+ (?:пространств|дом)|безпечн\w+ (?:прост[оі]р|буди?н|дім|дом)"
    rf"|{_ROOMS} امنه?(?!\w)|ال{_ROOMS} الامنه?(?!\w)|دار ال?امان"  # "house of security", دار الأمن, is the police
)
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
    """Say whether the name or one category speaks of a shelter or a safe space for people whom somebody may look for.

    Descriptions are not read: legal advice that mentions a shelter must stay findable. When in doubt a coordinator decides.
    """
    for text in (name, *labels):
        folded = fold(text)
        if _SAFE_HOUSE.search(folded) or (_HOUSE.search(folded) and _SOUGHT.search(folded)):
            return True
    return False


def is_short_term(name: str, labels: list[str]) -> bool:
    """Say whether this is a shelter, a safe space or a hotline: checked every 60 days."""
    kinds = (_HOUSE, _SAFE_HOUSE, _SHORT)
    return any(kind.search(folded) for folded in map(fold, (name, *labels)) for kind in kinds)
