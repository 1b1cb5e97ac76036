"""Goals P1, P3 to P8 for groups: the list, the topics of a group, a topic page and posting, beside the floor in one run."""

import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.core import migrate
from app.core.db import Database
from bench import loadpair, pages, posting, servers, talkdata
from bench.report import Figure
from bench.talkdata import Say, Talk, There

WRITERS = 600
PEOPLE = 8
PACE = {False: pages.Pace(2, 5), True: pages.Pace(1, 2)}


@contextmanager
def network(size: Talk, say: Say, url: str = "", writers: int = WRITERS) -> Iterator[tuple[str, Path, There]]:
    """Give a database that talks: a fresh SQLite file, or the (empty) one at ``url``; its folder is gone afterwards."""
    with TemporaryDirectory(prefix="hearth-bench-") as name:
        (Path(name) / "data").mkdir()
        address = url or f"sqlite:///{Path(name) / 'data' / 'hearth.sqlite3'}"
        database = Database(address)
        migrate.upgrade(database)
        there = talkdata.fill(database, size, writers, say)
        database.dispose()
        yield address, Path(name), there


def figures(quick: bool, say: Say) -> list[Figure]:
    """Measure everything; the engines are compared on the small data."""
    size, pace = (talkdata.QUICK, PACE[True]) if quick else (talkdata.FULL, PACE[False])
    with ExitStack() as stack:
        url, folder, there = stack.enter_context(network(size, say))
        ours = stack.enter_context(servers.ours(url, folder, member=False))
        with servers.floor(folder) as floor:
            say("speed beside the floor …")
            found = _speed(floor, ours, there, pace)
            say("posting …")
            posting.post(_target(ours, there), 1, 0.5, "w")  # the first post of all loads what the checks read
            found += _posting(floor, ours, there, pace)
        found += _far_back(ours, there, pace, size)
        found.append(_memory(ours, there))
    say("PostgreSQL …")
    return sorted(found + _engines(pace, say), key=lambda f: f.goal)


def _cookie(there: There) -> dict[str, str]:
    return {"Cookie": f"hearth={there.tokens[0]}"}


def _sets(there: There) -> dict[str, list[str]]:
    return {
        "group list": ["/groups", "/groups?page=2", "/groups?theme=work", "/groups?q=bench"], "topic list": there.groups,
        "topic page": there.topics,
    }  # fmt: skip


def _speed(floor: servers.Server, ours: servers.Server, there: There, pace: pages.Pace) -> list[Figure]:
    targets, sets = pages._floor_targets(floor), _sets(there)
    for name, paths in sets.items():
        targets.append(loadpair.Target(f"member {name}", ours.url, paths, _cookie(there)))
    public = {"group list": ["/groups", "/groups?page=2"], "group page": there.groups[:20]}
    for name, paths in public.items():
        targets.append(loadpair.Target(f"guest {name}", ours.url, paths, {"Accept-Encoding": "gzip"}))
    targets.append(
        loadpair.Target(
            "member search", ours.url, [f"{there.groups[0]}/search?q={w}" for w in ("ba", "ki+to", "zz")], _cookie(there)
        )
    )
    pages._keep(ours, public)
    got = pages.load(targets, pace)
    found = []
    for name in sets:
        base, one = got["floor topic" if "page" in name else "floor list"], got[f"member {name}"]
        note = f"{statistics.median(one.rps):.0f} a second, p95 {statistics.median(one.p95):.1f} ms"
        found.append(Figure("P1", f"{name}, member, against the floor", one.ratio(base), 0.35, 0.6, "x", True, note))
        found.append(Figure("P3", f"{name}, member, p95 against the floor's list", one.late(got["floor list"]), 3, 1.7, "x"))
    for name in public:
        note = f"{statistics.median(got[f'guest {name}'].rps):.0f} a second"
        found.append(
            Figure("P4", f"{name}, guest, against hello", got[f"guest {name}"].ratio(got["floor hello"]), 0.3, 0.6, "x", True, note)
        )
    p95 = round(statistics.median(got["member search"].p95), 1)
    return [*found, Figure("G1", "search inside a group, p95 at 8 connections", p95, 60, unit="ms")]


def _target(server: servers.Server, there: There) -> posting.Target:
    cookies = [f"hearth={token}" for token in there.tokens[1:]]
    return posting.Target(server.port, f"{there.writing}/posts", cookies, posting.form)


