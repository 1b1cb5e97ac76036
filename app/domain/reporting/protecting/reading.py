"""From a file to tables: every table is checked by itself, and what cannot be right is refused in one sentence."""

from dataclasses import replace
from typing import Any

from app.domain.reporting.protecting.shares import BANDS, band, percentage
from app.domain.reporting.protecting.tables import ALL, Bands, Grid, Shown, Table, last_day, rounded
from app.domain.reporting.refusing import BadNumbers, listed, mapped, whole

LEAST_THRESHOLD = 5
KINDS = ("stock", "cumulative")


def read_tables(file: Any) -> list[Table]:
    """Return the tables of a file ``{"tables": […]}`` in their order; raises ``BadNumbers`` with the table's id."""
    raw = mapped(file, "The file").get("tables")
    if raw is None:
        raise BadNumbers('The file has no "tables".')
    tables = [read_table(mapped(row, "A table")) for row in listed(raw, '"tables"')]
    _once(tables)
    _in_order(tables)
    return tables


def read_threshold(file: dict[str, Any], usual: int) -> int:
    """Return the threshold of a file, or the network's own; below five is refused."""
    threshold = whole(file.get("threshold", usual), "The threshold")
    if threshold < LEAST_THRESHOLD:
        raise BadNumbers(f"The threshold is {threshold}; below {LEAST_THRESHOLD} nobody is protected.")
    return threshold


def read_lasting(file: dict[str, Any]) -> bool:
    """Return whether the file says that later releases will follow this one."""
    lasting = file.get("lasting", False)
    if not isinstance(lasting, bool):
        raise BadNumbers('"lasting" is true or false.')
    return lasting


def read_table(row: dict[str, Any]) -> Table:
    """Return one table of a file; totals that are not given are computed, those that are given must fit."""
    name, period, universe = (_word(row, key) for key in ("id", "period", "universe"))
    what = f'Table "{name}" ({period})'
    rows, cols = _labels(row, "rows", what), _labels(row, "cols", what)
    kind, unit, of = row.get("kind", "stock"), row.get("unit", "count"), row.get("of", "row")
    if kind not in KINDS:
        raise BadNumbers(f'{what}: the kind is "stock" or "cumulative", not {kind!r}.')
    if unit not in ("count", "percent") or of != "row":
        raise BadNumbers(f'{what}: the unit is "count", or "percent" of "row".')
    parts = {str(k): tuple(map(str, listed(v, f"{what}: the parts of a row"))) for k, v in _row_parts(row, rows, what).items()}
    _parts_make_sense(parts, what)
    formerly = mapped(row.get("formerly") or {}, f'{what}: "formerly"')
    if set(formerly) - set(rows):
        raise BadNumbers(f'{what}: "formerly" names a row that is not there: {min(set(formerly) - set(rows))}.')
    table = Table(
        id=name, period=period, universe=universe, rows=rows, cols=cols, grid=(), title=str(row.get("title", "")), kind=kind,
        percent=unit == "percent", subset_of=_names(row.get("subset_of")), row_parts=parts,
        parts_are_listed=isinstance(row.get("row_parts"), list), own_words=frozenset(_names(row.get("own_words"))),
        formerly={label: str(before) for label, before in formerly.items()},
    )  # fmt: skip
    return _as_published(_with_grid(table, row, what), row.get("published"), what)


