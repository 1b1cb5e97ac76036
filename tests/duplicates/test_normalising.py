"""Names, organisations, telephones, addresses on the web, towns and streets in the form in which they are compared."""

import signal

import pytest

from app.domain.directory.duplicates.contacts import country_of, mailboxes_of, phones_of, same_number, web_of
from app.domain.directory.duplicates.likeness import likeness
from app.domain.directory.duplicates.meaning import help_bits, language_of, need_bits
from app.domain.directory.duplicates.naming import name_of
from app.domain.directory.duplicates.places import address_of, compare_towns, km_apart, point_of, street_share, town_of
from app.domain.directory.duplicates.spelling import SURE, UNSURE, nearness, sound, sounds_alike


@pytest.mark.parametrize(("text", "words"), [
    ("Bay Area Legal Services, Inc.", "bay area legal services"), ("Open Door LLC", "open door"), ("Open Door Ltd.", "open door"),
    ("Open Door (501(c)(3))", "open door"), ("The Open Door Foundation", "open door"), ("Association Espoir", "espoir"),
    ("Espoir SARL", "espoir"), ("جمعية الأمل الخيرية", "امل خيريه"), ("مؤسسة نهر الأردن", "نهر اردن"),
    ("Fundacja Dom Sp. z o.o.", "dom"),
    ("Stowarzyszenie Mudita", "mudita"), ("ТОВ «Добра справа»", "добра справа"),
    ("Благодійний фонд «Право на захист»", "право захист"),
    ("ООО Помощь", "помощь"), ("SC Speranța S.R.L.", "speranta"), ("Menedék Egyesület", "menedek"),
    ("Nadácia Svetlo, n. o.", "svetlo"),
    ("Licht e.V.", "licht"), ("Foundation", "foundation"), ("Inc.", "inc"),
])  # fmt: skip
def test_legal_forms_go_where_something_else_remains(text: str, words: str) -> None:
    assert " ".join(name_of(text).words) == words


@pytest.mark.parametrize(("text", "words"), [
    ("J. Kowalski", "j kowalski"), ("A.I. Justice", "ai justice"), ("U.N.H.C.R.", "unhcr"), ("S. A. Smith House", "s smith house"),
])  # fmt: skip
def test_initials_stay(text: str, words: str) -> None:
    assert " ".join(name_of(text).words) == words


@pytest.mark.parametrize(("text", "words"), [
    ("Legal Svcs. Ctr", "legal services center"), ("Women’s Café", "womens cafe"), ("Foyer d’asile", "foyer asile"),
    ("Aide à l'emploi", "aide emploi"),
    ("WSPARCIE Łódź", "wsparcie lodz"),
    ("Psychological  support for\npersons", "psychological support persons"), ("الصِّحَّة النفسيّة", "صحه نفسيه"), ("", ""),
    ("…", ""),
    ("of the", "of the"),
])  # fmt: skip
def test_words_are_folded_and_short_forms_written_out(text: str, words: str) -> None:
    assert " ".join(name_of(text).words) == words


@pytest.mark.parametrize(("text", "numbers"), [
    ("Clinic 1", {"1"}), ("Clinic no. 007", {"7"}), ("Clinic II", {"2"}), ("Clinic V", {"5"}), ("Ward B", {"b"}),
    ("School Nr 4 A", {"4", "a"}),
    ("Shelter Two", {"2"}), ("الملجأ الثاني", {"2"}), ("Притулок другий", {"2"}), ("Room ٣", {"3"}), ("Dom T-16", {"16"}),
    ("Helpline 24/7", set()), ("Open 24 hours", set()), ("First aid", set()), ("Vitamin clinic", set()), ("a", set()), ("", set()),
])  # fmt: skip
def test_numbers_of_names(text: str, numbers: set[str]) -> None:
    assert name_of(text).numbers == numbers


@pytest.mark.parametrize(("text", "country", "numbers"), [
    ("(305) 555-0123", "US", {"+13055550123"}), ("tel. 22 628 69 30", "PL", {"+48226286930"}),
    ("0048 22 628-69-30", "", {"+48226286930"}),
    ("+48226286930 ext. 12", "PL", {"+48226286930"}), ("+36 1 422 4120\n+36 1 422 4122", "HU", {"+3614224120", "+3614224122"}),
    ("main: 813-634-6044; tollfree: 800-625-2257", "US", {"+18136346044", "+18006252257"}),
    ("٠٦ ٥٥٥ ١٢٣٤", "JO", {"+96265551234"}),
    ("22 628 69 30", "", {"226286930"}), ("112", "PL", set()), ("ask at the desk", "PL", set()), ("", "PL", set()),
    ("1" * 40, "US", {"1" * 40}),
])  # fmt: skip
def test_telephones(text: str, country: str, numbers: set[str]) -> None:
    assert phones_of(text, country) == numbers


