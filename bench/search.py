"""Search over many short documents: how long a query takes in the process, how large the index is, how long it takes to build.

The documents are made up: 12-36 words out of 84,000 (14,000 in each of six scripts, Zipf), 60 countries x 40 categories, a point,
the size of a card that a page shows. Seeded: the same size gives the same documents and questions.

    python -m bench.search --size 100000 --engine sqlite --json
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import accumulate, islice
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core import migrate
from app.core.db import Database, checkpoint
from app.domain.search import actions, queries
from app.domain.search.terms import cells, pairs, token
from app.models.engine import SearchDocument

SEED = 7
WORDS = 14_000  # in each script
COUNTRIES, CATEGORIES = 60, 40
TYPICAL, HEAD = (50, 2_000), (1, 30)  # ranks of the words that are asked for
SCRIPTS = {
    "en": ("bcdfghjklmnprstvw", "aeiou"), "fr": ("bcdfghjlmnpqrstv", "aeiouy"), "ru": ("бвгджзклмнпрстфхч", "аеиоуыюя"),
    "ar": ("بتثجحخدرزسشصطعفقكلمنه", "اوي"),
    "hi": ("कखगचजटडतदनपबमरलवसह", "ािीुूेो"), "am": ("ሀለመሰረሸቀበተነአከወዘየደገጠፈ", "ሁሉሙሱሩሹቁቡቱኑ"),
}  # fmt: skip
GATES = {  # 1,000,000 documents, milliseconds at p95: gate, stretch
    "sqlite": {"filtered typical": (15, 6), "filtered head": (40, 10), "typical": (10, 2), "head": (30, 8), "worst": (150, 30)},
    "postgresql": {"filtered typical": (10, 4), "filtered head": (35, 16), "head": (80, 30)},
}
_NOTHING = sa.select(sa.literal(1))  # what the way to the server costs
_D: sa.Table = SearchDocument.__table__  # type: ignore[attr-defined]


def vocabulary(rng: random.Random) -> dict[str, list[str]]:
    """Return the words of each script, the most common first; common words are short, as they are in life."""
    result: dict[str, list[str]] = {}
    for name, (first, second) in SCRIPTS.items():
        made: dict[str, None] = {}
        while len(made) < WORDS:
            syllables = 1 + (len(made) > 30) + (len(made) > 1_500) + (rng.random() < 0.5) + (rng.random() < 0.2)
            made["".join(rng.choice(first) + rng.choice(second) for _ in range(syllables))] = None
        result[name] = list(made)
    return result


def documents(size: int) -> Iterator[dict[str, Any]]:
    """Yield rows as they stand in the table: folded words, tokens, a card of about 300 bytes."""
    rng = random.Random(SEED)
    words = vocabulary(rng)
    weights = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))
    names = list(words)
    for n in range(size):
        name = names[n % len(names)]
        text = rng.choices(words[name], cum_weights=weights, k=rng.randint(12, 36))
        country, category = int(COUNTRIES * rng.random() ** 1.5), int(CATEGORIES * rng.random() ** 1.5)
        lat, lon = country - 30 + rng.random() * 3, 3 * country - 90 + rng.random() * 3
        filters = (f"area:{country}", f"need:{category}", f"lang:{name}")
        own = (*filters, *pairs(filters), *cells(lat, lon), "kind:service", "open:service")
        title, body = text[:4], text[4:]
        yield {
            "kind": "service", "subject_id": UUID(int=rng.getrandbits(128)), "language": name, "audience": "everyone",
            "rank": rng.randint(0, 3), "lat": lat, "lon": lon, "title": " ".join(title), "body": " ".join(body),
            "tokens": " ".join(map(token, own)),
            "shown": {"ref": f"{n:010d}", "name": " ".join(title), "organisation": " ".join(body[:3]), "needs": [str(category)],
                      "area": {"name": str(country), "names": {}}, "cost": None, "languages": [name], "hours": [], "zone": "UTC",
                      "verified": "2026-11-01", "due": "2027-05-01", "imported": None, "protected": False},
        }  # fmt: skip


def run(size: int, url: str, *, asked: int = 150) -> dict[str, Any]:
    """Fill the empty database at ``url``, measure, return figures in ms, s and bytes.

    Times are on the wall; ``cpu_`` is what this thread worked (all of a query on SQLite), which other programs disturb less.
    """
    database = Database(url)
    try:
        migrate.upgrade(database)
        load = _timed(lambda: _load(database, size))
        before = time.thread_time()
        build = _timed(lambda: actions.rebuild(database))
        worked = time.thread_time() - before
        checkpoint(database)
        if not database.embedded:
            _auto(database, "VACUUM ANALYZE search_document")
        engine = "sqlite" if database.embedded else "postgresql"
        result = {"engine": engine, "size": size, "load_s": round(load, 1), "build_s": round(build, 1),
                  "build_cpu_s": round(worked, 1)}  # fmt: skip
        return result | _sizes(database) | {"ms": _questions(database, size, asked)}
    finally:
        database.dispose()


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _load(database: Database, size: int) -> None:
    """Put the rows in as a restore does, then make index and vocabulary in one go."""
    stream = documents(size)
    while batch := list(islice(stream, 2_000)):
        with database.transaction() as db:
            db.execute(sa.insert(_D), batch)
        checkpoint(database)


def _auto(database: Database, statement: str) -> None:
    with database.write_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql(statement)
        connection.exec_driver_sql("RESET statement_timeout")


def _sizes(database: Database) -> dict[str, Any]:
    """Return bytes of the index and of the vocabulary against the text (title and body; filters count on the index's side only)."""
    length = "octet_length" if not database.embedded else "length"
    cast = "CAST({} AS BLOB)" if database.embedded else "{}"
    text = " + ".join(f"sum({length}({cast.format(c)}))" for c in ("title", "body"))
    if database.embedded:
        index = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_index%'"
        words = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_word%' OR name LIKE 'sqlite_autoindex_search_word%'"
    else:
        index = "SELECT pg_relation_size('ix_search_document_words')"
        words = "SELECT pg_total_relation_size('search_word') + pg_total_relation_size('search_word_key')"
    with database.read_engine.connect() as connection:
        found = {"text_bytes": f"SELECT {text} FROM search_document", "index_bytes": index, "vocabulary_bytes": words}
        sizes = {name: int(connection.exec_driver_sql(statement).scalar_one() or 0) for name, statement in found.items()}
    ratio = round(sizes["index_bytes"] / sizes["text_bytes"], 3)
    return sizes | {"index_ratio": ratio, "index_and_vocabulary_ratio": round(
        (sizes["index_bytes"] + sizes["vocabulary_bytes"]) / sizes["text_bytes"], 3)}  # fmt: skip


def _questions(database: Database, size: int, asked: int) -> dict[str, dict[str, float]]:
    rng = random.Random(SEED)
    words = vocabulary(rng)
    rng = random.Random(SEED + size)
    figures: dict[str, dict[str, float]] = {}

    def typed(ranks: tuple[int, int], many: int) -> str:
        some = words[rng.choice(list(SCRIPTS))]
        return " ".join(some[rng.randint(ranks[0] - 1, ranks[1] - 1)] for _ in range(many))

    def filters() -> tuple[str, str]:
        return f"area:{int(COUNTRIES * rng.random() ** 1.5)}", f"need:{int(CATEGORIES * rng.random() ** 1.5)}"

    def measure(name: str, question: Callable[[], dict[str, Any]]) -> None:
        figures[name] = _measure(database, question, asked)
        print(name, figures[name], file=sys.stderr)

    for many in (1, 2, 3):
        for label, ranks in (("typical", TYPICAL), ("head", HEAD)):
            measure(f"{label} {many}", lambda r=ranks, m=many: {"text": typed(r, m)})
            measure(f"filtered {label} {many}", lambda r=ranks, m=many: {"text": typed(r, m), "tokens": filters()})
    measure("browse", dict)
    figures["round trip"] = _measure(database, dict, asked, lambda connection: connection.execute(_NOTHING).all())
    measure("browse filtered", lambda: {"tokens": filters()})
    measure("near", lambda: {"near": _somewhere(rng)})
    measure("near filtered", lambda: {"near": _somewhere(rng), "tokens": filters()[1:]})
    for letters in (1, 2, 3):
        measure(f"beginning of {letters}", lambda n=letters: {"text": typed(TYPICAL, 1)[:n]})
        measure(f"head and beginning of {letters}", lambda n=letters: {"text": f"{typed(HEAD, 1)} {typed(TYPICAL, 1)[:n]}"})
    measure("mistake", lambda: {"text": _mistaken(rng, typed(TYPICAL, 1) + typed(TYPICAL, 1)[:2])})
    measure("nothing", lambda: {"text": " ".join((typed(TYPICAL, 2), typed(TYPICAL, 2)))})
    measure("longest", lambda: {"text": typed(HEAD, 8), "tokens": filters()})
    measure("last page", lambda: {"text": typed(HEAD, 1), "offset": 480})
    return figures | _summary(figures)


def _summary(figures: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return the groups that the gates speak of: the worst of one, two and three words, and the worst of all."""
    groups = {}
    for name in ("typical", "head", "filtered typical", "filtered head"):
        members = [figures[f"{name} {many}"] for many in (1, 2, 3)]
        groups[name] = {key: max(m[key] for m in members) for key in members[0]}
    worst = max(f["max"] for f in figures.values())
    return groups | {"worst": {"p95": worst, "cpu_p95": max(f["cpu_max"] for f in figures.values())}}


def _somewhere(rng: random.Random) -> tuple[float, float]:
    country = int(COUNTRIES * rng.random() ** 1.5)
    return country - 30 + rng.random() * 3, 3 * country - 90 + rng.random() * 3


def _mistaken(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, max(2, len(word) - 1))
    return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


def _measure(
    database: Database, question: Callable[[], dict[str, Any]], asked: int, ask: Callable[..., object] = queries.find
) -> dict[str, float]:
    fixed = {"kind": "service", "limit": 20, "prefer": ("en", "fr")} if ask is queries.find else {}
    questions = [{**fixed, **question()} for _ in range(asked)]
    taken, worked = [], []
    with database.hot() as connection:
        for values in questions[:10]:
            ask(connection, **values)
        for values in questions:
            before = time.thread_time()
            taken.append(_timed(lambda v=values: ask(connection, **v)) * 1000)
            worked.append((time.thread_time() - before) * 1000)
    return {"p50": _at(taken, 0.5), "p95": _at(taken, 0.95), "max": _at(taken, 1), "cpu_p50": _at(worked, 0.5),
            "cpu_p95": _at(worked, 0.95), "cpu_max": _at(worked, 1)}  # fmt: skip


def _at(values: list[float], part: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * part))], 2)


def against_gates(result: dict[str, Any]) -> dict[str, str]:
    """Say for each gate how it was met; the gates are for 1,000,000 documents."""
    lines = {}
    for name, (gate, stretch) in GATES[result["engine"]].items():
        p95 = result["ms"][name]["p95"]
        worked = result["ms"][name]["cpu_p95"]
        lines[name] = f"{p95} ms ({worked} worked in this process): {_verdict(p95, gate, stretch)}"
    ratio, build = result["index_ratio"], result["build_s"]
    lines["index"] = f"{ratio} of the text: {_verdict(ratio, 0.65, 0.45)}"
    lines["build"] = f"{build} s ({result['build_cpu_s']} worked in this process): {_verdict(build, 90, 35)}"
    return lines


def _verdict(value: float, gate: float, stretch: float) -> str:
    return f"gate {gate} {'met' if value <= gate else 'MISSED'}, stretch {stretch} {'met' if value <= stretch else 'not met'}"


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Measure search.")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--url", help="an empty database; default: a temporary one")
    parser.add_argument("--json", action="store_true", help="print every figure as JSON")
    given = parser.parse_args(arguments)
    with ExitStack() as stack:
        url = given.url or _temporary(stack, given.engine)
        result = run(given.size, url)
    result["gates"] = against_gates(result)
    print(json.dumps(result, indent=1) if given.json else "\n".join(f"{k:18} {v}" for k, v in result["gates"].items()))
    return 0


def _temporary(stack: ExitStack, engine: str) -> str:
    if engine == "postgresql":
        from tests.services.postgres import postgres

        return stack.enter_context(postgres())
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hearth-bench-"))
    return f"sqlite:///{Path(folder) / 'search.sqlite3'}"


if __name__ == "__main__":
    raise SystemExit(main())
