"""A release as a CSV file: one line for each number, hidden ones empty; then every field of every figure, groups, rules, notes."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any, Final

HEAD: Final = ("release", "period", "kind", "id", "row", "column", "value")
TOTAL: Final = "(total)"
Line = tuple[str, str, str, str, Any]
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(body: dict[str, Any]) -> str:
    """Return the release as text in the CSV form of RFC 4180: everything that its JSON says, None as an empty value."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for line in (*_tables(body), *_figures(body), *_groups(body), *_about(body)):
        writer.writerow([body["id"], body["period"], *map(_harmless, line)])
    return out.getvalue()


def _tables(body: dict[str, Any]) -> Iterator[Line]:
    for table in body["tables"]:
        rows, cols = [*table["rows"], TOTAL], [*table["cols"], TOTAL]
        lines = [[*cells, end] for cells, end in zip(table["cells"], table["row_totals"], strict=True)]
        lines.append([*table["col_totals"], table["total"]])
        for row, line in zip(rows, lines, strict=True):
            for column, value in zip(cols, line, strict=True):
                yield "table", table["id"], row, column, value


def _figures(body: dict[str, Any]) -> Iterator[Line]:
    for figure in body["metrics"]:
        name = f"{figure['metric']}.{figure['of']}"
        for field, value in figure.items():
            if isinstance(value, dict):
                yield from (("figure", name, field, part, one) for part, one in value.items())
            elif field not in ("metric", "of"):
                yield "figure", name, "", field, value


def _groups(body: dict[str, Any]) -> Iterator[Line]:
    for one in body.get("groups", ()):
        yield "group", one["group"], one["name"], one["period"], one["says"]
    for one in body.get("deciding", ()):
        name = one["name"] or ""
        for field in ("says", "on", "looked_on"):
            yield "deciding", one["group"] or "", name, one["body"] if field == "says" else f"{one['body']}.{field}", one[field]


def _harmless(value: Any) -> Any:
    """Return a value as spreadsheet programs may see it: with an apostrophe before words that they would take for a formula."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA) else value
    return "" if value is None else value


def _about(body: dict[str, Any]) -> Iterator[Line]:
    for kind in ("rules", "audit"):
        yield from ((kind, "", "", field, value) for field, value in body[kind].items())
    yield from (("note", str(number), "", "", note) for number, note in enumerate(body.get("notes", ()), start=1))
