"""Write and check the chain of audit events."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core.clock import now
from app.domain.actor import Actor
from app.models.engine import AuditEvent

START = "0" * 64
# What people do with their own things says no role: of an anonymous story, "by a mentor" can be half of a name.
_BY_ROLE = (
    "story.open_review",
    "story.approve",
    "story.ask_change",
    "story.decline",
    "story.hide",
    "story.unhide",
    "story.propose",
    "story.approve_translation",
    "story.ask_translation_change",
    "story.decline_translation",
)
_UNNAMED = "group."  # who acts in a group belongs to it, and that must not stand here for ever: it can be a hidden one
_LOCK = 7_201  # PostgreSQL advisory lock: one writer of the chain at a time (SQLite has only one writer anyway)


def record(
    db: Session, actor: Actor | None, verb: str, subject_kind: str = "", subject_id: UUID | None = None, **detail: Any
) -> AuditEvent:
    """Append an event; ``detail`` holds ids, counts and words of ours, never what people typed."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    number, previous = end_of_chain(db)
    detail = json.loads(json.dumps(detail, default=str))  # as it comes back from the database, so that the hash fits
    event = AuditEvent(
        number=number + 1, at=now().replace(microsecond=0),
        actor_id=actor.member_id if actor and not verb.startswith(_UNNAMED) else None, actor_role=_role(actor, verb), verb=verb,
        subject_kind=subject_kind, subject_id=subject_id, detail=detail,
        previous=previous, hash="",
    )  # fmt: skip
    event.hash = digest(event)
    db.add(event)
    db.flush()
    return event


def digest(event: AuditEvent) -> str:
    """Return SHA-256 over the previous hash and the event's fields in a fixed order."""
    parts = [
        event.previous, event.number, event.at.isoformat(), str(event.actor_id or ""), event.actor_role, event.verb,
        event.subject_kind, str(event.subject_id or ""), json.dumps(event.detail, sort_keys=True, ensure_ascii=False),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def broken_links(db: Session) -> Iterator[int]:
    """Yield the numbers of events that were altered, or that follow a missing one."""
    previous, expected = START, 1
    for event in db.exec(select(AuditEvent).order_by(sa.asc(sa.column("number")))).yield_per(500):
        if event.number != expected or event.previous != previous or event.hash != digest(event):
            yield event.number
        previous, expected = event.hash, event.number + 1


def end_of_chain(db: Session) -> tuple[int, str]:
    """Return number and hash of the last event; (0, 64 zeros) before the first."""
    last = db.exec(select(AuditEvent).order_by(sa.desc(sa.column("number"))).limit(1)).first()
    return (last.number, last.hash) if last else (0, START)


def _role(actor: Actor | None, verb: str) -> str:
    if actor is None:
        return "system"
    if actor.signed_in and verb.startswith(("story.", _UNNAMED)) and verb not in _BY_ROLE:
        return ""
    return ",".join(sorted(r.value for r in actor.roles))[:20] if actor.signed_in else "guest"
