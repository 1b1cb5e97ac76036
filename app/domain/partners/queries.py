"""Reads about partners: the key that a program brings, what a partner has here, what a coordinator looks at."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import days
from app.domain.directory import overlapping, suggesting
from app.domain.directory.freshness import SOON_DAYS
from app.domain.directory.storing import DECISION, SERVICE
from app.domain.partners.reported import CASE as _CASE
from app.domain.partners.reported import FACTS, SINCE
from app.domain.partners.reported import FEEDBACK as _FEEDBACK
from app.domain.partners.reported import FLAG as _FLAG
from app.domain.search.queries import Hit
from app.models.accounts import Member
from app.models.listing_care import ListingSuggestion, Origin, SuggestionState
from app.models.moderation import CaseState
from app.models.partners import (
    Partner,
    PartnerAgreement,
    PartnerKey,
    PartnerMember,
    PartnerRecord,
    RecordState,
    Scope,
)

_PARTNER: sa.Table = Partner.__table__  # type: ignore[attr-defined]
_KEY: sa.Table = PartnerKey.__table__  # type: ignore[attr-defined]
SUGGESTION: sa.Table = ListingSuggestion.__table__  # type: ignore[attr-defined]
_RECORD: sa.Table = PartnerRecord.__table__  # type: ignore[attr-defined]
_BY_KEY = (
    sa.select(_KEY, _PARTNER.c.name, _PARTNER.c.ended_on.label("partner_ended"))
    .join(_PARTNER, _PARTNER.c.id == _KEY.c.partner_id).where(_KEY.c.key_hash == sa.bindparam("hashed"))
)  # fmt: skip
_SHOWN = (
    sa.select(
        *(column for column in _RECORD.c if column.name != "content"),  # sealed, and only for one at a time
        *(SERVICE.c[n] for n in ("ref", "verified_on", "verify_due", "defunct_on", "corrected", "last_modified")),
        sa.func.coalesce(SERVICE.c.protected, DECISION.c.protected, sa.false()).label("protected"),
    )
    .outerjoin(SERVICE, SERVICE.c.id == _RECORD.c.object_id).outerjoin(DECISION, DECISION.c.id == _RECORD.c.object_id)
    .where(_RECORD.c.partner_id == sa.bindparam("partner"))
)  # fmt: skip
STATES: Final = ("waiting", "declined", "defunct", "fresh", "due", "old", "never")
COUNTED: Final = (*STATES, "reported", "suggested")


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that came with a key that works."""

    partner_id: UUID
    partner: str
    key_id: UUID
    scopes: frozenset[Scope]
    until: date
    used_on: date | None


def key_by_hash(connection: sa.Connection, hashed: str) -> Any:
    """Return the key's row with its partner's name and end, or None."""
    return connection.execute(_BY_KEY, {"hashed": hashed}).first()


def caller_of(row: Any) -> Caller:
    """Return the program that a key's row stands for."""
    scopes = frozenset(Scope(one) for one in row.scopes)
    return Caller(row.partner_id, row.name, row.id, scopes, row.until_on, row.used_on)


# What members suggest; where the partner itself says something else than a person, a coordinator decides.
_WAITS = sa.and_(SUGGESTION.c.state == SuggestionState.WAITING, SUGGESTION.c.origin == Origin.MEMBER)


def suggested(db: Session, partner_id: UUID, services: list[UUID]) -> dict[UUID, list[ListingSuggestion]]:
    """Return by listing what members suggest for these listings of the partner; nothing of a protected one. One statement."""
    wanted = select(ListingSuggestion).where(
        col(ListingSuggestion.service_id).in_(services), _WAITS,
        col(ListingSuggestion.service_id).in_(select(PartnerRecord.object_id).where(PartnerRecord.partner_id == partner_id)),
        col(ListingSuggestion.service_id).in_(sa.select(SERVICE.c.id).where(sa.not_(SERVICE.c.protected))),
    )  # fmt: skip
    found: dict[UUID, list[ListingSuggestion]] = {}
    rows = db.exec(wanted.order_by(col(ListingSuggestion.sent_on), col(ListingSuggestion.id))) if services else ()
    for row in suggesting.once(rows):
        found.setdefault(row.service_id, []).append(row)
    return found


