"""Listings that look like another and are not: what a finder must not call likely. All seeded."""

import random
from collections.abc import Callable

from bench.listings import Record

Alike = Callable[[random.Random, Record], list[Record]]
_PEOPLE = (
    ("for women", "for men"), ("(girls)", "(boys)"), ("– beginners", "– advanced"), ("dla kobiet", "dla mężczyzn"),
    ("pour femmes", "pour hommes"), ("للنساء", "للرجال"), ("для жінок", "для чоловіків"), ("для женщин", "для мужчин"),
    ("débutants", "avancés"), ("للمبتدئين", "للمتقدمين"), ("নারী", "পুরুষ"),
)  # fmt: skip
_PARTS = (
    ("– morning", "– evening"), ("for students", "for teachers"), ("A1", "B1"), ("(group a)", "(group b)"), ("North", "South"),
    ("– online", "– by telephone"), ("inpatient", "outpatient"), ("Monday", "Thursday"), ("Riverside", "West Side"),
)  # fmt: skip
_BESIDE = (
    "Dental surgery",
    "Youth choir",
    "Bicycle repair",
    "Blood donation",
    "Chess club",
    "Eye clinic",
    "Notary",
    "Driving school",
)
_COUNTER = ("Parking permits", "Dog licences", "Library cards", "Water meters", "Vehicle registration", "Waste collection")
_STREETS = ("Harbour Street", "Mill Lane", "Polna", "Lipowa", "King Hussein Street")
_ELSEWHERE = ("Gainesville", "Zamość", "Elbląg", "Petra", "Opava", "Oradea")


def other_branch(rng: random.Random, r: Record) -> list[Record]:
    """The same organisation and service in another town."""
    number = f"{rng.choice(_STREETS)} {rng.randint(1, 150)}"
    changed = r | {"city": rng.choice(_ELSEWHERE), "address": number, "postcode": None, "phone": None}
    if r["lat"] is not None:
        changed |= {"lat": r["lat"] + rng.choice((-0.4, 0.4)), "lon": r["lon"] + 0.3}
    return [changed]


def numbered(rng: random.Random, r: Record) -> list[Record]:
    """Two of a row: "Clinic 1", "Clinic 2"."""
    first, second = rng.choice((("1", "2"), ("nr 3", "nr 4"), ("II", "III"), ("A", "B"), ("No. 10", "No. 12")))
    return [r | {"name": f"{r['name']} {first}"}, r | {"name": f"{r['name']} {second}"}]


def for_others(rng: random.Random, r: Record) -> list[Record]:
    """Two for opposed people."""
    return [r | {"name": f"{r['name']} {people}"} for people in rng.choice(_PEOPLE)]


def for_a_part(rng: random.Random, r: Record) -> list[Record]:
    """Two that differ in one word: for whom, when, on which side of the town."""
    return [r | {"name": f"{r['name']} {part}"} for part in rng.choice(_PARTS)]


def same_building(rng: random.Random, r: Record) -> list[Record]:
    """Something else at the same address, with the same telephone or none."""
    phone = rng.choice((r["phone"], None))
    other = {"description": None, "categories": None, "email": None, "url": None, "phone": phone}
    return [r | other | {"name": rng.choice(_BESIDE), "organization": rng.choice((r["organization"], "Parish", None))}]


def shared_switchboard(rng: random.Random, r: Record) -> list[Record]:
    """Another counter of the same town hall: one telephone for all."""
    other = {"description": None, "categories": None, "lat": None, "lon": None, "postcode": None}
    return [r | other | {"name": rng.choice(_COUNTER), "address": f"Town Hall {rng.randint(2, 90)}"}]


def umbrella_site(rng: random.Random, r: Record) -> list[Record]:
    """Another member below the web site of one umbrella organisation."""
    other = {"description": None, "categories": None, "phone": None, "email": None, "postcode": None, "lat": None, "lon": None}
    body, street = rng.choice(("Members East", "Members West")), f"Long Road {rng.randint(2, 90)}"
    return [r | other | {"name": rng.choice(_BESIDE), "organization": body, "address": street}]


KINDS: tuple[Alike, ...] = (other_branch, numbered, for_others, for_a_part, same_building, shared_switchboard, umbrella_site)
