"""Real listings in the exchange format of ``hearth duplicates``: the three public sets of data/demo, each listing once.

Nothing is invented but telephone numbers for Jordan, whose list has none: one for each organisation in each place, so that the
evidence of telephones is measured too. The numbers are not anybody's on purpose, and must never be called.
"""

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEMO = Path(__file__).parents[1] / "data" / "demo"
Record = dict[str, Any]
_FLORIDA = re.compile(r"(?P<street>.+), (?P<city>[^,]+), FL (?P<zip>\d{5})")
_FIELDS = "id partner name organization description address city postcode country lat lon phone email url categories language"
_EMPTY: Record = dict.fromkeys(_FIELDS.split())


@dataclass(frozen=True, slots=True)
class Real:
    """One real listing, and its name and town in other languages."""

    record: Record
    names: dict[str, str] = field(default_factory=dict)
    towns: dict[str, str] = field(default_factory=dict)


def real_listings() -> list[Real]:
    """Return the listings of all sets; of those that name the same service, organisation and place only the first."""
    found: dict[tuple[str, ...], Real] = {}
    for real in (*_poland(), *_florida(), *_jordan()):
        r = real.record
        found.setdefault(tuple(str(r[f]).casefold() for f in ("name", "organization", "address", "city", "country")), real)
    return list(found.values())


def _made(**fields: Any) -> Record:
    return _EMPTY | {name: value or None for name, value in fields.items()}


def _poland() -> list[Real]:
    spots = json.loads((DEMO / "ifr-poland-2022" / "spots.json").read_text(encoding="utf-8"))["spots"]
    found = []
    for spot in spots:
        where, contact = spot["location"], (spot["contacts"] or [{}])[0]
        names = {language: " ".join(name.split()) for language, name in spot["name"].items() if name}
        texts = (spot["descriptionShort"].get("en"), spot["descriptionLong"].get("en"))
        record = _made(
            id=f"pl-{spot['id']}", name=names["en"], description=" ".join(t for t in texts if t),
            address=f"{where['street'].strip()} {where['buildingId']}".strip(), city=where["locality"], postcode=where["postCode"],
            country=spot["territorialUnitId"][:2], lat=where["latitude"], lon=where["longitude"], phone=contact.get("phone"),
            email=contact.get("eMail"), url=(contact.get("www") or {}).get("en"), categories=spot["services"], language="en",
        )  # fmt: skip
        found.append(Real(record, {k: v for k, v in names.items() if v != names["en"]}))
    return found


def _florida() -> list[Real]:
    folder = DEMO / "florida-legal-aid-2019"
    names = ("organizations", "locations", "services")
    tables = {n: list(csv.DictReader((folder / f"{n}.csv").read_text(encoding="utf-8").splitlines(keepends=True))) for n in names}
    bodies = {row["organization_uuid"]: row for row in tables["organizations"]}
    offices: dict[str, tuple[re.Match[str], str]] = {}
    for row in tables["locations"]:
        if found := _FLORIDA.match(row["location_address"]):
            phone = re.sub(r"^[a-zA-Z ]+: *", "", row["phones"].split(",")[0].split(";")[0])
            offices.setdefault(row["organization_uuid"], (found, phone))
    listings = []
    for row in tables["services"]:
        body, (office, phone) = bodies[row["organization_uuid"]], offices.get(row["organization_uuid"], (None, ""))
        email, url = (("" if text.upper() == "N/A" else text) for text in (row["service_email"], row["service_url"]))
        listings.append(Real(_made(
            id=f"us-{row['service_uuid']}", name=row["service_name"], organization=row["organization_name"],
            description=row["service_description"], address=office and office["street"], city=office and office["city"],
            postcode=office and office["zip"], country="US", phone=phone, email=email or body["organization_email"],
            url=url or body["organization_url"], categories=row["service_problem_codes"].split("; ")[:4], language="en",
        )))  # fmt: skip
    return listings


def _jordan() -> list[Real]:
    """Return what has an id of its own: thirteen ids stand for two services, and their Arabic names are those of the other."""
    folder = DEMO / "unhcr-jordan-2015"
    english, arabic = (json.loads((folder / name).read_text(encoding="utf-8")) for name in ("compiled.json", "compiled_AR.json"))
    often, other = Counter(row["id"] for row in english), {row["id"]: row["properties"] for row in arabic}
    numbers: dict[tuple[str, str], str] = {}
    found = []
    for row in (row for row in english if often[row["id"]] == 1):
        p, (lon, lat) = row["properties"], row["geometry"]["coordinates"]
        phone = numbers.setdefault((p["partnerName"], p["locationName"]), f"+962 6 500 {len(numbers):04}")
        record = _made(
            id=f"jo-{row['id']}", name=p["activityName"], organization=p["partnerName"].strip(), description=p.get("comments"),
            city=p["locationName"], country="JO", lat=lat, lon=lon, phone=phone, categories=[p["activityCategory"]], language="en",
        )  # fmt: skip
        found.append(Real(record, {"ar": other[row["id"]]["activityName"]}, {"ar": other[row["id"]]["locationName"]}))
    return found
