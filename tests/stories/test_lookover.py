"""The look-over: what it finds in a labelled sample, what it leaves alone, and that no text breaks or slows it."""

import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import i18n
from app.domain.accounts.given import SECTIONS
from app.domain.accounts.given import names as listed
from app.domain.stories.lookover import Finding, Kind, apply_suggestion, look_over, mark
from app.domain.stories.lookover_parts import everyday

SAMPLE = Path(__file__).parent / "lookover_sample.txt"
# The least share found of each kind. Measured on this sample: 0.995 of the names, all of the rest; 0 of 131 clean sentences marked.
RECALL = {
    Kind.PHONE: 1.0,
    Kind.EMAIL: 1.0,
    Kind.ID_NUMBER: 1.0,
    Kind.LINK: 1.0,
    Kind.HANDLE: 1.0,
    Kind.DATE: 0.95,
    Kind.NAME: 0.98,
    Kind.PLACE: 0.9,
}
FALSE_ALARMS = 0.05
EXACT = 0.95  # of the names: the find begins and ends where the name does
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Sentence:
    language: str
    text: str
    planted: list[tuple[Kind, int, int]]


def _sentence(line: str) -> Sentence:
    language, labelled = line.split(" | ", 1)
    text, planted, done = "", [], 0
    for match in re.finditer(r"\{(\w+):([^}]*)\}", labelled):
        text += labelled[done : match.start()]
        planted.append((Kind(match[1]), len(text), len(text) + len(match[2])))
        text += match[2]
        done = match.end()
    return Sentence(language, text + labelled[done:], planted)


def _sample(part: str) -> list[Sentence]:
    block = SAMPLE.read_text("utf-8").split(f"# --- {part}\n")[1].split("# ---")[0]
    return [_sentence(line) for line in block.splitlines() if line and not line.startswith("#")]


def _found(sentence: Sentence) -> list[Finding]:
    return look_over(sentence.text, sentence.language, countries=("SN", "NG"))


def _kinds(text: str, language: str = "en", **more: object) -> list[tuple[str, str]]:
    return [(f.kind.value, f.text) for f in look_over(text, language, **more)]  # type: ignore[arg-type]


def test_the_sample_is_large_enough() -> None:
    planted, clean = _sample("planted"), _sample("clean")
    assert len(planted) >= 60
    assert len(clean) >= 60
    assert len({s.language for s in planted}) >= 5
    assert len({s.language for s in clean}) >= 5
    assert all(s.planted for s in planted)
    assert not any(s.planted for s in clean)


def test_recall_of_each_kind_on_the_sample() -> None:
    there: Counter[Kind] = Counter()
    found: Counter[Kind] = Counter()
    for sentence in _sample("planted"):
        findings = _found(sentence)
        for kind, start, end in sentence.planted:
            there[kind] += 1
            found[kind] += any(f.kind is kind and f.start <= start and f.end >= end for f in findings)
    assert set(there) == set(Kind)
    shares = {kind: found[kind] / there[kind] for kind in Kind}
    assert {kind: share for kind, share in shares.items() if share < RECALL[kind]} == {}


def test_finds_are_no_wider_than_the_names() -> None:
    exact = [
        any((f.start, f.end) == (start, end) for f in _found(sentence))
        for sentence in _sample("planted")
        for kind, start, end in sentence.planted
        if kind is Kind.NAME
    ]
    assert len(exact) > 150
    assert sum(exact) / len(exact) >= EXACT


def test_no_part_of_a_name_stays_once_the_suggestions_are_used() -> None:
    """What outs people is the family name that stands alone after "use this", under a page that says: no names found."""
    left = []
    for sentence in _sample("planted"):
        text, findings = sentence.text, _found(sentence)
        while findings:
            text = apply_suggestion(text, findings[-1])
            findings = look_over(text, sentence.language, countries=("SN", "NG"))
        names = [sentence.text[start:end] for kind, start, end in sentence.planted if kind is Kind.NAME]
        left += [(name, text) for name in names if set(_WORD.findall(name)) & set(_WORD.findall(text))]
    assert left == []