def _posting(floor: servers.Server, ours: servers.Server, there: There, pace: pages.Pace) -> list[Figure]:
    """Measure P6 with the same client: 8 writers, in turns."""
    below = posting.Target(floor.port, "/reply/1", [""], posting.reply)
    ratios, done = [], posting.Done()
    for turn in range(pace.rounds):
        least = posting.post(below, PEOPLE, pace.seconds, f"f{turn}")
        mine = posting.post(_target(ours, there), PEOPLE, pace.seconds, f"o{turn}")
        ratios.append(mine.rps / least.rps)
        done.times += mine.times
        done.statuses += mine.statuses
    failed = sum(count for status, count in done.statuses.items() if status != 303)
    note = f"{done.statuses[303]} posts, {failed} failed"
    return [
        Figure(
            "P6", "posting, 8 writers, against the floor's reply", round(statistics.median(ratios), 3), 0.3, 0.5, "x", True, note
        ),
        Figure("P6", "posting, p95", round(done.late(95), 1), 80, unit="ms"),
        Figure("P6", "posting, p99", round(done.late(99), 1), 150, 60, "ms"),
        Figure("P6", "posts that were not taken", failed, 0, 0),
    ]


def _far_back(ours: servers.Server, there: There, pace: pages.Pace, size: Talk) -> list[Figure]:
    """A page far back costs what the first one costs."""
    far = size.long // 20
    names = {"first": f"{there.long}?from=1", "far": f"{there.long}?from={(far - 2) * 20 + 1}"}
    got = pages.load([loadpair.Target(name, ours.url, [path], _cookie(there)) for name, path in names.items()], pace)
    return [
        Figure("A2", f"page {far} of a topic against page 1, time", round(1 / got["far"].ratio(got["first"]), 2), 1.5, 1.1, "x")
    ]


def _memory(ours: servers.Server, there: There) -> Figure:
    """Measure P8: the worker's proportional set size after mixed requests."""
    paths, served = [p for group in _sets(there).values() for p in group], 0
    for headers in (_cookie(there), {"Accept-Encoding": "gzip"}) * 20:
        asked = paths if "Cookie" in headers else ["/groups", *there.groups]
        served += loadpair.measure(
            loadpair.Target("mixed", ours.url, asked, headers), pages.options(pages.Pace(5, 1)), 5, served
        ).requests
        if served >= pages.MIXED:
            break
    return Figure("P8", f"one worker after {served} mixed requests", round(loadpair.memory_mb([ours.pid]), 1), 160, 120, "MB")


def _engines(pace: pages.Pace, say: Say) -> list[Figure]:
    from tests.services.postgres import PostgresMissing, postgres

    with ExitStack() as stack:
        try:
            other_url = stack.enter_context(postgres())
        except PostgresMissing as problem:
            return [Figure("P5", "PostgreSQL against SQLite", None, note=str(problem).splitlines()[0])]
        url, folder, there = stack.enter_context(network(talkdata.QUICK, say))
        _url, other_folder, other_there = stack.enter_context(network(talkdata.QUICK, say, other_url))
        ours = stack.enter_context(servers.ours(url, folder, member=False))
        other = stack.enter_context(servers.ours(other_url, other_folder, member=False))
        return _compared(ours, other, there, other_there, pace)


def _compared(ours: servers.Server, other: servers.Server, there: There, other_there: There, pace: pages.Pace) -> list[Figure]:
    targets: list[Any] = []
    for name in _sets(there):
        for kind, server, made in (("a", ours, there), ("b", other, other_there)):
            targets.append(loadpair.Target(f"{kind} {name}", server.url, _sets(made)[name], _cookie(made)))
    got = pages.load(targets, pace)
    found = [
        Figure("P5", f"{name}, member, PostgreSQL against SQLite", got[f"b {name}"].ratio(got[f"a {name}"]), 0.6, 0.8, "x", True)
        for name in _sets(there)
    ]
    for server, made in ((ours, there), (other, other_there)):
        posting.post(_target(server, made), 1, 0.5, "w")
    one, two = (posting.post(_target(s, t), PEOPLE, pace.seconds * 2, "e") for s, t in ((ours, there), (other, other_there)))
    found.append(Figure("P5", "posting, PostgreSQL against SQLite", round(two.rps / one.rps, 3), unit="x", more=True,
                        note=f"p99 {two.late(99):.0f} ms"))  # fmt: skip
    return found
