"""A spreadsheet of listings, one on a row, read into HSDS services; what is wrong is said by row and column, in words."""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.core import i18n
from app.core.i18n import N_, _
from app.core.text import fold
from app.domain.directory.for_whom import OPEN_TO
from app.domain.directory.needs import all_needs
from app.domain.directory.reading import Held, Note, Unreadable
from app.domain.directory.reading.cleaning import number_of
from app.domain.directory.reading.decoding import Table
from app.domain.directory.reading.workbook import is_workbook, rows
from app.domain.directory.rows import Record
from app.domain.partners.checking import Problem
from app.domain.partners.taking import Sent

MOST_ROWS: Final = 500
LANGUAGES: Final = ("en", "fr", "ar")
# key -> heading; what stands in a column is told in docs/partner-api.md
COLUMNS: Final = {
    "id": N_("Your reference"), "name": N_("Name"), "description": N_("What it is"), "organisation": N_("Organisation"),
    "about": N_("About the organisation"), "needs": N_("Needs"), "phone": N_("Number to call"), "email": N_("E-mail"),
    "website": N_("Website"), "hours": N_("Hours, in words"), "cost": N_("Cost"), "for_whom": N_("For whom"),
    "open_to": N_("Open to"),
    "bring": N_("What to bring"), "languages": N_("Languages spoken there"), "place": N_("Name of the place"),
    "street": N_("Street and number"), "town": N_("Town"), "region": N_("Region"), "postcode": N_("Postcode"),
    "country": N_("Country"), "latitude": N_("Latitude"), "longitude": N_("Longitude"),
}  # fmt: skip
_ALSO: Final = {"url": "website", "organization": "organisation", "city": "town", "postal_code": "postcode", "phones": "phone"}
_NUMBERS: Final = {
    "phone": re.compile(r"\+?\d[\d ()./\u00a0-]*"), "latitude": re.compile(r"[+-]?\d+([.,]\d+)?"),
    "longitude": re.compile(r"[+-]?\d+([.,]\d+)?"),
}  # fmt: skip
# Where a mistake in the object stands in the sheet: the longest beginning of its pointer counts.
_POINTS: Final = {
    "/id": "id", "/name": "name", "/description": "description", "/organization/description": "about",
    "/organization": "organisation",
    "/needs": "needs", "/phones": "phone", "/email": "email", "/url": "website", "/schedules": "hours", "/fees_description": "cost",
    "/eligibility_description": "for_whom", "/open_to": "open_to", "/required_documents": "bring", "/languages": "languages",
    "/service_at_locations/0/location/latitude": "latitude", "/service_at_locations/0/location/longitude": "longitude",
    "/service_at_locations/0/location/addresses/0/country": "country", "/service_at_locations/0/location": "place",
    "/service_areas": "town",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in a row; ``column`` is its heading, "" for the row as a whole."""

    row: int
    column: str
    sentence: str


@dataclass(slots=True)
class Sheet:
    """The listings of a spreadsheet by row, what is wrong with them, and headings that mean nothing here."""

    found: list[tuple[int, Sent]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


def read_sheet(data: bytes, language: str, country: str) -> Sheet:
    """Return what a CSV or XLSX file holds; ``language`` is that of its texts. Raises Unreadable for the file as a whole."""
    lines = _of_workbook(data) if is_workbook(data) else _of_csv(data)
    if not lines:
        raise Unreadable(_("There is no row in it. The first line names the columns, each other line is a listing."))
    if len(lines) - 1 > MOST_ROWS:
        raise Unreadable(_("More than %(limit)s rows. Send them in parts.", limit=MOST_ROWS))
    sheet = Sheet()
    keys = [_key(heading) for heading in lines[0][1]]
    sheet.strange = [heading for heading, key in zip(lines[0][1], keys, strict=True) if heading.strip() and key is None]
    if not {"id", "name"} <= set(keys):
        headings = ", ".join(_(COLUMNS[key]) for key in ("id", "name") if key not in keys)
        raise Unreadable(_("A column is missing: %(names)s. The first line has to name the columns.", names=headings))
    for row, cells in lines[1:]:
        values = {key: cell.strip() for key, cell in zip(keys, cells, strict=False) if key and cell.strip()}
        _take(sheet, row, values, language, country)
    if "open_to" not in keys:  # a sheet without that column takes nothing back that was said by hand
        for _row, sent in sheet.found:
            del sent.data["open_to"]
    return sheet


def _of_workbook(data: bytes) -> list[tuple[int, list[str]]]:
    return rows(data)


def _of_csv(data: bytes) -> list[tuple[int, list[str]]]:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("This is a spreadsheet of an old kind (XLS). Save it again as XLSX or as CSV."))
    notes: list[Note] = []
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        table, found = Table(Path(file.name), notes), list[tuple[int, list[str]]]()
        for row in table.rows():
            if isinstance(row, Held):
                raise Unreadable(_("Row %(row)s: %(reason)s", row=row.line, reason=row.reason))
            if len(found) <= MOST_ROWS:
                found.append((row.line, [row.cells.get(name, "") for name in table.columns]))
    return [(1, table.columns), *found] if table.columns and found else []


@cache
def _headings() -> dict[str, str]:
    known = {**{key: key for key in COLUMNS}, **_ALSO}
    for language in LANGUAGES:
        with i18n.speaking(language):
            known |= {fold(_(words)): key for key, words in COLUMNS.items()}
    return known


def _key(heading: str) -> str | None:
    return _headings().get(fold(" ".join(heading.split())))


@cache
def _needs() -> dict[str, str]:
    return _by_words({need.id: need.label for need in all_needs()})


@cache
def _open_to() -> dict[str, str]:
    return _by_words(OPEN_TO)


def _by_words(labels: Mapping[str, str]) -> dict[str, str]:
    known = {key: key for key in labels}
    for language in LANGUAGES:
        with i18n.speaking(language):
            known |= {fold(_(label)): key for key, label in labels.items()}
    return known


def read_row(values: dict[str, str], language: str, country: str) -> Sheet:
    """Return one listing from its columns by key, as a form brings them: nothing there is taken for a formula."""
    sheet = Sheet()
    _listing(sheet, 1, values, language, country)
    return sheet


def _take(sheet: Sheet, row: int, values: dict[str, str], language: str, country: str) -> None:
    for key, cell in values.items():
        if _is_formula(key, cell):
            sheet.problems.append(RowProblem(row, _(COLUMNS[key]), _("This looks like a formula. Write the words themselves.")))
    for key, most in (("latitude", 90), ("longitude", 180)):
        found = number_of(values.get(key, "0"))
        if found is not None and abs(found) > most:
            sheet.problems.append(RowProblem(row, _(COLUMNS[key]), _("Write degrees as a number.")))
    _listing(sheet, row, values, language, country)


def _listing(sheet: Sheet, row: int, values: dict[str, str], language: str, country: str) -> None:
    needs = [_needs().get(fold(word), word) for word in _several(values.get("needs", ""))]
    open_to = [_open_to().get(fold(word), word) for word in _several(values.get("open_to", ""))]
    data: Record = {
        "name": values.get("name"), "description": values.get("description"), "status": "active", "language": language,
        "needs": needs or None, "open_to": open_to, "email": values.get("email"), "url": values.get("website"),
        "fees_description": values.get("cost"),
        "eligibility_description": values.get("for_whom"),
        "phones": [{"number": number} for number in _several(values.get("phone", ""), ";")],
        "schedules": [{"description": values["hours"]}] if "hours" in values else [],
        "languages": [{"name": name} for name in _several(values.get("languages", ""))],
        "required_documents": [{"document": text} for text in _several(values.get("bring", ""), ";")],
        "service_at_locations": _places(values, country),
        "service_areas": [{"name": values["town"]}] if "town" in values else [],  # found there also without a whole address
    }  # fmt: skip
    if "organisation" in values:
        name = values["organisation"]
        data["organization"] = {"id": fold(name)[:200], "name": name, "description": values.get("about")}
    if "id" not in values:
        sheet.problems.append(RowProblem(row, _(COLUMNS["id"]), _("This is needed, and we do not make it up.")))
        return
    sheet.found.append((row, Sent("service", values["id"], data)))


def _is_formula(key: str, cell: str) -> bool:
    """Say whether a spreadsheet program would calculate with it: + and - begin only a number to call, or degrees."""
    if cell[0] in "+-":
        parts = _several(cell, ";") if key == "phone" else [cell]
        return key not in _NUMBERS or not all(_NUMBERS[key].fullmatch(part) for part in parts)
    return cell[0] in "=@|%"


def _several(cell: str, between: str = ",;") -> list[str]:
    for one in (*between, "\n"):
        cell = cell.replace(one, "\0")
    return [part.strip() for part in cell.split("\0") if part.strip()]


def _places(values: dict[str, str], country: str) -> list[Record]:
    """Return the place; an address of which HSDS wants more parts than are told becomes words that help to find the door."""
    parts = {"address_1": "street", "city": "town", "state_province": "region", "postal_code": "postcode"}
    address: dict[str, Any] = {name: values[key] for name, key in parts.items() if key in values}
    point: dict[str, Any] = {key: values[key] for key in ("latitude", "longitude") if key in values}
    if not address and not point and "place" not in values:
        return []
    where = values.get("country") or country
    place: Record = {"id": f"{values.get('id', '')}-place"[:200], "location_type": "physical", "name": values.get("place"), **point}
    if len(address) == len(parts) and where:
        place["addresses"] = [{**address, "country": where, "address_type": "physical"}]
    elif address:
        place["description"] = ", ".join(address.values())
    return [{"id": f"{values.get('id', '')}-link"[:200], "location": place}]


def column_of(problem: Problem) -> str:
    """Return the heading of the column in which a mistake of an object stands, "" where none does."""
    key = key_of(problem)
    return _(COLUMNS[key]) if key else ""


def key_of(problem: Problem) -> str:
    """Return the key of that column, "" where there is none."""
    fitting = [start for start in _POINTS if problem.pointer == start or problem.pointer.startswith(f"{start}/")]
    return _POINTS[max(fitting, key=len)] if fitting else ""


def headings() -> list[str]:
    """Return the headings in the language of the moment, for an empty sheet."""
    return [_(words) for words in COLUMNS.values()]
