"""Statements of reasons of what was hidden at once, before a person looked: the one restriction that a program carries out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.core.crypto import keyed_hash
from app.core.settings import Settings
from app.domain.moderation.naming import EXPORTED
from app.domain.moderation.wording import FLAGGED, reason
from app.domain.network import dsa
from app.models.moderation import Case, Hold

_H, _C = Hold.__table__, Case.__table__  # type: ignore[attr-defined]
_CATEGORIES: Final = {"hurts": "ILLEGAL_OR_HARMFUL_SPEECH"}  # of what somebody chose; only danger and identity are hidden so
_IDENTITY: Final = "recognised"
_GROUND: Final = "How we decide: hidden at once"
_EXPLANATION: Final = (
    "What somebody with a role here, or three members who have been here for two weeks, say is dangerous or shows who somebody is, "
    "is hidden until a person has looked, at most for a week where nobody does."
)


def holds(connection: sa.Connection, since: date | None) -> Sequence[sa.Row[Any]]:
    """Return what was hidden at once, on this day or later, the oldest first."""
    query: Any = sa.select(_H.c.id, _H.c.at, _H.c.reasons, _H.c.ended_on, _C.c.kind, _C.c.subject_kind, _C.c.subject_id).join_from(
        _H, _C, _C.c.id == _H.c.case_id
    )
    if since is not None:
        query = query.where(_H.c.at >= datetime(since.year, since.month, since.day, tzinfo=UTC))
    return connection.execute(query.order_by(_H.c.id)).all()


def statements(
    settings: Settings, rows: Sequence[sa.Row[Any]], contents: dict[UUID, tuple[str, date | None, set[str]]],
    spoken: frozenset[str], held_back: Counter[str],
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield a statement for each; ``contents`` as ``statements.contents`` returns them, ``held_back`` counts what is not given."""
    for row in rows:
        if _IDENTITY in row.reasons:  # it may be shown again: a day would say in which story somebody can be recognised
            held_back["it is about whether somebody can be recognised"] += 1
            continue
        category = next((_CATEGORIES[key] for key in row.reasons if key in _CATEGORIES), None)
        if category is None:
            held_back["what it was hidden for is not known"] += 1
            continue
        yield _statement(settings, row, category, contents, spoken)


def _statement(
    settings: Settings, row: sa.Row[Any], category: str, contents: dict[UUID, tuple[str, date | None, set[str]]],
    spoken: frozenset[str],
) -> dict[str, Any]:  # fmt: skip
    language, _shown_on, kinds = contents.get(row.subject_id, ("", None, {"CONTENT_TYPE_TEXT"}))
    on, kind = row.at.date(), FLAGGED[row.kind]
    named = "; ".join(f"“{found.label}”" for key in row.reasons if (found := reason(kind, key)))
    what = EXPORTED[row.subject_kind]
    statement: dict[str, Any] = {
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"],
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "decision_ground_reference_url": f"{settings.base_url.rstrip('/')}/rules",
        "incompatible_content_ground": _GROUND,
        "incompatible_content_explanation": _EXPLANATION,
        "content_type": sorted(kinds),
        "category": f"STATEMENT_CATEGORY_{category}",
        "territorial_scope": list(dsa.TERRITORY),
        "content_date": on.isoformat(),  # not the day on which it was shown: that leads to it
        "application_date": on.isoformat(),
        "decision_facts": f"{what} was flagged by readers ({named}). A program hid it until a person of the network has looked.",
        "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_FULLY",
        "puid": keyed_hash(settings.secret, "statement at once", str(row.id))[:40],
    }
    if language in spoken and len(language.split("-")[0]) == 2:
        statement["content_language"] = language[:2].upper()
    if row.ended_on is not None:
        statement["end_date_visibility_restriction"] = max(row.ended_on, on).isoformat()
    return statement
