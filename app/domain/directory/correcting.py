"""What people put right in a listing: name, first number, hours. It stays, whatever its source sends, and its history is kept."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import new_id
from app.core.text import clean, one_line
from app.core.verdict import require
from app.domain import versions
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory import rules
from app.domain.directory.compiling import KIND, compile_services
from app.domain.directory.confirmed import as_told, lines
from app.domain.directory.offering import TEXTS
from app.domain.directory.places import AreaBook
from app.domain.directory.protecting import is_protected
from app.domain.directory.rows import PART_TABLES
from app.domain.directory.storing import FACTS, SERVICE
from app.domain.directory.wire.put import begin
from app.models.accounts import Role
from app.models.directory import Service
from app.models.directory_parts import Metadata
from app.models.listing_care import ListingSuggestion, Origin, SuggestionState
from app.models.partners import Partner

SUGGESTION: sa.Table = ListingSuggestion.__table__  # type: ignore[attr-defined]
_PARTNER: sa.Table = Partner.__table__  # type: ignore[attr-defined]
LONGEST: Final = {"name": 500, "phone": 200, "hours": 2_000}  # letters
MOST_TOLD: Final = 6  # lines of hours in words, as a page shows them


def update_contact(
    db: Session, actor: Actor, service: Service, *, name: str | None = None, phone: str | None = None, hours: str | None = None
) -> list[str]:
    """Let a coordinator put name, first phone number or hours (as words) right; None leaves as it is.

    Returns the fields that changed. Raises Refused, Invalid("name").
    """
    require(rules.may_correct(actor))
    changed_fields = put_right(db, service, Role.COORDINATOR.value, name=name, phone=phone, hours=hours)
    if changed_fields:
        audit.record(db, actor, "correct_listing", KIND, service.id, fields=changed_fields)
    return changed_fields


def put_right(
    db: Session, service: Service, by: str, *, name: str | None = None, phone: str | None = None, hours: str | None = None,
    **texts: str,
) -> list[str]:  # fmt: skip
    """Put fields right in the role ``by``; imports will not write over them. The caller has asked the rule and records.

    ``texts`` are others by what they are called where a source disputes them (offering.TEXTS).
    """
    begin(db)
    stands = as_it_stands(db, service)
    moved: list[str] = []
    if name is not None and one_line(name) != service.name:
        if not one_line(name):
            raise Invalid("name", _("A listing needs a name."))
        note(db, service, by, "name", service.name, one_line(name))
        service.name, service.text_version = one_line(name)[:500], service.text_version + 1
        if is_protected(service.name, []):
            service.protected, service.protected_by_copy, service.told = True, False, {}
            forget_suggested(db, [service.id], by)
        moved.append("name")
    if phone is not None and one_line(phone) != stands["phone"]:
        note(db, service, by, "phone.number", stands["phone"], one_line(phone))
        _put_number(db, service, stands["phone"], one_line(phone))
        moved.append("phones")
    if hours is not None and clean(hours) != stands["hours"]:
        note(db, service, by, "schedule.description", stands["hours"], clean(hours))
        _put_hours(db, service, clean(hours))
        moved.append("schedules")
    moved += _put_texts(db, service, by, texts)
    if moved:
        service.corrected = sorted({*service.corrected, *moved})
        changed(db, service)
    return moved


def _put_texts(db: Session, service: Service, by: str, texts: Mapping[str, str]) -> list[str]:
    moved = [column for column, name in TEXTS.items() if name in texts and texts[name] != (getattr(service, column) or "")]
    for column in moved:
        note(db, service, by, column, getattr(service, column) or "", texts[TEXTS[column]])
        setattr(service, column, texts[TEXTS[column]] or None)
        service.text_version += column == "description"
    return moved


def disputed(db: Session, service: Service) -> dict[str, str]:
    """Return ``as_it_stands`` with the other texts that a source may dispute."""
    return {**as_it_stands(db, service), **{name: getattr(service, column) or "" for column, name in TEXTS.items()}}


def as_it_stands(db: Session, service: Service) -> dict[str, str]:
    """Return what can be put right, as people see it now: name, first number, all hours, in the listing's own words and language.

    Of a protected listing people see neither number nor hours: then these are its own rows, for those who may put it right.
    """
    if service.protected:
        return own_words(db, service)
    return _told(service.name, service.language, _facts(db, service))


def as_they_stand(db: Session, ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """Return the same for several listings, of protected ones nothing; one statement."""
    query = sa.select(SERVICE.c.id, SERVICE.c.name, SERVICE.c.language, FACTS.c.facts).join(FACTS, FACTS.c.id == SERVICE.c.id)
    found = db.execute(query.where(SERVICE.c.id.in_(list(ids)), sa.not_(SERVICE.c.protected)))
    return {row.id: _told(row.name, row.language, row.facts) for row in found}


def _told(name: str, language: str, facts: dict[str, Any]) -> dict[str, str]:
    numbers = [phone["number"] for phone in facts.get("phones", ())]
    hours = lines(facts.get("hours", ()), facts.get("hours_text", ()), language)
    return {"name": name, "phone": numbers[0] if numbers else "", "hours": hours}


def to_fill(stands: Mapping[str, str]) -> dict[str, str]:
    """Return what a form shows of ``as_it_stands``, with a mark of each text: "was_name" and so on. Too long a text is left out."""
    shown = {name: text if len(text) <= LONGEST[name] else "" for name, text in stands.items()}
    return {**shown, **{f"was_{name}": mark(text) for name, text in shown.items()}}


def touched(sent: Mapping[str, str]) -> dict[str, str]:
    """Return what somebody changed in such a form: what it showed meanwhile is older than what stands there."""
    marked = {name: sent[f"was_{name}"] for name in LONGEST}  # "" without marks: then no number or hours were emptied
    return {name: sent[name] for name, was in marked.items() if mark(sent[name]) != was and (was or sent[name] or name == "name")}


def mark(text: str) -> str:
    """Return by what a form tells later which text it showed."""
    return sha256(clean(text).encode()).hexdigest()[:16]


def own_words(db: Session, service: Service) -> dict[str, str]:
    """Return the same from the rows of the listing itself, without what its places or whoever offers it add."""
    phones, times = _own(db, service, "phone"), _own(db, service, "schedule")
    told = list(dict.fromkeys(text for row in times for text in (row.description, row.notes) if text))
    hours = lines([row._mapping for row in times if row.opens_at], told[:MOST_TOLD], service.language)
    return {"name": service.name, "phone": one_line(phones[0].number) if phones else "", "hours": hours}


def _facts(db: Session, service: Service) -> dict[str, Any]:
    return db.execute(sa.select(FACTS.c.facts).where(FACTS.c.id == service.id)).scalar() or {}


def _own(db: Session, service: Service, part: str) -> list[Any]:
    table = PART_TABLES[part]
    mine = sa.select(table).where(table.c.owner_id == service.id, table.c.service_id == service.id)
    return list(db.execute(mine.order_by(table.c.position, table.c.id)))


def forget_suggested(db: Session, ids: Iterable[UUID], by: str) -> None:
    """Close what members suggested for listings that are protected now, and forget what it said: it may lead there."""
    waits = sa.and_(SUGGESTION.c.service_id.in_(list(ids)), SUGGESTION.c.state == SuggestionState.WAITING)
    closed = {"state": SuggestionState.DECLINED, "current": "", "offered": "", "decided_on": now().date(), "decided_by_role": by}
    db.execute(sa.update(SUGGESTION).where(waits, SUGGESTION.c.origin == Origin.MEMBER).values(closed))


def changed(db: Session, service: Service) -> None:
    """Show what has changed in a listing."""
    db.add(service)
    db.flush()
    compile_services(db, [service.id], AreaBook.load(db.connection()))
    versions.bump(db, versions.DIRECTORY)


def note(db: Session, service: Service, by: str, field: str, before: str, after: str) -> None:
    """Keep what was changed in the words of HSDS (its metadata table), and in which role."""
    db.add(Metadata(
        resource_id=service.id, resource_type="service", last_action_date=now().date().isoformat(), last_action_type="update",
        field_name=field, previous_value=before, replacement_value=after, updated_by=by,
    ))  # fmt: skip


def _put_number(db: Session, service: Service, old: str, number: str) -> None:
    """Put a number in place of the first that people see; its description stays.

    The others, also of places and of whoever offers it, become the listing's own: of one that was put right only these are told.
    """
    table, own = PART_TABLES["phone"], _own(db, service, "phone")
    mine = {"owner_id": service.id, "service_id": service.id}
    have = [one_line(row.number) for row in own]
    first, last = (own[0].position, own[-1].position) if own else (0, -1)
    if have[:1] == [old] and number:
        db.execute(sa.update(table).where(table.c.id == own[0].id).values(number=number))
    elif have[:1] == [old]:
        _forget_languages(db, [own[0].id])
        db.execute(sa.delete(table).where(table.c.id == own[0].id))
    elif number:
        db.execute(sa.insert(table), {**mine, "id": new_id(), "position": first - 1, "number": number})
    others = [phone for phone in _facts(db, service).get("phones", ()) if phone["number"] not in (*have, old, number)]
    for position, phone in enumerate(others, last + 1):
        kept = {"number": phone["number"], "description": phone["about"], "extension": phone["extension"], "type": phone["type"]}
        db.execute(sa.insert(table), {**mine, "id": new_id(), "position": position, **kept})


def _put_hours(db: Session, service: Service, words: str) -> None:
    """Put words in place of all times; the history keeps these."""
    table = PART_TABLES["schedule"]
    db.execute(sa.delete(table).where(table.c.owner_id == service.id, table.c.service_id == service.id))
    if words:
        made = {"id": new_id(), "owner_id": service.id, "position": 0, "service_id": service.id, "description": words}
        db.execute(sa.insert(table), made)


def keep_as_seen(db: Session, service: Service, column: str) -> None:
    """Make numbers or hours that people see the listing's own, so that they stay (``column`` as in ``Service.corrected``)."""
    facts = _facts(db, service)
    if column == "phones" and facts.get("phones"):
        first = facts["phones"][0]["number"]
        _put_number(db, service, first, first)
    elif column == "schedules" and (facts.get("hours") or facts.get("hours_text")):
        _put_hours(db, service, "")
        rows = [*facts["hours"], *({"description": words} for words in facts["hours_text"])]
        for n, row in enumerate(rows):
            made = {"id": new_id(), "owner_id": service.id, "position": n, "service_id": service.id, **row}
            db.execute(sa.insert(PART_TABLES["schedule"]), made)


def seen(db: Session, service: Service) -> dict[str, Any]:
    """Return the numbers and hours that the page shows now, to be kept with a check (see confirmed).

    Nothing of a protected listing, and of one that a partner offers: its own word about it counts.
    """
    one = sa.or_(SERVICE.c.id == service.id, sa.and_(SERVICE.c.merged_into == service.id, SERVICE.c.defunct_on.is_(None)))
    offered = SERVICE.c.feed_id.in_(sa.select(_PARTNER.c.feed_id))
    group = db.execute(sa.select(SERVICE.c.id, offered.label("by_partner")).where(one)).all()
    if service.protected or any(row.by_partner for row in group):
        return {}
    return as_told(_facts(db, service), [row.id for row in group])


def _forget_languages(db: Session, phones: list[UUID]) -> None:
    table = PART_TABLES["language"]
    db.execute(sa.delete(table).where(table.c.phone_id.in_(phones)))
