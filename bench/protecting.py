"""How long protecting a large release takes, what an attacker finds in small ones, and what they keep: `hearth bench numbers`."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from bench import data, servers
from bench.report import Figure
from tests.reporting import attacker, histories, reference

_GROUPS, _HISTORIES = {False: 2_000, True: 200}, {False: 6, True: 2}
_TABLES = ("members", "active", "speaks")


def figures(quick: bool, say: data.Say) -> list[Figure]:
    """Protect a large release in a process of its own, then attack releases of 12 groups over 6 months."""
    return [*_large(_GROUPS[quick], say), *_attacked(_HISTORIES[quick], say)]


def _large(groups: int, say: data.Say) -> list[Figure]:
    say(f"protecting {groups} groups …")
    history = histories.history(Random(1), groups=groups, months=3)
    history["tables"] = [t for t in history["tables"] if t["id"].split("-")[0] in _TABLES]
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        source, out = Path(name) / "history.json", Path(name) / "release.json"
        source.write_text(json.dumps(history), encoding="utf-8")
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-m", "app", "protect", "--in", source, "--out", out]
        subprocess.run(command, cwd=servers.ROOT, check=True, capture_output=True)
        took, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        released = json.loads(out.read_text(encoding="utf-8"))["tables"]
    what = f"protect: {groups} groups × 4, two subsets"
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [
        Figure("N1", what, round(took, 1), 60, unit="s"),
        Figure("N1", f"{what}, processor time", round(processor, 1), unit="s"),
        Figure("N1", f"{what}, memory at most", round(after.ru_maxrss / 1024), 1000, unit="MB"),
        Figure(
            "N1",
            f"{what}, people in printed cells",
            round(100 * attacker.standing(history["tables"], released)),
            unit="%",
            more=True,
        ),
    ]


def _attacked(many: int, say: data.Say) -> list[Figure]:
    """Attack whole histories: all tables, changing groups, cumulative counts, and releases made one after another."""
    found, kept = [], []
    for seed in range(many):
        say(f"attack {seed + 1} of {many} …")
        raw = histories.history(Random(seed), small=seed % 3 > 0)["tables"]
        released = _protected(raw)
        found.append(min(attacker.attacked(raw, released, moves_known=known)[0] for known in (True, False)))
        kept.append(attacker.standing(raw, released))
    changing = [_changing(seed) for seed in range(2 * many)]
    say("a careful protector without haste, to compare …")
    ours = careful = without_rests = 0.0
    for seed in range(many):
        raw = histories.history(Random(seed), groups=6, size=3.6, small=True)["tables"]
        ours += attacker.standing(raw, _protected(raw))
        careful += attacker.standing(raw, reference.protect(raw))
        without_rests += attacker.standing(raw, reference.protect(raw, rests=False))
    return [
        Figure("N2", f"narrowest range found in {many} histories", min(found), 5, unit="people", more=True),
        Figure("N2", f"the same, {2 * many} with groups that come, go, change", min(changing), 5, unit="people", more=True),
        Figure("N3", "people in printed cells, mean", round(100 * sum(kept) / many), unit="%", more=True),
        Figure("N3", "kept, against a careful protector", _ratio(ours, careful), 0.9, unit="x", more=True),
        Figure("N3", "the same, if that one leaves small rests open", _ratio(ours, without_rests), unit="x", more=True),
    ]


def _ratio(ours: float, theirs: float) -> float | None:
    return round(ours / theirs, 2) if theirs else None


def _changing(seed: int) -> float:
    """Attack a history in which one group is founded, one falls asleep and one has a new name, or of cumulative tables."""
    raw = histories.history(Random(seed), groups=8, small=True, cumulative=seed % 4 == 3)["tables"]
    raw = histories.without(histories.without(raw, "Group 4", "2026-Q1"), "Group 3", "2026-Q2")
    raw = histories.renamed(raw, "Group 2", "Renamed", "2026-Q2")
    released, own = _protected(raw), ("Group 3", "Group 4")
    known = attacker.attacked(raw, released, formerly={"Renamed": "Group 2"}, own=own)[0]
    return min(known, attacker.attacked(raw, released, moves_known=False)[0])


def _protected(raw: list[attacker.Raw]) -> list[attacker.Raw]:
    from app.domain.reporting.protecting import files, reading
    from app.domain.reporting.protecting.publishing import Release, publishable

    return [files.as_json(one) for one in publishable(Release(reading.read_tables({"tables": raw}))).tables]