@pytest.mark.parametrize(("a", "b", "same"), [
    ("+48226286930", "+48226286930", True), ("+48226286930", "226286930", True), ("+48226286930", "+48226286931", False),
    ("+48226286930", "86930", False), ("226286930", "0226286930", True),
])  # fmt: skip
def test_numbers_without_country(a: str, b: str, same: bool) -> None:
    assert same_number(a, b) is same
    assert same_number(b, a) is same


@pytest.mark.parametrize(("text", "host", "path"), [
    ("https://www.Example.org/Help/", "example.org", "/help"), ("example.org", "example.org", ""),
    ("www.example.org/index.html", "example.org", ""),
    ("facebook.com/groups/17", "facebook.com/groups/17", "/groups/17"), ("https://facebook.com/", "", ""), ("N/A", "", ""),
    ("", "", ""),
    ("http://[bad", "", ""), ("https://example.org:8443/a?b=c", "example.org", "/a"),
])  # fmt: skip
def test_addresses_on_the_web(text: str, host: str, path: str) -> None:
    assert web_of(text) == (host, path)


def test_mailboxes() -> None:
    assert mailboxes_of("Info@Example.org; mailto:b@example.org, nobody@") == {"info@example.org", "b@example.org"}


@pytest.mark.parametrize(("text", "code"), [
    ("PL", "PL"), ("pl", "PL"), ("Poland", "PL"), ("Pologne", "PL"), ("Польща", "PL"), ("الأردن", "JO"), ("XQ", ""),
    ("Atlantis", ""), ("", ""),
])  # fmt: skip
def test_countries(text: str, code: str) -> None:
    assert country_of(text) == code


@pytest.mark.parametrize(("a", "b", "are"), [
    ("Warsaw", "Warszawa", "town_same"), ("Варшава", "Warszawa", "town_same"), ("Kraków", "Краків", "town_same"),
    ("Lublin", "Люблин", "town_same"),
    ("Mafraq", "المفرق", "town_same"), ("Gdańsk", "Gdasnk", "town_same"), ("Mafraq", "Mafraq City", "town_same"),
    ("33142 Miami, FL", "Miami", "town_same"),
    ("Liwa Qasabat Az Zarqa", "لواء القصبات الزرقاء", "town_same"), ("Mafraq City", "Mafraq Governorate", "town_kind"),
    ("Azraq Camp", "Azraq Camp Village 3", "town_kind"), ("Zaatari District 1", "Zaatari District 2", "town_other"),
    ("Irbid", "Amman", "town_other"),
    ("Saint-Denis", "St-Denis (93)", "town_same"), ("Chattogram", "চট্টগ্রাম", "town_same"), ("Dhaka", "খুলনা", ""),
    ("Saida", "صيدا، لبنان", "town_same"),
    ("Warsaw", "Cracow", "town_other"), ("Opole", "Одеса", ""),
])  # fmt: skip
def test_towns(a: str, b: str, are: str) -> None:
    assert compare_towns(town_of(a), town_of(b)) == are
    assert compare_towns(town_of(b), town_of(a)) == are


@pytest.mark.parametrize(
    ("a", "b"), [("Warsaw", "Варшава"), ("Mafraq City", "محافظة المفرق"), ("Lublin", "Люблін"), ("Radom", "RADOM")]
)
def test_towns_meet_under_one_key(a: str, b: str) -> None:
    assert town_of(a).key == town_of(b).key


@pytest.mark.parametrize(("text", "words", "numbers"), [
    ("ul. Grochowska 316/320", {"grochowska"}, ("316", "320")), ("1302 North 19th Street, Suite 400", set(),
    ("1302", "19", "400")),
    ("12 rue de la Paix", {"paix"}, ("12",)), ("شارع الملك حسين 12", {"ملك", "حسين"}, ("12",)), ("Tampa, Main St 5", {"main"},
    ("5",)),
    ("вул. Васілє Лупу, 17", {"васіле", "лупу"}, ("17",)), ("", set(), ()),
])  # fmt: skip
def test_streets(text: str, words: set[str], numbers: tuple[str, ...]) -> None:
    found = address_of(text, town_of("Tampa"))
    assert (len(found.words), found.numbers) == (len(words), numbers)
    assert street_share(found, address_of(" ".join(words), town_of(""))) == 1 if words else found.words == set()


