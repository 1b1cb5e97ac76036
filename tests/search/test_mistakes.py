"""Typing mistakes find the word that was meant, and only when nothing else does."""

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.search.terms import typed_words
from tests.search.library import Library

STANDING = (
    "hairdresser scholarship carpenter electricity neighbourhood bicycle market restaurant certificate "
    "boulangerie menuiserie quartier bibliothèque rendez-vous électricité marché ordinateur poulailler "
    "النجارة الحاسوب المكتبة الحلاقة الدراجة السوق المطعم الكهرباء"
)
MISTAKES = [
    ("hairdreser", "hairdresser"),
    ("hairdressre", "hairdresser"),
    ("scolarship", "scholarship"),
    ("carpentre", "carpenter"),
    ("karpenter", "carpenter"),
    ("electrcity", "electricity"),
    ("neighborhood", "neighbourhood"),
    ("bycicle", "bicycle"),
    ("markt", "market"),
    ("restaraunt", "restaurant"),
    ("certifficate", "certificate"),
    ("boulangrie", "boulangerie"),
    ("menuizerie", "menuiserie"),
    ("cartier", None),
    ("quartié", "quartier"),
    ("bibliotéque", "bibliotheque"),
    ("electrisité", "electricite"),
    ("ordinnateur", "ordinateur"),
    ("poulaillé", "poulailler"),
    ("marhcé", "marche"),
    ("النجاره", "النجاره"),
    ("النجرة", "النجاره"),
    ("الحسوب", "الحاسوب"),
    ("المكتبه", "المكتبه"),
    ("المكتب", "المكتبه"),
    ("الحلاقا", "الحلاقه"),
    ("الدراجه", "الدراجه"),
    ("المطغم", "المطعم"),
    ("الكهربا", "الكهرباء"),
    ("الكهرابء", "الكهرباء"),
]


@pytest.mark.parametrize(("typed", "meant"), MISTAKES)
def test_mistake(library: Library, typed: str, meant: str | None) -> None:
    for n, word in enumerate(STANDING.split()):
        library.put(f"{n} {word}")
    found = library.find(typed)
    if meant is None:
        assert (found.rows, found.corrected) == ([], None)
        return
    assert typed_words(found.rows[0].shown["name"])[1] == meant
    assert found.corrected in (None, meant)  # a beginning is no mistake
    assert found.rows == library.find(meant).rows or meant.startswith(typed_words(typed)[0])


SWAPPED = [
    ("helath", "health"), ("ehalth", "health"), ("huosing", "housing"), ("lwayer", "lawyer"), ("raod", "road"), ("مرزعه", "مزرعه"),
    ("محايم", "محامي"),
]  # fmt: skip
SWAPPED_AND_MORE = [("helht", "health"), ("haelh", "health"), ("lwaer", "lawyer"), ("huosng", "housing"), ("مستفش", "مستشفي")]


@pytest.mark.parametrize(("typed", "meant"), [*SWAPPED, *SWAPPED_AND_MORE])
def test_neighbouring_letters_that_changed_places_are_one_mistake(library: Library, typed: str, meant: str) -> None:
    for n, word in enumerate(("health", "housing", "lawyer", "road", "مزرعة", "محامي", "market", "heather", "مستشفى")):
        library.put(f"{n} {word}")
    found = library.find(typed)
    assert found.corrected == meant
    assert meant in [typed_words(hit.shown["name"])[1] for hit in found.rows]


@pytest.mark.parametrize("typed", ["hxlht", "haxxh", "hte", "htel", "lawxxr"])
def test_two_other_mistakes_in_a_short_word_are_another_word(library: Library, typed: str) -> None:
    for word in ("health", "lawyer", "the", "held"):
        library.put(word)
    assert (library.find(typed).rows, library.find(typed).corrected) == ([], None)


def test_what_stands_there_is_not_corrected(library: Library) -> None:
    library.put("Bread")
    library.put("Broad")
    found = library.find("bread")
    assert [hit.shown["name"] for hit in found.rows] == ["Bread"]
    assert found.corrected is None


def test_the_commoner_of_two_near_words_that_the_reader_may_see(library: Library) -> None:
    for n in range(3):
        library.put(f"marked {n}", audience="members", kind="story")
        library.put(f"market {n}", kind="story")
    library.put("marked once", kind="story")
    assert library.find("markez", kind="story").corrected == "market"
    for n in range(4):
        library.put(f"marked again {n}", kind="story", audience="members")
    assert library.find("markez", kind="story").corrected == "market"
    assert library.find("markez", kind="story", audience="members").corrected == "marked"


def test_a_correction_does_not_tell_which_words_stand_in_texts_for_others(library: Library) -> None:
    """Whether a word stands in a story for members or nowhere, a guest's search answers alike."""
    library.put("Tambasara", kind="story")
    library.put("Tambasare", kind="story", audience="members")
    hidden, nowhere = (library.find(typed, kind="story") for typed in ("tambasare", "tambasari"))
    assert hidden == nowhere
    assert hidden.corrected == "tambasara"
    known = library.find("tambasare", kind="story", audience="members")
    assert (len(known.rows), known.corrected) == (1, None)


def test_a_word_of_another_kind_or_place_that_everybody_may_read_is_no_mistake(library: Library) -> None:
    library.put("Tailor", kind="service", tokens=["area:a"])
    library.put("Sailor", kind="story")
    assert library.find("tailor", kind="story").corrected is None
    library.put("Sailor", kind="service", tokens=["area:b"], number=3)
    assert library.find("tailor", kind="service", tokens=["area:b"]).corrected is None


@pytest.mark.parametrize("typed", ["2023", "roomz2", "hat", "xy", "zzzzzzzzzz"])
def test_numbers_short_words_and_far_ones_stay(library: Library, typed: str) -> None:
    library.put("2024 rooms2 cat")
    found = library.find(typed)
    assert (found.rows, found.corrected) == ([], None)


def test_only_the_unknown_word_is_replaced(library: Library) -> None:
    library.put("Bicycle repair")
    assert library.find("bycicle repair").corrected == "bicycle repair"
    assert library.names("bycicle repair", tokens=["area:nowhere"]) == []


def test_statements_of_a_correction(library: Library, count_queries: Callable[[], Any]) -> None:
    library.put("Bicycle repair")
    with count_queries() as statements:
        found = library.find("bycicle")
    # as typed, known?, one apart, three letters alike, one letter alike, how common; then once more, cards
    assert (found.corrected, len(statements)) == ("bicycle", 8)
    library.put("Lawyer")
    with count_queries() as statements:
        found = library.find("lwaer")
    # as typed, known?, one apart, two letters changed places and one apart, how common; then once more, with the need, cards
    assert (found.corrected, len(statements)) == ("lawyer", 8)