def _wrong() -> sa.ColumnElement[bool]:
    """Return the condition that somebody says the listing itself is wrong: from a reader's answer, or from a flag that is open."""
    said = sa.exists().where(_FEEDBACK.c.service_id == _RECORD.c.object_id, _FEEDBACK.c.why.in_(FACTS), SINCE)
    flagged = sa.exists().where(
        _CASE.c.subject_id == _RECORD.c.object_id, _CASE.c.subject_kind == "service", _CASE.c.state == CaseState.OPEN,
        _FLAG.c.case_id == _CASE.c.id, _FLAG.c.reason.in_(FACTS),
    )  # fmt: skip
    return sa.or_(said, flagged)


def _in_state(state: str, today: date) -> sa.ColumnElement[bool]:
    """Return the condition for a state of STATES; those of freshness are of what is in the directory."""
    record, ended = (
        _RECORD.c.state,
        sa.or_(_RECORD.c.state == RecordState.WITHDRAWN, SERVICE.c.id.is_(None), SERVICE.c.defunct_on.is_not(None)),
    )
    if state in ("waiting", "declined"):
        return record == RecordState(state)
    if state == "defunct":
        return sa.and_(ended, record.not_in([RecordState.WAITING, RecordState.DECLINED]))
    live = sa.and_(record == RecordState.TAKEN, SERVICE.c.defunct_on.is_(None))
    if state == "reported":
        return sa.and_(live, _wrong())
    if state == "suggested":
        return sa.and_(
            live, sa.not_(SERVICE.c.protected), sa.exists().where(SUGGESTION.c.service_id == _RECORD.c.object_id, _WAITS)
        )
    soon = SERVICE.c.verify_due <= today + days(SOON_DAYS)
    fits = {
        "old": SERVICE.c.verify_due < today,
        "never": sa.and_(SERVICE.c.verified_on.is_(None), SERVICE.c.verify_due >= today),
        "due": sa.and_(SERVICE.c.verified_on.is_not(None), SERVICE.c.verify_due >= today, soon),
        "fresh": sa.and_(SERVICE.c.verified_on.is_not(None), sa.not_(soon)),
    }
    return sa.and_(live, fits[state])


def listed(
    connection: sa.Connection, partner_id: UUID, today: date, limit: int, after: UUID | None, *states: str
) -> list[Any]:  # fmt: skip
    """Return the partner's services in the order in which they first came, with their standing; one more says there are more."""
    query = _SHOWN.where(_RECORD.c.kind == "service").order_by(_RECORD.c.id).limit(limit + 1)
    if after is not None:
        query = query.where(_RECORD.c.id > after)
    if wanted := [_in_state(state, today) for state in states if state]:
        query = query.where(sa.or_(*wanted))
    return list(connection.execute(query, {"partner": partner_id}))


def shown(connection: sa.Connection, record_ids: list[UUID], partner_id: UUID) -> dict[UUID, Any]:
    """Return records with their standing, by id."""
    query = _SHOWN.where(_RECORD.c.id.in_(record_ids))
    return {row.id: row for row in connection.execute(query, {"partner": partner_id})}


def counts(connection: sa.Connection, partner_id: UUID, today: date) -> dict[str, int]:
    """Return how many of the partner's services are in each state; one statement."""
    sums = [sa.func.count(sa.case((_in_state(state, today), 1))).label(state) for state in COUNTED]
    query = sa.select(*sums).select_from(_RECORD).outerjoin(SERVICE, SERVICE.c.id == _RECORD.c.object_id)
    row = connection.execute(query.where(_RECORD.c.partner_id == partner_id, _RECORD.c.kind == "service")).one()
    return {state: int(row._mapping[state]) for state in COUNTED}