@pytest.mark.parametrize(("a", "b", "near"), [
    ("services", "svcs", SURE), ("assistance", "assist", SURE), ("housing", "housnig", SURE),
    ("job", "jbo", UNSURE), ("job", "jog", 0),
    ("psychologiczne", "psychologicznego", SURE),
    ("wsparcie", "wsparcia", SURE), ("health", "hrlath", UNSURE), ("women", "men", 0), ("day", "way", 0), ("north", "south", 0),
    ("inpatient", "outpatient", 0), ("1234", "1235", 0),
])  # fmt: skip
def test_words_that_are_nearly_one(a: str, b: str, near: float) -> None:
    assert nearness(a, b) == near
    assert nearness(b, a) == near


@pytest.mark.parametrize(("a", "b", "alike"), [
    ("warszawa", "варшава", True), ("szczecin", "щецин", True), ("zarqa", "زرقاء", True), ("jarash", "جرش", True),
    ("irbid", "radom", False), ("sylhet", "সিলেট", True), ("proshika", "প্রশিকা", True), ("mirpur", "মীরপুর", True),
    ("gondar", "ጎንደር", True), ("thessaloniki", "θεσσαλονικη", True), ("ramallah", "רמאללה", True), ("sylhet", "খুলনা", False),
    ("ab", "ba", False),
])  # fmt: skip
def test_what_is_heard(a: str, b: str, alike: bool) -> None:
    assert sounds_alike(sound(a), sound(b)) is alike


@pytest.mark.parametrize(("a", "b", "share"), [
    ("Legal Aid Clinic", "Clinic, legal aid", 1.0), ("Help Desk", "Helpdesk", 1.0), ("Low Income Taxpayer Clinic", "LITC", 1.0),
    ("Consumer Clinic", "Tax Clinic", 0.2), ("Family Law", "Housing", 0.0),
])  # fmt: skip
def test_shares_of_names(a: str, b: str, share: float) -> None:
    assert likeness(name_of(a), name_of(b)).share == pytest.approx(share, abs=0.01)


def test_what_help_is_meant_in_any_language() -> None:
    assert need_bits("Financial assistance") & need_bits("المساعدة المالية")
    assert help_bits("Drinking water") & help_bits("مياه شرب")
    assert not help_bits("Drinking water") & help_bits("Lawyer")


@pytest.mark.parametrize(("name", "stated", "language"), [
    ("Wsparcie prawne", "", "pl"), ("Wsparcie prawne dla kobiet i dzieci", "en", "pl"), ("Legal aid", "en", "en"),
    ("Torwar", "", ""),
    ("Torwar", "EN-us", "en"),
])  # fmt: skip
def test_the_language_of_a_name(name: str, stated: str, language: str) -> None:
    assert language_of(name, stated) == language


@pytest.mark.parametrize(("lat", "lon"), [(None, 1.0), (0.0, 0.0), (91.0, 0.0), (1.0, 181.0)])
def test_no_point(lat: float | None, lon: float | None) -> None:
    assert point_of(lat, lon) is None


def test_distances() -> None:
    warsaw, cracow, east, west = point_of(52.23, 21.01), point_of(50.06, 19.94), point_of(0.5, 179.9), point_of(0.5, -179.9)
    assert warsaw
    assert cracow
    assert east
    assert west
    assert km_apart(warsaw, cracow) == pytest.approx(252, rel=0.01)
    assert km_apart(east, west) == pytest.approx(22.2, rel=0.01)


@pytest.mark.parametrize("piece", ["(", "a", "a.", " ", "1 ", "(a", "x1 ", "a@", "+"])
def test_a_hostile_field_is_read_in_no_time(piece: str) -> None:
    """A regular expression that tries everything would take minutes here; the alarm ends it."""
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("longer than ten seconds"))
    signal.alarm(10)
    try:
        assert len(phones_of(piece * 20_000, "SN") | mailboxes_of(piece * 20_000)) <= 4
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
