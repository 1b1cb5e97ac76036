"""An attacker: somebody who has every published table, knows the rules and who joined and left, and owns a linear program.

Written apart from the protector and without its code. He wants the range of every number that is not printed: hidden cells and
totals, and the people of a table who are not in its subset. Ranges are over real numbers, then cut to whole ones.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import ceil, floor, inf
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

Raw = dict[str, Any]
Range = tuple[int, float]
DAYS = {f"{q}": f"-{q * 3:02}" for q in range(1, 5)}


@dataclass(frozen=True)
class Found:
    """A number that the attacker has got hold of."""

    name: tuple[Any, ...]
    truth: int
    low: int
    high: float


@dataclass
class Knowledge:
    """Numbers by name, what is known of each alone, and equations Σ sign·x = known."""

    place: dict[tuple[Any, ...], int] = field(default_factory=dict)
    truth: list[int] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    equations: list[tuple[dict[int, float], float]] = field(default_factory=list)
    wanted: set[int] = field(default_factory=set)

    def number(self, name: tuple[Any, ...], truth: int) -> int:
        if name not in self.place:
            self.place[name] = len(self.truth)
            self.truth.append(truth)
            self.low.append(0)
            self.high.append(inf)
        n = self.place[name]
        assert self.truth[n] == truth, name
        return n

    def add(self, total: int, parts: list[int]) -> None:
        signs: dict[int, float] = defaultdict(float)
        for part in parts:
            signs[part] += 1
        signs[total] -= 1
        self.equations.append((dict(signs), 0))


def _grid(table: Raw) -> list[list[int | None]]:
    return [
        *([*line, end] for line, end in zip(table["cells"], table["row_totals"], strict=True)),
        [*table["col_totals"], table["total"]],
    ]


def _ends(table: Raw) -> tuple[list[str], list[str]]:
    return [*table["rows"], "Σ"], [*table["cols"], "Σ"]


def moment(period: str) -> str:
    year, _, quarter = period.partition("-Q")
    return year + DAYS[quarter] if quarter else period


def learn(
    raw: list[Raw], released: list[Raw], *, threshold: int, moves_known: bool, formerly: dict[str, str] | None = None
) -> Knowledge:  # fmt: skip
    """Return all that can be known from released tables; the raw ones say only which differences of quarters are known.

    ``formerly``: the old names of groups that he knows under a new one.
    """
    k, at = Knowledge(), {}
    for t, (exact, printed) in enumerate(zip(raw, released, strict=True)):
        rows, cols = _ends(exact)
        numbers = {}
        for (i, row), (j, col) in product(enumerate(rows), enumerate(cols)):
            labels = tuple(sorted({row, col} - {"Σ"}))
            n = numbers[row, col] = k.number((exact["universe"], moment(exact["period"]), *labels), _grid(exact)[i][j] or 0)
            shown = _grid(printed)[i][j]
            if shown is None:
                k.wanted.add(n)
            else:
                k.low[n] = max(k.low[n], shown - 2, threshold)
                k.high[n] = min(k.high[n], shown + 2)
        at[t] = numbers
        for row in rows:
            k.add(numbers[row, "Σ"], [numbers[row, col] for col in exact["cols"]])
        for col in cols:
            k.add(numbers["Σ", col], [numbers[row, col] for row in exact["rows"]])
    _learn_parts(k, raw, at)
    _learn_subsets(k, raw, at, threshold)
    _learn_time(k, raw, at, moves_known, formerly or {})
    k.wanted -= {n for n in k.wanted if k.high[n] < inf}  # printed in another table
    return k


def _learn_parts(k: Knowledge, raw: list[Raw], at: dict[int, Any]) -> None:
    for t, table in enumerate(raw):
        for region, parts in table.get("row_parts", {}).items():
            for other, there in enumerate(raw):
                if (
                    there["universe"] == table["universe"]
                    and there["period"] == table["period"]
                    and set(parts) <= set(there["rows"])
                ):
                    for col in set(_ends(table)[1]) & set(_ends(there)[1]):
                        k.add(at[t][region, col], [at[other][part, col] for part in parts])


def _learn_subsets(k: Knowledge, raw: list[Raw], at: dict[int, Any], threshold: int) -> None:
    ids = {(table["id"], table["period"]): t for t, table in enumerate(raw)}
    for t, table in enumerate(raw):
        if "subset_of" in table:
            whole = at[ids[table["subset_of"], table["period"]]]
            for key in at[t].keys() & whole.keys():
                part, all_of_it = at[t][key], whole[key]
                rest = k.number(("rest", table["id"], table["period"], *key), k.truth[all_of_it] - k.truth[part])
                k.add(all_of_it, [part, rest])
                if k.truth[rest] < threshold:  # more of them could be printed
                    k.wanted.add(rest)


def _learn_time(k: Knowledge, raw: list[Raw], at: dict[int, Any], moves_known: bool, formerly: dict[str, str]) -> None:
    series = defaultdict(list)
    for t, table in enumerate(raw):
        series[table["id"].replace(table["period"], "")].append(t)
    for tables in series.values():
        for before, after in pairwise(tables):
            grows = raw[after]["kind"] == "cumulative"
            known = moves_known and "Q" in raw[after]["period"]
            earlier = {(formerly.get(row, row), col): n for (row, col), n in at[after].items()}
            for key in at[before].keys() & earlier.keys():
                a, b = at[before][key], earlier[key]
                if known:
                    k.equations.append(({a: -1.0, b: 1.0}, k.truth[b] - k.truth[a]))
                elif grows:
                    new = k.number(("new", after, *key), k.truth[b] - k.truth[a])
                    k.add(b, [a, new])


class Program:
    """The linear program of everything known; every table it finds tells something about every number."""

    def __init__(self, k: Knowledge) -> None:
        entries = [(e, n, sign) for e, (signs, _known) in enumerate(k.equations) for n, sign in signs.items()]
        rows, cols, values = zip(*entries, strict=True)
        self.matrix = csr_array((values, (rows, cols)), shape=(len(k.equations), len(k.truth)))
        self.known, self.bounds = np.array([value for _signs, value in k.equations]), np.column_stack([k.low, k.high])
        self.seen_low = np.array(k.truth, dtype=float)
        self.seen_high = self.seen_low.copy()

    def least(self, aim: Any) -> float:
        """Return the least value of Σ aim·x over all tables that fit, and remember the table where it is."""
        answer = linprog(aim, A_eq=self.matrix, b_eq=self.known, bounds=self.bounds, method="highs")
        if answer.status == 3:
            return -inf
        assert answer.status == 0, answer.message
        self.seen_low, self.seen_high = np.minimum(self.seen_low, answer.x), np.maximum(self.seen_high, answer.x)
        return float(answer.fun)

    def look_around(self, wanted: list[int], times: int, seed: int) -> None:
        """Find tables far apart, so that most numbers need no search of their own."""
        chance = np.random.default_rng(seed)
        for _ in range(times):
            aim = np.zeros(len(self.bounds))
            aim[wanted] = chance.choice([-1.0, 1.0], len(wanted)) * chance.random(len(wanted))
            self._far_out(aim)

    def _far_out(self, aim: Any) -> None:
        """Find a table that fits and is far out that way, but in no number so far that nothing else moves."""
        far = self.bounds.copy()
        far[:, 1] = np.minimum(far[:, 1], self.seen_high + 30)
        inside, self.bounds = self.bounds, far
        self.least(aim)
        self.bounds = inside

    def is_wide(self, n: int) -> bool:
        """Say whether two tables that fit lie six apart in a number: between them are five whole numbers or more."""
        return bool(self.seen_high[n] - self.seen_low[n] >= 6)

    def close_together(self, wanted: list[int]) -> list[int]:
        """Return the numbers that may be narrow, after tables far out in all that are left, as long as these settle some."""
        chance, left, idle = np.random.default_rng(1), wanted, 0
        while left and idle < 2:
            aim = np.zeros(len(self.bounds))
            aim[left] = chance.choice([-1.0, 1.0], len(left)) * (0.5 + chance.random(len(left)))
            self._far_out(aim)
            self._far_out(-aim)
            now = [n for n in left if not self.is_wide(n)]
            left, idle = now, 0 if len(left) - len(now) > 2 else idle + 1
        return left

    def end_of(self, n: int, sign: float) -> float:
        """Return the least value of one number (``sign`` 1), or the largest (-1)."""
        aim = np.zeros(len(self.bounds))
        aim[n] = sign
        return sign * self.least(aim)

    def range_of(self, n: int) -> Range:
        """Return the whole numbers between which one number lies."""
        low, high = self.end_of(n, 1), self.end_of(n, -1)
        return ceil(low - 1e-6), floor(high + 1e-6) if high < inf else inf


def _begin(
    raw: list[Raw], released: list[Raw], threshold: int, moves_known: bool, formerly: dict[str, str] | None, own: tuple[str, ...]
) -> tuple[Knowledge, dict[int, tuple[Any, ...]], Program]:  # fmt: skip
    k = learn(raw, released, threshold=threshold, moves_known=moves_known, formerly=formerly)
    k.wanted -= {n for name, n in k.place.items() if set(name) & set(own)}
    return k, {n: name for name, n in k.place.items()}, Program(k)


def search(
    raw: list[Raw], released: list[Raw], *, threshold: int = 10, moves_known: bool = True,
    formerly: dict[str, str] | None = None, own: tuple[str, ...] = (),
) -> Iterator[Found]:  # fmt: skip
    """Yield every number in a range narrower than five: all of them, but for the others not how wide their range is.

    Tables that fit and lie six apart in a number leave it five whole numbers at least, so nothing is solved for it any more. Each
    of the first tables is far out in all numbers that are left, so that of a safe release few are left after some.
    """
    k, names, program = _begin(raw, released, threshold, moves_known, formerly, own)
    for n in program.close_together(sorted(k.wanted)):
        low = high = 0.0
        for sign in (1, -1):
            if program.is_wide(n):
                break
            low, high = (program.end_of(n, 1), high) if sign > 0 else (low, program.end_of(n, -1))
        else:
            one = Found(names[n], k.truth[n], ceil(low - 1e-6), floor(high + 1e-6) if high < inf else inf)
            assert one.low <= one.truth <= one.high
            if one.high - one.low < 5:
                yield one


def found(raw: list[Raw], released: list[Raw], **knowing: Any) -> list[Found]:
    """Return all that ``search`` finds."""
    return list(search(raw, released, **knowing))


def attacked(
    raw: list[Raw], released: list[Raw], *, threshold: int = 10, moves_known: bool = True,
    formerly: dict[str, str] | None = None, own: tuple[str, ...] = (),
) -> tuple[float, list[Found]]:  # fmt: skip
    """Return the narrowest range that can be found, and every number in a range narrower than five.

    ``own``: groups that he knows as a whole without us, because he knows everybody who came with them or left with them.
    """
    k, names, program = _begin(raw, released, threshold, moves_known, formerly, own)
    program.look_around(sorted(k.wanted), 12, 1)
    best, found = inf, []
    for n in sorted(k.wanted, key=lambda n: program.seen_high[n] - program.seen_low[n]):
        if program.seen_high[n] - program.seen_low[n] >= max(5.0, min(best, 9.0)):
            continue
        low, high = program.range_of(n)
        assert low <= k.truth[n] <= high
        best = min(best, high - low)
        found += [Found(names[n], k.truth[n], low, high)] if high - low < 5 else []
    return best, found


def standing(raw: list[Raw], released: list[Raw]) -> float:
    """Return the share of people who stand in a published cell (not a total), over all tables."""
    pairs = [
        (n, shown)
        for exact, printed in zip(raw, released, strict=True)
        for line, other in zip(exact["cells"], printed["cells"], strict=True)
        for n, shown in zip(line, other, strict=True)
    ]
    return float(sum(n for n, shown in pairs if shown is not None) / max(1, sum(n for n, _shown in pairs)))
