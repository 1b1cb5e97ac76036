"""The unknowns of an attacker: numbers that can only be wrong together are one, and everything is counted from the truth."""

from dataclasses import dataclass, field, replace
from math import inf

from app.domain.reporting.protecting.linking import Links, Sum
from app.domain.reporting.protecting.moving import Moves
from app.domain.reporting.protecting.numbering import Numbers, classes, grouped
from app.domain.reporting.protecting.shares import SHARE_FROM
from app.domain.reporting.protecting.tables import Table, rounded

Pair = tuple[int, int]
Bounds = tuple[float, float]
SLACK = 2  # a printed number is exact to ±2, because it was rounded to 5
MARGIN = 5  # R6: how far above the threshold a count must be to come back after it was hidden


@dataclass(frozen=True, slots=True)
class Knower:
    """One kind of attacker: which numbers he ties to which, and of which groups he knows everybody without us.

    ``later``: he has waited for later releases and knows who left until then. Everybody may have, so that from him every number is
    at least what it is; what he cannot find no leaving gives away. Half of a number, and three quarters, were tried: in histories
    of a year more than that had left small cells, and what was published before gave them away.
    """

    ties: list[Pair]
    whole: set[int] = field(default_factory=set)
    later: bool = False


def knowers(moves: Moves, *, lasting: bool) -> list[list[Knower]]:
    """Return the attackers to protect against, those who know most first; those in one list know different things.

    Where groups come and go: who knows all their people, so that totals move by known amounts, and the other groups are protected
    from him; who knows that a group has a new name; who knows who joined and left, but not from which to which of the changed
    groups; who knows that for the groups that stay only, so that he has no totals, and the changed groups are protected from him.
    """
    first = Knower(moves.same, moves.changed)
    later = [[replace(first, later=True)]] if lasting else []
    if not moves.changed:
        return [*later, [first], [Knower([])]]
    twins = [Knower([*moves.same, *pairs], moves.changed - {n for pair in pairs for n in pair}) for pairs in moves.renamed]
    return [*later, [first], twins, [Knower(moves.same)], [Knower(moves.inside)], [Knower([])]]


@dataclass(frozen=True, slots=True)
class Units:
    """What is hidden together: if one is printed, somebody who ties it to the others has them too.

    ``at``: table, row, column -> unit; ``counts``: of each unit what this release may print; ``kept_back``: units with a number
    that earlier releases hid; ``rests``: units that no table shows.
    """

    of: list[int]  # number -> unit
    at: list[list[list[int]]]
    counts: list[list[int]]
    kept_back: set[int]
    after: list[Pair]
    rests: set[int]

    @property
    def size(self) -> int:
        """Return the number of units."""
        return len(self.counts)

    def people(self, unit: int) -> int:
        """Return how many people (over all periods) a reader loses when this is hidden."""
        return sum(self.counts[unit])


def units(numbers: Numbers, links: Links, moves: Moves) -> Units:
    """Return what is hidden together, in the order of the names of the numbers."""
    of, members = _unknowns(numbers, links, [*moves.same, *(pair for guess in moves.renamed for pair in guess)])
    return Units(
        of=of, at=[[[of[n] for n in line] for line in at] for at in numbers.at],
        counts=[[numbers.counts[n] for n in inside if numbers.fresh[n]] for inside in members],
        kept_back={of[n] for n in kept_back(numbers)},
        after=sorted({(of[a], of[b]) for a, b in moves.after if of[a] != of[b]}),
        rests={of[rest] for rest, _part, _whole in links.rests},
    )  # fmt: skip


def kept_back(numbers: Numbers) -> set[int]:
    """Return the numbers that earlier releases hid, in every table that holds them."""
    return {n for n, told in enumerate(numbers.told) if told and all(value is None for value in told)}


def must_not_be_found(numbers: Numbers, links: Links) -> set[int]:
    """Return all numbers that must not be found unless they are printed."""
    return {n for n, fresh in enumerate(numbers.fresh) if fresh} | kept_back(numbers) | {rest for rest, *_ in links.rests}


@dataclass(frozen=True, slots=True)
class System:
    """Unknowns 0 … n−1 of one attacker: how far each may lie from its true count, so that the truth is the point 0.

    ``place``: the unknown of each number; ``unit``: which unit hides an unknown; ``public``: unknowns that earlier releases
    printed; ``anyway``: the range that is known of an unknown without this release, ``printed``: with it. ``limits``
    (a, b, slack) say y_a − y_b ≤ slack.
    """

    place: list[int]
    unit: list[int]
    public: set[int]
    anyway: list[Bounds]
    printed: list[Bounds]
    sums: list[Sum]
    limits: list[tuple[int, int, int]]

    @property
    def size(self) -> int:
        """Return the number of unknowns."""
        return len(self.unit)


