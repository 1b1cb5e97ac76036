"""From protected tables to a file: only the keys of the format, so that nothing else of the input can slip out."""

from typing import Any

from app.domain.reporting.protecting.publishing import Printed


def as_json(printed: Printed) -> dict[str, Any]:
    """Return one protected table in the shape of a release."""
    table, shown = printed.table, printed.shown
    row: dict[str, Any] = {
        "id": table.id, "title": table.title, "period": table.period, "universe": table.universe,
        "rows": list(table.rows), "cols": list(table.cols), "cells": [list(line[:-1]) for line in shown[:-1]],
        "row_totals": [line[-1] for line in shown[:-1]], "col_totals": list(shown[-1][:-1]), "total": shown[-1][-1],
        "rounding": 5, "kind": table.kind,
    }  # fmt: skip
    if table.percent:
        row |= {"unit": "percent", "of": "row"}
    if table.subset_of:
        row["subset_of"] = table.subset_of[0] if len(table.subset_of) == 1 else list(table.subset_of)
    if table.row_parts and table.parts_are_listed:
        row["row_parts"] = [list(table.row_parts.get(label, ())) for label in table.rows]
    elif table.row_parts:
        row["row_parts"] = {label: list(parts) for label, parts in table.row_parts.items()}
    if printed.bands:
        row["bands"] = [list(line) for line in printed.bands]
    return row
