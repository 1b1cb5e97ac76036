"""What forbids that two listings are one, or that they are called likely, whatever else agrees."""

import pytest

from tests.duplicates.listings import FULL, codes, compared, copy


def test_a_copy_is_likely() -> None:
    found = compared(FULL, copy())
    assert found
    assert (found.band, found.score > 0.99) == ("likely", True)


@pytest.mark.parametrize(("a", "b"), [
    ("Clinic 1", "Clinic 2"), ("Clinic I", "Clinic II"), ("Clinic One", "Clinic Two"), ("Clinic A", "Clinic B"),
    ("School Nr 4 A", "School Nr 4 B"),
    ("عيادة ١", "عيادة ٢"), ("Притулок 3", "Притулок 4"), ("Clinic 1, room 5", "Clinic 2, room 5"),
    ("Punkt nr 1", "Информационный пункт 2"), ("English A1", "English B1"), ("Parents, group a", "Parents, group b"),
    ("مجموعة أ", "مجموعة ب"), ("আশ্রয়কেন্দ্র ১", "আশ্রয়কেন্দ্র ২"), ("Hotline 116 123", "Hotline 116 111"),
])  # fmt: skip
def test_other_numbers_are_never_likely(a: str, b: str) -> None:
    found = compared(copy(FULL, id="1", name=a), copy(name=b))
    assert found is None or (found.band == "maybe" and "opposed" in codes(found))


@pytest.mark.parametrize(("a", "b"), [
    ("Support for women", "Support for men"), ("Girls' club", "Boys' club"), ("Mothers meet", "Fathers meet"),
    ("Foyer pour femmes", "Foyer pour hommes"),
    ("Cours pour débutants", "Cours avancés"), ("مركز للنساء", "مركز للرجال"), ("دورة للمبتدئين", "دورة للمتقدمين"),
    ("Klub kobiet", "Klub mężczyzn"),
    ("Kurs dla początkujących", "Kurs dla zaawansowanych"), ("Простір для жінок", "Простір для чоловіків"),
    ("Курси для початківців", "Курси для просунутих"),
    ("Клуб для женщин", "Клуб для мужчин"), ("Cămin pentru femei", "Cămin pentru bărbați"), ("Klub žien", "Klub mužov"),
    ("Women's space", "مساحة للرجال"), ("English for beginners", "English, intermediate"),
    ("Choir for children", "Choir for adults"),
    ("Youth club", "Seniors club"), ("নারী কেন্দ্র", "পুরুষ কেন্দ্র"), ("Kadın merkezi", "Erkek merkezi"),
    ("Food point North", "Food point South"), ("Morning group", "Evening group"),
])  # fmt: skip
def test_opposed_people_are_never_likely(a: str, b: str) -> None:
    found = compared(copy(FULL, id="1", name=a), copy(name=b))
    assert found is None or (found.band == "maybe" and "opposed" in codes(found))


def test_opposed_people_in_descriptions_are_never_likely() -> None:
    women, men = "A quiet house where only women sleep and eat", "A quiet house where only men sleep and eat"
    found = compared(copy(FULL, id="1", description=women), copy(description=men))
    assert found
    assert found.band == "maybe"
    assert compared(copy(FULL, id="1", description=women), copy(description="A house for women and men")) is not None


@pytest.mark.parametrize(("a", "b"), [
    ("Help line 116 123", "Help line +48 116 123"), ("Night shelter 12", "Night shelter 21"),
    ("Night shelter, Polna 7", "Night shelter 483621122"),
])  # fmt: skip
def test_the_machine_hides_nothing_that_agrees_in_all_the_rest(a: str, b: str) -> None:
    found = compared(copy(FULL, id="1", name=a), copy(name=b))
    assert found
    assert found.band == "maybe"


@pytest.mark.parametrize(("a", "b"), [
    ("Clinic 1", "Clinic no. 1"), ("Clinic II", "Clinic 2"), ("Clinic 1", "Clinic 01"), ("Women and men", "Men and women"),
    ("Hotline 116 123", "Hotline 116123"), ("Ward B", "ward b"), ("English B1", "English (b-1)"),
    ("Space for women", "Women's space"), ("Child protection", "Protection of children"), ("Basic needs", "Basic needs"),
])  # fmt: skip
def test_what_only_looks_like_a_veto(a: str, b: str) -> None:
    found = compared(copy(FULL, id="1", name=a), copy(name=b))
    assert found
    assert found.band == "likely"


@pytest.mark.parametrize(("changed", "code"), [
    ({"city": "Radom"}, "town_unsure"), ({"city": "Radom", "lat": 51.4, "lon": 21.15}, "town_other"),
    ({"city": "Radom", "lat": None, "lon": None}, "town_other"), ({"city": "", "lat": 52.3, "lon": 21.06}, "point_apart"),
    ({"address": "ul. Polna 7"}, "street_other"), ({"address": "ul. Grochowska 12"}, "house_other"),
    ({"organization": "Caritas"}, "organization_other"),
    ({"name": "Legal advice for families 2"}, "number_more"), ({"name": "Legal advice for families: fathers"}, "people_more"),
    ({"country": "Ukraine"}, "country_other"),
])  # fmt: skip
def test_shown_perhaps_but_never_likely(changed: dict[str, object], code: str) -> None:
    found = compared(FULL, copy(**changed))
    assert found is None or (found.band == "maybe" and code in codes(found))


def test_organisations_with_a_word_of_their_own_each_are_never_likely_one() -> None:
    """Relatives below one roof, or others of one trade; a word that only one of them has says little."""
    a, b, short = (copy(id=f"{n}", organization=f"Legal Aid Society{n}") for n in (" of Bay County", " of Palm County", ""))
    found = compared(a, b)
    assert found
    assert (found.band, "organization_unsure" in codes(found)) == ("maybe", True)
    assert "organization_like" in codes(compared(a, short))


def test_a_word_of_its_own_on_either_side_is_never_likely() -> None:
    name = "Sewing and cooking school for {}"
    found = compared(copy(FULL, id="1", name=name.format("students")), copy(name=name.format("teachers")))
    assert found
    assert (found.band, "name_differs" in codes(found)) == ("maybe", True)


def test_another_town_is_shown_where_nearly_all_else_agrees() -> None:
    found = compared(FULL, copy(city="Praga"))
    assert found
    assert (found.band, found.score) == ("maybe", 0.79)


@pytest.mark.parametrize(("a", "b"), [
    ({"city": "", "lat": None, "lon": None, "address": "", "postcode": ""}, {}),  # one of them is nowhere
    ({"phone": "", "email": "", "url": "", "organization": "", "address": "", "description": ""},
     {"phone": "", "email": "", "url": "", "address": "", "description": ""}),  # nobody is known to offer the same
    ({"name": ""}, {"name": ""}),  # all services of one house
    # Branches share a telephone, and what either says of its place cannot be compared.
    ({"city": "", "address": "", "postcode": "", "lat": 48.29, "lon": 25.93}, {"lat": None, "lon": None}),
])  # fmt: skip
def test_too_little_to_be_likely(a: dict[str, object], b: dict[str, object]) -> None:
    found = compared(copy(FULL, id="1", **a), copy(**b))
    assert found is None or found.band == "maybe"