def partners(db: Session) -> list[Any]:
    """Return all partners by name, with how many listings wait and when the agreement has to be looked at; one statement."""
    waiting = sa.select(sa.func.count()).select_from(_RECORD).where(
        _RECORD.c.partner_id == _PARTNER.c.id, _RECORD.c.state == RecordState.WAITING
    )  # fmt: skip
    review = sa.select(sa.func.max(col(PartnerAgreement.review_on))).where(col(PartnerAgreement.partner_id) == _PARTNER.c.id)
    columns = (_PARTNER, waiting.scalar_subquery().label("waiting"), review.scalar_subquery().label("review_on"))
    return list(db.execute(sa.select(*columns).order_by(_PARTNER.c.ended_on.is_not(None), _PARTNER.c.name)))


def partner_by_ref(db: Session, ref: str) -> Partner | None:
    """Return the partner of an address."""
    return db.exec(select(Partner).where(Partner.ref == ref)).first()


def partner_of(db: Session, member_id: UUID | None) -> Partner | None:
    """Return the partner that a member looks after."""
    wanted = select(Partner).join(PartnerMember, col(PartnerMember.partner_id) == Partner.id)
    return db.exec(wanted.where(PartnerMember.member_id == member_id)).first()


def name_of(db: Session, member_id: UUID) -> str | None:
    """Return the name of the partner that a member looks after."""
    wanted = select(Partner.name).join(PartnerMember, col(PartnerMember.partner_id) == Partner.id)
    return db.exec(wanted.where(PartnerMember.member_id == member_id)).first()


def membership(db: Session, member_id: UUID | None) -> UUID | None:
    """Return the id of the partner that a member looks after."""
    return db.exec(select(PartnerMember.partner_id).where(PartnerMember.member_id == member_id)).first()


def keys_of(db: Session, partner_id: UUID) -> list[PartnerKey]:
    """Return the partner's keys, the newest first."""
    return list(db.exec(select(PartnerKey).where(PartnerKey.partner_id == partner_id).order_by(col(PartnerKey.id).desc())))


def agreement(db: Session, partner_id: UUID) -> PartnerAgreement | None:
    """Return what was agreed last."""
    wanted = select(PartnerAgreement).where(PartnerAgreement.partner_id == partner_id)
    return db.exec(wanted.order_by(col(PartnerAgreement.id).desc()).limit(1)).first()


def people(db: Session, partner_id: UUID) -> list[tuple[UUID, str]]:
    """Return (id of the tie, name) of the members who look after the partner."""
    wanted = select(PartnerMember.id, Member.name).join(Member, col(Member.id) == PartnerMember.member_id)
    return [(key, name) for key, name in db.exec(wanted.where(PartnerMember.partner_id == partner_id).order_by(Member.name))]


def organizations(db: Session, partner_id: UUID, ids: set[str]) -> dict[str, PartnerRecord]:
    """Return organisations that the partner sent, by its own ids."""
    wanted = select(PartnerRecord).where(
        PartnerRecord.partner_id == partner_id, PartnerRecord.kind == "organization", col(PartnerRecord.foreign_id).in_(ids)
    )  # fmt: skip
    return {row.foreign_id: row for row in db.exec(wanted)} if ids else {}


def waiting(db: Session, partner_id: UUID, limit: int) -> list[PartnerRecord]:
    """Return listings and organisations that wait for a coordinator, the oldest first."""
    wanted = select(PartnerRecord).where(
        PartnerRecord.partner_id == partner_id, PartnerRecord.state == RecordState.WAITING
    )  # fmt: skip
    return list(db.exec(wanted.order_by(col(PartnerRecord.id)).limit(limit)))


def looked_at(
    connection: sa.Connection, country: str, but_of: UUID | None, wish: dict[str, Any], looked: overlapping.Looked | None = None
) -> list[Hit]:  # fmt: skip
    """Return what is here already of what ``wish`` (the fields of the form) offers; nothing of the feed ``but_of``, their own.

    ``looked``: what this request has looked for so far; nothing where it has looked for enough.
    """
    town, needs = wish["town"] or wish["region"], wish["needs"]
    if looked is not None and not looked.may(country, town, needs):
        return []
    return overlapping.already_here(
        connection, needs=needs, open_to=wish["open_to"], country=country, town=town, but_of=but_of, looked=looked
    )  # fmt: skip
