"""Names others see: look-alikes are refused, real names and phone numbers are warned about, three are suggested."""

import random
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Final

from app.core.i18n import _
from app.core.text import digits, fold
from app.domain.accounts.given import names as listed
from app.domain.accounts.name_parts import (
    AUTHORITY,
    FACES,
    FIRST_LAST,
    LONG_NAME,
    RESERVED,
    RESERVED_ALONE,
    RESERVED_ANYWHERE,
    RESERVED_STARTS,
    WORDS,
)

SHORTEST: Final = 2
LONGEST: Final = 40  # in characters as people see them
MOST_CODE_POINTS: Final = 160
PHONE_DIGITS: Final = 7
WARN_DIGITS: Final = 5

_THE: Final = "ال"  # the Arabic article, written to the word
_JOINERS: Final = "\u200c\u200d"
# Letters between which a joiner is spelling: Arabic script and the Indic scripts.
_JOINED_SCRIPTS: Final = ("ARABIC", "SYRIAC", "DEVANAGARI", "BENGALI", "SINHALA", "TAMIL", "MALAYALAM", "KANNADA",
                          "TELUGU", "GUJARATI", "ORIYA", "GURMUKHI", "MONGOLIAN", "NKO", "KHMER",
                          "MYANMAR")  # fmt: skip
_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_FLAG: Final = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # the flag of a region
_LINK: Final = re.compile(r"(?i)https?:|hxxp|www\.|\w\.(?:com|org|net|info|app|link|me|ly|io|fr|ma|sn|gh|ng|de|uk)\b|t\.me|wa\.me")
_NUMBER: Final = re.compile(r"\d(?:[\s().\-+/_]{0,3}\d)+")
_SEQUENCE: Final = str.maketrans({"\ufe0f": None, "\ufe0e": None, "\u200c": None, "\u200d": None})


