"""A release as a CSV file: one line for each number, hidden ones empty; then the figures."""

import csv
from io import StringIO
from typing import Any, Final

HEAD: Final = ("release", "period", "kind", "id", "row", "column", "value", "low", "high", "note")
TOTAL: Final = "(total)"


def as_csv(body: dict[str, Any]) -> str:
    """Return the release as text in the CSV form of RFC 4180, with the same numbers as its JSON."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    start = (body["id"], body["period"])
    for table in body["tables"]:
        rows, cols = [*table["rows"], TOTAL], [*table["cols"], TOTAL]
        lines = [[*cells, end] for cells, end in zip(table["cells"], table["row_totals"], strict=True)]
        lines.append([*table["col_totals"], table["total"]])
        for row, line in zip(rows, lines, strict=True):
            for column, value in zip(cols, line, strict=True):
                writer.writerow([*start, "table", table["id"], row, column, "" if value is None else value, "", "", ""])
    for figure in body["metrics"]:
        value = next((figure[key] for key in ("percent", "value", "points") if figure.get(key) is not None), "")
        note = figure.get("reason") or figure.get("change") or figure.get("kind") or ""
        ends = ["" if figure.get(end) is None else figure[end] for end in ("low", "high")]
        writer.writerow([*start, "figure", f"{figure['metric']}.{figure['of']}", "", figure.get("column", ""), value, *ends, note])
    return out.getvalue()
