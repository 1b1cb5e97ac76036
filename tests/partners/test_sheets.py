"""A spreadsheet of listings: read from CSV and XLSX, all of it taken in or nothing, each mistake with its row and column."""

import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core import i18n
from app.domain.actor import Actor
from app.domain.directory.reading import Unreadable, workbook
from app.domain.partners import people
from app.domain.partners.sheets import COLUMNS, MOST_ROWS, headings, read_sheet
from app.models.directory import Service
from app.models.engine import SearchDocument
from app.models.partners import Partner, PartnerRecord
from tests.browse import Browser, text_of
from tests.factories import Make

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(rows: str, shared: tuple[str, ...] = (), **more: Any) -> bytes:
    """Return a small XLSX file."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{SHEET}" xmlns:r="{LINK}"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>'
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
        )
        file.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>')
        if shared:
            words = "".join(f"<si><t>{one}</t></si>" for one in shared)
            file.writestr("xl/sharedStrings.xml", f'<sst xmlns="{SHEET}">{words}</sst>')
        for name, text in more.items():
            file.writestr(name, text)
    return into.getvalue()


ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="inlineStr"><is><t>Number to call</t></is></c>'
    '</row><row r="3"><c r="A3"><v>7.0</v></c><c r="B3" t="s"><v>2</v></c><c r="D3"><v>338000000</v></c>'
    '<c r="E3" t="e"><v>#REF!</v></c></row>'
)


def test_the_first_sheet_is_read_as_text() -> None:
    assert workbook.rows(packed(ROWS, ("Your reference", "Name", "Sewing"))) == [
        (1, ["Your reference", "Name", "", "Number to call"]), (3, ["7", "Sewing", "", "338000000", ""]),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [
    b"PK\x03\x04 nothing", packed("<row><c t='s'><v>9</v></c></row>"), packed("<row"), packed("<row><c t='n'><v>x</v></c></row>"),
    packed("").replace(b"xl/workbook.xml", b"xl/nothing1.xml"),
])  # fmt: skip
def test_a_broken_spreadsheet_is_said_to_be_broken(data: bytes) -> None:
    with pytest.raises(Unreadable):
        workbook.rows(data)


def test_a_bomb_is_not_opened() -> None:
    entities = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    for data in (packed("<row/>" + " " * 9_000_000), packed("", **{"xl/sharedStrings.xml": entities}),
                 packed("".join(f"<row r='{n}'><c><v>1</v></c></row>" for n in range(5_100)))):  # fmt: skip
        with pytest.raises(Unreadable):
            workbook.rows(data)


def test_a_crafted_one_is_read_or_refused_at_once() -> None:
    nested = "<row>" * 30_000 + "<c><v>1</v></c>" + "</row>" * 30_000
    texts = "<row>" + "<c t='s'><v>0</v></c>" * 2_000 + "</row>"
    spoken = f'<sst xmlns="{SHEET}"><si>{"<rPh>" * 20_000}{"</rPh>" * 20_000}</si></sst>'
    begun = time.monotonic()
    assert workbook.rows(packed(nested)) == []
    workbook.rows(packed(ROWS.replace('t="s"', ""), **{"xl/sharedStrings.xml": spoken}))
    for data in (packed(texts * 10, ("x" * 3_000,)), packed("<row><c t='s'><v>0</v></c></row>", ("x" * 40_000,)),
                 packed("<row>" + "<c/>" * 100_001 + "</row>"), packed("<row/>" * 5_001)):  # fmt: skip
        with pytest.raises(Unreadable, match="too big"):
            workbook.rows(data)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(("key", "cell", "fine"), [
    ("name", "=1+1", False), ("name", "+cmd|' /C calc'!A0", False), ("description", "-2+3", False), ("name", "@SUM(1)", False),
    ("phone", "+cmd|x", False), ("phone", "+221 1; +221 (0) 2-3", True), ("phone", "338000000", True),
    ("longitude", "-17.39", True), ("longitude", "-17+2", False), ("name", "Sewing - and more", True),
])  # fmt: skip
def test_formulas_are_refused_and_numbers_are_not(key: str, cell: str, fine: bool) -> None:
    sheet = read_sheet(csv_of({"id": "7", "name": "A", key: cell}), "en", "SN")
    assert ("formula" in " ".join(one.sentence for one in sheet.problems)) is not fine


def test_a_formula_of_a_workbook_is_refused() -> None:
    data = packed(ROWS.replace("<v>338000000</v>", "<f>1+1</f><v>2</v>"), ("Your reference", "Name", "Sewing"))
    assert ["formula" in one.sentence for one in read_sheet(data, "en", "SN").problems] == [True]


FULL = {
    "id": "7", "name": "Sewing", "description": "Machines.", "organisation": "House", "about": "A workshop.",
    "needs": "Work and skills",
    "phone": "+221 1; +221 2", "email": "a@house.example", "website": "house.example", "hours": "Every day", "cost": "Free",
    "for_whom": "Everybody", "bring": "Cloth; thread", "languages": "Wolof, French", "place": "The yard", "street": "Rue 1",
    "town": "Pikine", "region": "Dakar", "postcode": "10000", "country": "SN", "latitude": "14.75", "longitude": "-17.39",
}  # fmt: skip


def csv_of(*rows: dict[str, str], language: str = "en", between: str = ",") -> bytes:
    """Return a CSV file with headings in a language."""
    with i18n.speaking(language):
        lines = [between.join(f'"{one}"' for one in headings())]
    lines += [between.join(f'"{row.get(key, "")}"' for key in COLUMNS) for row in rows]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(("language", "between"), [("en", ","), ("fr", ";"), ("ar", "\t")])
def test_every_column_is_read_in_every_language(language: str, between: str) -> None:
    sheet = read_sheet(csv_of(FULL, language=language, between=between), "en", "SN")
    [(row, sent)] = sheet.found
    assert (row, sent.foreign_id, sheet.problems, sheet.strange) == (2, "7", [], [])
    data = sent.data
    assert (data["needs"], len(data["phones"]), len(data["required_documents"])) == (["work"], 2, 2)
    assert data["service_at_locations"][0]["location"]["addresses"][0]["city"] == "Pikine"


@pytest.mark.parametrize(("data", "said"), [
    (b"", "no row"), (b"Your reference,Name\n", "no row"), (b"Name\nSewing\n", "Your reference"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "XLS"),
    (b"Your reference,Name\n" + b"1,A\n" * (MOST_ROWS + 1), "500"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_is_said_why(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_sheet(data, "en", "SN")


class TestPage:
    """Sending one."""

    @pytest.fixture
    def keeper(self, browse: Callable[..., Browser], make: Make, db: Session, coordinator: Actor, trusted: Partner) -> Browser:
        """Somebody who looks after a partner whose first listings were let in."""
        member = make.member("Blue Thread")
        people.add_member(db, coordinator, trusted, member.name)
        make.commit()
        return browse(member)

    def send(self, browser: Browser, data: bytes, name: str = "a.csv") -> Any:
        """Upload a file."""
        return browser.post("/partner/sheet", {"language": "en"}, files={"sheet": (name, data)})

    def test_all_of_it_is_taken_in_and_the_second_time_changes_nothing(self, keeper: Browser, peek: Any) -> None:
        data = csv_of(FULL, {**FULL, "id": "8", "name": "Papers", "latitude": "", "longitude": "", "postcode": ""})
        assert "New: 2, changed: 0, as before: 0" in text_of(keeper.get(self.send(keeper, data).headers["location"]))
        assert sorted(peek(select(Service.name))) == ["Papers", "Sewing"]
        assert "New: 0, changed: 0, as before: 2" in text_of(keeper.get(self.send(keeper, data).headers["location"]))

    def test_xlsx(self, keeper: Browser, peek: Any) -> None:
        assert self.send(keeper, packed(ROWS, ("Your reference", "Name", "Sewing")), "a.xlsx").status_code == 303
        assert peek(select(PartnerRecord.foreign_id)) == ["7"]

    def test_the_town_of_a_shelter_is_shown_nowhere(self, keeper: Browser, peek: Any, browse: Any) -> None:
        shelter = {"id": "7", "name": "Refuge pour femmes victimes de violences", "town": "Thiès", "description": "Un lit."}
        self.send(keeper, csv_of(shelter, {**FULL, "id": "8", "town": "Mbour"}))
        shown, open_one = (one for one in sorted(peek(select(Service)), key=lambda one: one.foreign_id))
        assert (shown.protected, open_one.protected) == (True, False)
        pages = [f"/help/{shown.ref}", "/help?q=Refuge", "/help?q=Thi%C3%A8s"]
        pages += [f"/api/hsds/services/{shown.id}", f"/api/hsds/services/{shown.id}?full=true", "/api/hsds/services?full=true"]
        for page in pages:
            assert "Thiès" not in browse().get(page).text.replace('value="Thiès"', ""), page
        assert "Mbour" in browse().get(f"/help/{open_one.ref}").text
        [document] = peek(select(SearchDocument).where(SearchDocument.subject_id == shown.id))
        assert "Thi" not in document.body + str(document.shown)

    def test_one_bad_row_and_nothing_is_taken_in(self, keeper: Browser, peek: Any) -> None:
        bad = [{**FULL, "id": "8", "email": "nobody"}, {**FULL, "id": "", "name": "C"}, {**FULL, "id": "9", "name": "=1+1"},
               {**FULL, "id": "10", "about": ""}, {**FULL, "id": "11", "needs": "Gold"}, {**FULL, "id": "7"},
               {**FULL, "id": "12", "latitude": "914"}]  # fmt: skip
        answer = self.send(keeper, csv_of(FULL, *bad))
        assert answer.status_code == 422
        page = text_of(answer)
        assert "Nothing of it was taken in" in page
        for words in ("Row 3 · E-mail: This is not an e-mail address.", "Row 4 · Your reference: This is needed",
                      "Row 5 · Name: This looks like", "Row 6 · About the organisation: This is needed",
                      "Row 7 · Needs: Choose among", "Row 8 · Your reference: This id",
                      "Row 9 · Latitude: Write degrees"):  # fmt: skip
            assert words in page, page
        assert peek(select(PartnerRecord)) == peek(select(Service)) == []

    @pytest.mark.parametrize(("files", "said"), [({}, "Choose a file first"), ({"sheet": ("a.csv", b"x" * 17_000_000)}, "too big"),
                                                 ({"sheet": ("a.csv", b"A,B\n1,2\n")}, "A column is missing")])  # fmt: skip
    def test_what_is_wrong_with_the_file_is_said(self, keeper: Browser, files: Any, said: str) -> None:
        answer = keeper.post("/partner/sheet", {"language": "fr"}, files=files or {"other": ("b", b"")})
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert 'value="fr" selected' in answer.text

    def test_an_empty_one_has_the_headings(self, keeper: Browser) -> None:
        answer = keeper.get("/partner/sheet.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.text.startswith("\ufeffYour reference,Name,")
