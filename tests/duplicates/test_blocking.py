"""Which listings meet at all, and that the index gives the same whichever way it is asked."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.directory.duplicates.blocking import MOST, keys
from app.domain.directory.duplicates.index import Index
from tests.duplicates.listings import facts


def meet(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return bool(keys(facts(**a)) & keys(facts(**b)))


@pytest.mark.parametrize(("a", "b"), [
    ({"phone": "+48 22 628 69 30"}, {"phone": "0048226286930"}),
    ({"phone": "22 6286930", "city": "Warsaw"}, {"phone": "+48226286930", "city": "Варшава"}),
    ({"email": "Help@Example.org"}, {"email": "help@example.org", "city": "Radom"}),
    ({"url": "www.example.org/a"}, {"url": "https://example.org/a/"}),
    ({"url": "example.org/a", "city": "Radom"}, {"url": "example.org/b", "city": "Radom"}),
    ({"address": "ul. Polna 7", "city": "Radom"}, {"address": "Polna 7/3", "city": "Radom"}),
    ({"address": "Polna 7", "postcode": "26-600"}, {"address": "7 Polna", "postcode": "26 600"}),
    ({"name": "Torwar hall", "city": "Warsaw"}, {"name": "COS Torwar", "city": "Warszawa"}),
    ({"name": "Torwar hall"}, {"name": "COS Torwar", "city": "Warszawa"}),
    ({"name": "Food bank", "lat": 52.2, "lon": 21.0}, {"name": "Bank for food", "lat": 52.2045, "lon": 21.008}),
    ({"organization": "World Vision International", "city": "Irbid"}, {"organization": "WVI", "city": "إربد"}),
    ({"organization": "Caritas Inc.", "name": "Beds"}, {"organization": "Caritas", "name": "A bed"}),
    ({"name": "Food bank", "city": "Mafraq"}, {"name": "بنك الطعام", "city": "المفرق"}),
    ({"name": "Drinking water", "lat": 32.3, "lon": 36.2}, {"name": "مياه شرب", "lat": 32.3, "lon": 36.2}),
    ({"description": "A quiet house where people rest and eat"}, {"description": "A quiet house, where people rest and sleep"}),
])  # fmt: skip
def test_these_meet(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert meet(a, b)
    assert meet(b, a)


@pytest.mark.parametrize(("a", "b"), [
    ({}, {}), ({"name": ""}, {"name": ""}), ({"city": "Radom"}, {"city": "Radom"}),
    ({"name": "Legal aid", "city": "Radom"}, {"name": "Food bank", "city": "Radom"}),
    ({"name": "Food bank", "lat": 52.2, "lon": 21.0}, {"name": "Choir", "lat": 52.2, "lon": 21.0}),
    ({"name": "Food bank", "lat": 0.0, "lon": 0.0}, {"name": "Choir", "lat": 0.0, "lon": 0.0}),
    ({"phone": "112"}, {"phone": "112"}), ({"url": "https://facebook.com"}, {"url": "facebook.com"}),
])  # fmt: skip
def test_these_do_not(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert not meet(a, b)


@given(st.floats(-60, 60), st.floats(-170, 170), st.floats(-0.0085, 0.0085), st.floats(-0.0085, 0.0085))
@settings(max_examples=60, deadline=None)
def test_points_within_a_kilometre_share_a_corner(lat: float, lon: float, north: float, east: float) -> None:
    here = facts(name="Choir", lat=lat or 1, lon=lon)
    there = facts(name="Choir practice", lat=(lat or 1) + north, lon=lon + east)
    assert keys(here) & keys(there) - keys(facts(name="Choir"))


KEYS = st.lists(st.sets(st.integers(0, 12), max_size=4), min_size=1, max_size=25)


@given(KEYS, st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_all_ways_of_asking_agree(added: list[set[int]], settled: int) -> None:
    """Pairs at once, listing by listing, and with a part of the listings added later."""
    plain = {(a, b) for b in range(len(added)) for a in range(b) if added[a] & added[b]}
    index = Index()
    for one in added[:settled]:
        index.add(one)
    list(index.pairs([]))  # sorts in what is there
    for one in added[settled:]:
        index.add(one)
    beside = {(a, b) for a in range(len(added)) for b in index.of(a) if a < b}
    assert beside == plain
    order = sorted(range(len(added)), key=lambda n: -n % 3)
    assert {(a, b) for a, later in index.pairs(order) for b in later} == plain
    assert {(a, b) for a in range(len(added)) for b in index.of(a) if a < b} == plain


def test_a_block_that_is_too_large_is_passed_over() -> None:
    index = Index()
    for number in range(MOST):
        index.add({7, 100 + number})
    assert index.beside([7]) == list(range(MOST))
    assert index.beside([7], newcomers=1) == []
    assert sum(len(later) for _number, later in index.pairs(list(range(MOST)))) == MOST * (MOST - 1) // 2
    index.add({7, 8})
    index.add({8})
    assert index.beside([7]) == []
    assert index.of(MOST) == [MOST, MOST + 1]
    assert [(number, later) for number, later in index.pairs(list(range(MOST + 2))) if later] == [(MOST, [MOST + 1])]


def test_an_empty_index() -> None:
    assert list(Index().pairs([])) == []
    assert Index().beside([1, 2]) == []
