"""A request with an Idempotency-Key that comes again is answered as it was the first time, and does nothing a second time."""

import hashlib
import json
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.domain.directory.rows import Record
from app.domain.directory.wire.put import begin
from app.models.partners import PartnerAnswer

LONGEST_KEY: Final = 255


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Return what two requests have in common that ask for the same."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode("utf-8", "replace"), body))).hexdigest()


def find(db: Session, partner_id: UUID, key: str, asked: str) -> tuple[int, Record] | None:
    """Return status and body of the first answer; whoever asks at the same time waits here for it.

    Raises Invalid for a key that is too long, or that stood on another request.
    """
    if len(key) > LONGEST_KEY:
        raise Invalid("", _("An Idempotency-Key has at most %(limit)s letters.", limit=LONGEST_KEY))
    begin(db)
    kept = db.get(PartnerAnswer, _row_key(partner_id, key))
    if kept is None:
        return None
    if kept.asked != asked:
        raise Invalid("", _("This Idempotency-Key stood on another request. Use a new one for each."))
    body: Record = json.loads(kept.body)
    return kept.status, body


def keep(db: Session, partner_id: UUID, key: str, asked: str, status: int, body: Record) -> None:
    """Keep an answer for two days."""
    text = json.dumps(body, ensure_ascii=False)
    db.add(PartnerAnswer(key=_row_key(partner_id, key), asked=asked, status=status, body=text, at=now()))
    db.flush()


def _row_key(partner_id: UUID, key: str) -> str:
    return hashlib.sha256(f"{partner_id}\n{key}".encode("utf-8", "replace")).hexdigest()
