"""A careful protector to compare with: the rules as they stand, the attacker asked about every doubt, no care for time.

It hides what is small, then asks the attacker; what he finds costs the smallest shown cell of its row, else of its column, else a
total. At the end it shows again whatever the attacker finds nothing through, what most people stand in first.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests.reporting import attacker

Raw = dict[str, Any]
Place = tuple[str, str]


def protect(raw: list[Raw], *, threshold: int = 10, margin: int = 5, rests: bool = True) -> list[Raw]:
    """Return protected tables; ``rests``: also hide the few people who are in a table and not in its subset."""
    everything = attacker.learn(raw, raw, threshold=0, moves_known=False)
    hidden = {n for n in everything.place.values() if everything.truth[n] < threshold}
    for row in _one_answer(raw):
        hidden |= {everything.place[name] for name in row}
    rules = hidden = _stays_hidden(raw, everything, hidden, threshold + margin)

    def found(hidden: set[int]) -> list[attacker.Found]:
        released = [_printed(table, everything, hidden) for table in raw]
        narrow = attacker.found(raw, released, threshold=threshold)
        return [f for f in narrow if rests or f.name[0] != "rest"]

    while narrow := found(hidden):
        more = {n for one in narrow for n in _next(raw, everything, hidden, one.name)}
        more = more or {n for table in raw for n in _coarser(table, everything, narrow)} - hidden
        more = more or set(everything.place.values())
        hidden = _stays_hidden(raw, everything, hidden | more, threshold + margin)
    for n in sorted(hidden - rules, key=lambda n: (-everything.truth[n], n)):
        fewer = hidden - {n}
        if _stays_hidden(raw, everything, fewer, threshold + margin) == fewer and not found(fewer):
            hidden = fewer
    return [_printed(table, everything, hidden) for table in raw]


def _grid(table: Raw) -> Iterator[tuple[Place, int]]:
    for row, line, end in zip(table["rows"], table["cells"], table["row_totals"], strict=True):
        yield from (((row, col), n) for col, n in zip(table["cols"], line, strict=True))
        yield (row, "Σ"), end
    yield from ((("Σ", col), n) for col, n in zip(table["cols"], table["col_totals"], strict=True))
    yield ("Σ", "Σ"), table["total"]


def _name(table: Raw, place: Place) -> tuple[Any, ...]:
    return table["universe"], attacker.moment(table["period"]), *sorted(set(place) - {"Σ"})


def _one_answer(raw: list[Raw]) -> Iterator[list[tuple[Any, ...]]]:
    for table in raw:
        for row, line in zip(table["rows"], table["cells"], strict=True):
            if sum(n > 0 for n in line) == 1:
                yield [_name(table, (row, col)) for col in table["cols"]]


def _stays_hidden(raw: list[Raw], k: attacker.Knowledge, hidden: set[int], enough: int) -> set[int]:
    hidden, latest = set(hidden), dict[Any, int]()
    for table in raw:
        for place, count in _grid(table):
            name = _name(table, place)
            n = k.place[name]
            if latest.get((name[0], *name[2:]), n) in hidden and count < enough:
                hidden.add(n)
            latest[name[0], *name[2:]] = n
    return hidden


def _coarser(table: Raw, k: attacker.Knowledge, found: list[attacker.Found]) -> list[int]:
    """Return all numbers of a table that holds one which was found."""
    places = {place: _name(table, place) for place, _n in _grid(table)}
    touched = any(f.name in places.values() or (f.name[0] == "rest" and f.name[1] == table["id"]) for f in found)
    return [k.place[name] for name in places.values()] if touched else []


def _printed(table: Raw, k: attacker.Knowledge, hidden: set[int]) -> Raw:
    shown = {place: None if k.place[_name(table, place)] in hidden else (n + 2) // 5 * 5 for place, n in _grid(table)}
    return deepcopy(table) | {
        "cells": [[shown[row, col] for col in table["cols"]] for row in table["rows"]],
        "row_totals": [shown[row, "Σ"] for row in table["rows"]],
        "col_totals": [shown["Σ", col] for col in table["cols"]], "total": shown["Σ", "Σ"],
    }  # fmt: skip


def _next(raw: list[Raw], k: attacker.Knowledge, hidden: set[int], name: tuple[Any, ...]) -> set[int]:
    if name[0] == "rest":
        table = next(t for t in raw if (t["id"], t["period"]) == name[1:3])
        whole = next(t for t in raw if (t["id"], t["period"]) == (table["subset_of"], table["period"]))
        both = [k.place[_name(t, name[3:5])] for t in (table, whole)]
        able = [n for n in both if n not in hidden]
        return set(able[:1]) or _next(raw, k, hidden, _name(table, name[3:5]))
    ways: list[list[int]] = [[], [], []]
    for table in raw:
        for (row, col), _n in _grid(table):
            if (table["universe"], *sorted({row, col} - {"Σ"})) == (name[0], *name[2:]):  # of any quarter: moves are known
                rows, cols = [*table["rows"], "Σ"], [*table["cols"], "Σ"]
                line = [k.place[_name(table, (row, other))] for other in cols if other != col]
                column = [k.place[_name(table, (other, col))] for other in rows if other != row]
                ways[0] += line[:-1] if col != "Σ" else line
                ways[1] += column[:-1] if row != "Σ" else column
                ways[2] += [n for n, end in ((line[-1], col != "Σ"), (column[-1], row != "Σ")) if end]
    for way in ways:
        able = [n for n in way if n not in hidden]
        if able:
            return {min(able, key=lambda n: (k.truth[n], n))}
    return set()


def with_totals(table: Raw) -> Raw:
    """Return a raw table with its totals, as a stock."""
    cells = table["cells"]
    sums = {"row_totals": [sum(line) for line in cells], "col_totals": [sum(column) for column in zip(*cells, strict=True)]}
    return {"kind": "stock", **table, **sums, "total": sum(map(sum, cells))}
