"""How good, how quick and how large a round of mentoring is, beside plain rules and scipy's assignment on the same people.

    python -m bench.matching 1000 300 ours

The people are invented (``bench/mentees.py``), seeded. Each measurement is a process of its own, so that its memory is its own.
"""

import json
import random
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from app.domain.mentoring import fairness, matching, rules
from app.domain.mentoring.answers import Round
from app.domain.mentoring.people import Mentee, Mentor
from app.domain.mentoring.weights import CURRENT
from bench import data, servers
from bench.mentees import invented
from bench.report import Figure

SEED = 6
SIZES = {False: ((100, 35), (1_000, 300), (10_000, 3_000)), True: ((100, 35), (1_000, 300))}
FAIR = 0.02
LONGEST = 1_800  # seconds for one process


def figures(quick: bool, say: data.Say) -> list[Figure]:
    """Measure every size; the fair optimum is bounded (linear relaxation) up to 1,000 mentees."""
    found: list[Figure] = []
    for mentees, mentors in SIZES[quick]:
        say(f"{mentees} mentees, {mentors} mentors …")
        ours, plain = (_apart(mentees, mentors, way) for way in ("ours", "plain"))
        found += _against(f"{mentees} mentees, {mentors} mentors", ours, plain)
        found += _fair(f"{mentees} mentees, {mentors} mentors, fair {FAIR}", _apart(mentees, mentors, "fair"))
    return found


def _against(name: str, ours: dict[str, Any], plain: dict[str, Any]) -> list[Figure]:
    few, share = name.startswith("1000 "), round(ours["utility"] / plain["utility"], 6)
    return [
        Figure("M1", f"{name}: utility against the optimum", share, 0.999, 1, "x", more=True),
        Figure("M1", f"{name}: people matched fewer than in it", plain["matched"] - ours["matched"], 0, 0),
        Figure("M1", f"{name}: pairs that change when people are shuffled", ours["changed"], 0, 0),
        Figure("M1", f"{name}: pairs that break a rule", ours["broken"], 0, 0),
        Figure("M2", f"{name}: time of a round", round(ours["seconds"], 2), 2 if few else None, None, "s"),
        Figure("M2", f"{name}: time against plain rules with scipy", round(ours["seconds"] / plain["seconds"], 3), 1, 0.33, "x",
               note=f"{plain['seconds']:.2f} s"),
        Figure("M2", f"{name}: memory of the process", ours["memory"], 1_500, None, "MB"),
    ]  # fmt: skip


def _fair(name: str, fair: dict[str, Any]) -> list[Figure]:
    found = [
        Figure("M3", f"{name}: largest gap of a rate", fair["gap"], FAIR, None, "", note=fair["note"]),
        Figure("M3", f"{name}: time of a round", round(fair["seconds"], 2), None, None, "s"),
    ]
    if fair["bound"]:
        ratio = round(fair["utility"] / fair["bound"], 6)
        found.append(Figure("M3", f"{name}: utility against a bound of the fair optimum", ratio, 0.998, 1, "x", more=True))
    return found


