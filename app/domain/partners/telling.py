"""What a program is told about what its partner sent: one shape for a single listing, a list and the items of a batch."""

from datetime import date
from typing import Any

from app.core.i18n import _
from app.domain.directory.freshness import state_of
from app.domain.directory.rows import Record
from app.domain.directory.wire.objects import moment
from app.domain.partners import rules
from app.domain.partners.checking import Problem
from app.domain.partners.queries import Caller
from app.domain.partners.taking import Taken
from app.models.partners import PartnerAgreement, RecordState


def state_of_record(row: Any, today: date) -> str:
    """Return the one word for where a record stands: waiting, declined, defunct, fresh, due, old or never."""
    if row.state in (RecordState.WAITING, RecordState.DECLINED):
        return str(row.state.value)
    if row.state == RecordState.WITHDRAWN or row.defunct_on is not None or not in_directory(row):
        return "defunct"
    return state_of(row.verified_on, row.verify_due, today).value if row.verify_due else "taken"


def in_directory(row: Any) -> bool:
    """Say whether it is there, or was until it ended; a service that ended long ago has left the database."""
    return row.state == RecordState.TAKEN and (row.kind != "service" or row.ref is not None)


def standing(row: Any, today: date, said: list[str]) -> Record:
    """Return where a record stands; ``said`` is what people reported. Fields without a value are left out."""
    live = in_directory(row)
    found: Record = {
        "id": row.foreign_id, "type": row.kind, "name": row.name, "state": state_of_record(row, today),
        "hsds_id": str(row.object_id) if live else None,
        "page": f"/help/{row.ref}" if live and row.ref else None,
        "verified_on": row.verified_on.isoformat() if live and row.verified_on else None,
        "verify_due": row.verify_due.isoformat() if live and row.verify_due else None,
        "last_modified": moment(row.last_modified) if live and row.last_modified else None,
        "protected": True if live and row.protected else None,
        "kept": sorted(row.corrected) if live and row.corrected else None,
        "reported": said or None, "reason": (row.state == RecordState.DECLINED and row.reason) or None,
        "sent_at": row.sent_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def single(row: Any, today: date, said: list[str], made: Record) -> Record:
    """Return where a record stands, with its object (closing.object_of)."""
    return {**standing(row, today, said), "object": made}


def taken(one: Taken, row: Any, today: date, warning: Record | None = None) -> Record:
    """Return what became of an object that was sent: ``result``, its standing, what was passed over, what stayed, what is here."""
    told: Record = {"result": one.result, **standing(row, today, [])}
    if one.checked.ignored:
        told["ignored"] = sorted(one.checked.ignored)
    if notes := _notes(one, told):
        told["notes"] = notes
    if warning:
        told["warnings"] = [warning]
    return told


def _notes(one: Taken, told: Record) -> list[str]:
    notes = []
    if told["state"] == "waiting":
        notes.append(_("It waits for a coordinator of the network: the first listings of a new partner do."))
    if told.get("kept"):
        notes.append(_("People of the network put these fields right, so they stay as they are: %(names)s.",
                       names=", ".join(told["kept"])))  # fmt: skip
    return notes + [note for item in one.items for note in item.notes]


def refusal(problems: list[Problem]) -> list[dict[str, str]]:
    """Return the mistakes as they go out."""
    return [problem.as_dict() for problem in problems]


def about_key(caller: Caller, agreement: PartnerAgreement | None, today: date) -> Record:
    """Return whose key it is, what it is for, its last day, and whether members may be handed on to this partner."""
    referrals = rules.may_receive_referrals(today, agreement.review_on if agreement else None)
    found: Record = {
        "partner": caller.partner, "scopes": sorted(scope.value for scope in caller.scopes), "until": caller.until.isoformat(),
        "agreement_until": agreement.review_on.isoformat() if agreement else None, "receives_referrals": bool(referrals),
        "why_not": referrals.reason,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}