@dataclass(frozen=True, slots=True)
class NameCheck:
    """What is to be said about a name: errors refuse it, warnings only advise; the skeleton is to be stored."""

    skeleton: str
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Tell whether the name may be taken."""
        return not self.errors


def skeleton(name: str) -> str:
    """Return the look-alike key: two names with the same key look alike to a hurried reader.

    Own small table after the idea of UTS #39: compatibility forms, case, marks, hidden characters and Arabic letter
    forms vanish; Cyrillic, Greek and digits become the Latin letters they resemble; separators and repeats collapse.
    """
    folded = fold(unicodedata.normalize("NFKC", _HIDDEN.sub("", name.translate(_SEQUENCE))))
    faces = "".join(FACES.get(c, c) for c in folded)
    kept = "".join(c for c in faces if _counts(c)).replace("rn", "m").replace("vv", "w")
    return "".join(letter for letter, _run in groupby(kept))


def without_number(name: str) -> str:
    """Return a name without the number and the signs at its end: "Open Door" for "Open Door 2"."""
    return re.sub(r"[\W\d_]+$", "", digits(name))


def _counts(c: str) -> bool:
    # Separators and punctuation do not tell names apart; letters, vowel signs, numbers and emoji do.
    return unicodedata.category(c)[0] in "LNS" or unicodedata.category(c) == "Mc" or _is_vowel_mark(c)


def _is_vowel_mark(c: str) -> bool:
    return unicodedata.category(c) == "Mn" and 0x0900 <= ord(c) < 0x1AB0


def check_name(name: str, taken: Collection[str] = (), network: str = "") -> NameCheck:
    """Return what speaks against ``name``; ``taken`` holds skeletons of names in use, ``network`` the name of the network."""
    key = skeleton(name[:MOST_CODE_POINTS])
    # One after the other: the checks of a claim look at every run of words, so a name that is too long never comes so far.
    error = _shape(name, key) or _contact(name) or _claim(name, key, taken, network)
    warnings = [] if error else [s for s in (_real_name(name), _digit_run(name)) if s]
    return NameCheck(key, [error] if error else [], warnings)


def _shape(name: str, key: str) -> str | None:
    if len(name) > MOST_CODE_POINTS:
        return _("This name is too long. Use at most %(n)s letters.", n=LONGEST)
    if not key:
        return _("Choose a name with letters, so that others can call you by it.")
    if _hidden(name):
        return _("This name has hidden characters. Type it again, without copying.")
    if _length(name) + sum(map(_is_vowel_mark, name)) < SHORTEST:
        return _("This name is too short. Use at least %(n)s letters.", n=SHORTEST)
    if _length(name) > LONGEST:
        return _("This name is too long. Use at most %(n)s letters.", n=LONGEST)
    return None


def _hidden(name: str) -> bool:
    name = _FLAG.sub("", name)
    if _HIDDEN.search(name) or any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in name.strip()):
        return True
    return any(c in _JOINERS and not _joiner_belongs(name, at) for at, c in enumerate(name))


def _joiner_belongs(name: str, at: int) -> bool:
    """Tell whether the joiner at ``at`` is spelling (Persian, Sinhala …) or holds an emoji together."""
    before, after = name[:at].rstrip("\ufe0f")[-1:], name[at + 1 : at + 2]
    if not before or not after:
        return False
    if name[at] == "\u200d" and unicodedata.category(before) in ("So", "Sk") and unicodedata.category(after) == "So":
        return True
    return unicodedata.name(before, "").startswith(_JOINED_SCRIPTS) and unicodedata.name(after, "").startswith(_JOINED_SCRIPTS)


def _length(name: str) -> int:
    """Count characters roughly as people see them: marks and what a joiner glues on count with their letter."""
    text = " ".join(unicodedata.normalize("NFC", name).split())
    return sum(
        unicodedata.category(c)[0] != "M" and c not in _JOINERS and not 0x1F3FB <= ord(c) <= 0x1F3FF
        and not (at and text[at - 1] == "\u200d" and unicodedata.category(c) == "So")
        for at, c in enumerate(text)
    )  # fmt: skip


def _contact(name: str) -> str | None:
    plain = digits(unicodedata.normalize("NFKC", name))
    if any(sum(c.isdigit() for c in run) >= PHONE_DIGITS for run in _NUMBER.findall(plain)):
        return _("This looks like a phone number. Choose a name without it: everyone here would see it.")
    if "@" in plain:
        return _("This looks like an e-mail address. Choose a name without it: everyone here would see it.")
    if _LINK.search(plain):
        return _("This looks like a link. Choose a name without it.")
    return None


def _claim(name: str, key: str, taken: Collection[str], network: str) -> str | None:
    if _speaks_for_others(name, key, skeleton(network)):
        return _("Choose another name: this one sounds like somebody who speaks for the network or an authority.")
    if key in taken:
        return _("Choose another name: someone here already has a name that looks like this.")
    return None


def _speaks_for_others(name: str, key: str, network: str) -> bool:
    written = [part for part in re.split(r"[\W_]+", name) if part]
    parts = [without_number(part) for part in written]
    runs = {key, *(skeleton("".join(parts[a:b])) for b in range(1, len(parts) + 1) for a in range(b))}
    if not _reserved().isdisjoint(runs | {run.removeprefix(_THE) for run in runs}) or key in map(skeleton, RESERVED_ALONE):
        return True
    if network and (network in runs or (len(network) >= LONG_NAME and network in key)):
        return True
    starts, anywhere = tuple(map(skeleton, RESERVED_STARTS)), tuple(map(skeleton, RESERVED_ANYWHERE))
    return any(word.startswith(starts) or any(inside in word for inside in anywhere) for word in _words(name, written))


def _words(name: str, parts: list[str]) -> set[str]:
    """Return the words of a name as look-alike keys; letters that stand one by one are a word, two words are none."""
    alone = ("".join(run) for single, run in groupby(parts, lambda part: len(part) == 1) if single)
    return {skeleton(word) for word in (*re.split(r"[\s_\-–—]+", name), *parts, *alone)}


@cache
def _reserved() -> frozenset[str]:
    return frozenset(skeleton(word) for word in (*RESERVED, *AUTHORITY))


def _real_name(name: str) -> str | None:
    # Vowel signs are no \w: a pattern would cut আয়েশা into pieces.
    spaced = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" or c in "_'’" else " " for c in name)
    parts = [part for part in spaced.split() if len(part) > 1]
    folded = [fold(part) for part in parts]
    first = any(part in listed("given") for part in folded)
    maybe = any(part in listed("ambiguous") for part in folded)
    second = any(part in listed("family") for part in folded)
    capitals = len(parts) >= FIRST_LAST and not any(part[0].islower() for part in parts)
    if (capitals and first) or ((first or maybe) and second):
        return _("This looks like a real name. A name nobody knows you by keeps you safer.")
    return None


def _digit_run(name: str) -> str | None:
    plain = digits(name)
    if any(sum(c.isdigit() for c in run) >= WARN_DIGITS for run in _NUMBER.findall(plain)):
        return _("There is a long number in this name. Leave it out if it is part of a phone number or a date.")
    return None


def suggest_names(language: str, rng: random.Random, n: int = 3) -> list[str]:
    """Return ``n`` different neutral names in "en", "fr" or "ar" (English otherwise), drawn with ``rng``.

    The caller leaves out those whose skeleton is taken; there are more than a thousand in each language.
    """
    pattern, first, second = WORDS.get(language, WORDS["en"])
    found: list[str] = []
    while len(found) < n:
        made = pattern % {"thing": rng.choice(first), "like": rng.choice(second)}
        if made not in found:
            found.append(made)
    return found
