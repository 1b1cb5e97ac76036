"""Identifiers: sortable ones for rows, random ones for addresses and secrets."""

import os
import re
import secrets
import threading
import time
from datetime import UTC, date, datetime
from uuid import UUID

_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no 0/o, 1/l/i, u: can be read aloud
REF_LENGTH = 12
REF = re.compile(rf"[{_ALPHABET}]{{{REF_LENGTH}}}")


_lock = threading.Lock()
_last = [0]


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562, 6.2 method 1): sortable, also within a millisecond of one process; the same on every engine."""
    with _lock:  # a 12-bit counter below the milliseconds; it runs on where the clock stands still or is set back
        moment = _last[0] = max(time.time_ns() // 1_000_000 << 12, _last[0] + 1)
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=(moment >> 12) << 80 | 0x7 << 76 | (moment & 0xFFF) << 64 | 0x2 << 62 | random)


def day_id(day: date) -> UUID:
    """Return a random id that sorts among ours at the day's midnight (UTC): for what must not tell when in the day it was made."""
    milliseconds = int(datetime.combine(day, datetime.min.time(), UTC).timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0x2 << 62 | secrets.randbits(62))


def new_ref() -> str:
    """Return a random address part: about 58 bits, telling neither time nor order (a UUIDv7 would tell the moment)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(REF_LENGTH))


def new_number() -> str:
    """Return six random letters and digits: which request it was, to be read aloud on the phone."""
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in os.urandom(6)).upper()


def is_ref(text: str) -> bool:
    """Say whether ``text`` has the form of an address part."""
    return REF.fullmatch(text) is not None


def new_token() -> str:
    """Return 256 random bits as text for cookies and links."""
    return secrets.token_urlsafe(32)
