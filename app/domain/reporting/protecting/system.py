"""The unknowns of an attacker: numbers that can only be wrong together are one, and everything is counted from the truth."""

from collections import defaultdict
from dataclasses import dataclass

from app.domain.reporting.protecting.linking import REST, Links, Sum
from app.domain.reporting.protecting.numbering import Numbers
from app.domain.reporting.protecting.tables import Table

Told = tuple[int, int | None]  # the count, and what an earlier release printed (None: it hid it)


@dataclass(frozen=True, slots=True)
class System:
    """Unknowns 0 … n−1 in the order of their names: how far each number may lie from its true count.

    The truth is always the point 0, so sums need no constants. ``fresh`` are the counts of an unknown (one a period) that are
    still to be published, ``told`` those that earlier releases showed or hid; ``limits`` (a, b, slack) say y_a − y_b ≤ slack.
    ``rests`` are the people of a number who are not in its subset, where these are few: never printed, but found by subtraction.
    """

    at: list[list[list[int]]]  # table, row, column -> unknown
    fresh: list[list[int]]
    told: list[list[Told]]
    sums: list[Sum]
    limits: list[tuple[int, int, int]]
    after: list[tuple[int, int]]
    rests: dict[int, int]  # unknown -> the fewest people it has been

    @property
    def size(self) -> int:
        """Return the number of unknowns."""
        return len(self.fresh)

    def people(self, unknown: int) -> int:
        """Return how many people (over all periods) a reader loses when this is hidden."""
        return sum(self.fresh[unknown])


def assembled(tables: list[Table], numbers: Numbers, links: Links, few: int) -> System:
    """Return the system of all tables; the order of tables, rows and columns changes nothing in it but ``at``.

    A rest of fewer than ``few`` people is an unknown of its own.
    """
    group = _merged(numbers, links)
    fresh, told = defaultdict(set), defaultdict(set)
    for table, at in zip(tables, numbers.at, strict=True):
        for i, line in enumerate(at):
            for j, number in enumerate(line):
                if table.printed is None:
                    fresh[number].add(numbers.counts[number])
                else:
                    told[number].add(table.printed[i][j])
    new: list[list[int]] = [[] for _ in range(max(group) + 1)]
    old: list[list[Told]] = [[] for _ in new]
    for number, unknown in enumerate(group):
        shown = sorted(value for value in told[number] if value is not None)
        old[unknown] += [(numbers.counts[number], value) for value in shown or told[number]]
        if number in fresh:
            new[unknown].append(numbers.counts[number])
    below, within = (_rooms(pairs, group, numbers) for pairs in (links.below, links.within))
    small = sorted((a, b, room) for (a, b), room in within.items() if room < few)
    rests = {len(new) + n: room for n, (_a, _b, room) in enumerate(small)}
    parted = {Sum(REST, b, tuple(sorted((a, rest)))) for rest, (a, b, _room) in zip(rests, small, strict=True)}
    limits = {(a, b, room) for pairs in (below, within) for (a, b), room in pairs.items()} - set(small)
    return System(
        at=[[[group[n] for n in line] for line in at] for at in numbers.at],
        fresh=[*map(sorted, new), *([] for _ in rests)], told=[*(sorted(t, key=str) for t in old), *([] for _ in rests)],
        sums=sorted({s for s in (_regrouped(s, group) for s in links.sums) if s.parts != (s.total,)} | parted),
        limits=sorted(limits),
        after=sorted({(group[a], group[b]) for a, b in links.after if group[a] != group[b]}),
        rests=rests,
    )  # fmt: skip


def _rooms(pairs: list[tuple[int, int]], group: list[int], numbers: Numbers) -> dict[tuple[int, int], int]:
    """Return by how many people the first unknown of each pair is below the second, at the least."""
    rooms: dict[tuple[int, int], int] = {}
    for a, b in pairs:
        pair, room = (group[a], group[b]), numbers.counts[b] - numbers.counts[a]
        if group[a] != group[b]:
            rooms[pair] = min(room, rooms.get(pair, room))
    return rooms


def _regrouped(found: Sum, group: list[int]) -> Sum:
    return Sum(found.kind, group[found.total], tuple(sorted(group[n] for n in found.parts)))


def _merged(numbers: Numbers, links: Links) -> list[int]:
    """Return the unknown of each number: those that change together, and a sum of one part with that part, are the same."""
    root = list(range(len(numbers.counts)))

    def top(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for a, b in (*links.same, *((s.total, s.parts[0]) for s in links.sums if len(s.parts) == 1)):
        first, second = sorted((top(a), top(b)), key=lambda n: numbers.names[n])
        root[second] = first
    tops = sorted({top(n) for n in root}, key=lambda n: numbers.names[n])
    place = {n: unknown for unknown, n in enumerate(tops)}
    return [place[top(n)] for n in range(len(root))]
