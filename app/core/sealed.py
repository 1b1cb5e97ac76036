"""Sealed columns for what is no text."""

from typing import Any

import sqlalchemy as sa

from app.core.crypto import ring
from app.core.db import Sealed


class SealedBytes(Sealed):
    """Bytes that are encrypted before they reach the database, as ``Sealed`` does with text."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else ring().seal(value, self.context)

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> Any:
        """Open."""
        return None if value is None else ring().open(bytes(value), self.context)
