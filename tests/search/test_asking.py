"""A search in one's own words: in three languages, with words around what is meant; nothing that fits is drowned by them."""

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.search import queries
from tests.search.library import Library

LISTED = {  # name: what is told of it, needs
    "General Civil Legal Assistance": ("Lawyers for tenants, in English", ["papers"]),
    "Health Services, Irbid": ("Primary care, by appointment", ["health"]),
    "Registration point": ("Employment, PESEL numbers", ["work", "papers"]),
    "Support for learning environment": ("For pupils and grown-ups", ["learning"]),
    "Financial assistance, Jarash": ("Unconditional payments", ["money"]),
    "Food Security, Zarqa": ("Parcels each month", ["food"]),
    "Hotel Kopernik": ("Beds for newcomers", ["housing"]),
    "Women Safe Spaces": ("Somebody listens", ["safety"]),
    "Youth football": ("On Sundays", ["children"]),
    "Quilting": ("In the hall", []),
}
ASKED = {
    "General Civil Legal Assistance": (
        "aide juridique|avocat gratuit|je cherche un avocat|papiers perdus|avoca|avocats gratuits|J’ai perdu mon passeport|"
        "محامي مجاني|مساعدة قانونية|free lawyer|legal aid|I need a lawyer please|lost papers|xylophone lawyer|lawyr"
    ),
    "Health Services, Irbid": (
        "médecin gratuit|أحتاج إلى طبيب|I need a doctor|je suis malade|medcin|doctr|cheap medicine|doctor Irbid"
    ),
    "Registration point": "chercher un travail|trouver du travail|أبحث عن عمل|find a job|job|emploi|وظيفة|offre d'emploi",
    "Support for learning environment": "cours de français|école pour enfants|تعليم اللغة|language course|learn English|school",
    "Financial assistance, Jarash": "مساعدة مالية|aide financière|money help|j'ai besoin d'argent",
    "Food Security, Zarqa": "aide alimentaire|food for my children|I am hungry|j’ai faim|طعام لأطفالي|مساعدات غذائية",
    "Hotel Kopernik": "logement pas cher|سكن رخيص|cheap room|où dormir ce soir|where can I sleep tonight|logment",
    "Women Safe Spaces": "mon mari me frappe|women safe space|زوجي يضربني",
}


@pytest.fixture
def town(library: Library) -> Library:
    """A library of what the help of a town is called."""
    for name, (body, needs) in LISTED.items():
        library.put(name, body, tokens=[f"need:{n}" for n in needs])
    return library


@pytest.mark.parametrize(("typed", "name"), [(q, name) for name, several in ASKED.items() for q in several.split("|")])
def test_in_own_words(town: Library, typed: str, name: str) -> None:
    found = town.names(typed)
    assert name in found[:2]
    assert "Quilting" not in found


@pytest.mark.parametrize("typed", ["j'ai besoin d'aide", "help", "مساعدة", "I need help"])
def test_any_help_at_all(town: Library, typed: str) -> None:
    assert "Financial assistance, Jarash" in town.names(typed)
    assert "Quilting" not in town.names(typed)


def test_what_fits_all_words_comes_first_and_the_page_can_say_what_was_left_out(library: Library) -> None:
    library.put("Lawyer, downtown", "by appointment", rank=3)
    library.put("A lawyer who is free of charge", number=3)
    library.put("Papers", "on Mondays", tokens=["need:papers"], rank=3)
    found = library.find("avocat GRATUIT")
    names = [hit.shown["name"] for hit in found.rows]
    assert names == ["A lawyer who is free of charge", "Lawyer, downtown", "Papers"]
    assert (found.whole, found.left_out, found.corrected) == (1, "GRATUIT", None)
    beyond = library.find("avocat gratuit", offset=1)
    assert (beyond.whole, beyond.left_out) == (1, "gratuit")
    assert (library.find("avocat").whole, library.find("avocat").left_out) == (3, None)


@pytest.mark.parametrize(
    ("typed", "names", "left_out", "whole"),
    [
        ("lawyer Paris", ["Lawyer"], "Paris", 0), ("lawyer in Dakar", ["Lawyer"], None, 1),
        ("cheap lawyer", ["Lawyer"], "cheap", 0),
        ("passeport", ["Lawyer"], None, 1), ("citizenship papers", ["Lawyer"], None, 1), ("visa school", ["Lawyer"], "", 0),
        ("harbour quay", ["Sewing"], "", 0), ("Dakar harbour", ["Sewing", "Lawyer"], "", 0), ("apostille", ["Lawyer"], "", 0),
        ("unknown", [], None, 0), ("unknown unheard", [], None, 0), ("lawyer unknown", ["Lawyer"], "unknown", 0),
        ("", None, None, 2),
    ],
)  # fmt: skip
def test_what_comes_nearest(library: Library, typed: str, names: list[str] | None, left_out: str | None, whole: int) -> None:
    library.put("Lawyer", "Dakar", tokens=["need:papers"])
    library.put("Sewing", "at the harbour")
    found = library.find(typed)
    assert names is None or [hit.shown["name"] for hit in found.rows] == names
    assert (found.left_out, found.whole) == (left_out, whole)


def test_a_word_that_is_left_out_is_first_put_right(library: Library) -> None:
    library.put("Lawyer", "Dakar")
    library.put("Lawyer", "Thiès")
    found = library.find("lawyer dakra")
    assert (len(found.rows), found.corrected, found.left_out) == (1, "lawyer dakar", None)


def test_near_a_place_the_nearer_one_stays_first(library: Library) -> None:
    library.put("Lawyer, free, farther away", lat=10.4, lon=10.0)
    library.put("Lawyer close by", lat=10.0, lon=10.0)
    assert library.names("free lawyer", near=(10.0, 10.0)) == ["Lawyer, free, farther away"]
    found = library.find("cheap lawyer", near=(10.0, 10.0))
    assert [hit.shown["name"] for hit in found.rows] == ["Lawyer close by", "Lawyer, free, farther away"]
    assert (found.left_out, found.whole) == ("cheap", 0)


def test_nothing_is_left_out_that_a_guest_may_not_know_of(library: Library) -> None:
    library.put("Open", "harbour", kind="story")
    library.put("Closed", "harbour secretword", kind="story", audience="members")
    hidden, unknown = (library.find(f"harbour {word}", kind="story") for word in ("secretword", "nosuchword"))
    assert [h.shown["name"] for h in hidden.rows] == [h.shown["name"] for h in unknown.rows] == ["Open"]
    assert (hidden.left_out, hidden.whole, hidden.corrected) == (unknown.left_out, unknown.whole, unknown.corrected)


def test_statements_are_bounded(library: Library, count_queries: Callable[[], Any]) -> None:
    for n in range(queries.ENOUGH):
        library.put(f"Lawyer {n}", "free of charge", tokens=["need:papers"])
    library.put("School", tokens=["need:learning"])
    asked = {"free lawyer please": 2, "I need a lawyer": 2, "cheap lawyer": 3, "lawyer school": 12, "zzzz yyyy xxxx wwww vvvv": 16}
    for text, most in asked.items():
        with count_queries() as statements:
            library.find(text)
        assert len(statements) <= most, (text, statements)
