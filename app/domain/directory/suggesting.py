"""Quick corrections by members: one field, as it stands and as it should read; whoever keeps the listing takes it or not."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.core import settings as core_settings
from app.core.clock import days, now
from app.core.crypto import keyed_hash
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import _
from app.core.receipts import new_number, number_from, read_number
from app.core.text import clean, one_line
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory import rules
from app.domain.directory.calling import called
from app.domain.directory.compiling import KIND
from app.domain.directory.correcting import (
    SUGGESTION,
    as_it_stands,
    changed,
    disputed,
    keep_as_seen,
    mark,
    own_words,
    put_right,
    touched,
)
from app.domain.directory.offering import FIELDS
from app.domain.directory.protecting import is_protected
from app.domain.directory.service_view import tel
from app.domain.directory.standing import everything_of
from app.domain.directory.storing import SERVICE
from app.domain.directory.wire.put import begin
from app.models.directory import Service
from app.models.listing_care import CallOutcome, ListingSuggestion, Origin, SuggestionState

LATER_DAYS = 30  # for which a decision that was put off rests
_ADDRESS = re.compile(r"https?:|www\.|\b(?:t|wa)\.me\b", re.IGNORECASE)
ROUND_DAYS: Final = 7  # what was sent in a round counts against the two below; what waits from before keeps nobody out
POSTS: Final = 4  # of one member for one listing in a round: three fields each, half of what there is room for
MOST_WAITING: Final = 24  # for one listing: more would bury whoever reads them
MOST_ROWS: Final = 60  # with those who say the same: each has a number of their own
KEPT_DAYS = 90  # from the decision on (jobs/retention.py)


def number_of(sender: str, once: str) -> str:
    """Return the number that a form leads to, by its random mark: who sent it cannot be told from it."""
    return number_from("suggestion-number", f"{sender}\n{once}")


def _hash(number: str) -> str:
    return keyed_hash(core_settings.current().secret, "suggestion-receipt", number)


def suggest(db: Session, actor: Actor, service: Service, wished: Mapping[str, str], number: str = "") -> str:
    """Keep what a member changed in the form (see ``to_fill``). Nothing tells which member it was.

    Returns the number with which what came of it is read: ``number``, from number_of(), or a random one. It is stored nowhere.
    Raises Refused, NotFound for a protected listing (what stands there must not be told), Invalid, Conflict.
    """
    require(rules.may_suggest(actor))
    db.execute(sa.select(SERVICE.c.id).where(SERVICE.c.id == service.id).with_for_update())  # the same twice at once is kept once
    if service.protected:
        raise NotFound(_("This page is not here."))
    now_shown = as_it_stands(db, service)
    typed = {name: clean(text) if name == "hours" else one_line(text) for name, text in touched(wished).items()}
    differs = {name: text for name, text in typed.items() if text and text != now_shown[name]}
    if not differs:
        raise Invalid("", _("Nothing is different from what stands there. Change what is wrong."))
    _look_at(differs)
    today = now().date()
    fresh = _waiting(service.id).where(ListingSuggestion.sent_on >= _round_of(today), ListingSuggestion.origin == Origin.MEMBER)
    known = [(row.field, row.offered) for row in db.exec(fresh)]
    if len({*known, *differs.items()}) > MOST_WAITING or len(known) + len(differs) > MOST_ROWS:
        raise Conflict(_("Several people wrote about this already. Somebody looks at it soon."))
    number = number or new_number()
    db.add_all([  # a random id: others would tell the moment, and who was there then
        ListingSuggestion(
            id=uuid4(), service_id=service.id, field=name, current=now_shown[name], offered=text, sent_on=today,
            receipt_hash=_hash(number),
        )
        for name, text in differs.items()
    ])  # fmt: skip
    db.flush()
    return number


def _round_of(today: date) -> date:
    """Return the first day of the round: that in which limits are counted (web/limits.py), so that no two of them meet in one."""
    return today - days((today - date(1970, 1, 1)).days % ROUND_DAYS)


def by_number(db: Session, typed: str) -> tuple[Service, list[ListingSuggestion]] | None:
    """Return what was suggested under a typed number, and of which listing; None for a number of none."""
    number = read_number(typed)
    wanted = select(ListingSuggestion).where(ListingSuggestion.receipt_hash == _hash(number or ""))
    rows = list(db.exec(wanted.order_by(ListingSuggestion.field))) if number is not None else []
    return (db.get_one(Service, rows[0].service_id), rows) if rows else None


def _look_at(differs: Mapping[str, str]) -> None:
    """Raise Invalid for what is no name, number or hours: nobody can be asked about it later."""
    if "phone" in differs and not tel(differs["phone"]):
        raise Invalid("phone", _("This is no number that can be called."))
    for name in ("name", "hours"):
        if _ADDRESS.search(differs.get(name, "")) or (name == "name" and tel(differs.get(name, ""))):
            raise Invalid(name, _("Only a name or hours can stand here, no number and no address of a page."))


def _waiting(service_id: UUID) -> SelectOfScalar[ListingSuggestion]:
    wanted = select(ListingSuggestion).where(
        ListingSuggestion.service_id == service_id, ListingSuggestion.state == SuggestionState.WAITING
    )
    return wanted.order_by(col(ListingSuggestion.sent_on), col(ListingSuggestion.id))


def waiting(db: Session, service: Service) -> list[ListingSuggestion]:
    """Return what waits for whoever keeps this listing, the oldest first."""
    return once(db.exec(_waiting(service.id)))


def once(rows: Iterable[ListingSuggestion]) -> list[ListingSuggestion]:
    """Return the first of those that say the same: they are decided together."""
    first: dict[tuple[object, ...], ListingSuggestion] = {}
    for row in rows:
        first.setdefault((row.service_id, row.origin, row.field, row.offered), row)
    return list(first.values())


def _as_well(db: Session, row: ListingSuggestion) -> None:
    """Let what was decided hold for all who say the same."""
    same = sa.and_(
        SUGGESTION.c.service_id == row.service_id, SUGGESTION.c.field == row.field, SUGGESTION.c.offered == row.offered,
        SUGGESTION.c.origin == row.origin, SUGGESTION.c.state == SuggestionState.WAITING,
    )  # fmt: skip
    told = {name: getattr(row, name) for name in ("state", "rest_until", "decided_on", "decided_by_role")}
    db.execute(sa.update(SUGGESTION).where(same).values(told))


def get(db: Session, suggestion_id: UUID, of: Service | None = None) -> tuple[ListingSuggestion, Service]:
    """Return a suggestion that waits (for ``of``), and its listing. Raises NotFound, Conflict where somebody was quicker."""
    begin(db)  # before the row is locked, as imports do
    row = db.get(ListingSuggestion, suggestion_id, with_for_update=True)
    if row is None or (of is not None and row.service_id not in everything_of(db.connection(), [of.id])):
        raise NotFound(_("This page is not here."))
    if row.state != SuggestionState.WAITING:
        raise Conflict(_("Somebody has decided about this already."))
    return row, db.get_one(Service, row.service_id)


def decide_as_coordinator(
    db: Session, actor: Actor, row: ListingSuggestion, service: Service, accept: bool, seen: str = ""
) -> None:  # fmt: skip
    """Let a coordinator take a suggestion, or not."""
    require(rules.may_correct(actor))
    decide(db, row, service, accept, by="coordinator", seen=seen)
    audit.record(db, actor, "decide_suggestion", KIND, service.id, accepted=accept, suggestion=str(row.id))


def put_off(db: Session, actor: Actor, row: ListingSuggestion) -> None:
    """Let a decision rest for some weeks."""
    require(rules.may_correct(actor))
    row.rest_until = now().date() + days(LATER_DAYS)
    db.add(row)
    db.flush()
    _as_well(db, row)
    audit.record(db, actor, "decide_suggestion", KIND, row.service_id, later=True)


def decide(db: Session, row: ListingSuggestion, service: Service, accept: bool, *, by: str, seen: str = "") -> None:
    """Take a suggestion, or not, in the role ``by``; the caller has asked the rule and records.

    ``seen``: the mark of what the page showed as it stands. A value of the listing's own source that is taken, or that the source
    takes itself, is the source's: its next import may change it. Raises Conflict where something else stands there meanwhile.
    """
    stands, own, locked = disputed(db, service), own_words(db, service), list(service.corrected)
    if accept and mark(stands[row.field]) != (seen or mark(row.current)):
        raise Conflict(_("What stands there has changed meanwhile. Look at it once more."))
    if accept and by == "partner" and row.field == "name" and is_protected(row.offered, []):
        raise Conflict(_("This name would protect the place for good. A coordinator decides about it."))
    row.state = SuggestionState.ACCEPTED if accept else SuggestionState.DECLINED
    row.decided_on, row.decided_by_role = now().date(), by
    db.add(row)
    db.flush()
    _as_well(db, row)
    if accept:
        _confirmed_no_more(db, row, service)
        put_right(db, service, by, **{row.field: row.offered})
        called(db, service, CallOutcome.CHANGED, "partner" if by == "partner" else "desk", by=by)
    if accept and by == "partner" and own[row.field] == stands[row.field]:
        service.corrected = [name for name in service.corrected if FIELDS.get(name) != row.field or name in locked]
        changed(db, service)
    if accept and row.origin == Origin.LIST:
        service.corrected = [name for name in service.corrected if FIELDS.get(name) != row.field]
        service.content_hash = ""  # the next import brings all of it, not only what stands in one line
        changed(db, service)
    if not accept and row.origin == Origin.LIST:  # somebody decided: what was refused does not come in when the check has ended
        _keep(db, service, row.field)


def _confirmed_no_more(db: Session, row: ListingSuggestion, service: Service) -> None:
    """Let the source of a listing tell again what it offered: only what it has not itself is put there by hand."""
    if row.origin == Origin.LIST:
        service.confirmed = [name for name in service.confirmed if FIELDS.get(name) != row.field]
        changed(db, service)


def _keep(db: Session, service: Service, field: str) -> None:
    """Keep for good what stands there, as if somebody had put it right."""
    columns = [name for name, called_ in FIELDS.items() if called_ == field and name not in service.corrected]
    for column in columns if not service.protected else ():  # people see neither number nor hours of a protected one
        keep_as_seen(db, service, column)
    service.corrected = sorted({*service.corrected, *columns})
    changed(db, service)