def test_false_alarms_on_clean_sentences() -> None:
    clean = _sample("clean")
    marked = [(s.text, _kinds(s.text, s.language)) for s in clean if _found(s)]
    assert len(marked) / len(clean) <= FALSE_ALARMS, marked


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("tel 0\u200b7\u200b7 123\u200b4567", "phone"),
        ("٠٧٧ ١٢٣ ٤٥٦٧", "phone"),
        ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "phone"),
        ("০১৭১২৩৪৫৬৭৮", "phone"),
        ("call 771.23.45.67", "phone"),
        ("(0221) 77-123-45-67", "phone"),
        ("whatsapp 771234567", "phone"),
        ("me at gmail dot com", "email"),
        ("me[at]there.org", "email"),
        ("me＠there.org", "email"),
        ("me @ there.org", "email"),
        ("m\u200be@there.org", "email"),
        ("moi arobase yahoo point fr", "email"),
        ("HTTPS://There.Org/x", "link"),
        ("hxxp://there.org", "link"),
        ("t.me/quiet", "link"),
        ("wa.me/221771234567", "link"),
        ("there dot com", "link"),
        ("WWW.there.sn", "link"),
        ("bit.ly/3xYz", "link"),
        ("@quiet.river", "handle"),
        ("Snapchat: quiet99", "handle"),
        ("12.03.2024", "date"),
        ("2024-03-12", "date"),
        ("12 / 03 / 2024", "date"),
        ("03/25/2024", "date"),
        ("12-3-24", "date"),
        ("the 1st of May 2020", "date"),
        ("12 رمضان 1445", "date"),
        ("١٢ غشت ٢٠٢٠", "date"),
        ("12 de marzo", "date"),
        ("14°41'34\"N 17°26'38\"W", "place"),
        ("-17.44412;14.69371", "place"),
        ("House 12, Road 5", "place"),
        ("P.O. Box 77", "place"),
        ("Rua Augusta 45", "place"),
        ("вул. Шевченка 12", "place"),
        ("বাড়ি ১২", "place"),
        ("DE89370400440532013000", "id_number"),
        ("CNI 1 234 1990 12345", "id_number"),
        ("case no 4455/K/21", "id_number"),
        ("account 12345678901234567", "id_number"),
    ],
)
def test_however_it_is_written(text: str, kind: str) -> None:
    assert kind in [found for found, _part in _kinds(text)]


PLATES = """
plate DK-1234-AB|the taxi DK 1234 AB stopped|AA-123-BB was the car|plate number dk 1234 ab in the street|ABC-123DE
licence plate KJA 123 AB|plate: GR 1234-20|immatriculée 1234 AB 01|plaque LT 123 AB|la voiture AB-123-CD
number plate 4455|رقم اللوحة 12345|سيارة رقمها 12345-أ-6|لوحة السيارة أ ب ج 1234|لوحة 123 تونس 4567
نمرة السيارة ١٢٣٤٥ ب ٦|plate KDA 123A|গাড়ির নম্বর ঢাকা মেট্রো গ-১২-৩৪৫৬|kennzeichen B-MW 1234|автомобіль AA 1234 BB
номер машини АА1234ВВ|placa 1234 ABC|the number plate was DK 1234 A, I think|the van KR 12345|his plates: BJL 1234 A
matrícula 12-AB-34|plaque d'immatriculation n° 4587 LM 01
"""
NO_PLATES = """
a plate of rice for 1500 francs|we ate 3 plates, 2 of us|two plates for 12 people|the bus 12 of us took|bus 45 at 7
bus line 12 A|Bus 12B|in the car 300 km|voiture 5 places|I PAID 500 IN CASH|WE WERE 12 IN A ROOM|THE BUS TOOK 120 MEN
the car and 120 men|registered 350 men|B1 level|A4 paper|MP3|F-16|ISO 9001|UN 1325|SDG-16|H-1B|Route A-10-C|3G phone
20 m2|the 4x4|from 8 to 12 am|page 12 b|article 14 a|la voiture a 12 ans|plaque de chocolat 200 g|لوحة جميلة 12 سنة
سيارة 4 أشخاص|registered in 2019|номер 12|Class 12 A|taxi for 5000 CFA|taxi 5000 F|CD4 count 350
the car was 25 years old|plates 120 cm|plate 3 of 4|voiture 2015 en bon etat|patente 500 eur|in 2015 we
"""


