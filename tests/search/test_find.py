"""What people type finds what stands there, for those who may see it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.domain.search import queries
from tests.search.library import Library


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Médecin généraliste", "medecin GENERALISTE"),
        ("Médecin généraliste", "médecin"),
        ("Çalışma izni Straße", "calisma strasse"),
        ("مُحَامٍ مجاني", "محام"),
        ("الأسرة والإيواء", "الاسره"),
        ("آمال", "امال"),
        ("مستشفى", "مستشفي"),
        ("সদস্যরা আসে", "সদস্যরা"),
        ("मेरे दोस्त", "दोस्त"),
        ("Лікарня Київ", "лікарня"),
        ("Clinic 2024 ٤٥", "45"),
        ("𞤆𞤵𞤤𞤢𞤪", "𞤆𞤵𞤤𞤢𞤪"),
        ("የጤና ጣቢያ", "የጤና"),
        ("診療所", "診療"),
    ],
)
def test_found_in_its_script(library: Library, written: str, typed: str) -> None:
    library.put(written)
    library.put("Something else", "of no interest")
    assert library.names(typed) == [written]


@pytest.mark.parametrize(
    ("written", "piece"), [("সদস্যরা home", "যর"), ("সদস্যরা home", "সদস home"), ("दोस्त home", "द home"), ("दोस्त home", "त")]
)
def test_vowel_signs_do_not_cut_a_word(library: Library, written: str, piece: str) -> None:
    library.put(written)
    assert library.names(written.split(maxsplit=1)[0]) == [written]
    assert library.find(piece).whole == 0


def test_concepts_cross_languages(library: Library) -> None:
    library.put("Housing office", "rooms")
    library.put("Cabinet", "le médecin reçoit", language="fr")
    assert library.names("logement") == ["Housing office"]
    assert library.names("سكن") == ["Housing office"]
    assert library.names("طبيب") == ["Cabinet"]
    assert library.names("doctor") == ["Cabinet"]


@pytest.mark.parametrize("typed", ["doctor", "médecin", "docteur", "doctors", "طبيب", "الطبيب"])
def test_the_common_word_for_a_need_finds_what_is_listed_under_it(library: Library, typed: str) -> None:
    library.put("Family counsel", "they know a doctor", tokens=["need:papers"])
    library.put("Health Services, Irbid", "ask at the door", tokens=["need:health"])
    library.put("Bandages", "from Monday", tokens=["need:health"], number=7)
    library.put("Pansements", "le lundi", tokens=["need:health"], number=7, language="fr")
    library.put("Housing office", "rooms", tokens=["need:housing"])
    named, *listed = library.names(typed)
    assert named == "Family counsel", "what speaks of it stands first"
    assert sorted(listed) == ["Bandages", "Health Services, Irbid"]
    assert library.find(typed).corrected is None


@pytest.mark.parametrize("typed", ["lekarz", "лікар", "врач", "likita", "ডাক্তার", "médicos"])
def test_common_words_of_languages_without_concepts_find_it_too(library: Library, typed: str) -> None:
    library.put("Bandages", "from Monday", tokens=["need:health"])
    library.put("Housing office", "rooms", tokens=["need:housing"])
    assert library.names(typed) == ["Bandages"]


def test_other_words_and_filters_hold_beside_the_common_word(library: Library) -> None:
    library.put("Health Services, Irbid", tokens=["need:health", "area:irbid"])
    library.put("Health Services, Amman", tokens=["need:health", "area:amman"])
    assert library.names("doctor Irbid") == ["Health Services, Irbid"]
    found = library.find("doctor irbdi")
    assert ([hit.shown["name"] for hit in found.rows], found.corrected) == (["Health Services, Irbid"], "doctor irbid")
    assert library.names("doctor", tokens=["area:amman"]) == ["Health Services, Amman"]
    assert library.names("doctor", tokens=["need:housing"]) == []
    assert library.names("doctor", audience="everyone", kind="story") == []


def test_near_a_place_the_nearer_one_stays_first(library: Library) -> None:
    library.put("A doctor farther away", lat=10.4, lon=10.0, tokens=["need:health"])
    library.put("Clinic close by", lat=10.0, lon=10.0, tokens=["need:health"])
    assert library.names("doctor", near=(10.0, 10.0)) == ["Clinic close by", "A doctor farther away"]


def test_where_enough_speak_of_it_nothing_is_added(library: Library, count_queries: Callable[[], Any]) -> None:
    for n in range(queries.ENOUGH):
        library.put(f"Doctor {n}", tokens=["need:health"])
    library.put("Bandages", tokens=["need:health"])
    with count_queries() as statements:
        found = library.find("doctor", limit=40)
    assert (len(found.rows), len(statements)) == (queries.ENOUGH, 2)


def test_only_the_last_word_may_be_a_beginning(library: Library) -> None:
    library.put("Hairdressing workshop")
    assert library.names("hairdressing works") == ["Hairdressing workshop"]
    assert (library.names("hair workshop"), library.find("hair workshop").whole) == (["Hairdressing workshop"], 0)
    assert library.names("hair") == ["Hairdressing workshop"]


@pytest.mark.parametrize("typed", ["w", "wo", "wor", "work", "works"])
def test_every_length_of_a_beginning(library: Library, typed: str) -> None:
    library.put("Workshop")
    library.put("Other")
    assert library.names(typed) == ["Workshop"]


def test_a_short_beginning_becomes_the_shortest_words(library: Library) -> None:
    for n in range(50):
        library.put("q" + "abcdefghij"[n % 10] * (n // 10 + 1))
    found = library.names("q", limit=50)
    assert len(found) == 40
    assert {len(name) for name in found} == {2, 3, 4, 5}


def test_every_word_and_every_filter_must_fit(library: Library) -> None:
    library.put("Legal help", "for papers", tokens=["need:papers", "area:dakar"])
    library.put("Legal help too", "for papers", tokens=["need:papers", "area:thies"])
    assert library.names("legal papers", tokens=["need:papers", "area:dakar"]) == ["Legal help"]
    assert library.find("legal house", tokens=["need:papers"]).whole == 0
    assert library.names(tokens=["need:papers"]) == ["Legal help too", "Legal help"]
    assert library.names(tokens=["need:papers", "need:health"]) == []


def test_kinds_are_kept_apart(library: Library) -> None:
    library.put("A bakery", kind="story")
    library.put("The bakery")
    assert library.names("bakery") == ["The bakery"]
    assert library.names("bakery", kind="story") == ["A bakery"]
    assert library.names(kind="story") == ["A bakery"]


def test_title_then_freshness_then_newest(library: Library) -> None:
    library.put("First", "sewing course")
    library.put("Second", "sewing course", rank=1)
    library.put("Sewing third", "course")
    library.put("Fourth", "sewing course")
    assert library.names("sewing") == ["Sewing third", "Second", "Fourth", "First"]
    assert library.names() == ["Second", "Fourth", "Sewing third", "First"]
    assert [hit.score for hit in library.find("sewing course").rows] == [1, 0, 0, 0]


def test_guests_never_see_what_is_for_members(library: Library) -> None:
    library.put("Open story", "harbour", kind="story", number=1)
    library.put("Closed story", "harbour secretword", kind="story", number=2, audience="members")
    library.put("Both, closed part", "harbour", kind="story", number=1, language="fr", audience="members")
    for text in ("harbour", "", "harb", "h"):
        found = library.find(text, kind="story", prefer=("fr",))
        assert [hit.shown["name"] for hit in found.rows] == ["Open story"]
        assert found.total_capped == 1
    assert library.find("harbour", kind="story", audience="members").total_capped == 2
    assert library.find("secretword", kind="story").total_capped == 0
    mistaken = library.find("secretwrod", kind="story")  # the vocabulary knows the word; the guest is not told
    assert (mistaken.rows, mistaken.corrected) == ([], None)
    assert library.find("secretwrod", kind="story", audience="members").corrected == "secretword"


def test_one_row_per_thing_in_the_language_of_the_reader(library: Library) -> None:
    for language in ("en", "fr", "ar"):
        library.put(f"Centre {language}", "accueil", number=7, language=language)
    for prefer, expected in ((("fr", "en"), "fr"), (("ar",), "ar"), (("es", "en"), "en"), ((), "ar")):
        found = library.find("centre", prefer=prefer)
        assert [(hit.language, hit.subject_id) for hit in found.rows] == [(expected, UUID(int=7))]
        assert found.total_capped == 1


def test_near_comes_first(library: Library) -> None:
    library.put("Thiès", lat=14.79, lon=-16.93)
    library.put("Dakar", lat=14.69, lon=-17.45)
    library.put("Rufisque", lat=14.72, lon=-17.27)
    library.put("Nowhere")
    library.put("Accra", lat=5.6, lon=-0.19)
    found = library.find(near=(14.69, -17.44))
    assert [(hit.shown["name"], round(hit.distance_km or 0, 1)) for hit in found.rows] == [
        ("Dakar", 1.1),
        ("Rufisque", 18.6),
        ("Thiès", 56.0),
    ]
    assert library.names("rufisque", near=(14.69, -17.44)) == ["Rufisque"]


def test_near_looks_across_the_date_line_and_is_deaf_to_nonsense(library: Library) -> None:
    library.put("Fiji east", lat=-17.0, lon=-179.99)
    library.put("Broken", lat=1e9, lon=float("inf"))
    assert library.names(near=(-17.0, 179.99)) == ["Fiji east"]
    assert library.names(near=(float("nan"), 0.0)) == ["Broken", "Fiji east"]


def test_the_nearest_is_found_behind_many_newer_ones(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.domain.search.matching.BOUND", 5)
    library.put("Next door", lat=10.001, lon=10.001)
    for n in range(20):
        library.put(f"Far {n}", lat=10.5 + n / 100, lon=10.5)
    found = library.find(near=(10.0, 10.0))
    assert found.rows[0].shown["name"] == "Next door"
    assert found.total_capped == 5


def test_pages_neither_overlap_nor_leave_gaps(library: Library) -> None:
    for n in range(45):
        library.put(f"Course {n}", "sewing", number=n + 1, rank=n % 3, lat=10 + n / 100, lon=10.0)
        if n % 4 == 0:
            library.put(f"Cours {n}", "sewing", number=n + 1, rank=n % 3, language="fr")
    for more in ({}, {"text": "sewing"}, {"text": "sew"}, {"near": (10.0, 10.0)}):
        seen: list[UUID] = []
        for offset in range(0, 70, 7):
            found = library.find(**more, limit=7, offset=offset)  # type: ignore[arg-type]
            assert found.total_capped == 45
            assert found.more == (offset + 7 < 45)
            seen += [hit.subject_id for hit in found.rows]
        assert len(seen) == len(set(seen)) == 45


def test_the_count_stops_at_the_bound(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.domain.search.matching.BOUND", 10)
    for n in range(25):
        library.put(f"Course {n}", "sewing")
    found = library.find("sewing", limit=7, offset=7)
    assert (len(found.rows), found.more, found.total_capped) == (3, False, 10)
    assert library.find("sewing", offset=-3, limit=2).rows == library.find("sewing", limit=2).rows
    assert library.find("sewing", limit=0).rows == []


HOSTILE = [
    '"',
    "'",
    "''; DROP TABLE search_document; --",
    'a" OR "b',
    "title:secret",
    "NEAR(a b)",
    "a AND",
    "* OR *",
    "^start",
    "-minus",
    "{a b}:c",
    "a\x00b",
    "\x01\x02",
    "\ud800 half",
    "\\",
    "a\\'b",
    "%s %(x)s :x ?",
    "a:* & !b | (c",
    "<->",
    "....!!!???",
    "\u202e\u200f\u2066",
    "a" * 2_000,
    "é" * 2_000,
    "\ufdfa" * 2_000,
    " ".join(["word"] * 500),
    "\ue000kind\ue001service",
    "\ue000kind\ue001story",
    "\ue000",
    "\ue001open",
    "",
    "   ",
    "\n\t",
    "1e999",
    "NULL",
    "𝖆𝖇𝖈",
    "\u0300\u0301",
    "ा",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_typed_breaks_the_query_or_matches_a_token(library: Library, typed: str) -> None:
    library.put("Plain", "words", tokens=["need:housing"])
    library.put("Closed", "words", kind="story", audience="members")
    as_word = library.find(f"zzzz {typed}")
    assert as_word.whole == 0
    assert {hit.shown["name"] for hit in as_word.rows} <= {"Plain"}
    assert {hit.shown["name"] for hit in library.find(typed).rows} <= {"Plain"}
    assert library.find(typed, kind="story").rows == []
    library.put(typed, typed, shown={"name": "odd"})  # and it can be indexed
    library.find(typed)


@pytest.mark.parametrize("filters", [['"'], ["'"], ["need:' | 'x"], ["a b"], [""], ["\ud800"], ["\x00"], ["x" * 5_000]])
def test_filters_from_an_address_break_nothing(library: Library, filters: list[str]) -> None:
    library.put("Plain", "words", tokens=["need:housing"])
    assert library.names("words", tokens=filters) == []


def test_statements_are_counted(library: Library, count_queries: Callable[[], Any]) -> None:
    for n in range(30):
        library.put(f"Sewing course {n}", "in town", lat=10.0, lon=10.0, tokens=["need:work"])
    asked: list[tuple[dict[str, Any], int]] = [
        ({}, 2),
        ({"tokens": ["need:work"]}, 2),
        ({"text": "sewing"}, 2),
        ({"text": "sew"}, 4),
        ({"text": "se"}, 4),
        ({"near": (10.0, 10.0)}, 2),
        ({"text": "sewing", "limit": 3, "tokens": ["need:work"]}, 2),
        ({"tokens": ["need:none"]}, 1),
    ]
    for question, expected in asked:
        with count_queries() as statements:
            library.find(**question)
        assert len(statements) == expected, (question, statements)
