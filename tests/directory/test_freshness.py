"""How fresh a listing is, and which must not show where they are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.directory import freshness, protecting
from app.domain.directory.freshness import Freshness, is_hidden, next_due, rank, state_of
from app.domain.directory.needs import all_concepts
from app.domain.directory.sketch import HEIGHT, PIN, WIDTH, sketch
from app.domain.directory.zones import km_between, zone_for

DAY = date(2026, 11, 20)


def days(n: int) -> timedelta:
    """Return n days."""
    return timedelta(days=n)


def test_a_check_counts_half_a_year_and_for_shelters_two_months() -> None:
    assert next_due(DAY, short_term=False) == DAY + days(180)
    assert next_due(DAY, short_term=True) == DAY + days(60)


@pytest.mark.parametrize(
    ("after", "expected"),
    [(0, Freshness.FRESH), (165, Freshness.FRESH), (166, Freshness.DUE), (180, Freshness.DUE), (181, Freshness.OLD)],
)
def test_states_of_a_checked_listing(after: int, expected: Freshness) -> None:
    assert state_of(DAY, next_due(DAY, short_term=False), DAY + days(after)) == expected


def test_states_of_a_listing_that_nobody_checked() -> None:
    assert state_of(None, DAY + days(180), DAY + days(180)) == Freshness.NEVER
    assert state_of(None, DAY + days(180), DAY + days(181)) == Freshness.OLD


@given(st.integers(0, 1000), st.booleans())
def test_hidden_90_days_after_due_and_never_before(after: int, short: bool) -> None:
    due = next_due(DAY, short)
    assert is_hidden(due, DAY + days(after)) == (after > (60 if short else 180) + freshness.HIDDEN_AFTER_DAYS)


@given(st.dates(date(2021, 1, 1), date(2040, 1, 1)), st.integers(1, 400))
def test_the_later_check_ranks_higher(day: date, later: int) -> None:
    assert rank(day + days(later)) > rank(day) > rank(None)


@pytest.mark.parametrize("name", [
    "Women's shelter of the north", "Safe house", "Foyer pour femmes", "ملجأ النساء", "Притулок для жінок", "Приют для женщин",
    "Women Safe Spaces", "Women Safe Spaces, Zaatari District 8", "Safe space for girls", "Women and Girls’ Safe Space (WGSS)",
    "Safe-space", "A safe place for women", "Safe haven", "Shelter for GBV", "Shelter for girls", "Espace sûr pour les femmes",
    "Espaces sécurisés", "Maison d’accueil pour femmes", "Espacio seguro", "Casa de acogida", "Frauenhaus Nord",
    "Bezpieczna przestrzeń dla kobiet", "Безпечний простір для жінок", "Безопасное пространство", "Women مساحات آمنة",
    "المساحات الآمنة للنساء", "مساحة آمنة", "بيت آمن", "دار الأمان",
    "Refugio para mujeres (víctimas)", "Casa Refugio para Mujeres", "Albergue para mujeres víctimas de violencia",
    "Abrigo para mulheres", "casa de abrigo", "Lar para vítimas de tráfico", "Hogar de protección para víctimas de trata",
    "Centre d'accueil pour femmes victimes de violences", "Centre d’urgence pour femmes", "maison d'accueil",
    "Maison des femmes battues",
    "مركز إيواء النساء", "مراكز إيواء النساء المعنفات", "دار للنساء المعنفات", "الملاجئ للنساء", "مأوى الفتيات",
    "بيت ضحايا الاتجار",
    "سكن للناجيات من العنف", "وبيت آمن", "لملاجئ النساء", "Transit house for victims of trafficking", "Domestic violence house",
    "Crisis centre for women", "WGSS Zaatari", "Hostel for survivors of trafficking", "Women’s Emergency Housing", "Women's haven",
    "Ośrodek wsparcia dla ofiar przemocy", "Кризовий центр для жінок", "Убежище для женщин", "Haus für Opfer von Menschenhandel",
    "Gidan mafaka na mata", "নারী আশ্রয়কেন্দ্র", "নির্যাতিত নারীদের আশ্রয়", "Kadın Sığınma Evi", "خانه امن زنان",
])  # fmt: skip
def test_places_for_people_whom_somebody_looks_for_are_protected(name: str) -> None:
    assert protecting.is_protected(name, [])


@pytest.mark.parametrize("name", [
    "Night shelter", "Legal help after domestic violence", "Women's training centre", "Safe water", "Safety audits",
    "Maison de la femme", "A safe place for your papers", "Road safety for girls", "Child friendly spaces", "مركز الأمن العام",
    "دار الأمن العام", "Public Benefits/Safety Nets", "Espace numérique", "Help with violence at home",
    "Violences à la maison : aide",
    "Housing, domestic violence, family law", "Foreclosure/Housing/Domestic Violence", "Maison d'accueil spécialisée",
    "Maternity home",
    "Accueil des femmes enceintes", "Casa de la mujer", "Lawyers against trafficking", "Police: domestic violence unit",
    "Counselling for survivors", "Refugee women's network", "دور المرأة في مواجهة العنف", "العنف الأسري: استشارة قانونية",
    "دار الشباب",
    "Юридична допомога жінкам", "Дом культуры", "Home visits for mothers", "Housing rights for women",
])  # fmt: skip
def test_other_places_are_not(name: str) -> None:
    assert not protecting.is_protected(name, ["Domestic Violence", "SHELTER"])


@pytest.mark.parametrize("name", [e for several in all_concepts()["womens_refuge"].words.values() for e in several])
def test_what_a_search_takes_for_a_refuge_is_protected(name: str) -> None:
    assert protecting.is_protected(name, [])
    assert protecting.is_protected("House by the river", [f"Our {name}"])


def test_shelters_and_hotlines_are_checked_more_often() -> None:
    assert protecting.is_short_term("Night shelter", [])
    assert protecting.is_short_term("Seniors", ["Helpline"])
    assert protecting.is_short_term("Women Safe Spaces", [])
    assert not protecting.is_short_term("Sewing school", [])


def test_zones_are_known_or_left_open() -> None:
    assert zone_for("SN") == "Africa/Dakar"
    assert zone_for("US") is None
    assert zone_for("US", (34.05, -118.24)) == "America/Los_Angeles"
    assert zone_for("XX", (0, 0)) is None


@given(st.tuples(st.floats(-89, 89), st.floats(-179, 179)), st.tuples(st.floats(-89, 89), st.floats(-179, 179)))
def test_distances_are_symmetric_and_on_the_globe(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert km_between(a, b) == pytest.approx(km_between(b, a), abs=1e-6)
    assert 0 <= km_between(a, b) <= 20_016


POINTS = st.lists(
    st.tuples(st.tuples(st.floats(31.8, 32.4), st.floats(35.5, 36.3)), st.just("x"), st.integers(1, 7)), min_size=1, max_size=7
)


@given(POINTS)
def test_every_point_lies_on_the_sketch(points: list[tuple[tuple[float, float], str, int]]) -> None:
    points = [(at, label, n) for n, (at, label, _number) in enumerate(points, 1)]
    drawn = sketch(points, [((31.95, 35.93), "Amman")])
    assert drawn is not None
    numbered = [dot for dot in drawn.dots if dot.number]
    shown = sorted(number for dot in numbered for number in _numbers_of(dot.pin))
    assert shown == [p[2] for p in points]
    for n, one in enumerate(numbered):  # no pin lies on another
        assert all(abs(one.x - other.x) >= PIN or abs(one.y - other.y) >= PIN for other in numbered[:n])
    assert all(0 < dot.x < WIDTH and 20 < dot.y < HEIGHT for dot in numbered)
    assert 0 < drawn.scale_width <= WIDTH / 3 + 1


def _numbers_of(pin: str) -> list[int]:
    """Return the numbers that a pin stands for."""
    runs = [part.split("–") for part in pin.split(", ")]
    return [number for run in runs for number in range(int(run[0]), int(run[-1]) + 1)]


def test_places_that_would_lie_on_each_other_share_a_pin() -> None:
    florida = [((27.9 + n / 50, -82.4), "x", n) for n in (1, 2, 3, 4, 6)]
    drawn = sketch([*florida, ((31.95, 35.93), "Amman", 5)], [])
    assert drawn is not None
    assert sorted(dot.pin for dot in drawn.dots) == ["1–4, 6", "5"]


def test_north_is_up_and_east_is_right() -> None:
    drawn = sketch([((32.0, 36.0), "a", 1), ((32.1, 36.1), "b", 2)], [])
    assert drawn is not None
    first, second = drawn.dots
    assert second.y < first.y
    assert second.x > first.x
    assert sketch([], []) is None
