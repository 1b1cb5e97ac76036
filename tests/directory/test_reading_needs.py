"""The words of the needs: complete in three languages, found in any spelling, and not found where they are not meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import fold, words
from app.domain.directory.lexicon import concepts, concepts_in, fillers, is_manner, meaningful_words, needs_meant, needs_named
from app.domain.directory.needs import LABELS, all_concepts, all_needs, needs_for, section

IDS = ["housing", "work", "papers", "health", "talk", "money", "learning", "children", "business", "pensions", "safety", "food"]


def test_the_taxonomy_is_complete() -> None:
    assert [n.id for n in all_needs()] == IDS
    assert tuple(n.label for n in all_needs()) == LABELS
    for need in all_needs():
        assert need.icon
        assert all(len(set(need.words[language])) >= 15 for language in ("en", "fr", "ar"))
        assert {"es", "pt", "uk", "ru", "pl", "wo", "ha", "bn"} <= set(need.words)
    assert len(all_concepts()) >= 150
    for concept in all_concepts().values():
        assert concept.need in IDS
        assert all(all(concept.words[language]) for language in ("en", "fr", "ar", "es", "pt"))


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("Legal aid", "papers"), ("Immigration", "papers"), ("Mental health services", "talk"), ("Health Services", "health"),
        ("Cash For Rent", "housing"), ("Distribution for Basic needs (NFI)", "food"), ("Women Safe Spaces", "safety"),
        ("Child Protection", "children"), ("BIRTH CERTIFICATES", "papers"), ("Hébergement d’urgence", "housing"),
        ("hebergement d'urgence", "housing"), ("المحامي", "papers"), ("الصِّحَّة", "health"), ("دعم نفسي اجتماعي", "talk"),
        ("Юрист", "papers"), ("Гарячі страви", "food"), ("Zakwaterowanie", "housing"), ("xaalis", "money"), ("ডাক্তার", "health"),
        ("microcrédito", "business"), ("Pensão", "pensions"), ("Job offers", "work"), ("language course", "learning"),
    ],
)  # fmt: skip
def test_categories_find_their_need(text: str, need: str) -> None:
    assert needs_for(text)[0] == need


@pytest.mark.parametrize(
    "text", ["", "   ", "We will help you", "don't worry, call us by phone", "qwertz", "the state of the art", "!!!"]
)
def test_words_that_mean_nothing_here(text: str) -> None:
    assert [n for n in needs_for(text) if n != "talk"] == []


def test_concepts_cross_languages() -> None:
    assert concepts(fold("Avocat")) == ["lawyer"]
    assert concepts(fold("محامي")) == concepts("lawyer") == ["lawyer"]
    assert "birth_certificate" in concepts(fold("acte de naissance"))
    assert "language_course" in concepts("cours francais"), "fillers inside an expression do not matter"
    assert concepts("nothing at all") == []


def test_words_of_manner_and_of_every_day() -> None:
    for name in ("manner", "everyday"):
        for entry in section(name).values():
            assert {"en", "fr", "ar"} <= set(entry)
            assert set(entry.get("for", "help").split(", ")) <= {"help", *all_concepts()}
    assert all(map(is_manner, ("free", "gratuits", fold("مجاني"), "pas cher", "help")))
    assert not any(map(is_manner, ("lawyer", "hungry", "")))
    assert (needs_named("free"), needs_named("doctor"), needs_named("hungry")) == ([], ["health"], ["food"])
    assert (needs_meant("passport"), needs_meant("free"), needs_meant("legal aid")) == (["papers"], [], ["papers"])


def test_fillers_stand_for_nothing() -> None:
    assert len(fillers()) > 300
    assert {"the", "j", "un", "cherche", fold("أحتاج"), fold("إلى")} <= fillers()
    assert not any(concepts(w) for w in fillers())
    assert not fillers() & set(meaningful_words())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Free legal aid", {"free", "lawyer", "need_papers", "help"}), ("Mental health", {"psychosocial", "need_health"}),
        ("مساعدة قانونية مجانية", {"free", "lawyer", "need_papers", "help"}), ("hungry people", set()), ("", set()),
    ],
)  # fmt: skip
def test_expressions_in_a_document(text: str, expected: set[str]) -> None:
    assert concepts_in(words(text)) == expected


@given(st.text(max_size=300))
def test_any_text_gives_known_needs(text: str) -> None:
    found = needs_for(text)
    assert set(found) <= set(IDS)
    assert len(found) == len(set(found)) <= 4
    known = {*all_concepts(), *section("manner"), *(f"need_{i}" for i in IDS)}
    assert concepts_in(words(text)) <= known
