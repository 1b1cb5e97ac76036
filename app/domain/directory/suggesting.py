"""Quick corrections by members: one field, as it stands and as it should read; whoever keeps the listing takes it or not."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.core.clock import days, now
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import _
from app.core.text import clean, one_line
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory import rules
from app.domain.directory.compiling import KIND
from app.domain.directory.correcting import as_it_stands, changed, put_right, touched
from app.domain.directory.offering import FIELDS
from app.models.directory import Service
from app.models.listing_care import ListingSuggestion, Origin, SuggestionState

LATER_DAYS = 30  # for which a decision that was put off rests
MOST_WAITING = 12  # for one listing: more would bury whoever reads them


def suggest(db: Session, actor: Actor, service: Service, wished: Mapping[str, str]) -> int:
    """Keep what a member changed in the form (see ``to_fill``); return how many fields differ. Nothing tells which member it was.

    Raises Refused, NotFound for a protected listing (what stands there must not be told), Invalid.
    """
    require(rules.may_suggest(actor))
    if service.protected:
        raise NotFound(_("This page is not here."))
    now_shown = as_it_stands(db, service)
    typed = {name: clean(text) if name == "hours" else one_line(text) for name, text in touched(wished).items()}
    differs = {name: text for name, text in typed.items() if text and text != now_shown[name]}
    if not differs:
        raise Invalid("", _("Nothing is different from what stands there. Change what is wrong."))
    waiting = db.exec(_waiting(service.id)).all()
    known = {(row.field, row.offered) for row in waiting if row.origin == Origin.MEMBER}
    fresh = {name: text for name, text in differs.items() if (name, text) not in known}
    if len(waiting) + len(fresh) > MOST_WAITING:
        raise Conflict(_("Several people wrote about this already. Somebody looks at it soon."))
    today = now().date()
    db.add_all([  # a random id: others would tell the moment, and who was there then
        ListingSuggestion(id=uuid4(), service_id=service.id, field=name, current=now_shown[name], offered=text, sent_on=today)
        for name, text in fresh.items()
    ])  # fmt: skip
    db.flush()
    return len(differs)


def _waiting(service_id: UUID) -> SelectOfScalar[ListingSuggestion]:
    wanted = select(ListingSuggestion).where(
        ListingSuggestion.service_id == service_id, ListingSuggestion.state == SuggestionState.WAITING
    )
    return wanted.order_by(col(ListingSuggestion.sent_on), col(ListingSuggestion.id))


def waiting(db: Session, service: Service) -> list[ListingSuggestion]:
    """Return what waits for whoever keeps this listing, the oldest first."""
    return list(db.exec(_waiting(service.id)))


def get(db: Session, suggestion_id: UUID) -> tuple[ListingSuggestion, Service]:
    """Return a suggestion that waits, and its listing. Raises NotFound, Conflict where somebody was quicker."""
    row = db.get(ListingSuggestion, suggestion_id, with_for_update=True)
    if row is None:
        raise NotFound(_("This page is not here."))
    if row.state != SuggestionState.WAITING:
        raise Conflict(_("Somebody has decided about this already."))
    return row, db.get_one(Service, row.service_id)


def decide_as_coordinator(db: Session, actor: Actor, row: ListingSuggestion, service: Service, accept: bool) -> None:
    """Let a coordinator take a suggestion, or not."""
    require(rules.may_correct(actor))
    decide(db, row, service, accept, by="coordinator")
    audit.record(db, actor, "decide_suggestion", KIND, service.id, accepted=accept)


def put_off(db: Session, actor: Actor, row: ListingSuggestion) -> None:
    """Let a decision rest for some weeks."""
    require(rules.may_correct(actor))
    row.rest_until = now().date() + days(LATER_DAYS)
    db.add(row)
    db.flush()
    audit.record(db, actor, "decide_suggestion", KIND, row.service_id, later=True)


def decide(db: Session, row: ListingSuggestion, service: Service, accept: bool, *, by: str) -> None:
    """Take a suggestion, or not, in the role ``by``; the caller has asked the rule and records.

    A value of the listing's own source that is taken is the source's again: the next import may change it.
    """
    row.state = SuggestionState.ACCEPTED if accept else SuggestionState.DECLINED
    row.decided_on, row.decided_by_role = now().date(), by
    db.add(row)
    db.flush()
    if accept:
        put_right(db, service, by, **{row.field: row.offered})
    if accept and row.origin == Origin.LIST:
        service.corrected = [name for name in service.corrected if FIELDS.get(name) != row.field]
        service.content_hash = ""  # the next import brings all of it, not only what stands in one line
        changed(db, service)
