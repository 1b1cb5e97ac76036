"""The finder as a whole: a held-out directory with literal expectations, order, rivals, one new listing against all."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.directory.duplicates.finding import Directory, ordered
from app.domain.directory.duplicates.listing import Listing
from tests.duplicates.listings import FULL, copy, listing, several


def made(*rows: dict[str, Any]) -> list[Listing]:
    return [listing(**row) for row in rows]


# Written by hand after the weights were chosen; two partners, two scripts, look-alikes beside each pair.
HELD_OUT = made(
    {"id": "a1", "partner": "a", "name": "Night shelter Lipowa", "organization": "Brat Albert Foundation",
    "address": "ul. Lipowa 12",
     "city": "Lublin", "country": "PL", "phone": "+48 81 532 11 22", "lat": 51.2465, "lon": 22.5684, "language": "en"},
    {"id": "b1", "partner": "b", "name": "Shelter Lipowa (night)", "organization": "Fundacja Brat Albert",
    "address": "Lipowa 12/1",
     "city": "Люблін", "country": "Poland", "phone": "0048 815321122", "language": "en"},
    {"id": "b2", "partner": "b", "name": "Day centre Lipowa", "organization": "Brat Albert", "address": "Lipowa 12",
    "city": "Lublin",
     "country": "PL", "phone": "81 532 11 22", "language": "en"},
    {"id": "a3", "partner": "a", "name": "Women's clinic", "organization": "Jordan Health Aid Society", "city": "Irbid",
    "country": "JO",
     "lat": 32.5556, "lon": 35.85, "phone": "+962 2 710 0001", "language": "en"},
    {"id": "b3", "partner": "b", "name": "Clinic for women", "organization": "JHAS", "city": "إربد", "country": "JO",
    "lat": 32.5561,
     "lon": 35.8505, "language": "en"},
    {"id": "b4", "partner": "b", "name": "Clinic for men", "organization": "JHAS", "city": "Irbid", "country": "JO",
    "lat": 32.5556,
     "lon": 35.85, "phone": "02 710 0001", "language": "en"},
    {"id": "a5", "partner": "a", "name": "Drinking water", "organization": "ACF", "city": "Mafraq Governorate", "country": "JO",
     "lat": 32.42, "lon": 36.3, "categories": ("WASH",), "language": "en"},
    {"id": "b5", "partner": "b", "name": "مياه شرب", "organization": "ACF", "city": "محافظة المفرق", "country": "JO", "lat": 32.42,
     "lon": 36.3, "language": "ar"},
    {"id": "a6", "partner": "a", "name": "Legal Clinic 1", "organization": "Tres Rios Legal", "city": "Ocala", "country": "US",
     "email": "help@tresrios.example", "url": "tresrios.example", "language": "en"},
    {"id": "b6", "partner": "b", "name": "Legal Clinic 2", "organization": "Tres Rios Legal", "city": "Ocala", "country": "US",
     "email": "help@tresrios.example", "url": "tresrios.example", "language": "en"},
    {"id": "b7", "partner": "b", "name": "Legal clinic", "organization": "Tres Rios Legal, Inc.", "city": "Naples",
    "country": "US",
     "url": "https://www.tresrios.example/", "language": "en"},
    {"id": "a8", "partner": "a", "name": "Passport office", "organization": "City of Radom", "address": "Rynek 1", "city": "Radom",
     "country": "PL", "phone": "+48 48 362 00 00", "language": "en"},
    {"id": "b8", "partner": "b", "name": "Registry of marriages", "organization": "City of Radom", "address": "Rynek 1",
    "city": "Radom",
     "country": "PL", "phone": "+48 48 362 00 00", "language": "en"},
    {"id": "a9", "partner": "a", "name": "Wsparcie psychologiczne", "address": "Podgórska 34", "city": "Kraków", "country": "PL",
     "phone": "+48 887 202 701", "language": "pl"},
    {"id": "b9", "partner": "b", "name": "Psychological support", "address": "ul. Podgorska 34", "city": "Cracow", "country": "PL",
     "phone": "887202701", "language": "en"},
)  # fmt: skip
EXPECTED = {
    ("a1", "b1"): "likely",  # words swapped, form and script of the town changed
    ("a3", "b3"): "likely",  # initials of the organisation, town in Arabic
    ("a5", "b5"): "maybe",  # across languages, no contact: a person decides
    ("a9", "b9"): "likely",  # across languages, but address, telephone and the kind of help agree
}


def test_the_held_out_directory() -> None:
    found = {(m.id1, m.id2): m.band for m in Directory(HELD_OUT).pairs()}
    assert found == EXPECTED


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_file_does_not_matter(seed: int) -> None:
    shuffled = HELD_OUT[:]
    random.Random(seed).shuffle(shuffled)
    assert ordered(Directory(shuffled).pairs()) == ordered(Directory(HELD_OUT).pairs())


@given(several(7), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_never_matters(drawn: list[Listing], rng: random.Random) -> None:
    before = ordered(Directory(drawn).pairs())
    rng.shuffle(drawn)
    assert ordered(Directory(drawn).pairs()) == before


@given(several(7))
@settings(max_examples=60, deadline=None)
def test_a_new_listing_is_told_what_the_whole_file_would_say(drawn: list[Listing]) -> None:
    new, *there = drawn
    of_all = [m for m in Directory(drawn).pairs() if new.id in (m.id1, m.id2)]
    assert Directory(there).check(new) == ordered(of_all)


def test_a_new_listing_against_the_held_out_directory() -> None:
    directory = Directory(HELD_OUT)
    (found,) = directory.check(
        listing(id="new", partner="c", name="Night shelter, Lipowa", city="Lublin", phone="815321122", country="PL")
    )[:1]
    assert (found.id1, found.id2, found.band) == ("a1", "new", "likely")
    assert directory.check(listing(id="new", name="Swimming pool", city="Lublin")) == []
    assert directory.check(listing(id="new")) == []
    assert [m.id2 for m in directory.check(HELD_OUT[0])] == ["b1"]  # a listing that is there already is not told of itself


def test_what_is_added_is_found_at_once() -> None:
    directory = Directory([FULL])
    assert directory.add(copy()) is True
    assert [(m.id1, m.id2) for m in directory.pairs()] == [("1", "2")]
    assert {m.id1 for m in directory.check(copy(id="3", partner="church"))} == {"1", "2"}


def test_the_first_listing_of_an_id_counts() -> None:
    directory = Directory([FULL, copy(id="1"), copy(id="2"), copy(id="2")])
    assert (len(directory), directory.repeated) == (2, {"1", "2"})
    assert len(list(directory.pairs())) == 1


def test_of_many_that_would_do_none_is_likely() -> None:
    """One partner offers the same in five rooms; a copy that does not say in which is none of them for sure."""
    rooms = [copy(id=f"r{n}", partner="city", description=f"{n} {'abcde'[n]}") for n in range(5)]
    vague = copy(id="v", partner="union")
    found = list(Directory([*rooms, vague]).pairs())
    of_vague = [m for m in found if m.id2 == "v"]
    assert {m.band for m in of_vague} == {"maybe"}
    assert all("rivals" in {r.code for r in m.reasons} for m in of_vague)
    assert Directory(rooms[:1]).check(vague)[0].band == "likely"


def test_the_right_one_stands_out_among_rivals() -> None:
    right = copy(id="right", partner="city")
    other = replace(right, id="wrong", name="Advice on rent", description="")
    found = Directory([right, other, copy(id="v", partner="union")])
    assert [(m.id1, m.band) for m in found.pairs() if m.id2 == "v"] == [("right", "likely")]


def test_what_is_likely_a_third_listing_is_hardly_another() -> None:
    """Two partners have the same listing; what a third lists at the same door is less likely one of them for it."""
    first, second = copy(id="first", partner="city"), copy(id="second", partner="union")
    door = replace(first, id="door", partner="church", name="Legal advice for single parents", description="", categories=())
    alone = {(m.id1, m.id2): m.score for m in Directory([first, door]).pairs()}
    found = {(m.id1, m.id2): m for m in Directory([first, second, door]).pairs()}
    assert found["first", "second"].band == "likely"
    assert ("door", "first") in alone
    assert found["door", "first"].score <= alone["door", "first"]


@pytest.mark.parametrize(("description", "bands"), [("", {"likely"}), ("other", {"maybe"})])
def test_without_partners_rivals_are_those_that_are_not_one(description: str, bands: set[str]) -> None:
    """Three copies of nobody support each other; two that say where, in two towns, leave a third that does not say it open."""
    towns = [{"city": ""}, {"city": "Radom"}, {"city": "Lublin"}] if description else [{}, {}, {}]
    bare: dict[str, Any] = {"address": "", "postcode": "", "lat": None, "lon": None, "partner": ""}
    found = list(Directory([copy(id=f"n{n}", **bare | town) for n, town in enumerate(towns)]).pairs())
    assert {m.band for m in found} == bands


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    list(Directory([FULL, copy()]).pairs(lambda done, compared: told.append((done, compared))))
    assert told == [(2, 1)]


def test_an_empty_directory() -> None:
    assert list(Directory().pairs()) == []
    assert Directory().check(FULL) == []
