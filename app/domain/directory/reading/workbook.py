"""The first sheet of a spreadsheet (XLSX) as rows of text: bounded, without formulas, macros or anything that leads outside."""

import io
import re
import zipfile
from typing import Final
from xml.etree import ElementTree as ET

from app.core.i18n import N_, _
from app.domain.directory.reading.limits import MAX_RATIO, MB, RATIO_FLOOR
from app.domain.directory.reading.shapes import Unreadable

MAX_PART: Final = 8 * MB  # of XML, unpacked: 500 listings need a tenth
MAX_PARTS: Final = 500
MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 200
MAX_CELLS: Final = 100_000  # written down, also empty ones
MAX_CELL: Final = 32_767  # letters, as many as a spreadsheet program lets in
MAX_LETTERS: Final = 4_000_000  # in all cells together: a shared text counts each time that it is used
BROKEN: Final = N_("This spreadsheet cannot be opened. Save it again as XLSX or as CSV.")
TOO_BIG: Final = N_("This spreadsheet is too big to open. Send the listings in parts.")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_COLUMN = re.compile(r"([A-Z]{1,3})\d+")
_LETTERS = 26


def is_workbook(data: bytes) -> bool:
    """Tell whether this is a packed file, as XLSX is."""
    return data.startswith(b"PK\x03\x04")


def rows(data: bytes) -> list[tuple[int, list[str]]]:
    """Return (number of the row, its cells as text) of the first sheet, empty rows left out. Raises Unreadable.

    A cell with a formula comes as "=", whatever its result: those who take it in refuse it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if len(packed.infolist()) > MAX_PARTS:
                raise Unreadable(_(TOO_BIG))
            shared = _shared(packed)
            sheet = _part(packed, _first_sheet(packed))
            return _rows(sheet, shared)
    except (
        zipfile.BadZipFile,
        KeyError,
        ET.ParseError,
        ValueError,
        IndexError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise Unreadable(_(BROKEN)) from error


def _part(packed: zipfile.ZipFile, name: str) -> ET.Element:
    """Return a part as XML; one that unpacks too far, or defines entities, is not read."""
    about = packed.getinfo(name)
    if about.file_size > MAX_PART or about.file_size > max(RATIO_FLOOR, about.compress_size * MAX_RATIO):
        raise Unreadable(_(TOO_BIG))
    with packed.open(about) as file:
        text = file.read(MAX_PART + 1)
    if len(text) > MAX_PART:
        raise Unreadable(_(TOO_BIG))
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable(_(BROKEN))
    return ET.fromstring(text)  # noqa: S314 - without a DTD there are no entities to open


def _first_sheet(packed: zipfile.ZipFile) -> str:
    book = _part(packed, "xl/workbook.xml")
    wanted = next(sheet.get(_REFERENCE) for sheet in book.iter(f"{_MAIN}sheet"))
    targets = {one.get("Id"): one.get("Target", "") for one in _part(packed, "xl/_rels/workbook.xml.rels")}
    target = targets[wanted]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _shared(packed: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in packed.namelist():
        return []
    return [_words(one) for one in _part(packed, "xl/sharedStrings.xml").findall(f"{_MAIN}si")]


def _words(element: ET.Element) -> str:
    """Return the text in an element (plain, or in runs) without what is only said of how it is read aloud."""
    runs = (one.find(f"{_MAIN}t") if one.tag == f"{_MAIN}r" else one for one in element)
    return "".join(one.text or "" for one in runs if one is not None and one.tag == f"{_MAIN}t")


def _rows(sheet: ET.Element, shared: list[str]) -> list[tuple[int, list[str]]]:
    """Read rows and cells where they belong, one step below each other: nested ones would be read again and again."""
    written = sheet.findall(f"{_MAIN}sheetData/{_MAIN}row")
    if len(written) > MAX_ROWS or sum(len(row) for row in written) > MAX_CELLS:
        raise Unreadable(_(TOO_BIG))
    found: list[tuple[int, list[str]]] = []
    letters = 0
    for position, row in enumerate(written, 1):
        cells = _cells(row, shared)
        letters += sum(len(cell) for cell in cells)
        if letters > MAX_LETTERS or any(len(cell) > MAX_CELL for cell in cells):
            raise Unreadable(_(TOO_BIG))
        if any(not cell.isspace() for cell in cells if cell):
            found.append((int(row.get("r") or position), cells))
    return found


def _cells(row: ET.Element, shared: list[str]) -> list[str]:
    cells: dict[int, str] = {}
    for position, cell in enumerate(row.findall(f"{_MAIN}c")):
        at = _COLUMN.fullmatch(cell.get("r", ""))
        column = _number(at[1]) if at else position
        if column < MAX_COLUMNS:
            cells[column] = _cell(cell, shared)
    return [cells.get(n, "") for n in range(max(cells, default=-1) + 1)]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1


def _cell(cell: ET.Element, shared: list[str]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
    if cell.find(f"{_MAIN}f") is not None:
        return "="
    if kind == "inlineStr":
        inside = cell.find(f"{_MAIN}is")
        return _words(inside) if inside is not None else ""
    if kind == "s":
        return shared[int(value)] if value else ""
    if kind == "e":
        return ""
    if kind == "n" and value:
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 10**15 else value
    return value
