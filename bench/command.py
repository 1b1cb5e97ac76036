"""``hearth bench``: run the measurements and print every figure against its gate."""

import json
import os
import platform
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from app.domain import wiring
from bench import (
    checks,
    data,
    duplicates,
    groups,
    hsds,
    imports,
    lighthouse,
    matching,
    moderation,
    pages,
    protecting,
    search,
    servers,
    weight,
)
from bench.report import Figure, table

PACE = {False: pages.Pace(2, 5), True: pages.Pace(1, 2)}
S_GOALS = {"filtered typical": "S1", "filtered head": "S1", "worst": "S1", "typical": "S2", "head": "S2"}
MILLION = 1_000_000


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def run(what: str, *, json_out: bool = False, quick: bool = False, million: bool = False, corpora: Path | None = None) -> int:
    """Measure one part or all; return 1 when a gate is missed.

    ``million``: search over 1,000,000 documents; ``corpora``: the folder with the whole collections for the checks.
    """
    parts: dict[str, Callable[[], list[Figure]]] = {
        "pages": lambda: _pages(quick), "groups": lambda: groups.figures(quick, _say),
        "search": lambda: _search(quick, million), "import": lambda: imports.figures(quick, _say),
        "directory": lambda: hsds.figures(quick, _say), "matching": lambda: matching.figures(quick, _say),
        "moderation": lambda: moderation.figures(quick, _say),
        "duplicates": lambda: duplicates.figures(quick, _say),
        "checks": lambda: checks.figures(quick, _say, corpora), "numbers": lambda: protecting.figures(quick, _say),
        "lighthouse": lambda: lighthouse.figures(quick, _say),
    }  # fmt: skip
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        wiring.connect()
        figures = [figure for name, measure in parts.items() if what in (name, "all") for figure in measure()]
    finally:
        signal.signal(signal.SIGTERM, before)
    if json_out:
        answer = {"machine": machine(), "quick": quick, "figures": [f.as_dict() for f in figures]}
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        print("\n".join((f"{key}: {value}" for key, value in machine().items())))
        print(table(figures))
    return 1 if any(f.reaches(f.gate) is False for f in figures) else 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt  # so that every block that started something ends it


def machine() -> dict[str, Any]:
    """Return when and on what it was measured."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(), "client": "wrk" if pages.which("wrk") else "httpx (the client may be the limit)",
    }  # fmt: skip


def _pages(quick: bool) -> list[Figure]:
    size, pace = (data.QUICK, PACE[True]) if quick else (data.FULL, PACE[False])
    with ExitStack() as stack:
        url, folder = stack.enter_context(servers.sqlite(size, _say))
        there = servers.addresses(url)
        ours = stack.enter_context(servers.ours(url, folder))
        with servers.floor(folder) as floor:
            _say("speed beside the floor …")
            figures = pages.speed(floor, ours, there, pace)
        _say("PostgreSQL …")
        figures += _engines(pace)
        _say("memory …")
        figures.append(pages.memory(ours, there))
        _say("statements …")
        figures += pages.statements(url, there, ours.cookie, folder)
        _say("weight …")
        figures += weight.weights(ours, there, folder, 1 if quick else 3)
    return sorted(figures, key=lambda f: f.goal)


def _engines(pace: pages.Pace) -> list[Figure]:
    """Compare the engines on the small data: copying the large one takes longer than all the rest."""
    from tests.services.postgres import PostgresMissing

    with ExitStack() as stack:
        url, folder = stack.enter_context(servers.sqlite(data.QUICK, _say))
        try:
            other_url, other_folder = stack.enter_context(servers.postgresql(data.QUICK, _say))
        except PostgresMissing as problem:
            return [Figure("P5", "PostgreSQL against SQLite", None, note=str(problem).splitlines()[0])]
        there = servers.addresses(url)
        ours = stack.enter_context(servers.ours(url, folder))
        return pages.engines(ours, stack.enter_context(servers.ours(other_url, other_folder)), there, pace)


def _search(quick: bool, million: bool) -> list[Figure]:
    size = MILLION if million else 10_000 if quick else 100_000
    figures: list[Figure] = []
    for engine in ("sqlite", "postgresql"):
        _say(f"search over {size} documents, {engine} …")
        with ExitStack() as stack:
            try:
                result = search.run(size, search._temporary(stack, engine), asked=60 if quick else 150)
            except RuntimeError as problem:
                figures.append(Figure("S3", "search on PostgreSQL", None, note=str(problem).splitlines()[0]))
                continue
        figures += _search_figures(result)
    return figures


def _search_figures(result: dict[str, Any]) -> list[Figure]:
    engine, figures = result["engine"], []
    for name, (gate, stretch) in search.GATES[engine].items():
        goal = S_GOALS[name] if engine == "sqlite" else "S3"
        what = f"{name}, p95, {engine}, {result['size']} documents"
        figures.append(Figure(goal, what, result["ms"][name]["p95"], gate, stretch, "ms"))
    return [
        *figures,
        Figure("S4", f"index against text, {engine}", result["index_ratio"], 0.65, 0.45, "x"),
        Figure("S4", f"build of the index, {engine}, {result['size']} documents", result["build_s"], 90, 35, "s"),
    ]
