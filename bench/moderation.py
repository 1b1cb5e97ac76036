"""The desk with a long queue, and a storm of flags on one thing. Cases are made up; on SQLite, as in a small network.

The page is asked of the application in this process, so that its statements can be counted; times are on the wall.
"""

import asyncio
import logging
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import sqlalchemy as sa

from app.core import crypto, migrate
from app.core import settings as core_settings
from app.core.clock import now
from app.core.db import Database, checkpoint
from app.core.ids import new_id, new_ref, new_token
from app.domain.accounts.sessions import WORK_LENGTH, idle_time
from app.domain.actor import GUEST, Actor
from app.domain.moderation import actions, filing
from app.domain.moderation.rules import Choice
from app.models.accounts import Answer, Member, PhoneMode, Role, RoleGrant, SignIn
from app.models.directory import Feed, Service
from app.models.moderation import Case, CaseKind, CaseState, Decision, Flag, Outcome, Priority
from bench.pages import _counting
from bench.report import Figure

FULL, QUICK = (100_000, 1_000_000), (2_000, 20_000)  # open, closed
STORM, ASKED, CHUNK = 5_000, 60, 5_000
BASE = "http://127.0.0.1:8000"
PAGES = {
    "first page": "/desk", "only flags": "/desk?kind=flag", "only a kind that nobody waits for": "/desk?kind=appeal",
    "page 100": "/desk?page=100",
}  # fmt: skip
Say = Callable[[str], None]


def figures(quick: bool, say: Say) -> list[Figure]:
    """Fill a database, ask for the pages of the desk, let a storm of flags come."""
    with TemporaryDirectory(prefix="hearth-bench-") as name:
        url = f"sqlite:///{Path(name) / 'hearth.sqlite3'}"
        settings = core_settings.Settings(mode="development", data_dir=Path(name), database_url=url, base_url=BASE)
        core_settings.use(settings)
        crypto.set_seal_keys(settings.seals)
        database = Database(url)
        try:
            migrate.upgrade(database)
            cookie, coordinator = _people(database)
            size = QUICK if quick else FULL
            say(f"{size[0]} open and {size[1]} closed cases …")
            fill(database, *size)
            checkpoint(database)
            say("the desk …")
            found = asyncio.run(_ask(settings, cookie))
            say(f"{STORM} flags on one thing …")
            return found + _storm(database, coordinator, 500 if quick else STORM)
        finally:
            database.dispose()


def _people(database: Database) -> tuple[str, Actor]:
    """Make a coordinator who is signed in; return the cookie and who acts."""
    token, moment = new_token(), now()
    with database.transaction() as db:
        member = Member(name="Bench", name_key="bench", joined_on=moment.date(), seen_on=moment.date())
        db.add(member)
        db.flush()
        db.add(RoleGrant(
            member_id=member.id, role=Role.COORDINATOR, from_on=moment.date(), until_on=moment.date() + timedelta(days=90)
        ))  # fmt: skip
        db.add(SignIn(
            token_hash=crypto.token_hash(token), member_id=member.id, device="phone", mode=PhoneMode.ONLY_ME, since=moment,
            seen_at=moment, idle_until=moment + idle_time(PhoneMode.ONLY_ME), ends_at=moment + WORK_LENGTH, proven_at=moment,
            second_factor_at=moment,
        ))  # fmt: skip
        return token, Actor(member.id, member.name, roles=frozenset({Role.COORDINATOR}), second_factor=True)