def _word(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
        raise BadNumbers(f'Table {row.get("id", "without id")!r} has no "{key}".')
    return str(value).strip()


def _names(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _labels(row: dict[str, Any], key: str, what: str) -> tuple[str, ...]:
    labels = tuple(str(label) for label in listed(row.get(key), f'{what}: "{key}"'))
    if not labels:
        raise BadNumbers(f'{what}: "{key}" is empty.')
    if ALL in labels:
        raise BadNumbers(f'{what}: a label of "{key}" is empty.')
    if len(set(labels)) < len(labels):
        raise BadNumbers(f'{what}: a label stands twice in "{key}".')
    return labels


def _row_parts(row: dict[str, Any], rows: tuple[str, ...], what: str) -> dict[str, Any]:
    """Return parts by row: given by name, or as one list of parts for each row."""
    given = row.get("row_parts") or {}
    if isinstance(given, list):
        if len(given) != len(rows):
            raise BadNumbers(f'{what}: "row_parts" has {len(given)} entries for {len(rows)} rows.')
        given = {label: parts for label, parts in zip(rows, given, strict=True) if parts}
    strange = sorted(set(mapped(given, f'{what}: "row_parts"')) - set(rows))
    if strange:
        raise BadNumbers(f'{what}: "row_parts" names a row that is not there: {strange[0]}.')
    return given


def _parts_make_sense(parts: dict[str, tuple[str, ...]], what: str) -> None:
    """Refuse a row that is a part of itself, also by way of other rows, and parts that are named twice."""
    for row, inside in parts.items():
        if len(set(inside)) < len(inside):
            raise BadNumbers(f'{what}: a part of "{row}" is named twice.')
        seen, near = set[str](), list(inside)
        while near:
            part = near.pop()
            if part == row:
                raise BadNumbers(f'{what}: "{row}" is a part of itself.')
            near += () if part in seen else parts.get(part, ())
            seen.add(part)


def _matrix(value: Any, height: int, width: int, what: str) -> list[list[Any]]:
    """Return a list of ``height`` lists of ``width`` values."""
    lines = [listed(line, f"{what}: a row of cells") for line in listed(value, f'{what}: "cells"')]
    if len(lines) != height or any(len(line) != width for line in lines):
        raise BadNumbers(f"{what}: the cells are not {height} rows of {width}.")
    return lines


def _with_grid(table: Table, row: dict[str, Any], what: str) -> Table:
    lines = _matrix(row.get("cells"), len(table.rows), len(table.cols), what)
    cells = [
        [whole(n, f'{what}: the cell "{label}", "{col}"') for n, col in zip(line, table.cols, strict=True)]
        for line, label in zip(lines, table.rows, strict=True)
    ]
    counted = [n for n, label in enumerate(table.rows) if label not in table.sums]
    foot = [sum(cells[n][j] for n in counted) for j in range(len(table.cols))]
    grid: Grid = tuple((*line, sum(line)) for line in (*cells, foot))
    _fits(row.get("row_totals"), [line[-1] for line in grid[:-1]], table.rows, f"{what}: the total of row")
    _fits(row.get("col_totals"), foot, table.cols, f"{what}: the total of column")
    if row.get("total") is not None:
        _fits([row["total"]], [grid[-1][-1]], ("all",), f"{what}: the total of")
    return replace(table, grid=grid)


def _as_published(table: Table, given: Any, what: str) -> Table:
    """Return the table with what an earlier release showed of it; numbers that are not made of its counts are refused."""
    if given is None:
        return table
    earlier = mapped(given, f'{what}: "published"')
    printed = _printed(earlier, len(table.rows), len(table.cols), what)
    bands = _bands(earlier.get("bands"), len(table.rows), len(table.cols), what)
    for i, (shown, counts) in enumerate(zip(printed, table.grid, strict=True)):
        for j, (value, count) in enumerate(zip(shown, counts, strict=True)):
            is_share = table.percent and i < len(table.rows) and j < len(table.cols)
            part, whole_row = rounded(count), max(rounded(counts[-1]), 1)
            word = bands[i][j] if bands and is_share else None
            fits = value in (None, percentage(part, whole_row) if is_share else part)
            if not fits or word not in (None, band(part, whole_row)):
                raise BadNumbers(f"{what}: what was published of it is not made of its counts.")
    return replace(table, printed=printed, bands=bands)


def _bands(value: Any, height: int, width: int, what: str) -> Bands:
    if value is None:
        return ()
    lines = _matrix(value, height, width, f"{what}, the bands")
    if any(word is not None and word not in BANDS for line in lines for word in line):
        raise BadNumbers(f"{what}: there is no such band.")
    return tuple(map(tuple, lines))


def _fits(given: Any, counted: list[int], labels: tuple[str, ...], what: str) -> None:
    """Refuse totals that are not the sum of their cells; none at all is the same as all of them right."""
    if given is None:
        return
    totals = listed(given, what.rpartition(":")[0] + ": totals")
    if len(totals) != len(counted):
        raise BadNumbers(f"{what}s: {len(totals)} for {len(counted)} labels.")
    for total, count, label in zip(totals, counted, labels, strict=True):
        if whole(total, f'{what} "{label}"') != count:
            raise BadNumbers(f'{what} "{label}" is not the sum of its cells.')


def _printed(earlier: dict[str, Any], height: int, width: int, what: str) -> Shown:
    """Return what an earlier release showed, as a grid; a total that is not there was not shown."""
    cells = _matrix(earlier.get("cells"), height, width, f"{what}, as published")
    ends = earlier.get("row_totals") or [None] * height
    foot = [*(earlier.get("col_totals") or [None] * width), earlier.get("total")]
    if len(ends) != height or len(foot) != width + 1:
        raise BadNumbers(f"{what}, as published: the totals do not fit the labels.")
    lines = [*([*line, end] for line, end in zip(cells, ends, strict=True)), foot]
    return tuple(tuple(None if n is None else whole(n, f"{what}: a published number") for n in line) for line in lines)


def _once(tables: list[Table]) -> None:
    seen = set()
    for table in tables:
        if (table.id, table.period) in seen:
            raise BadNumbers(f'The id "{table.id}" stands twice for {table.period}.')
        seen.add((table.id, table.period))


def _in_order(tables: list[Table]) -> None:
    """Refuse a series of one table whose periods do not go forward."""
    latest: dict[tuple[Any, ...], Table] = {}
    for table in tables:
        series = (table.universe, table.rows, table.cols, table.percent, table.id_without_period if table.subset_of else "")
        before = latest.setdefault(series, table)
        day, earlier = last_day(table.period), last_day(before.period)
        if day and earlier and day < earlier:
            raise BadNumbers(f'The periods are not in order: table "{table.id}" of {table.period} stands after {before.period}.')
        latest[series] = table
