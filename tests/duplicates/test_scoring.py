"""Scores: the same for either order, highest for a listing and itself, never likely against a veto."""

from hypothesis import given, settings

from app.domain.directory.duplicates import vetoes
from app.domain.directory.duplicates.evidence import WEIGHTS
from app.domain.directory.duplicates.facts import facts_of
from app.domain.directory.duplicates.listing import Listing
from app.domain.directory.duplicates.places import compare_towns
from app.domain.directory.duplicates.scoring import JUST_BELOW, LIKELY, MAYBE, match
from app.domain.directory.duplicates.vetoes import opposed
from tests.duplicates.listings import FULL, codes, compared, copy, facts, listings


@given(listings(1), listings(2))
@settings(max_examples=200, deadline=None)
def test_either_order_gives_the_same(a: Listing, b: Listing) -> None:
    found = compared(a, b)
    assert found == compared(b, a)
    assert found is None or (found.id1, found.id2) == ("1", "2")


@given(listings(1), listings(2))
@settings(max_examples=200, deadline=None)
def test_the_band_follows_the_score_and_a_veto_is_never_likely(a: Listing, b: Listing) -> None:
    found = compared(a, b)
    if found is None:
        return
    x, y = facts_of(a), facts_of(b)
    assert MAYBE <= found.score < 1
    assert (found.band == "likely") is (found.score >= LIKELY)
    if opposed(x, y):
        assert (found.band, found.score <= JUST_BELOW) == ("maybe", True)
    if x.town and y.town and compare_towns(x.town, y.town) == "town_other":
        assert found.score <= JUST_BELOW


@given(listings(1))
@settings(max_examples=100, deadline=None)
def test_nothing_is_more_like_a_listing_than_itself(a: Listing) -> None:
    """Twins of another partner are as likely as what is known allows: whatever is changed, the score does not rise."""
    other = "union" if a.partner != "union" else "city"
    twin = compared(a, copy(a, partner=other))
    for field in ("name", "city", "phone", "organization", "address", "email"):
        changed = compared(a, copy(a, partner=other, **{field: getattr(FULL, field)}))
        if changed and getattr(a, field):
            assert twin
            assert changed.score <= twin.score + 0.0001 or getattr(a, field) == getattr(FULL, field)


def test_a_full_listing_equals_itself() -> None:
    found = compared(FULL, copy())
    assert found
    assert found.band == "likely"
    assert codes(found) == {
        "name_same", "phone_same", "address_same", "text_like", "mailbox_same", "organization_same", "page_same", "point_same",
        "town_same",
        "category_same", "postcode_same",
    }  # fmt: skip


def test_reasons_stand_by_strength_and_add_up() -> None:
    found = compared(FULL, copy(phone="", email="", url="", address="", postcode="", lat=None, lon=None))
    assert found
    assert [r.adds for r in found.reasons] == sorted((r.adds for r in found.reasons), reverse=True)
    assert codes(found) == {"name_same", "text_like", "organization_same", "town_same", "category_same"}


def test_rivals_make_less_sure_and_are_a_reason() -> None:
    a, b = facts_of(FULL), facts_of(copy())
    alone, contested = match(a, b), match(a, b, rivals=10_000.0)
    assert alone
    assert contested
    assert contested.score < alone.score
    assert "rivals" in codes(contested)
    assert match(a, b, rivals=1e9) is None


def test_other_words_for_the_same_help_may_be_a_copy_but_only_of_another_partner() -> None:
    """A partner knows its own list: two names there are two services."""
    centre = copy(name="Job centre", description="")
    office = copy(centre, id="3", partner="city", name="Employment office")
    found = compared(centre, office)
    assert found
    assert (found.band, "name_meant" in codes(found)) == ("maybe", True)
    assert compared(centre, copy(office, partner="union")) is None


def test_words_of_the_organisation_are_no_help_that_is_offered() -> None:
    body, where = "France Terre d'Asile", "Lyon"
    health = facts(name=f"{body}: Primary health clinic", organization=body, city=where)
    food = facts(name=f"{body} – Colis alimentaires", organization=body, city=where)
    assert not health.helps & food.helps
    assert not health.needs & food.needs


def test_every_code_of_the_vetoes_has_a_weight() -> None:
    graded = {"name_same", "name_more", "name_like", "name_differs", "name_narrower", "name_heard", "text_like"}
    known = {*WEIGHTS, *graded}
    assert known.issuperset(vetoes._AGAINST | vetoes._SOMEWHERE | vetoes._REACHED | vetoes._NAMED | vetoes._SOMEBODY)
    assert all(WEIGHTS[code] < 0 for code in vetoes._AGAINST - graded)