def fill(database: Database, waiting: int, closed: int) -> None:
    """Make cases of every kind that a flag can open: one flag each, and one decision for each that is closed."""
    kinds, priorities = (CaseKind.FLAG, CaseKind.STORY, CaseKind.TALK, CaseKind.CORRECTION), tuple(Priority)
    begun = now() - timedelta(days=300)
    for start in range(0, waiting + closed, CHUNK):
        cases, flags, decisions = [], [], []
        for n in range(start, min(start + CHUNK, waiting + closed)):
            case_id, is_open = new_id(), n >= closed
            opened = now() - timedelta(minutes=n % 4_000) if is_open else begun + timedelta(seconds=n)
            cases.append({
                "id": case_id, "ref": f"c{n:011d}", "kind": kinds[n % 4], "priority": priorities[n % 4], "subject_kind": "story",
                "state": CaseState.OPEN if is_open else CaseState.CLOSED, "subject_id": new_id(), "about_id": new_id(),
                "opened_at": opened, "due_at": opened + timedelta(hours=72), "row_version": 1, "findings": {},
                "claimed_by": None, "claimed_until": None, "snapshot": None,
            })  # fmt: skip
            flags.append({
                "id": new_id(), "case_id": case_id, "reason": "spam", "language": "en", "on": opened.date(), "answer_params": {},
                "answered_on": None if is_open else opened.date(), "receipt_hash": None,
            })  # fmt: skip
            if not is_open:
                decisions.append({
                    "id": new_id(), "case_id": case_id, "decided_by": new_id(), "at": opened, "outcome": Outcome.KEEP,
                    "machine_helped": False, "case_version": 1, "ref": f"d{n:011d}", "rule_words": {},
                })  # fmt: skip
        with database.transaction() as db:
            for table, rows in ((Case, cases), (Flag, flags), (Decision, decisions)):
                if rows:
                    db.execute(sa.insert(table), rows)


async def _ask(settings: Any, token: str) -> list[Figure]:
    from app.main import create_app

    logging.getLogger("hearth.access").setLevel(logging.WARNING)
    app = create_app(settings)
    engines = [app.state.house.database.read_engine, app.state.house.database.write_engine]
    found = []
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE, trust_env=False, cookies={"hearth": token}) as client:
        for name, path in PAGES.items():
            await client.get(path)
            with _counting(engines) as seen:
                answer = await client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            times = []
            for _n in range(ASKED):
                begun = time.perf_counter()
                await client.get(path)
                times.append((time.perf_counter() - begun) * 1000)
            found.append(Figure("M1", f"desk, {name}, statements", len(seen), 10, None, ""))
            p95 = round(statistics.quantiles(times, n=20)[-1], 1)
            found.append(Figure("M2", f"desk, {name}, p95", p95, 60, None, "ms", note=f"median {statistics.median(times):.1f} ms"))
    return found


def _storm(database: Database, coordinator: Actor, many: int) -> list[Figure]:
    """Flag one listing again and again, then decide it once."""
    with database.transaction() as db:
        feed = Feed(name="bench")
        db.add(feed)
        db.flush()
        today = now().date()
        service = Service(
            name="One", last_modified=1, ref=new_ref(), feed_id=feed.id, foreign_id="1", content_hash="", imported_on=today,
            verify_due=today, id=new_id(),
        )  # fmt: skip
        db.add(service)
        db.flush()
        case = filing.open_case(db, CaseKind.CORRECTION, "service", service.id, None)
        ref = case.ref
    begun = time.perf_counter()
    with database.transaction() as db:
        for _n in range(many):
            actions.flag(db, GUEST, "service", service.ref, "other", "")
    flagging = (time.perf_counter() - begun) * 1000 / many
    with database.transaction() as db:
        cases = db.execute(sa.select(sa.func.count()).select_from(Case).where(sa.column("subject_id") == service.id)).scalar_one()
        opened = actions.open_case(db, coordinator, ref)
        begun = time.perf_counter()
        actions.decide(db, coordinator, ref, Choice(Outcome.KEEP, opened.row_version))
        deciding = (time.perf_counter() - begun) * 1000
        told = db.execute(sa.select(sa.func.count()).select_from(Answer)).scalar_one()
    return [
        Figure("M3", f"{many} flags on one thing, cases", cases, 1), Figure("M3", "and messages to members", told, 0),
        Figure("M3", "a flag of the storm", round(flagging, 2), None, None, "ms"),
        Figure("M3", "deciding it, all answered", round(deciding, 1), None, None, "ms"),
    ]  # fmt: skip
