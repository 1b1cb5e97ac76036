"""Goals P1, P3, P4, P5, P7, P8: speed of the pages beside the floor in one run, statements a page, memory of a worker."""

import asyncio
import logging
import statistics
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import httpx
import sqlalchemy as sa

from bench import loadpair, servers
from bench.report import Figure

SEARCHES = (
    "/help?q=legal+help", "/help?need=housing", "/help?q=school", "/help?q=food&language=ar", "/help?q=clinic+children",
    "/help?need=work&q=training", "/help?q=assistance+juridique", "/help?q=doctro", "/help?q=cash", "/help?need=health",
)  # fmt: skip
CONNECTIONS = 8
MIXED = 10_000  # requests before memory is read


@dataclass(frozen=True, slots=True)
class Pace:
    """How long each target is loaded."""

    seconds: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians over the rounds, and against which other targets."""

    rps: list[float]
    p95: list[float]

    def ratio(self, other: "Speed") -> float:
        """Return the median of the ratios of each round (requests a second)."""
        return round(statistics.median(a / b for a, b in zip(self.rps, other.rps, strict=True)), 3)

    def late(self, other: "Speed") -> float:
        """Return the median of the ratios of each round (p95)."""
        return round(statistics.median(a / b for a, b in zip(self.p95, other.p95, strict=True)), 2)


def options(pace: Pace) -> Namespace:
    """Return what loadpair takes from its command line."""
    engine = "wrk" if which("wrk") else "httpx"
    seconds = max(1, round(pace.seconds)) if engine == "wrk" else pace.seconds
    return Namespace(
        connections=CONNECTIONS, seconds=seconds, rounds=pace.rounds, warmup=1, timeout=30, method="GET", engine=engine
    )


def load(targets: list[loadpair.Target], pace: Pace) -> dict[str, Speed]:
    """Load all targets in turns; raises when one of them answered with an error."""
    samples = loadpair.take_turns(options(pace), targets)
    for name, rounds in samples.items():
        if sum(s.errors for s in rounds):
            raise RuntimeError(f"{name}: {sum(s.errors for s in rounds)} errors in {sum(s.requests for s in rounds)} requests")
    return {name: Speed([s.rps for s in rounds], [s.p95 for s in rounds]) for name, rounds in samples.items()}


def _floor_targets(floor: servers.Server) -> list[loadpair.Target]:
    paths = {"floor list": "/list/{1..50}", "floor topic": "/topic/{1..100}", "floor hello": "/hello"}
    return [loadpair.Target(name, floor.url, [path]) for name, path in paths.items()]


def _sets(there: servers.Addresses) -> dict[str, list[str]]:
    return {
        "story list": ["/stories", "/stories?page=2", "/stories?page=3"], "story page": [f"/stories/{r}" for r in there.stories],
        "service search": list(SEARCHES), "service page": [f"/help/{r}" for r in there.services],
    }  # fmt: skip


def speed(floor: servers.Server, ours: servers.Server, there: servers.Addresses, pace: Pace) -> list[Figure]:
    """Measure P1, P3 and P4."""
    targets = _floor_targets(floor)
    sets = _sets(there)
    for name, paths in sets.items():
        targets.append(loadpair.Target(f"member {name}", ours.url, paths, {"Cookie": ours.cookie}))
        targets.append(loadpair.Target(f"squeezed {name}", ours.url, paths, {"Cookie": ours.cookie, "Accept-Encoding": "gzip"}))
        targets.append(loadpair.Target(f"guest {name}", ours.url, paths, {"Accept-Encoding": "gzip"}))
    targets.append(_unchanged(ours))
    _keep(ours, sets)
    got = load(targets, pace)
    figures = []
    for name in sets:
        base = got["floor topic" if "page" in name else "floor list"]
        found = got[f"member {name}"]
        rps = f"{statistics.median(found.rps):.0f} a second"
        figures.append(Figure("P1", f"{name}, member, against the floor", found.ratio(base), 0.35, 0.6, "x", True, rps))
        figures.append(Figure("P3", f"{name}, member, p95 against the floor's list", found.late(got["floor list"]), 3, 1.7, "x"))
    for name in sets:
        base = got["floor topic" if "page" in name else "floor list"]
        figures.append(Figure("P1", f"{name}, member, compressed by us", got[f"squeezed {name}"].ratio(base), unit="x", more=True))
    for name in (*(f"guest {name}" for name in sets), "guest unchanged (304)"):
        rps = f"{statistics.median(got[name].rps):.0f} a second"
        figures.append(Figure("P4", f"{name}, against hello", got[name].ratio(got["floor hello"]), 0.3, 0.6, "x", True, rps))
    return figures


def _keep(ours: servers.Server, sets: dict[str, list[str]]) -> None:
    """Open every page once as a guest, so that P4 measures kept pages and not their making."""
    with httpx.Client(base_url=ours.url, headers={"Accept-Encoding": "gzip"}, trust_env=False, timeout=30) as client:
        for path in (p for paths in sets.values() for p in paths):
            client.get(path).raise_for_status()


def _unchanged(ours: servers.Server) -> loadpair.Target:
    headers = {"Accept-Encoding": "gzip"}
    first = httpx.get(f"{ours.url}/stories", headers=headers, trust_env=False, timeout=60)
    headers["If-None-Match"] = first.headers["etag"]
    again = httpx.get(f"{ours.url}/stories", headers=headers, trust_env=False)
    if again.status_code != 304:
        raise RuntimeError(f"an unchanged page answered {again.status_code}")
    return loadpair.Target("guest unchanged (304)", ours.url, ["/stories"], headers)


def engines(ours: servers.Server, other: servers.Server, there: servers.Addresses, pace: Pace) -> list[Figure]:
    """Measure P5: the same pages on PostgreSQL, against SQLite."""
    targets = []
    for name, paths in _sets(there).items():
        for kind, server in (("a", ours), ("b", other)):
            targets.append(loadpair.Target(f"{kind} {name}", server.url, paths, {"Cookie": server.cookie}))
    got = load(targets, pace)
    return [
        Figure("P5", f"{name}, member, PostgreSQL against SQLite", got[f"b {name}"].ratio(got[f"a {name}"]), 0.6, 0.8, "x", True)
        for name in _sets(there)
    ]


def memory(ours: servers.Server, there: servers.Addresses) -> Figure:
    """Measure P8: the worker's proportional set size after mixed requests, searches among them."""
    paths = [p for group in _sets(there).values() for p in group] + ["/", "/help", "/look", "/about"]
    served, pace = 0, options(Pace(5, 1))
    for headers in ({"Cookie": ours.cookie}, {"Accept-Encoding": "gzip"}) * 20:
        served += loadpair.measure(loadpair.Target("mixed", ours.url, paths, headers), pace, 5, served).requests
        if served >= MIXED:
            break
    return Figure("P8", f"one worker after {served} mixed requests", round(loadpair.memory_mb([ours.pid]), 1), 160, 120, "MB")


