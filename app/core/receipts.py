"""Receipt numbers: sixteen digits that look like a telephone number, for whoever has no account. Stored as a keyed hash only."""

import secrets
from typing import Final

from app.core import settings
from app.core.crypto import keyed_hash
from app.core.text import digits

LENGTH: Final = 16


def new_number() -> str:
    """Return a new number, of digits only."""
    return "".join(secrets.choice("0123456789") for _n in range(LENGTH))


def number_from(purpose: str, mark: str) -> str:
    """Return the number that a form leads to: HMAC under the server key of its random mark, which is stored nowhere."""
    return str(int(keyed_hash(settings.current().secret, purpose, mark), 16) % 10**LENGTH).zfill(LENGTH)


def grouped(number: str) -> str:
    """Return a number as people write it down: groups of four."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def read_number(typed: str) -> str | None:
    """Return the sixteen digits somebody meant, in any script and grouping, or None."""
    found = "".join(c for c in digits(typed[:200]) if c.isascii() and c.isdigit())
    return found if len(found) == LENGTH else None
