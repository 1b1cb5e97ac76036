"""Words that differ as people write them: what is heard in any script, and whether two words are one, mistyped or shortened."""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA

from app.core.text import fold

# What is heard, as Latin consonants; "$" is sh, "%" is ch. Vowels, h and half-vowels are spelled too differently to count.
_CYRILLIC = {
    "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ж": "j", "з": "z", "к": "k", "л": "l", "м": "m", "н": "n", "п": "p",
    "р": "r", "с": "s", "т": "t", "ф": "f", "ц": "s", "ч": "%", "ш": "$", "щ": "$",
}  # fmt: skip
_ARABIC = {
    "ب": "b", "ت": "t", "ث": "t", "ج": "j", "د": "d", "ذ": "d", "ر": "r", "ز": "z", "س": "s", "ش": "$", "ص": "s", "ض": "d",
    "ط": "t", "ظ": "z", "غ": "g", "ف": "f", "ق": "k", "ك": "k", "ل": "l", "م": "m", "ن": "n", "پ": "b", "چ": "%",
    "گ": "g", "ڤ": "v",
}  # fmt: skip
_TOGETHER = {
    "szcz": "$", "shch": "$", "tsch": "%", "sch": "$", "ch": "%", "cz": "%", "sz": "$", "sh": "$", "rz": "j", "zh": "j", "dj": "j",
    "ts": "s", "tz": "s", "ph": "f", "ck": "k", "ce": "s", "ci": "s", "cy": "s", "c": "k", "q": "k", "w": "v", "x": "ks",
}  # fmt: skip
_LATIN = re.compile("|".join(_TOGETHER))
_OTHER = str.maketrans(_CYRILLIC | _ARABIC)
# Letters that are spoken otherwise than Unicode calls them.
_SPOKEN = {"য": "j", "ং": "n", "ं": "n"}
_FIRST_HEARD = re.compile("[^aeiou]*")
_UNHEARD = re.compile(r"[^bcdfgjklmnpqrstvxz$%0-9]+")
_TWICE = re.compile(r"([^0-9])\1+")
_HAS_VOWEL = re.compile("[aeiouyаеёиіїоуыэюяاوي]")
SURE, UNSURE = 0.9, 0.6  # what such a word counts of an equal one
_STEM = 0.7  # of the longer word: endings of Slavic words and plurals


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Return the consonants that are heard in a folded word of any alphabet or syllabary; "" where nothing is left.

    "warszawa", "варшава" and "warshawa" give the same; two words that sound alike need not be the same word.
    """
    word = word.translate(_OTHER)
    if not word.isascii():
        word = "".join(map(_spoken, word))
    heard = _LATIN.sub(lambda found: _TOGETHER[found[0]], word)
    return _TWICE.sub(r"\1", _UNHEARD.sub("", heard))


@lru_cache(maxsize=5_000)
def _spoken(char: str) -> str:
    """Return the consonants that a letter stands for: those its name in Unicode begins with ("BENGALI LETTER KHA")."""
    if char < "\u0370" or not char.isalpha():
        return _SPOKEN.get(char, char)
    name = unicodedata.name(char, "").rpartition(" ")[2].casefold()
    heard = (_FIRST_HEARD.match(name) or [""])[0]
    return _SPOKEN.get(char) or ("ch" if heard == "c" else heard)


def sounds_alike(a: str, b: str) -> bool:
    """Say whether two results of ``sound`` may be the same name: at least three consonants, at most one of four or more differs."""
    if min(len(a), len(b)) < 3:
        return False
    return a == b or (max(len(a), len(b)) >= 4 and OSA.distance(a, b, score_cutoff=1) <= 1)


def script(text: str) -> str:
    """Return the script most letters of a folded text are of: "latin", "cyrillic", "arabic", "bengali" …; "" without letters."""
    if text.isascii():
        return "latin" if any(char.isalpha() for char in text) else ""
    counts: dict[str, int] = {}
    for char in text:
        if char.isalpha():
            name = _script_of(char)
            counts[name] = counts.get(name, 0) + 1
    return max(sorted(counts), key=lambda name: counts[name], default="")


def _script_of(char: str) -> str:
    if char < "\u0370":
        return "latin"
    if "\u0400" <= char < "\u0530":
        return "cyrillic"
    return "arabic" if "\u0600" <= char < "\u0780" else unicodedata.name(char, "").partition(" ")[0].casefold()


@lru_cache(maxsize=100_000)
def nearness(a: str, b: str) -> float:
    """Return SURE, UNSURE or 0: whether two different folded words are one, mistyped, shortened or with another ending."""
    if len(a) > len(b) or (len(a) == len(b) and a > b):
        a, b = b, a
    if len(a) < 3 or a.isdigit() or b.isdigit():
        return 0.0
    if a[0] != b[0]:
        return SURE if _first_letter_slipped(a, b) else 0.0
    if b.startswith(a) or _same_stem(a, b) or _squeezed(a, b):
        return SURE
    allowed = 0 if len(b) < 4 else 1 if len(b) < 8 else 2
    if len(b) - len(a) > allowed + 1:
        return 0.0
    if len(b) == 3 and sorted(a) == sorted(b):  # "jbo" and "job": of short words only a swap is one
        return UNSURE
    apart = OSA.distance(a, b, score_cutoff=allowed + 1)
    return SURE if apart <= allowed else UNSURE if apart == allowed + 1 and len(a) >= 6 else 0.0


def may_be_near(a: str, b: str) -> bool:
    """Say whether ``nearness`` can be more than 0: quick, for most pairs of words cannot."""
    return a[0] == b[0] or (a[-2:] == b[-2:] and -2 < len(a) - len(b) < 2)


def _first_letter_slipped(a: str, b: str) -> bool:
    """Say whether the longer word is the shorter one with a first letter more, with another one, or with the first two swapped."""
    if len(b) < 5:
        return False
    return b[1:] == a or (len(a) == len(b) and (a[1:] == b[1:] or (a[2:] == b[2:] and a[:2] == b[1::-1])))


def _same_stem(a: str, b: str) -> bool:
    """Say whether the words share all but their endings: "psychologiczne", "psychologicznego"."""
    same = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    return same >= 4 and same >= _STEM * len(b)


def _squeezed(short: str, long: str) -> bool:
    """Say whether ``short`` is ``long`` without vowels, as in "svcs" and "services"."""
    if len(short) > 5 or len(long) < len(short) + 2 or _HAS_VOWEL.search(short[1:]) or short.rstrip("s")[-1:] not in long[-3:]:
        return False
    rest = iter(long)
    return all(char in rest for char in short)


_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")
_ELIDED = re.compile("\\b([dl])['’](?=\\w)", re.IGNORECASE)
_APOSTROPHES = re.compile("['’ʼ`´‘]")


def folded(text: str) -> str:
    """Return a text folded, without apostrophes: "women's" is one word, "l'emploi" and "d'asile" are two."""
    return fold(_APOSTROPHES.sub("", _ELIDED.sub(r"\1 ", text)))


def without_article(word: str) -> str:
    """Return an Arabic word without what is written on to its front."""
    if "\u0600" <= word[0] < "\u0780":
        for article in _ARTICLES:
            if word.startswith(article) and len(word) > len(article) + 2:
                return word[len(article) :]
    return word