def statements(database_url: str, there: servers.Addresses, cookie: str, folder: Path) -> list[Figure]:
    """Measure P7: what each page asks of the database, the second time it is made."""
    from app.core.settings import Settings
    from app.main import create_app

    settings = Settings(mode="development", data_dir=folder / "data", database_url=database_url, base_url="http://127.0.0.1:8000")
    logging.getLogger("hearth.access").setLevel(logging.WARNING)  # this process answers, but it is no server
    app = create_app(settings)
    database = app.state.house.database
    return asyncio.run(_count(app, [database.read_engine, database.write_engine], there, cookie))


async def _count(app: object, watched: list[sa.Engine], there: servers.Addresses, cookie: str) -> list[Figure]:
    figures = []
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", trust_env=False) as client:
        for name, paths in _sets(there).items():
            for who, headers, gate, stretch in (("guest", {}, 5, 3), ("member", {"Cookie": cookie}, 7, 5)):
                await client.get(paths[0], headers=headers)  # kept things (the order of the day, needs) are made now
                with _counting(watched) as seen:
                    answer = await client.get(paths[1], headers=headers)
                if answer.status_code != 200:
                    raise RuntimeError(f"{paths[1]}: {answer.status_code}")
                figures.append(Figure("P7", f"{name}, {who}, not kept", len(seen), gate, stretch, "statements"))
    return figures


@contextmanager
def _counting(engines: list[sa.Engine]) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            sa.event.remove(engine, "before_cursor_execute", note)