@dataclass(frozen=True, slots=True)
class Rules:
    """By the rules: ``least``: what each number is at least if it is printed; ``leaving``: which numbers people may leave."""

    least: list[int]
    leaving: set[int]


def assembled(numbers: Numbers, links: Links, moves: Moves, knower: Knower, of: list[int], rules: Rules) -> System:
    """Return the system of an attacker; ``of``: the unit of each number."""
    place, members = _unknowns(numbers, links, knower.ties)
    rooms: dict[Pair, int] = {}
    for a, b in (*links.within, *moves.never_less):
        pair, room = (place[a], place[b]), numbers.counts[b] - numbers.counts[a]
        if place[a] != place[b]:
            rooms[pair] = min(room, rooms.get(pair, room))
    for _rest, a, b in links.rests:
        rooms.pop((place[a], place[b]), None)
    anyway = [_met([_anyway(numbers, n, knower, rules) for n in inside]) for inside in members]
    return System(
        place=place, unit=[of[inside[0]] for inside in members], anyway=anyway,
        public={place[n] for n, told in enumerate(numbers.told) if set(told) - {None}},
        printed=[_met([known, *_printed(numbers, inside, rules)]) for known, inside in zip(anyway, members, strict=True)],
        sums=sorted(
            {Sum(s.kind, place[s.total], tuple(sorted(place[n] for n in s.parts))) for s in links.sums if len(s.parts) > 1}
        ),
        limits=sorted((a, b, room) for (a, b), room in rooms.items()),
    )  # fmt: skip


def rules_of(tables: list[Table], numbers: Numbers, links: Links, moves: Moves, threshold: int) -> Rules:
    """Return what the rules tell of each number.

    Printed it is at least the threshold; after one that may have been hidden, the threshold and the margin; beside shares, what
    shares need. Of a number that is published now, people may leave before the next release.
    """
    least = [threshold] * len(numbers.counts)
    for n in {later for _earlier, later in moves.after}:
        if numbers.counts[n] >= threshold + MARGIN:
            least[n] = threshold + MARGIN
    for table, at in zip(tables, numbers.at, strict=True):
        for line in at[:-1] if table.percent else ():
            if numbers.counts[line[-1]] >= SHARE_FROM:
                least[line[-1]] = max(least[line[-1]], SHARE_FROM)
    fresh = [table.printed is None and table.comings_and_goings_are_known for table in tables]
    leaving = {n for may_leave, at in zip(fresh, numbers.at, strict=True) if may_leave for line in at for n in line}
    leaving |= {rest for rest, part, _whole in links.rests if part in leaving}
    return Rules(least, leaving)


def _unknowns(numbers: Numbers, links: Links, ties: list[Pair]) -> tuple[list[int], list[list[int]]]:
    """Return the unknown of each number, and the numbers of each unknown.

    Those that are tied, a sum of one part and that part, and what is left between two that are tied are the same.
    """
    own = [(s.total, s.parts[0]) for s in links.sums if len(s.parts) == 1]
    top = classes(len(numbers.counts), [*ties, *own])
    twin: dict[Pair, int] = {}
    rests = [(rest, twin.setdefault((top[part], top[whole]), rest)) for rest, part, whole in links.rests]
    inside = grouped(classes(len(numbers.counts), [*ties, *own, *rests]))
    members = sorted(inside.values(), key=lambda numbers_: min(numbers.names[n] for n in numbers_))
    place = [0] * len(numbers.counts)
    for unknown, found in enumerate(members):
        for n in found:
            place[n] = unknown
    return place, members


def _anyway(numbers: Numbers, n: int, knower: Knower, rules: Rules) -> Bounds:
    """Return how far a number may lie from the truth for all that is known without this release."""
    count = numbers.counts[n]
    if n in knower.whole:
        return 0, 0
    told = [_rounded_to(value, count, rules.least[n]) for value in numbers.told[n] if value is not None]
    return _met([(0 if knower.later and n in rules.leaving else -count, inf), *told])


def _printed(numbers: Numbers, inside: list[int], rules: Rules) -> list[Bounds]:
    """Return what this release tells of an unknown if it prints it."""
    counts = {n: numbers.counts[n] for n in inside if numbers.fresh[n]}
    return [_rounded_to(rounded(count), count, rules.least[n]) for n, count in counts.items()]


def _rounded_to(value: int, count: int, least: int) -> Bounds:
    """Return how far a printed value lets the count be from the true one."""
    return max(value - SLACK, min(least, count), 0) - count, value + SLACK - count


def _met(bounds: list[Bounds]) -> Bounds:
    return max(low for low, _high in bounds), min(high for _low, high in bounds)
