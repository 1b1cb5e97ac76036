"""Listings for tests: one that is full, and variations of it."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from app.domain.directory.duplicates.facts import Facts, facts_of
from app.domain.directory.duplicates.listing import Listing
from app.domain.directory.duplicates.scoring import Match, match

FULL = Listing(
    id="1", partner="city", name="Legal advice for families", organization="Open Door Foundation",
    description="Lawyers explain papers, custody and rent to parents, without cost and in four languages, every Monday.",
    address="ul. Grochowska 316/320", city="Warszawa", postcode="03-839", country="PL", lat=52.2471, lon=21.0609,
    phone="+48 22 628 69 30", email="help@opendoor.example", url="https://opendoor.example/families", categories=("law",),
    language="en",
)  # fmt: skip


def listing(**fields: Any) -> Listing:
    """Return a listing with these fields and an id; nothing else is known of it."""
    return Listing(**({"id": "1"} | fields))


def copy(of: Listing = FULL, **fields: Any) -> Listing:
    """Return another partner's copy with these fields changed."""
    return replace(of, **({"id": "2", "partner": "union"} | fields))


def compared(a: Listing, b: Listing) -> Match | None:
    """Return the match of two listings."""
    return match(facts_of(a), facts_of(b))


def codes(found: Match | None) -> set[str]:
    """Return the codes of the reasons."""
    return {r.code for r in found.reasons} if found else set()


def facts(**fields: Any) -> Facts:
    """Return the facts of a listing with these fields."""
    return facts_of(listing(**fields))


_NAMES = (
    "", "Clinic 1", "Clinic 2", "Clinic", "Women safe space", "Space for men", "Legal aid", "Legal Aid Clinic", "Food bank",
    "بنك الطعام", "Курси для жінок", "Punkt informacyjny", "Information point", "مساعدة قانونية", "LAC", "Courses for beginners",
    "Courses, advanced",
)  # fmt: skip
_TOWNS = "|Warszawa|Warsaw|Варшава|Mafraq City|Mafraq Governorate|Irbid|Zaatari District 1|Zaatari District 2".split("|")
_POINTS = ((None, None), (0.0, 0.0), (52.2471, 21.0609), (52.2475, 21.0611), (32.34, 36.2), (52.4, 21.3))


@st.composite
def listings(draw: st.DrawFn, number: int = 1) -> Listing:
    """Draw a listing whose fields meet those of others often."""
    pick = {
        "partner": ("", "city", "union", "church"), "name": _NAMES, "city": _TOWNS,
        "organization": ("", "Open Door Inc.", "OD", "Open Door", "Caritas", "كاريتاس"),
        "description": ("", FULL.description, "Only for women who came with children and look for work and a room in the town."),
        "address": ("", "ul. Grochowska 316/320", "Grochowska 316", "ulica Polna 7", "Mafraq"), "postcode": ("", "03-839",
        "03839"),
        "country": ("", "PL", "Jordan"), "phone": ("", "+48 22 628 69 30", "22 6286930", "+962 6 500 1234"),
        "email": ("", "help@opendoor.example", "info@opendoor.example"), "url": ("", "opendoor.example/a",
        "https://www.opendoor.example/a/"),
        "language": ("", "en", "pl", "ar"), "categories": ((), ("law",), ("food", "law")),
    }  # fmt: skip
    fields: dict[str, Any] = {name: draw(st.sampled_from(values)) for name, values in pick.items()}
    lat, lon = draw(st.sampled_from(_POINTS))
    return Listing(id=str(number), lat=lat, lon=lon, **fields)


def several(most: int) -> st.SearchStrategy[list[Listing]]:
    """Draw up to ``most`` listings with ids of their own."""
    return st.integers(2, most).flatmap(lambda n: st.tuples(*(listings(number) for number in range(n)))).map(list)