def _apart(mentees: int, mentors: int, way: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.matching", str(mentees), str(mentors), way], cwd=servers.ROOT, capture_output=True, text=True,
        check=False, timeout=LONGEST,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


@dataclass(frozen=True, slots=True)
class Admissible:
    """Every pair that keeps the rules, asked one by one: positions of mentee and mentor, and the utility."""

    mentee: list[int]
    mentor: list[int]
    utility: list[int]


def admissible(mentees: list[Mentee], mentors: list[Mentor]) -> Admissible:
    """Ask the plain rules about every pair of one country."""
    at_home: dict[str, list[int]] = {}
    for number, mentor in enumerate(mentors):
        at_home.setdefault(mentor.country, []).append(number)
    found = Admissible([], [], [])
    for i, mentee in enumerate(mentees):
        worth = CURRENT.served + rules.aging(mentee.waited_days)
        for j in at_home.get(mentee.country, ()):
            fit = rules.fit(mentee, mentors[j])
            if fit.reason is None and fit.score is not None:
                found.mentee.append(i)
                found.mentor.append(j)
                found.utility.append(worth + fit.score)
    return found


def optimum(pairs: Admissible, mentors: list[Mentor]) -> tuple[int, int]:
    """Return the largest sum of utilities and how many are matched in it: one table of scipy for each component."""
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, columns, utility = (np.array(numbers) for numbers in (pairs.mentee, pairs.mentor, pairs.utility))
    many = int(rows.max()) + 1
    shape = (many + len(mentors),) * 2
    label = connected_components(coo_array((np.ones(len(rows)), (rows, columns + many)), shape=shape), directed=False)[1][rows]
    total = matched = 0
    for one in np.unique(label):
        here = label == one
        people, row = np.unique(rows[here], return_inverse=True)
        helpers, column = np.unique(columns[here], return_inverse=True)
        places = [min(mentors[j].places, len(people)) for j in helpers]
        first = np.cumsum([0, *places])
        table = np.zeros((len(people), int(first[-1])))
        for i, j, points in zip(row, column, utility[here], strict=True):
            table[i, first[j] : first[j + 1]] = points
        chosen = table[linear_sum_assignment(table, maximize=True)]
        total, matched = total + int(chosen.sum()), matched + int((chosen > 0).sum())
    return total, matched


def fair_bound(pairs: Admissible, mentees: list[Mentee], mentors: list[Mentor]) -> float:
    """Return an upper bound of the utility that any matching with every rate gap at most FAIR has: the linear relaxation."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, vstack

    rows, columns = np.array(pairs.mentee), np.array(pairs.mentor)
    count, ones = len(rows), np.ones(len(rows))
    each = np.arange(count)
    limits = [coo_array((ones, (rows, each)), shape=(len(mentees), count)),
              coo_array((ones, (columns, each)), shape=(len(mentors), count))]  # fmt: skip
    most = [*np.ones(len(mentees)), *(m.places for m in mentors)]
    reachable = set(pairs.mentee)
    for group in fairness.GROUPS:
        inside = {i for i in reachable if fairness.BELONGS[group](mentees[i])}
        if len(inside) < fairness.SMALLEST:
            continue
        mine = np.isin(rows, list(inside))
        limits.append(coo_array((ones / len(reachable) - mine / len(inside))[None, :]))
        most.append(FAIR)
    answer = linprog(-np.array(pairs.utility, float), A_ub=vstack(limits).tocsr(), b_ub=most, bounds=(0, 1), method="highs")
    return -float(answer.fun) if answer.status == 0 else 0.0


def _largest_gap(mentees: list[Mentee], pairs: Admissible, answer: Round) -> tuple[float, str]:
    """Return how far the group that is furthest behind is below the rate of all, among groups of five reachable people or more."""
    reachable, served = set(pairs.mentee), {pair.mentee for pair in answer.pairs}
    rate = Fraction(len(served), len(reachable))
    gaps = {}
    for group in fairness.GROUPS:
        inside = [i for i in reachable if fairness.BELONGS[group](mentees[i])]
        if len(inside) >= fairness.SMALLEST:
            gaps[group] = rate - Fraction(sum(mentees[i].id in served for i in inside), len(inside))
    group = max(gaps, key=lambda name: gaps[name])
    return round(float(gaps[group]), 4), str(group).replace("_", " ")


def measure(mentees: int, mentors: int, way: str) -> dict[str, Any]:
    """Measure one way of matching in this process."""
    asking, helping = invented(mentees, mentors, SEED)
    begun = time.perf_counter()
    if way == "plain":
        pairs = admissible(asking, helping)
        utility, matched = optimum(pairs, helping)
        return {"seconds": time.perf_counter() - begun, "utility": utility, "matched": matched}
    answer = matching.match(asking, helping, fair=FAIR if way == "fair" else None)
    result: dict[str, Any] = {"seconds": time.perf_counter() - begun, "utility": answer.total_utility, "matched": len(answer.pairs)}
    result["memory"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    if way == "fair":
        pairs = admissible(asking, helping)
        gap, note = _largest_gap(asking, pairs, answer)
        return result | {"gap": gap, "note": note, "bound": fair_bound(pairs, asking, helping) if mentees <= 1_000 else 0}
    return result | {"changed": _changed(answer, asking, helping), "broken": _broken(answer, asking, helping)}


def _changed(answer: Round, asking: list[Mentee], helping: list[Mentor]) -> int:
    dice = random.Random(SEED)
    again = matching.match(dice.sample(asking, len(asking)), dice.sample(helping, len(helping)))
    return len({(p.mentee, p.mentor) for p in answer.pairs} ^ {(p.mentee, p.mentor) for p in again.pairs})


def _broken(answer: Round, asking: list[Mentee], helping: list[Mentor]) -> int:
    by_id, taken = {m.id: m for m in asking}, {m.id: [m, 0] for m in helping}
    wrong = 0
    for pair in answer.pairs:
        mentor = taken[pair.mentor]
        mentor[1] += 1
        fit = rules.fit(by_id[pair.mentee], mentor[0])
        wrong += fit.reason is not None or fit.score != pair.score or mentor[1] > mentor[0].places
    return wrong + len(answer.pairs) - len({pair.mentee for pair in answer.pairs})


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
