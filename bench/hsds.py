"""Goals A1 and A2: the public directory beside the floor in one run, page 1 beside page 1,000, and a whole list in one stream.

The directory is brought in by the importer (the demo's listings, many times over); then what is published of it is copied with
other ids until the list is long. The interface reads nothing else, so a copy costs what a listing costs.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import sqlalchemy as sa

from app.core import migrate
from app.core.db import Database, checkpoint
from app.domain.directory import importing
from bench import data, imports, loadpair, pages, servers
from bench.report import Figure

FULL, QUICK = 1_000_000, 100_000  # services
_BROUGHT_IN = {False: 10_000, True: 2_000}
_PAGE, _WHOLE = "/api/hsds/services?per_page=20", "/api/hsds/services?per_page=20&full=true"
_DEEP = 1_000
_COPIED = ("service", "service_at_location")
_NEW_ID = {
    "sqlite": "printf('%08x', {n}) || substr({column}, 9)",
    "postgresql": "overlay({column}::text placing lpad(to_hex(CAST({n} AS int)), 8, '0') from 1 for 8)::uuid",
}


def figures(quick: bool, say: data.Say) -> list[Figure]:
    """Measure both engines; PostgreSQL only where there is one."""
    from tests.services.postgres import PostgresMissing

    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        folder = Path(name)
        say(f"an HSDS export with {_BROUGHT_IN[quick]} services …")
        imports.write_feed(folder / "feed", _BROUGHT_IN[quick], say)
        found = []
        for engine in ("sqlite", "postgresql"):
            try:
                with _directory(engine, folder, quick, say) as (url, many):
                    say(f"the directory on {engine}, {many} services …")
                    found += _measured(url, engine, folder, many, pages.Pace(1, 3) if quick else pages.Pace(2, 5))
            except PostgresMissing as problem:
                found.append(Figure("A1", "on PostgreSQL", None, note=str(problem).splitlines()[0]))
    return found


@contextmanager
def _directory(engine: str, folder: Path, quick: bool, say: data.Say) -> Iterator[tuple[str, int]]:
    """Give the address of a directory, and how many services it has."""
    with ExitStack() as stack:
        if engine == "sqlite":
            (folder / "data").mkdir(exist_ok=True)
            url = f"sqlite:///{folder / 'data' / 'hearth.sqlite3'}"
        else:
            from tests.services.postgres import postgres

            url = stack.enter_context(postgres())
        database = Database(url)
        migrate.upgrade(database)
        say(f"importing into {engine} …")
        importing.import_directory(database, folder / "feed", feed_name="bench", country="JO")
        many = copy(database, QUICK if quick else FULL)
        database.dispose()
        yield url, many


def copy(database: Database, many: int) -> int:
    """Copy what is published, services and their links, until the list has ``many`` services; return how many it has."""
    names = ("kind", "gone", "modified", "until", "language", "organization_id", "program_id", "location_id", "digest", "words",
             "fields", "parts")  # fmt: skip
    template = _NEW_ID[database.url.get_backend_name()]
    with database.reading() as db:
        tops = dict(db.execute(sa.text("SELECT kind, top FROM published_list")).tuples().all())
    rounds = max(1, -(-many // tops["service"]))
    own, of = (template.format(n=":n", column=column) for column in ("id", "service_id"))
    for n in range(1, rounds):
        with database.transaction() as db:
            for kind in _COPIED:
                statement = (
                    f"INSERT INTO published (id, slot, service_id, {', '.join(names)}) SELECT {own}, slot + :more, "
                    f"CASE WHEN service_id IS NULL THEN NULL ELSE {of} END, {', '.join(names)} "
                    f"FROM published WHERE kind = '{kind}' AND slot <= {tops[kind]} AND NOT gone"
                )
                db.execute(sa.text(statement), {"n": n, "more": n * tops[kind]})
        checkpoint(database)
    with database.transaction() as db:
        for kind in _COPIED:
            db.execute(sa.text(f"UPDATE published_list SET top = top * {rounds}, size = size * {rounds} WHERE kind = '{kind}'"))
        db.execute(sa.text("ANALYZE published"))
    checkpoint(database)
    return rounds * tops["service"]


def _measured(url: str, engine: str, folder: Path, many: int, pace: pages.Pace) -> list[Figure]:
    with servers.floor(folder) as floor, servers.ours(url, folder, member=False) as ours:
        last = max(1, many // 20)
        paths = {
            "list": _PAGE, "full": _WHOLE, f"page {_DEEP}": f"{_WHOLE}&page={_DEEP}", "last page": f"{_WHOLE}&page={last}",
            "one": f"/api/hsds/services/{_some_id(ours)}",
        }  # fmt: skip
        targets = [loadpair.Target("floor", floor.url, ["/list/{1..50}"])]
        targets += [loadpair.Target(name, ours.url, [path]) for name, path in paths.items()]
        targets.append(loadpair.Target("spread", ours.url, [f"{_WHOLE}&page={{1..{min(_DEEP, last)}}}"]))
        targets.append(loadpair.Target("squeezed", ours.url, [_WHOLE], {"Accept-Encoding": "gzip"}))
        targets.append(loadpair.Target("unchanged", ours.url, [_WHOLE], {"If-None-Match": _etag(ours, _WHOLE)}))
        got = pages.load(targets, pace)
        stream = _stream(ours, engine)
    against = {"list": "20 a page", "full": "20 a page, all nested", "spread": "the same, ever other pages", "one": "one service",
               "squeezed": "20 a page, all nested, gzip by us", "unchanged": "unchanged page (304)"}  # fmt: skip
    gated = ("list", "full", "spread")
    figures = [
        Figure("A1", f"{words}, {engine}, against the floor's list", got[name].ratio(got["floor"]),
               *((0.35, 0.6) if name in gated and engine == "sqlite" else (None, None)), "x", True,
               f"{statistics.median(got[name].rps):.0f} a second")
        for name, words in against.items()
    ]  # fmt: skip
    for name in (f"page {_DEEP}", "last page"):
        ratio = round(1 / got[name].ratio(got["full"]), 2)
        figures.append(Figure("A2", f"{name} of {many} services, {engine}, time against page 1", ratio, 1.5, 1.1, "x"))
    return [*figures, *stream]


def _some_id(ours: servers.Server) -> str:
    first = httpx.get(ours.url + _PAGE, trust_env=False, timeout=60).json()
    return str(first["contents"][0]["id"])


def _etag(ours: servers.Server, path: str) -> str:
    etag = httpx.get(ours.url + path, trust_env=False, timeout=60).headers["etag"]
    again = httpx.get(ours.url + path, headers={"If-None-Match": etag}, trust_env=False, timeout=60)
    if again.status_code != 304:
        raise RuntimeError(f"an unchanged page answered {again.status_code}")
    return str(etag)


def _stream(ours: servers.Server, engine: str) -> list[Figure]:
    """Measure the first 100,000 services of the whole list in one stream, and the worker's memory right after."""
    started, count = time.perf_counter(), 0
    address = f"{ours.url}/api/hsds/services?format=ndjson&full=true"
    with httpx.stream("GET", address, headers={"Accept-Encoding": "identity"}, trust_env=False, timeout=120) as answer:
        for line in answer.iter_lines():
            count += 1
            if count == 1:
                json.loads(line)
            if count == QUICK:
                break
        memory = loadpair.memory_mb([ours.pid])
    rate = round(count / (time.perf_counter() - started))
    return [
        Figure("–", f"ndjson, {count} services all nested, {engine}", rate, unit="a second", more=True),
        Figure("–", f"memory of the worker in that stream, {engine}", round(memory), 200, unit="MB"),
    ]
