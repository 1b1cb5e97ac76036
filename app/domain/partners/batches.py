"""Many things at once: each item has an answer of its own, and a bad one harms no other."""

from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from app.core.clock import now
from app.core.i18n import _
from app.domain.directory.reading.objects import id_of
from app.domain.directory.rows import Record
from app.domain.partners import listings, queries, telling, warning
from app.domain.partners.checking import Checked, Problem
from app.domain.partners.taking import KINDS, Sent, Taken, put
from app.models.partners import Partner, PartnerRecord, RecordState

MOST: Final = 500
ACTIONS: Final = ("put", "verify", "delete")  # in this order, whatever the order of the items
STATUS: Final = {"created": 201, "updated": 200, "unchanged": 200, "refused": 422}


def run(db: Session, partner: Partner, value: Record) -> Record | list[Problem]:
    """Do what the items say; return an answer for each and how often what happened, or what is wrong with the whole."""
    items = value.get("items")
    if not isinstance(items, list) or not items:
        return [Problem("/items", _("This must be a list with one item or more."))]
    if len(items) > MOST:
        return [Problem("/items", _("At most %(limit)s of these.", limit=MOST))]
    answers: dict[int, Record] = {}
    wishes: list[tuple[int, str, Sent]] = []
    for index, item in enumerate(items):
        wish = _wish(item)
        if isinstance(wish, Checked):
            answers[index] = {"status": 422, "result": "refused", "errors": telling.refusal(wish.problems)}
        else:
            wishes.append((index, *wish))
    answers |= _put(db, partner, [(index, sent) for index, action, sent in wishes if action == "put"])
    for action in ACTIONS[1:]:
        answers |= _all(db, partner, action, [(index, sent) for index, name, sent in wishes if name == action])
    results = [{"index": index, **answers[index]} for index in range(len(items))]
    counts: dict[str, int] = {}
    for one in results:
        counts[one["result"]] = counts.get(one["result"], 0) + 1
    return {"results": results, "counts": counts}


def _wish(item: Any) -> tuple[str, Sent] | Checked:
    """Return the action of an item and what it is about, or what is wrong with it."""
    wrong = Checked()
    if not isinstance(item, dict):
        wrong.refuse("", _("This must be an object with named fields."))
        return wrong
    action, kind, data = item.get("action", "put"), item.get("type", "service"), item.get("object")
    given = item.get("id", data.get("id") if isinstance(data, dict) else None)
    foreign_id = id_of(given) if isinstance(given, str | int) else None
    if action not in ACTIONS:
        wrong.refuse("/action", _("Choose one of these: %(words)s.", words=", ".join(ACTIONS)))
    if kind not in KINDS or (kind != "service" and action != "put"):
        wrong.refuse("/type", _("Choose one of these: %(words)s.", words=", ".join(KINDS if action == "put" else KINDS[1:])))
    if foreign_id is None:
        wrong.refuse("/id", _("This is needed, and we do not make it up."))
    if wrong.problems or foreign_id is None:
        return wrong
    return str(action), Sent("service" if kind == "service" else "organization", foreign_id, data)


def _put(db: Session, partner: Partner, wishes: list[tuple[int, Sent]]) -> dict[int, Record]:
    made = put(db, partner, [sent for _index, sent in wishes]) if wishes else []
    rows, here = rows_of(db, partner, made), warning.already_here(db, partner, made)
    return {index: _told(one, rows, here.get(one.sent.foreign_id)) for (index, _sent), one in zip(wishes, made, strict=True)}


def rows_of(db: Session, partner: Partner, made: list[Taken]) -> dict[Any, Any]:
    """Return the records of what was taken, with their standing now."""
    db.flush()
    return queries.shown(db.connection(), [one.record.id for one in made if one.record is not None], partner.id)


def _told(one: Taken, rows: dict[Any, Any], here: Record | None) -> Record:
    if one.record is None:
        about = {"id": one.sent.foreign_id, "type": one.sent.kind}
        return {"status": 422, "result": "refused", **about, "errors": telling.refusal(one.checked.problems)}
    return {"status": STATUS[one.result], **telling.taken(one, rows[one.record.id], now().date(), here)}


def _all(db: Session, partner: Partner, action: str, wishes: list[tuple[int, Sent]]) -> dict[int, Record]:
    """Confirm or take out listings, all in one go; what is wrong with one is the answer of its item."""
    records = listings.by_ids(db, partner, "service", {sent.foreign_id for _index, sent in wishes})
    verdicts = listings.confirmable(db, list(records.values())) if action == "verify" else {}
    answers: dict[int, Record] = {}
    done: dict[UUID, PartnerRecord] = {}
    for index, sent in wishes:
        about: Record = {"id": sent.foreign_id, "type": sent.kind}
        record = records.get(sent.foreign_id)
        if record is None:
            answers[index] = {"status": 404, "result": "refused", **about, "detail": _(listings.NOTHING_SENT)}
        elif action == "verify" and (reason := verdicts[record.id].reason) is not None:
            answers[index] = {"status": 409, "result": "refused", **about, "detail": reason}
        else:
            moved = action == "verify" or (record.state != RecordState.WITHDRAWN and record.id not in done)
            result = ("verified" if action == "verify" else "deleted") if moved else "unchanged"
            answers[index] = {"status": 200, "result": result, **about}
            done |= {record.id: record} if moved else {}
    if done:
        (listings.confirm if action == "verify" else listings.withdraw_all)(db, partner, list(done.values()))
    return answers