def _cases(table: str) -> list[str]:
    return [text for line in table.split("\n") for text in line.split("|") if text]


@pytest.mark.parametrize("text", _cases(PLATES))
def test_number_plates(text: str) -> None:
    found = look_over(text, "en", countries=("SN", "NG"))
    assert "id_number" in [f.kind.value for f in found]
    assert all(digit in "".join(f.text for f in found) for digit in "".join(c for c in text if c.isdigit()))


@pytest.mark.parametrize("text", _cases(NO_PLATES))
def test_what_is_no_number_plate(text: str) -> None:
    assert [part for kind, part in _kinds(text) if kind == "id_number"] == []


def test_a_plate_says_what_it_is() -> None:
    [found] = look_over("They came in DK-1234-AB, a white car.", "en")
    assert (found.text, found.suggestion) == ("DK-1234-AB", "(number left out)")
    assert "number plate" in found.reason


@pytest.mark.parametrize(
    "text",
    [
        "in 2015, 2016, 2017 and 2018",
        "2015-2019",
        "1 000 000",
        "25.000.000 francs",
        "1500000 FCFA",
        "in March 2024",
        "spring 2024",
        "12 women",
        "at 18:30",
        "a 5-year-old",
        "we may go",
        "COVID-19",
        "3.5 km",
        "10 to 12 people",
        "the 2nd office",
        "e.g. tea",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert _kinds(text) == []


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("ar", "اتصل بي محمد العلي أمس", ["محمد العلي"]),
        ("ar", "اتصلت بأخي محمد العلي على الرقم", ["محمد العلي"]),  # "on" is not the name Ali
        ("ar", "فاطمة الزهراء بنت أحمد المصري", ["فاطمة الزهراء بنت أحمد المصري"]),
        ("ar", "اسمي كوفي منساه وأعمل في النجارة", ["كوفي منساه"]),
        ("ar", "أبو حسن", ["أبو حسن"]),
        ("ar", "قلت لأبي خالد وأم سعيد", ["أبي خالد", "أم سعيد"]),
        ("ar", "هل أنت حزين أم سعيد؟", []),  # "or", not "mother of"
        ("ar", "زارت فاطمة المدينة", ["فاطمة"]),  # what she visited
        ("ar", "محمد في البيت. العمل صعب.", ["محمد"]),
        ("ar", "أعطاني محمد المال ومحمود الخبز", ["محمد", "محمود"]),
        ("ar", "طلبه مني خالد", ["خالد"]),
        ("bn", "আমি পরের স্টেশনে নেমে যাব।", []),  # without its vowels "getting off" is "by name"
        ("bn", "সজীব নামে একজন", ["সজীব"]),
        ("fr", "J'ai vu Fatou GAYE, puis N'Diaye.", ["Fatou GAYE", "N'Diaye"]),
        ("en", "i slept at lamine gassama and left", ["lamine gassama"]),
        ("en", "i asked lamine and he laughed", ["lamine"]),
        ("en", "Ask Modou. The door is open.", ["Modou"]),
    ],
)
def test_where_a_name_begins_and_ends(language: str, text: str, names: list[str]) -> None:
    assert [f.text for f in look_over(text, language)] == names


