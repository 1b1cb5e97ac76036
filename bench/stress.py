"""``hearth stress posts``: many people post at once; afterwards every acknowledged post stands there once, in an unbroken order."""

import json
import sys
from collections import Counter
from contextlib import ExitStack
from typing import Any

import sqlalchemy as sa

from app.core.db import Database
from app.models.groups import Post, PostState, Topic
from bench import groups, posting, servers, talkdata

ACCOUNTS = 8  # of each person: one account alone would soon be asked to wait
_P, _T = Post.__table__, Topic.__table__  # type: ignore[attr-defined]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def posts(people: int, seconds: float, engine: str, *, json_out: bool = False) -> int:
    """Let ``people`` post for so long, a tenth of the forms twice; return 1 when something was lost, twice or refused."""
    with ExitStack() as stack:
        url = stack.enter_context(_postgres()) if engine == "postgresql" else ""
        size = talkdata.Talk(people * ACCOUNTS + 200, 60, 600, 3_000, 400)
        address, folder, there = stack.enter_context(groups.network(size, _say, url, people * ACCOUNTS))
        ours = stack.enter_context(servers.ours(address, folder, member=False))
        _say(f"{people} people post for {seconds:g} s, {engine} …")
        target = posting.Target(ours.port, f"{there.writing}/posts", [f"hearth={t}" for t in there.tokens], posting.form)
        done = posting.post(target, people, seconds, "s", twice=0.1)
        result = _compare(address, there.writing.rsplit("/", 1)[1], done) | {"engine": engine, "people": people}
        result["locked"] = (folder / "ours.log").read_text(errors="replace").count("database is locked")
    bad = [key for key in ("lost", "twice", "out_of_order", "refused", "broken", "locked") if result[key]]
    print(json.dumps(result, indent=1) if json_out else "\n".join(f"{key}: {value}" for key, value in result.items()))
    return 1 if bad or not result["acknowledged"] else 0


def _postgres() -> Any:
    from tests.services.postgres import postgres

    return postgres()


def _compare(address: str, topic: str, done: posting.Done) -> dict[str, Any]:
    """Compare what was acknowledged with what stands in the database."""
    database = Database(address)
    with database.reading() as db:
        topic_id, last = db.execute(sa.select(_T.c.id, _T.c.last_number).where(_T.c.ref == topic)).one()
        rows = db.execute(sa.select(_P.c.body, _P.c.number, _P.c.state).where(_P.c.topic_id == topic_id)).all()
    database.dispose()
    there = Counter(row.body for row in rows)
    numbers = sorted(row.number for row in rows if row.number is not None)
    return {
        "seconds": round(done.seconds, 1), "acknowledged": len(done.acknowledged), "a_second": round(done.rps, 1),
        "lost": sum(text not in there for text in done.acknowledged),
        "twice": sum(count > 1 for body, count in there.items() if body.startswith("sp")),
        "out_of_order": 0 if numbers == list(range(1, last + 1)) else 1,
        "held": sum(row.state == PostState.HELD for row in rows),
        "refused": sum(count for status, count in done.statuses.items() if status != 303), "broken": done.broken,
        "statuses": {str(status): count for status, count in sorted(done.statuses.items())},
        "ms": {"p50": round(done.late(50), 1), "p95": round(done.late(95), 1), "p99": round(done.late(99), 1)},
    }  # fmt: skip
