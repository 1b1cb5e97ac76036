"""What was done so far to keep a listing true, as everybody reads it: days and roles, never a name and never an old number."""

from typing import Any

from sqlmodel import Session

from app.core import i18n
from app.core.clock import now
from app.core.i18n import _
from app.domain.directory import calling, care_words, queries
from app.domain.directory.offering import FIELDS
from app.domain.directory.service_view import checked
from app.models.directory import Service


def view(db: Session, service: Service) -> dict[str, Any]:
    """Return the last check in words, what somebody saw then, all checks, what was put right; two statements.

    What stood there before is not told: a number may have been taken out because somebody wished so.
    """
    counts = service.verify_due >= now().date()
    seen = [_(care_words.FIELDS[FIELDS[name]]) for name in service.confirmed if name in FIELDS] if counts else []
    return {
        "checked": checked(service), "seen": seen, "calls": care_words.calls(calling.log(db, service)),
        "changes": [
            {name: one[name] for name in ("day", "field", "who")}
            for one in care_words.history(queries.history(db.connection(), service.id))
        ],
        "since": i18n.day_words(service.imported_on),
    }  # fmt: skip
