"""Invented membership histories: people who join, tell or do not tell, become active, speak, and leave; counted into raw tables."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

GENDERS = ("woman", "man", "another", "not stated")
AGES = ("18–24", "25–34", "35–49", "50 and over")
Raw = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """One invented member; months are counted from 0, ``left`` is the first month without them."""

    group: str
    gender: str
    age: str
    joined: int
    left: int
    active: tuple[bool, ...]
    speaks: bool
    mentored: int

    def there(self, month: int) -> bool:
        return self.joined <= month < self.left


def people(random: Random, groups: int = 12, months: int = 6, size: float = 3.5, *, ever: bool = False) -> list[Person]:
    """Return the members of a network whose groups differ in size, in who they are, and in how lively they are.

    ``ever``: nobody is forgotten, and who was active once stays so.
    """
    found = []
    for n in range(groups):
        many = max(3, round(random.lognormvariate(size, 0.8)))
        women = random.betavariate(2, 3.5)
        weights = (women, 1 - women, random.choice((0, 0.02, 0.06)), random.choice((0.02, 0.08, 0.25)))
        lively = random.uniform(0.3, 0.95)
        for _ in range(many):
            joined = random.choice((-1, -1, -1, *range(months)))
            left = random.choice((months, months, months, random.randrange(1, months + 1)))
            person = Person(
                f"Group {n + 1}", random.choices(GENDERS, weights)[0], random.choices(AGES, (3, 4, 2, 1))[0], joined, left,
                tuple(random.random() < lively for _ in range(months)), random.random() < lively / 2, random.randrange(2 * months),
            )  # fmt: skip
            once = tuple(any(person.active[: month + 1]) for month in range(months))
            found.append(replace(person, left=months, active=once) if ever else person)
    return found


def table(
    name: str, period: str, universe: str, who: Iterable[Person], rows: tuple[str, ...], cols: tuple[str, ...],
    at: Callable[[Person], tuple[str, str]], **more: Any,
) -> Raw:  # fmt: skip
    """Count people into a raw table with totals."""
    counts = Counter(at(person) for person in who)
    cells = [[counts[row, col] for col in cols] for row in rows]
    return {
        "id": name, "title": name, "period": period, "universe": universe, "rows": list(rows), "cols": list(cols), "cells": cells,
        "row_totals": [sum(line) for line in cells], "col_totals": [sum(column) for column in zip(*cells, strict=True)],
        "total": sum(map(sum, cells)), "rounding": 5, "kind": "stock", **more,
    }  # fmt: skip


def history(
    random: Random, groups: int = 12, months: int = 6, size: float = 3.5, *, small: bool = False, cumulative: bool = False
) -> dict[str, Any]:  # fmt: skip
    """Return raw tables in the order of their periods: monthly for the network, quarterly for groups, with parts and subsets.

    ``small``: only members and active ones, by group and gender. ``cumulative``: all of them count whoever was there once.
    """
    everybody, names = people(random, groups, months, size, ever=cumulative), tuple(f"Group {n + 1}" for n in range(groups))
    tables: list[Raw] = []
    for month in range(months):
        period, there = f"2026-{month + 1:02}", [p for p in everybody if p.there(month)]
        if not small:
            ever = [p for p in everybody if p.joined <= month]
            tables.append(_network(f"network-{period}", period, "members", there))
            tables.append(_network(f"joined-{period}", period, "ever joined", ever, kind="cumulative"))
        if month % 3 == 2:
            quarter = f"2026-Q{month // 3 + 1}"
            tables += _groups(quarter, there, month, names)
            tables += () if small else _more(quarter, there, month, names)
    return {"tables": [table | {"kind": "cumulative"} for table in tables] if cumulative else tables}


def without(raw: list[Raw], group: str, period: str) -> list[Raw]:
    """Return the tables with one row left out in one period: the group is not founded yet, or asleep."""
    found = []
    for table in raw:
        if table["period"] == period and group in table["rows"]:
            lines = [both for both in zip(table["rows"], table["cells"], strict=True) if both[0] != group]
            cells = [line for _row, line in lines]
            ends = {"row_totals": [sum(line) for line in cells], "col_totals": [sum(column) for column in zip(*cells, strict=True)]}
            table = table | {"rows": [row for row, _line in lines], "cells": cells, **ends, "total": sum(map(sum, cells))}
        found.append(table)
    return found


def renamed(raw: list[Raw], group: str, name: str, period: str) -> list[Raw]:
    """Return the tables with another name of a group in one period."""
    rows = [[name if row == group else row for row in table["rows"]] for table in raw]
    return [table | {"rows": now} if table["period"] == period else table for table, now in zip(raw, rows, strict=True)]


def _network(name: str, period: str, universe: str, who: list[Person], **more: Any) -> Raw:
    return table(name, period, universe, who, ("network",), GENDERS, lambda p: ("network", p.gender), **more)


def _by_gender(person: Person) -> tuple[str, str]:
    return person.group, person.gender


def _groups(period: str, there: list[Person], month: int, names: tuple[str, ...]) -> list[Raw]:
    whole, active = f"members-{period}", [p for p in there if p.active[month]]
    return [
        table(whole, period, "members", there, names, GENDERS, _by_gender),
        table(f"active-{period}", period, "active", active, names, GENDERS, _by_gender, subset_of=whole),
    ]


def _more(period: str, there: list[Person], month: int, names: tuple[str, ...]) -> list[Raw]:
    regions = {f"Region {k + 1}": list(names[k::3]) for k in range(min(3, len(names)))}
    region_of = {name: region for region, inside in regions.items() for name in inside}
    speaks = [p for p in there if p.active[month] and p.speaks]
    mentored = [p for p in there if p.mentored <= month]
    return [
        table(f"ages-{period}", period, "members", there, names, AGES, lambda p: (p.group, p.age)),
        table(f"gender-age-{period}", period, "members", there, GENDERS, AGES, lambda p: (p.gender, p.age)),
        table(
            f"regions-{period}", period, "members", there, tuple(regions), GENDERS, lambda p: (region_of[p.group], p.gender),
            row_parts=regions,
        ),
        table(f"speaks-{period}", period, "speaks", speaks, names, GENDERS, _by_gender, subset_of=f"active-{period}"),
        table(f"mentored-{period}", period, "mentored", mentored, names, GENDERS, _by_gender, subset_of=f"members-{period}"),
    ]  # fmt: skip


def merged(table: Raw, groups: tuple[str, str], name: str) -> Raw:
    """Return a raw table in which two rows are one."""
    lines = dict(zip(table["rows"], table["cells"], strict=True))
    both = [a + b for a, b in zip(lines.pop(groups[0]), lines.pop(groups[1]), strict=True)]
    cells = [*lines.values(), both]
    return table | {"rows": [*lines, name], "cells": cells, "row_totals": [sum(line) for line in cells]}