def test_everyday_words_are_nobodys_name() -> None:
    words = everyday("words") | everyday("nouns")
    assert len(words) > 1_000
    assert {section: sorted(words & listed(section)) for section in SECTIONS} == {section: [] for section in SECTIONS}


def test_national_numbers_are_known_by_country() -> None:
    text = "It is 771234567 for all of us."
    assert _kinds(text, countries=("SN",)) == [("phone", "771234567")]
    assert _kinds(text, countries=("sn",)) == [("phone", "771234567")]
    assert _kinds(text) == [("id_number", "771234567")]


def test_places_of_the_network() -> None:
    places = ("Thiès", "Saint-Louis", "Tours", "طنجة")
    assert _kinds("We met in thies and at SAINT LOUIS.", places=places) == [("place", "thies"), ("place", "SAINT LOUIS")]
    assert _kinds("عدت بطنجة مساء", "ar", places=places) == [("place", "طنجة")]
    assert _kinds("She tours the region.", places=places) == []


def test_a_finding_says_what_why_and_what_instead() -> None:
    text = "On 12 March 2024 my brother Modou rang +221 77 123 45 67."
    date, name, phone = look_over(text, "en")
    assert (date.text, date.suggestion, date.kind) == ("On 12 March 2024", "In March 2024", Kind.DATE)
    assert (name.text, name.suggestion) == ("Modou", "(name left out)")
    assert phone.reason == "A phone number. Whoever reads it can call."
    assert apply_suggestion(text, date) == "In March 2024 my brother Modou rang +221 77 123 45 67."
    changed = text
    for finding in reversed(look_over(text, "en")):
        changed = apply_suggestion(changed, finding)
    assert changed == "In March 2024 my brother (name left out) rang (phone number left out)."
    assert look_over(changed, "en") == []


@pytest.mark.parametrize(
    ("language", "text", "instead"),
    [
        ("fr", "le 3 mai 2022", "en mai 2022"),
        ("fr", "3/5/22", "mai 2022"),
        ("ar", "١٢ مارس ٢٠٢٤", "مارس 2024"),
        ("es", "el 12 de marzo de 2024", "en marzo 2024"),
        ("ar", "12 رمضان", "at that time"),
        ("xx", "12.05.1994", "May 1994"),
    ],
)
def test_a_date_becomes_its_month(language: str, text: str, instead: str) -> None:
    assert [f.suggestion for f in look_over(text, language)] == [instead]


def test_a_suggestion_for_another_text_changes_nothing() -> None:
    finding = look_over("Call 077 123 45 67", "en")[0]
    assert apply_suggestion("Something else entirely", finding) == "Something else entirely"
    assert [s.finding for s in mark("Something else entirely", [finding])] == [None]


def test_overlaps_lose_nothing() -> None:
    findings = look_over("12 rue Amadou Diallo, amadou.diallo@gmail.com/x", "fr")
    assert [f.kind for f in findings] == [Kind.PLACE, Kind.EMAIL] or [f.kind for f in findings] == [Kind.PLACE, Kind.LINK]
    assert look_over("", "en") == []
    assert look_over("\u200b\u0301", "en") == []


def test_marks_belong_to_the_finding() -> None:
    text = "avec mon ami Sékoue\u0301 hier"
    assert [f.text for f in look_over(text, "fr")] == ["Sékoue\u0301"]


_PIECES = st.sampled_from(
    [
        "My name is ",
        "Lamine ",
        "Diallo",
        "+221 77 ",
        "123 45 67",
        "@",
        "gmail",
        ".com",
        " at ",
        " dot ",
        "12 ",
        "mars ",
        "2024",
        "/",
        "rue ",
        "Rue Félix",
        " 12",
        "اسمي ",
        "محمد",
        "عبد ",
        "الرحمن ",
        "العلي ",
        "أبو ",
        "وأم ",
        "بن ",
        "حسن ",
        "السيد ",
        "কে ",
        "শাহিন",
        " নামে ",
        "N'",
        "B. ",
        "ben ",
        "شارع النيل ",
        "١٢",
        "\u200b",
        "\u0301",
        "\n",
        ". ",
        "ﷺ",
        "ﬁ",
        "İ",
        "নাম",
        "°",
        "'",
        "A1234567",
    ]
)


