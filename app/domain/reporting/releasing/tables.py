"""Frozen counts as tables of the protector. Column names are part of the published file: English, fixed."""

from typing import Any, Final

from app.domain.reporting.measuring import registry, stepping
from app.domain.reporting.protecting.tables import Grid, Shown, Table
from app.domain.reporting.question.more import UNTOLD
from app.domain.reporting.releasing.columns import ANOTHER, GENDER, Columns, as_printed

MEMBERS: Final = "members"
WOMEN, MEN, UNSAID, REST = "women", "men", "not stated", "another or not stated"
APART: Final = (WOMEN, MEN, ANOTHER, UNSAID)
TOGETHER: Final = (WOMEN, MEN, REST)


def tables_of(
    period: str, counts: dict[str, Any], printed: dict[str, Any] | None = None, *, columns: Columns | None = None
) -> list[Table]:  # fmt: skip
    """Return the tables of a month; with ``printed`` (tables of its release by id) as the ones that were published.

    ``columns``: what stands in columns of its own in a month that was not published; a further question that is not in it has no
    table, and without ``GENDER`` in it another term is counted with what was not stated.
    """
    steps, others, told = counts["steps"], counts["tables"], counts.get("told", {})
    apart = GENDER in (columns or {})
    if printed is not None:
        apart = ANOTHER in printed.get("joined", {}).get("cols", ())
    found = [_step(period, step, steps, apart, told.get("", {})) for step in registry.FUNNEL if step.key in steps]
    for key, by_step in counts.get("more", {}).items():
        table = (printed or {}).get(f"joined-{key}")
        found += _broken_down(period, key, by_step, as_printed(key, table) if table else (columns or {}).get(key, []), told)
    found += [_health(period, table, others[table.key]) for table in registry.HEALTH if table.key in others]
    if printed is None:
        return found
    return [_as_printed(one, printed[one.id]) for one in found if one.id in printed]


def _step(period: str, step: registry.Step, steps: dict[str, dict[str, int]], apart: bool, months: dict[str, str]) -> Table:
    said = steps[step.key]
    line = [said["woman"], said["man"], said["another"], said["unsaid"]]
    if not apart:
        line[2:] = [line[2] + line[3]]
    whole = stepping.told_within(step.key, months, set(steps))
    return Table(
        id=step.key, title=step.words, period=period, universe=step.key, rows=(MEMBERS,), cols=APART if apart else TOGETHER,
        grid=_grid([line]), subset_of=(whole,) if whole else (),
    )  # fmt: skip


def _broken_down(
    period: str, key: str, by_step: dict[str, dict[str, int]], apart: list[str], told: dict[str, dict[str, str]]
) -> list[Table]:  # fmt: skip
    """Return the tables of steps by the answers to a further question; R5: what few gave is counted with what was not told.

    Labels begin with the question, so that no two questions share a column. Told of another month than gender, they are of other
    people, and share no total.
    """
    rest = f"{key} {UNTOLD}"
    if not apart:
        return []
    found, months, of_gender = [], told.get(key, {}), told.get("", {})
    for step, counts in by_step.items():
        line = [counts.get(choice, 0) for choice in apart]
        line.append(sum(counts.values()) - sum(line))
        found.append(Table(
            id=f"{step}-{key}", title=f"{step}, by {key}", period=period, rows=(MEMBERS,),
            universe=step if months.get(step) == of_gender.get(step) else f"{step}-{key}",
            cols=(*(f"{key} {choice}" for choice in apart), rest), grid=_grid([line]),
            subset_of=(f"joined-{key}",) if stepping.told_within(step, months, set(by_step)) else (),
        ))  # fmt: skip
    return found


def _health(period: str, health: registry.Health, counts: dict[str, dict[str, int]]) -> Table:
    lines = [[counts[row][column] for column in health.columns] for row in counts]
    return Table(
        id=health.key, title=health.words, period=period, universe=health.key, rows=tuple(counts), cols=health.columns,
        grid=_grid(lines),
    )  # fmt: skip


def _grid(lines: list[list[int]]) -> Grid:
    foot = [sum(column) for column in zip(*lines, strict=True)]
    return tuple((*line, sum(line)) for line in (*lines, foot))


def _as_printed(table: Table, printed: dict[str, Any]) -> Table:
    lines = [(*cells, total) for cells, total in zip(printed["cells"], printed["row_totals"], strict=True)]
    shown: Shown = (*lines, (*printed["col_totals"], printed["total"]))
    return Table(
        id=table.id, title=table.title, period=table.period, universe=table.universe, rows=table.rows, cols=table.cols,
        grid=table.grid, subset_of=table.subset_of, printed=shown,
    )  # fmt: skip
