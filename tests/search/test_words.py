"""What becomes a word or a token, and that nothing typed can be anything else."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search import query_text
from app.domain.search.reading import loud, read, said, typed
from app.domain.search.terms import (
    CELLS,
    LONGEST,
    MARK,
    MOST_WORDS,
    cells,
    cells_around,
    concept_tokens,
    concepts,
    document_words,
    keys,
    narrowed,
    pairs,
    teachable,
    token,
    typed_words,
)
from tests.search import library  # connects the concepts

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=500)


@given(ANY_TEXT)
def test_typed_words_hold_no_sign_of_a_query_language_and_no_token(text: str) -> None:
    found = typed_words(text)
    assert len(found) <= MOST_WORDS
    for word in found:
        assert 0 < len(word) <= LONGEST
        assert not set(word) & set("\"'\\*()|&!:<> \x00" + MARK + "\ue001")
        assert word == word.lower()
        word.encode()  # no half characters


@given(ANY_TEXT)
def test_documents_and_queries_are_cut_into_the_same_words(text: str) -> None:
    assert typed_words(text) == document_words(text[:400])[: len(typed_words(text))]


def test_a_letter_that_becomes_many_stays_bounded() -> None:
    assert len(document_words("\ufdfa" * 150_000)) < 60_000
    assert len(" ".join(document_words("a" * 10_000_000))) == LONGEST


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Médecin GÉNÉRALISTE", ["medecin", "generaliste"]),
        ("مُحَامٍ الأُسْرَة", ["محام", "الاسره"]),
        ("সদস্যরা দোস্ত", ["সদস্যরা", "দোস্ত"]),
        ("दोस्त हिन्दी", ["दोस्त", "हिन्दी"]),
        ("𞤆𞤵𞤤𞤢𞤪", ["𞤨𞤵𞤤𞤢𞤪"]),
        ("℡ ᴬ", ["tel", "a"]),
        ("٢٠٢٤ ২০২৪", ["2024", "2024"]),
    ],
)
def test_folding(text: str, expected: list[str]) -> None:
    assert typed_words(text) == expected


def test_tokens_are_one_word_each_and_never_two_the_same() -> None:
    texts = [
        "need:housing",
        "need:hous:ing",
        "needhousing",
        "need:Housing!",
        "need:é",
        "area:" + "0" * 32,
        "x" * 100,
        "",
        "need:\ud800",
    ]
    made = [token(t) for t in texts]
    assert len(set(made)) == len(texts)
    assert all(t.startswith(MARK) and len(t) <= 62 and " " not in t and '"' not in t and "'" not in t for t in made)
    assert token("lang:pt-BR") == token("lang:ptbr")  # case and hyphens say nothing


@given(st.floats(-90, 90), st.floats(-180, 180), st.integers(0, len(CELLS) - 1))
def test_a_point_lies_in_the_cells_around_it(lat: float, lon: float, size: int) -> None:
    around = cells_around(size, lat, lon)
    assert cells(lat, lon)[size] in around
    assert len(around) == 9


@given(st.floats(-88, 88), st.floats(-180, 180), st.floats(-0.95, 0.95), st.floats(-0.95, 0.95))
def test_what_is_within_a_cell_s_size_is_around(lat: float, lon: float, north: float, east: float) -> None:
    for size, step in enumerate(CELLS):
        there = lat + north * step, (lon + east * step + 180) % 360 - 180
        assert cells(*there)[size] in cells_around(size, lat, lon)


@pytest.mark.parametrize("point", [(None, 3.0), (3.0, None), (91.0, 0.0), (0.0, 181.0), (math.nan, 0.0), (0.0, math.inf)])
def test_what_is_no_place_has_no_cell(point: tuple[float | None, float | None]) -> None:
    assert cells(*point) == []


def test_numbers_and_letters_correct_nothing() -> None:
    assert [w for w in ("2024", "v2", "a", "٣", "word", "x" * 25, "it's", 'a"b', "a\\b") if teachable(w)] == ["word"]


def test_one_letter_less_is_a_key_in_common() -> None:
    assert keys("hous") & keys("huos") == {"hos", "hus"}
    assert keys("سكن") == {"سكن", "كن", "سن", "سك"}


@pytest.mark.parametrize(
    "words",
    [
        ("logement", "housing", "سكن", "vivienda"),
        ("طبيب", "doctor", "médecin", "الطبيب"),
        ("avocat", "lawyer", "محامي"),
        ("travail", "work", "عمل"),
        ("argent", "money", "مال"),
    ],
)
def test_words_of_several_languages_stand_for_one_concept(words: tuple[str, ...]) -> None:
    found = [set(concepts(typed_words(w)[0])) for w in words]
    assert set.intersection(*found)
    assert library.Library


def test_a_word_of_no_concept_widens_nothing() -> None:
    assert concept_tokens(["xylophone", "the"], []) == []


def test_a_need_and_an_area_are_one_filter() -> None:
    assert pairs(["need:a", "area:x-y", "lang:fr"]) == pairs(["area:xy", "need:a"])
    assert len(set(pairs(["need:a", "need:b", "area:x", "area:y"]))) == 4
    assert narrowed(["need:a", "lang:fr"]) == ["need:a", "lang:fr"]
    assert narrowed(["lang:fr", "area:x", "need:a"]) == [*pairs(["need:a", "area:x"]), "lang:fr"]


def test_queries_are_written_for_each_engine() -> None:
    groups = [["help"], ["doc", "\ue000c", "legal aid"]]
    assert query_text.sqlite(groups, ["need:a"], ["x", "y"], "doc") == (
        '"help" AND ("doc" OR "\ue000c" OR ("legal" AND "aid") OR "doc"*) AND "\ue000need\ue001a" AND ("\ue000x" OR "\ue000y")'
    )
    assert query_text.postgres(groups, ["need:a"], ["x", "y"], "doc") == (
        "'help' & ('doc' | '\ue000c' | ('legal' & 'aid') | 'doc':*) & '\ue000need\ue001a' & ('\ue000x' | '\ue000y')"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I need a doctor", ["doctor"]), ("j'ai besoin d'un avocat", ["avocat"]), ("cours de français", ["cours de francais"]),
        ("cours en français", ["cours francais"]), ("أحتاج إلى طبيب", ["طبيب"]), ("legal aid in Amman", ["legal aid", "amman"]),
        ("mental health", ["mental health"]), ("where can I", ["where", "can", "i"]), ("the", ["the"]), ("", []),
        ("find a job", ["find a job"]), ("where can i find a good doctor for my baby here", ["good", "doctor", "baby"]),
        ("w1 w2 w3 w4 w5 w6 w7 w8 w9", [f"w{n}" for n in range(1, 9)]), ("معلم", ["معلم"]),
    ],
)  # fmt: skip
def test_a_query_is_read_into_expressions_without_fillers(text: str, expected: list[str]) -> None:
    assert [" ".join(t.words) for t in read(typed(text))] == expected


@pytest.mark.parametrize(("text", "reader", "expected"), [
    ("IT courses", "en", "it courses"), ("US visa", "en", "us visa"), ("UN agency", "fr", "un agency"),
    ("UN agency", "en", "un agency"),
    ("l'est du Sénégal", "fr", "est senegal"), ("don alimentaire", "fr", "don alimentaire"),
    ("don alimentaire", "en", "don alimentaire"),
    ("for my son", "en", "son"), ("for my son", "fr", "son"), ("las casas son caras", "es", "casas caras"),
    ("ina neman aiki", "en", "aiki"), ("necesito un abogado", "en", "abogado"), ("j'ai été violée", "fr", "violee"),
    ("cours d'été", "fr", "cours ete"), ("I NEED A JOB", "en", "job"), ("it courses", "en", "courses"), ("us", "en", "us"),
    ("أحتاج إلى طبيب", "en", "طبيب"), ("j'ai besoin d'un avocat", "en", "avocat"),
])  # fmt: skip
def test_a_word_says_nothing_only_in_its_own_language(text: str, reader: str, expected: str) -> None:
    assert " ".join(w for t in read(typed(text), reader, loud(text)) for w in t.words) == expected


@pytest.mark.parametrize(("text", "concept"), [
    ("طبيبا", "doctor"), ("أريد طبيبًا", "doctor"), ("محاميا", "lawyer"), ("بيتا", "need_housing"), ("عملا", "need_work"),
    ("طعاما", "need_food"), ("سكنا", "need_housing"), ("لأطفالي", "need_children"), ("لأولادي", "need_children"),
    ("جوازي", "passport"), ("سفري", "bus_ticket"),
    ("جواز سفري", "passport"), ("عائلتي", "need_children"), ("وطبيبنا", "doctor"), ("I was raped", "sexual_violence"),
    ("J'ai été violée", "sexual_violence"), ("اغتصبت", "sexual_violence"), ("me violaron", "sexual_violence"),
    ("I want to die", "helpline"), ("I want to kill myself", "helpline"), ("je veux mourir", "counselling"),
    ("أريد أن أموت", "helpline"), ("quiero morir", "helpline"), ("I don't want to live", "counselling"), ("جوعان", "hot_meal"),
])  # fmt: skip
def test_what_people_say_stands_for_help(text: str, concept: str) -> None:
    assert [concept in t.concepts for t in read(typed(text))][-1:] == [True]


@pytest.mark.parametrize("text", ["عملة", "والدي", "كتاب", "لبنان", "سوريا"])
def test_an_arabic_word_is_not_taken_apart_into_another(text: str) -> None:
    assert read(typed(text))[0].concepts == ()


def test_what_was_read_is_said_as_it_was_typed() -> None:
    text = "Où trouver d’Urgence une ÉCOLE, مجانية؟"
    assert said(read(typed(text)), text) == "Urgence ÉCOLE مجانية"
    assert said(read(["ecole"]), "écolle") == "ecole"


@given(ANY_TEXT)
def test_any_query_can_be_read(text: str) -> None:
    terms = read(typed(text))
    assert len(terms) <= MOST_WORDS
    assert bool(terms) == bool(typed(text))
    assert {w for t in terms for w in t.words} <= set(typed(text))
    said(terms, text)