@settings(max_examples=300, deadline=None)  # the first example also reads the lists
@given(
    st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=40).map("".join)), st.sampled_from(["en", "fr", "ar", "de", "zz"])
)
def test_offsets_fit_and_never_overlap(text: str, language: str) -> None:
    findings = look_over(text, language, ("Thiès", "١٢"), ("SN",))
    done = 0
    for finding in findings:
        assert done <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
        assert finding.reason
        assert finding.suggestion
        done = finding.end
    segments = mark(text, findings)
    assert "".join(segment.text for segment in segments) == text
    assert [segment.finding for segment in segments if segment.finding] == findings
    assert all(segment.text for segment in segments)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_surrogates_and_controls_do_not_break_it(text: str) -> None:
    assert "".join(segment.text for segment in mark(text, look_over(text, "fr"))) == text


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    def stop(_signal: int, _frame: object) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


HOSTILE = [
    "a",
    "1",
    "1 ",
    "1.",
    "1-",
    "1/1",
    "+",
    "+1",
    "(",
    "@",
    "a@",
    "@a",
    "a@b.",
    "a.",
    "a. ",
    "www.",
    "http://",
    "h",
    "hxxp:",
    "A",
    "A ",
    "A a ",
    "Aa ",
    "Aa-",
    "a'",
    "a-",
    "1 a ",
    "1 rue ",
    "rue ",
    "Rue Aa ",
    "12 Aa Aa ",
    "Street ",
    "12 de ",
    "1 mars ",
    "mars 1 ",
    "mars 1, ",
    "12/12/",
    "12.12.",
    "1.234,",
    "14.1234 ",
    "14.1234, -",
    "1°1'",
    "my name is ",
    "my name is A ",
    "je m'appelle",
    "نهج ",
    "شارع ا",
    "شارع ال",
    "حي ال",
    "محمد ",
    "عبد ",
    "بن ",
    "أبو ",
    "أم ",
    "محمد الع ",
    "اسمي كوفي ",
    "السيد ",
    "সজীব নামে ",
    "lamine gassama ",
    "Modou B. ",
    "ﷺ",
    "\u0301",
    "\u200b",
    "e\u0301",
    "\u202e",
    "𝟏",
    "١",
    "AB12 ",
    "DK-1234-",
    "plate 1 A ",
    "car AB 12 ",
    "A1 ",
    "123 A ",
    "أ ب 1 ",
    "لوحة 1 ",
    "a in ",
    "DE89 3704 ",
    "A1-",
    "telegram: ",
    "at gmail dot ",
    "a at ",
    "a dot ",
    "dot com ",
    "P.O. Box ",
    "Thiès ",
    "in ",
    "in A",
    "\n",
    "\t",
    " ",
    "İ",
    "ß",
    "한",
    "𓀀",
    "\ud800",
    "771234567 ",
    "77 123 45 67, ",
    "Modou Diallo ",
    "Modou ben ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_twenty_thousand_hostile_characters_take_no_time(piece: str) -> None:
    # A quadratic or exponential pattern needs minutes here; measured: below a second with all countries.
    text = (piece * 20_000)[:20_000]
    with _at_most(5):
        findings = look_over(text, "fr", ("Thiès", "Saint-Louis"), ("SN", "GM", "ML", "GN", "NG", "MA"))
    assert all(text[f.start : f.end] == f.text for f in findings)


def test_reasons_come_in_the_language_of_the_reader() -> None:
    with i18n.speaking("en"):
        reasons = {f.kind: f.reason for s in _sample("planted") for f in _found(s)}
    assert set(reasons) == set(Kind)
    assert all(len(reason.split()) <= 20 for reason in reasons.values())
