"""Keys that let people back in without e-mail or phone: six words or sixteen digits, and one-time recovery codes."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from rapidfuzz.distance import Levenshtein

from app.core.text import fold

FOLDER: Final = Path(__file__).parent / "words"
LANGUAGES: Final = ("en", "fr", "ar")
WORDS: Final = 6
LOCATOR_WORDS: Final = 2
DIGITS: Final = 16
LOCATOR_DIGITS: Final = 6
LONGEST_TYPED: Final = 400
MOST_REPAIRS: Final = 2
SHORTEST_PREFIX: Final = 4

# Crockford's base 32: without I, L, O (read as 1, 1, 0) and without U (fewer accidental words).
CODE_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 16  # 16 letters of 5 bits: 80 bits
CODE_GROUP: Final = 4
_READ_AS: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})

# OWASP's password storage sheet lists Argon2id with 46 MiB, one pass, one lane. We take two passes: the secret part of
# a digit key has only 33 bits, and somebody who holds the database and the server key can guess without our rate limit.
# More memory would let a few sign-ins at the same time exhaust a machine with 1 GB.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1, hash_len=32, salt_len=16)
# The hash of a random value that nobody kept, made with the parameters above: an unknown locator costs the same time.
DUMMY: Final = "$argon2id$v=19$m=47104,t=2,p=1$3fXsAKQC6Aqw6JbmdSb5lA$nH+UhCCdQmurAZnbdcFa3mAlEEv0Trdky1sp+wKyU3Y"


@dataclass(frozen=True, slots=True)
class Key:
    """A key: what is shown, the part that finds the account, the part that proves it (canonical, folded text)."""

    shown: list[str]
    locator: str
    secret: str


@cache
def word_list(language: str) -> dict[str, str]:
    """Return folded word -> word as shown, for "en", "fr" or "ar"; KeyError for any other language."""
    if language not in LANGUAGES:
        raise KeyError(language)
    lines = (FOLDER / f"{language}.txt").read_text("utf-8").split()
    return {fold(word): word for word in lines}


def new_words(language: str) -> Key:
    """Return a fresh key of six words (66 bits, 44 of them secret); English where there is no list for ``language``."""
    known = word_list(language if language in LANGUAGES else LANGUAGES[0])
    folded = list(known)
    return _words_key([secrets.choice(folded) for _ in range(WORDS)], known)


def new_digits() -> Key:
    """Return a fresh key of sixteen digits in groups of four (53 bits, 33 of them secret)."""
    return _digits_key("".join(secrets.choice("0123456789") for _ in range(DIGITS)))


def _words_key(folded: list[str], known: dict[str, str]) -> Key:
    return Key([known[w] for w in folded], " ".join(folded[:LOCATOR_WORDS]), " ".join(folded[LOCATOR_WORDS:]))


def _digits_key(digits: str) -> Key:
    groups = [digits[i : i + CODE_GROUP] for i in range(0, DIGITS, CODE_GROUP)]
    return Key(groups, digits[:LOCATOR_DIGITS], digits[LOCATOR_DIGITS:])


def read_key(typed: str) -> Key | None:
    """Return the key somebody meant, or None when it cannot be one.

    Case, accents, commas, dashes, line breaks, numbering, digits of other scripts and at most two small typing mistakes
    do not matter. The same key always gives the same locator and secret.
    """
    if len(typed) > LONGEST_TYPED:
        return None
    folded = fold(typed)
    words = re.findall(r"[^\W\d_]+", folded)
    return _read_words(words) if words else _read_digits(re.findall(r"\d+", folded))


def _read_digits(groups: list[str]) -> Key | None:
    digits = "".join(groups)
    if len(digits) != DIGITS:
        # "1) 4821 2) 0077 …": the single digits count the groups.
        digits = "".join(group for group in groups if len(group) > 1)
    return _digits_key(digits) if len(digits) == DIGITS and digits.isascii() else None


def _read_words(words: list[str]) -> Key | None:
    best = max(LANGUAGES, key=lambda language: sum(word in word_list(language) for word in words))
    known = word_list(best)
    found = [word for word in words if word in known]
    if len(found) == WORDS:
        return _words_key(found, known)
    if len(words) != WORDS or len(found) < WORDS - MOST_REPAIRS:
        return None
    repaired = [word if word in known else _repair(word, known) for word in words]
    whole = [word for word in repaired if word is not None]
    return _words_key(whole, known) if len(whole) == WORDS else None


def _repair(word: str, known: dict[str, str]) -> str | None:
    """Return the only word that begins like this, or the only one a single letter away."""
    if len(word) >= SHORTEST_PREFIX:
        begun = [other for other in known if other.startswith(word)]
        if len(begun) == 1:
            return begun[0]
    near = [other for other in known if Levenshtein.distance(word, other, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else None


def locator_hash(locator: str, server_key: bytes) -> str:
    """Return what the account is looked up by: HMAC-SHA256 of the locator, 64 hexadecimal digits."""
    return _labelled(b"hearth key locator 1", locator, server_key)


def _labelled(label: bytes, text: str, server_key: bytes) -> str:
    # The label keeps one kind of hash from being taken for another; the zero byte ends it unambiguously.
    return hmac.new(server_key, label + b"\x00" + text.encode("utf-8"), hashlib.sha256).hexdigest()


def hash_secret(secret: str) -> str:
    """Return the Argon2id hash of a secret, in its usual text form with parameters and salt."""
    return _HASHER.hash(secret)


def verify_secret(hashed: str, secret: str) -> bool:
    """Tell whether ``secret`` belongs to ``hashed``; with DUMMY when nothing was found, so that time does not tell."""
    try:
        return _HASHER.verify(hashed, secret)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(hashed: str) -> bool:
    """Tell whether ``hashed`` was made with other parameters than today's; an unreadable hash needs it too."""
    try:
        return _HASHER.check_needs_rehash(hashed)
    except InvalidHashError:
        return True


def new_recovery_codes(n: int = 8) -> list[str]:
    """Return ``n`` different one-time codes of 80 bits, as four groups of four letters."""
    codes: set[str] = set()
    while len(codes) < n:
        codes.add(_grouped("".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))))
    return sorted(codes)


def _grouped(letters: str) -> str:
    return "-".join(letters[i : i + CODE_GROUP] for i in range(0, CODE_LENGTH, CODE_GROUP))


def read_code(typed: str) -> str | None:
    """Return a recovery code as it was shown, from however it was typed; None when it cannot be one."""
    if len(typed) > LONGEST_TYPED:
        return None
    letters = re.sub(r"[\W_]+", "", fold(typed)).upper().translate(_READ_AS)
    if len(letters) != CODE_LENGTH or any(letter not in CODE_LETTERS for letter in letters):
        return None
    return _grouped(letters)


def hash_code(code: str, server_key: bytes) -> str:
    """Return what a recovery code is stored as: HMAC-SHA256, 64 hexadecimal digits.

    A fast hash is enough here: a code has 80 random bits, so guessing is hopeless without Argon2.
    """
    return _labelled(b"hearth recovery code 1", code, server_key)
