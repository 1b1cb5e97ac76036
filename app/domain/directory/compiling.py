"""From rows to what pages show: the facts of a service page, the card of each language, the search documents."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.text import fold, shorten
from app.domain.directory import choosing, confirmed, joining
from app.domain.directory.costs import told_cost
from app.domain.directory.freshness import is_hidden, rank
from app.domain.directory.offering import ask
from app.domain.directory.places import AREAS, AreaBook
from app.domain.directory.rows import TABLES, Parts, Record
from app.domain.directory.standing import regroup
from app.domain.directory.storing import FACTS, TEXTS
from app.domain.directory.traces import without_traces
from app.domain.directory.wire.publish import publish_services
from app.domain.directory.zones import zone_for
from app.domain.search import actions as search
from app.models.directory import Feed
from app.models.places import AreaKind

KIND = "service"
SOURCE = ("title", "licence", "source_url", "note")  # whose list it is, as far as its page says it
_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
_SERVICE, _ORGANIZATION, _LOCATION, _LINK = (TABLES[k] for k in ("service", "organization", "location", "service_at_location"))
_HOURS = ("freq", "byday", "bymonthday", "byweekno", "byyearday", "interval", "count", "dtstart", "valid_from", "valid_to", "until",
          "opens_at", "closes_at", "timezone")  # fmt: skip
_FEE_LENGTH = 80
_MOST_PLACES = 20
_FEW_PLACES = 2


def compile_services(db: Session, ids: list[UUID], book: AreaBook) -> int:
    """Put facts, cards, search documents and public objects of these services together anew; return how many services there are.

    What people merged is put together as one (see standing, joining): whoever asks for one of a group gets the whole group done.
    """
    if not ids:
        return 0
    ids = sorted(regroup(db, ids))
    loaded = _Loaded(db.connection(), ids)
    facts, documents = [], []
    for row in loaded.services:
        found = _facts(row, loaded, book)
        facts.append({"id": row["id"], "stale": False, "compared": False, "facts": found})
        documents += _documents(row, found, loaded, book)
    db.execute(sa.delete(FACTS).where(FACTS.c.id.in_(ids)))
    if facts:
        db.execute(sa.insert(FACTS), facts)
    with_documents = {d.subject_id for d in documents}
    for row in loaded.services:
        if row["id"] not in with_documents:
            search.unindex(db, KIND, row["id"])
    search.index_many(db, documents)
    ask(db, loaded.asked)
    for area in book.take_new():
        db.execute(sa.insert(AREAS), area)
    publish_services(db, ids)
    return len(facts)


class _Loaded:
    """Everything about some services, in about twenty statements however many they are."""

    def __init__(self, connection: sa.Connection, ids: list[UUID]) -> None:
        query = (
            sa.select(_SERVICE, _ORGANIZATION.c.name.label("org_name"), _ORGANIZATION.c.website.label("org_website"),
                      _ORGANIZATION.c.email.label("org_email"), _FEED.c.country,
                      *(_FEED.c[name].label(f"feed_{name}") for name in SOURCE))
            .join(_FEED, _FEED.c.id == _SERVICE.c.feed_id)
            .outerjoin(_ORGANIZATION, _ORGANIZATION.c.id == _SERVICE.c.organization_id)
            .where(_SERVICE.c.id.in_(ids)).order_by(_SERVICE.c.id)
        )  # fmt: skip
        self.asked: list[confirmed.Asked] = []
        grouped = joining.groups(connection, [dict(row._mapping) for row in connection.execute(query)])
        self.sources, self.services = grouped.sources, [*grouped.rows, *grouped.merged]
        self.links: dict[UUID, list[Record]] = defaultdict(list)
        places = sa.select(_LINK.c.id.label("link_id"), _LINK.c.service_id, _LOCATION).join(
            _LOCATION, _LOCATION.c.id == _LINK.c.location_id
        )
        for row in connection.execute(places.where(_LINK.c.service_id.in_(ids)).order_by(_LINK.c.id)):
            self.links[row.service_id].append(dict(row._mapping))
        self.texts: dict[UUID, list[Record]] = defaultdict(list)
        for row in connection.execute(sa.select(TEXTS).where(TEXTS.c.service_id.in_(ids)).order_by(TEXTS.c.language)):
            self.texts[row.service_id].append(dict(row._mapping))
        linked = [link for several in self.links.values() for link in several]
        organizations = {s["organization_id"] for s in self.services if s["organization_id"]}
        owners = {*ids, *(link["id"] for link in linked), *(link["link_id"] for link in linked), *organizations}
        self.parts = Parts(connection, sorted(owners), joined=self.sources)
        streets = joining.streets(connection, {link["id"] for link in linked}) if self.sources else {}
        for stands, several in self.sources.items():
            theirs = [{**link, "street": streets.get(link["id"])} for source in several.order for link in self.links[source]]
            self.links[stands] = joining.without_repeated(theirs, several.order)

    def told_together(self, service: Record) -> Record:
        """Return what a listing that stands for several says instead of its own row, and the other lists that it comes from."""
        sources = self.sources.get(service["id"])
        if sources is None:
            return {}
        lists = {row["feed_title"]: row for row in self.services if row["id"] in sources.order and row["id"] != service["id"]}
        also = [{name: row[f"feed_{name}"] for name in SOURCE} for title, row in lists.items() if title != service["feed_title"]]
        words = {text["language"]: {n: text[n] for n in ("name", "description", "texts")} for text in self.other_words(service)}
        return {"instead": joining.instead(service), "also_from": also, "other_words": words}

    def other_words(self, service: Record) -> list[Record]:
        """Return the texts of a service in other languages, with those of what it stands for."""
        sources = self.sources.get(service["id"])
        rows = {row["id"]: row for row in self.services}
        return joining.in_other_words(service, [rows[key] for key in sources.order] if sources else [], self.texts)

    def places(self, service: Record) -> list[Record]:
        """Return the places of a service, the same one once."""
        return list({link["id"]: link for link in self.links[service["id"]]}.values())[:_MOST_PLACES]

    def all_of(self, service: Record, kind: str) -> Iterator[Record]:
        """Yield the parts of a service, of its links, then of its places."""
        links = self.links[service["id"]]
        for owner in (service["id"], *(k["link_id"] for k in links), *(k["id"] for k in links)):
            yield from self.parts.of(owner, kind)


def _facts(row: Record, loaded: _Loaded, book: AreaBook) -> Record:
    labels = [a["label"] for a in loaded.parts.of(row["id"], "attribute") if a["label"]]
    areas = _areas(row, loaded, book)
    open_facts = {} if row["protected"] else _as_confirmed(row, loaded, _open_facts(row, loaded, book))
    return {
        "areas": [str(a) for a in areas],
        "languages": _languages(row, loaded), "cost": told_cost(row, loaded.parts.of(row["id"], "cost_option")),
        "documents": [d["document"] for d in loaded.parts.of(row["id"], "required_document") if d["document"]],
        "served": _served(row, loaded)[:12],
        "labels": list(dict.fromkeys(labels))[:20],
        **open_facts, **loaded.told_together(row),
    }  # fmt: skip


def _served(row: Record, loaded: _Loaded) -> list[str]:
    """Return the names of what is served; none of a protected place, for which it may be no more than the town where it is."""
    return [] if row["protected"] else [a["name"] for a in loaded.parts.of(row["id"], "service_area") if a["name"]]


def _open_facts(row: Record, loaded: _Loaded, book: AreaBook) -> Record:
    """Return what protected places never show: numbers, addresses, points, hours."""
    put_right = row["corrected"]
    own = loaded.parts.of(row["id"], "schedule")
    schedules = own if "schedules" in put_right else list(loaded.all_of(row, "schedule"))
    phones = list(loaded.parts.of(row["id"], "phone"))
    contacts: list[Record] = []
    if "phones" not in put_right:
        phones = list(loaded.all_of(row, "phone")) or loaded.parts.of(row["organization_id"], "phone")
        contacts = [p for c in loaded.all_of(row, "contact") for p in loaded.parts.of(c["id"], "phone")]
    emails = [row["email"], *(c["email"] for c in loaded.all_of(row, "contact")), row["org_email"]]
    places = [_place(p, loaded) for p in loaded.places(row)]
    return {
        "phones": _phones([*phones, *contacts]), "emails": list(dict.fromkeys(e for e in emails if e))[:3],
        "urls": list(dict.fromkeys(u for u in (row["url"], row["org_website"]) if u))[:2],
        "places": places, "hours": [_hours(s) for s in schedules if s["opens_at"]], "zone": _zone(row, loaded, book),
        "hours_text": list(dict.fromkeys(t for s in schedules for t in (s["description"], s["notes"]) if t))[:6],
    }  # fmt: skip


def _as_confirmed(row: Record, loaded: _Loaded, live: Record) -> Record:
    sources = loaded.sources.get(row["id"])
    told = confirmed.instead(row, sources.order if sources else [row["id"]])
    loaded.asked += confirmed.differing(row, live, told)
    return {**live, **told}


def _phones(rows: list[Record]) -> list[Record]:
    seen: dict[str, Record] = {}
    for row in rows:
        number = " ".join(row["number"].split())
        extension = f"{row['extension']:.0f}" if row["extension"] is not None else None
        seen.setdefault(number, {"number": number, "about": row["description"], "extension": extension, "type": row["type"]})
    return list(seen.values())[:6]


def _place(location: Record, loaded: _Loaded) -> Record:
    rows = loaded.parts.of(location["id"], "address")
    address = next((a for a in rows if a["address_type"] == "physical"), rows[0] if rows else None)
    lines = [address[n] for n in ("attention", "address_1", "address_2") if address[n]] if address else []
    town = " ".join(address[n] for n in ("postal_code", "city") if address[n]) if address else ""
    return {
        "name": location["name"], "names": {k: v["name"] for k, v in location["translations"].items() if v.get("name")},
        "lines": [*lines, *([town] if town else [])], "note": None if address else location["description"],
        "transport": location["transportation"], "lat": location["latitude"], "lon": location["longitude"],
        "access": [a["description"] or a["details"] for a in loaded.parts.of(location["id"], "accessibility")],
        "area": str(location["area_id"]) if location["area_id"] else None,
    }  # fmt: skip


def _hours(schedule: Record) -> Record:
    return {name: schedule[name] for name in _HOURS if schedule[name] is not None}


def _zone(row: Record, loaded: _Loaded, book: AreaBook) -> str | None:
    for place in loaded.places(row):
        area = book.get(place["area_id"]) if place["area_id"] else None
        if area is not None:
            point = (place["latitude"], place["longitude"]) if place["latitude"] is not None else None
            return zone_for(str(area["country"]), point)
    return None


def _areas(row: Record, loaded: _Loaded, book: AreaBook) -> list[UUID]:
    """Return the areas where the service is, then those it serves, each with what it lies in."""
    own = [link["area_id"] for link in loaded.links[row["id"]] if link["area_id"]]
    countries = {str(area["country"]) for a in own if (area := book.get(a))}
    countries |= {row["country"]} if row["country"] else set()
    served = [found for name in _served(row, loaded) for country in sorted(countries) if (found := book.covered(country, name))]
    whole = book.place(row["country"], "", "", None)
    starts = [*own, *served] or ([whole] if whole else [])
    lines = dict.fromkeys(a for start in starts for a in book.line(start))
    # A town would be too near for a protected place.
    return [a for a in lines if not (row["protected"] and (book.get(a) or {}).get("kind") == AreaKind.TOWN)]


def _languages(row: Record, loaded: _Loaded) -> list[str]:
    return list(dict.fromkeys(text for part in loaded.all_of(row, "language") if (text := part["code"] or part["name"])))[:8]


def _documents(row: Record, facts: Record, loaded: _Loaded, book: AreaBook) -> list[search.Document]:
    """Return one document per language; none for what is gone, long unconfirmed, or merged into another."""
    if (
        row["merged_into"]
        or row["defunct_on"]
        or row["status"] in ("defunct", "inactive")
        or is_hidden(row["verify_due"], now().date())
    ):
        return []
    tokens = choosing.found_by(row, facts, now().date())
    point = next(((p["lat"], p["lon"]) for p in facts.get("places", ()) if p["lat"] is not None), (None, None))
    own = {"language": row["language"], "name": row["name"], "description": row["description"], "texts": {}}
    names = [own, *loaded.other_words(row)]
    areas = [area for key in facts["areas"] if (area := book.get(UUID(key)))]
    return [
        search.Document(
            kind=KIND, subject_id=row["id"], language=text["language"], title=text["name"] or row["name"],
            body=_body(row, text, facts, areas), tokens=tokens, rank=rank(row["verified_on"]),
            shown=_card(row, text, facts, areas), lat=point[0], lon=point[1],
        )
        for text in names if text["name"] or text["description"]
    ]  # fmt: skip


def _body(row: Record, text: Record, facts: Record, areas: list[dict[str, Any]]) -> str:
    places = [name for a in areas for name in (a["name"], *(a["names"] or {}).values())]
    told = [text["description"], *facts["labels"], *facts["served"], row["alternate_name"], *row.get("also_called", ())]
    if row["protected"]:
        told = [without_traces(t or "") for t in told]
    parts = [*told, row["org_name"], *places]
    return " ".join(str(p) for p in parts if p)[:6_000]


def _card(row: Record, text: Record, facts: Record, areas: list[dict[str, Any]]) -> Record:
    """Return what a card needs. Dates as ISO days; hours as HSDS rules: whether it is open is asked when it is shown."""
    area = _told(areas)
    cost = facts["cost"] or {}
    return {
        "ref": row["ref"], "name": shorten(text["name"] or row["name"], 140), "organisation": _organisation(row),
        "needs": row["needs"], "area": {"name": area["name"], "names": area["names"]} if area else None,
        "cost": {"free": True} if cost.get("free") else {"text": shorten(cost["text"], _FEE_LENGTH)} if cost.get("text") else None,
        "languages": facts["languages"][:4], "hours": facts.get("hours", []), "zone": facts.get("zone"),
        "verified": _day(row["verified_on"]), "due": _day(row["verify_due"]), "imported": _day(row["imported_on"]),
        "protected": row["protected"], "points": _points(facts),
    }  # fmt: skip


def _organisation(row: Record) -> str:
    name = row["org_name"] or ""
    return "" if fold(name) == fold(row["name"]) else shorten(name, 90)


def _told(areas: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the area that a card names: where it is, or for help in many places the one they all lie in."""
    inner = {a["parent_id"] for a in areas}
    ends = [a for a in areas if a["id"] not in inner]
    if len(ends) <= _FEW_PLACES:
        return areas[0] if areas else None
    return next((a for a in reversed(areas) if a["kind"] == AreaKind.COUNTRY), areas[0])


def _points(facts: Record) -> list[list[float]]:
    return [[round(p["lat"], 3), round(p["lon"], 3)] for p in facts.get("places", ()) if p["lat"] is not None][:3]


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
