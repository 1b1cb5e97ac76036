"""A file in which a network names its regions: CSV, a line for each, every mistake told with its line."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.core.text import fold, is_seen, one_line

MOST_BYTES: Final = 1_000_000
MOST_OF_A_COUNTRY: Final = 100  # all of them stand in one list on a phone
LONGEST_NAME: Final = 100
_CODE: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")  # ISO 3166-2
_YES, _NO = frozenset({"yes", "1", "true"}), frozenset({"", "no", "0", "false"})


@dataclass(frozen=True, slots=True)
class Region:
    """A line of the file; ``names`` by language, ``neighbours`` codes of the same file."""

    line: int
    code: str
    names: dict[str, str]
    neighbours: frozenset[str]
    remote: bool

    @property
    def country(self) -> str:
        """Return the code of its country."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line; 1 is the line of headings."""

    line: int
    sentence: str


def read(content: bytes, countries: Sequence[str], languages: Sequence[str]) -> tuple[list[Region], list[Problem]]:
    """Return the regions of a file and everything that is wrong with it.

    ``countries`` and ``languages`` are those of the network. Columns: ``code``, ``neighbours`` and ``remote`` (both may be left
    out), and one for each language; the first language's name must be there, the others fall back to it.
    """
    if len(content) > MOST_BYTES:
        return [], [Problem(1, f"The file is larger than {MOST_BYTES // 1_000} kB.")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(content[: error.start].count(b"\n") + 1, "This is not UTF-8. Save the file as CSV UTF-8.")]
    head = text.split("\n", 1)[0]
    table = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    try:
        problems = _headings([str(name).strip() for name in table.fieldnames or ()], languages)
        table.fieldnames = [str(name).strip() for name in table.fieldnames or ()]
        found = [] if problems else [_region(table.line_num, row, languages, problems) for row in table]
    except csv.Error as error:
        return [], [Problem(table.line_num + 1, f"This line cannot be read: {error}.")]
    regions = [one for one in found if one is not None]
    problems += [] if problems else _together(regions, countries, languages[0])
    if not regions and not problems:
        problems.append(Problem(1, "There is no region in this file."))
    return regions, sorted(problems, key=lambda one: one.line)


def _headings(names: list[str], languages: Sequence[str]) -> list[Problem]:
    needed, may = ["code", languages[0]], ["neighbours", "remote", *languages]
    missing = [Problem(1, f"The column {name} is missing.") for name in needed if name not in names]
    strange = [
        Problem(1, f"The column {name or '(without a name)'} is not known.") for name in names if name not in [*needed, *may]
    ]
    twice = [Problem(1, f"The column {name} stands there twice.") for name in sorted({n for n in names if names.count(n) > 1})]
    return missing + strange + twice


def _region(line: int, row: dict[str, str], languages: Sequence[str], problems: list[Problem]) -> Region | None:
    """Return the region of a line, None where there is none; adds what is wrong."""
    if None in row or None in row.values():
        problems.append(Problem(line, "This line has not as many cells as there are columns."))
        return None
    cells = {name: one_line(cell) for name, cell in row.items()}
    if not any(cells.values()):
        return None
    code, remote = cells["code"].upper(), cells.get("remote", "").casefold()
    names = {language: cells[language] for language in languages if is_seen(cells.get(language, ""))}
    wrong = [
        ("The code is not one of ISO 3166-2, such as SN-DK.", not _CODE.fullmatch(code)),
        (f"The name in the language {languages[0]} is missing.", languages[0] not in names),
        (f"A name is longer than {LONGEST_NAME} letters.", any(len(name) > LONGEST_NAME for name in names.values())),
        ("remote is yes or no.", remote not in _YES | _NO),
    ]
    problems += [Problem(line, sentence) for sentence, is_wrong in wrong if is_wrong]
    near = frozenset(re.split(r"[\s;|,]+", cells.get("neighbours", "").upper())) - {""}
    return Region(line, code, names, near, remote in _YES)


def _together(regions: list[Region], countries: Sequence[str], first: str) -> list[Problem]:
    """Return what is wrong with lines as a whole: foreign countries, codes and names that stand twice, neighbours that are none."""
    problems, codes, names = [], {one.code: one.line for one in reversed(regions)}, dict[tuple[str, str], int]()
    for one in regions:
        same_name = names.setdefault((one.country, fold(one.names[first])), one.line)
        strange = sorted(code for code in one.neighbours if code not in codes or code[:2] != one.country or code == one.code)
        wrong = [
            (f"{one.country} is no country of this network (HEARTH_COUNTRIES).", one.country not in countries),
            (f"The code {one.code} stands in line {codes[one.code]} already.", codes[one.code] != one.line),
            (f"The name {one.names[first]} stands in line {same_name} already.", same_name != one.line),
            (f"These neighbours are no other regions of {one.country} in this file: {', '.join(strange)}.", bool(strange)),
        ]
        problems += [Problem(one.line, sentence) for sentence, is_wrong in wrong if is_wrong]
    for country in {one.country for one in regions}:
        of = [one.line for one in regions if one.country == country]
        if len(of) > MOST_OF_A_COUNTRY:
            problems.append(
                Problem(of[MOST_OF_A_COUNTRY], f"More than {MOST_OF_A_COUNTRY} regions of {country}: name larger ones.")
            )
    return problems
