"""What the measurements start and end: the floor, our own server, a database of each engine, a member's session."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import sqlalchemy as sa

from app.core import crypto, migrate
from app.core import settings as core_settings
from app.core.clock import now
from app.core.db import Database, checkpoint
from app.core.ids import new_token
from app.domain.accounts.sessions import WORK_LENGTH, idle_time
from app.models.accounts import Member, PhoneMode, SignIn
from app.models.stories import Audience, Story, StoryStatus
from bench import data

ROOT = Path(__file__).parents[1]
START_SECONDS = 60
_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its address, its process, and the member's cookie for our own pages."""

    url: str
    port: int
    pid: int
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Existing addresses of the data: stories that everyone may read, services with a page."""

    stories: list[str]
    services: list[str]


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)  # even when we are killed, nothing of ours stays behind


@contextlib.contextmanager
def child(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process for the length of the block; ended at its end, also on Ctrl-C."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            preexec_fn=_end_with_parent, start_new_session=True,  # noqa: PLW1509 - no threads here
        )  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url, timeout=2, trust_env=False).status_code < 500:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer:\n{log.read_text(errors='replace')[-2000:]}")


@contextlib.contextmanager
def floor(folder: Path, cache: Path = data.CACHE) -> Iterator[Server]:
    """Run the floor; its data is made once."""
    cache.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), folder / "floor.log"
    command = [sys.executable, str(ROOT / "bench" / "floor.py"), "--db", str(cache / "floor.sqlite3"), "--port", str(port)]
    with child(command, {}, log) as process:
        _wait(f"http://127.0.0.1:{port}/hello", process, log)
        yield Server(f"http://127.0.0.1:{port}", port, process.pid)


@contextlib.contextmanager
def ours(database_url: str, folder: Path, member: bool = True) -> Iterator[Server]:
    """Run ``hearth serve`` in production mode, one worker, with secrets made for this run and, if wanted, a member signed in."""
    port, log = free_port(), folder / "ours.log"
    environment = {
        "HEARTH_MODE": "production", "HEARTH_DATABASE_URL": database_url, "HEARTH_DATA_DIR": str(folder / "data"),
        "HEARTH_BASE_URL": f"http://127.0.0.1:{port}", "HEARTH_SECRET_KEY": core_settings.new_secret(),
        "HEARTH_SEAL_KEYS": crypto.new_key(), "HEARTH_SITE_NAME": "Hearth", "HEARTH_COUNTRIES": "SN,GH,JO,NG,AM",
        "HEARTH_MAIL_URL": "console:", "HEARTH_MEDIA_URL": "",
    }  # fmt: skip
    token = sign_in(database_url) if member else ""
    with child([sys.executable, "-m", "app", "serve", "--port", str(port), "--workers", "1"], environment, log) as process:
        _wait(f"http://127.0.0.1:{port}/healthz", process, log)
        yield Server(f"http://127.0.0.1:{port}", port, process.pid, f"hearth={token}")


def sign_in(database_url: str) -> str:
    """Store a session of an ordinary member and return its token."""
    database, token, moment = Database(database_url), new_token(), now()
    with database.transaction() as db:
        member = db.execute(sa.select(Member.__table__.c.id).limit(1).offset(100)).scalar_one()  # type: ignore[attr-defined]
        row = SignIn(
            token_hash=crypto.token_hash(token), member_id=member, device="phone", mode=PhoneMode.ONLY_ME, since=moment,
            seen_at=moment, idle_until=moment + idle_time(PhoneMode.ONLY_ME), ends_at=moment + WORK_LENGTH, proven_at=moment,
        )  # fmt: skip
        db.add(row)
    database.dispose()
    return token


@contextlib.contextmanager
def sqlite(size: data.Size, say: data.Say) -> Iterator[tuple[str, Path]]:
    """Give the address of a fresh copy of the data on SQLite, and its folder; both are gone afterwards."""
    source = data.prepared(size, say)
    with TemporaryDirectory(prefix="hearth-bench-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        shutil.copyfile(source, folder / "data" / "hearth.sqlite3")
        yield f"sqlite:///{folder / 'data' / 'hearth.sqlite3'}", folder


@contextlib.contextmanager
def postgresql(size: data.Size, say: data.Say) -> Iterator[tuple[str, Path]]:
    """Give the address of the same data on a PostgreSQL server of this run; raises PostgresMissing where there is none."""
    from tests.services.postgres import postgres

    source = data.prepared(size, say)
    with postgres() as url, TemporaryDirectory(prefix="hearth-bench-") as name:
        say("copying the data to PostgreSQL …")
        target, old = Database(url), Database(f"sqlite:///{source}")
        migrate.upgrade(target)
        data.copy_to(old, target)
        target.dispose()
        old.dispose()
        (Path(name) / "data").mkdir()
        yield url, Path(name)


def addresses(database_url: str, count: int = 200) -> Addresses:
    """Return addresses spread over the data."""
    database = Database(database_url)
    story: Any = Story.__table__  # type: ignore[attr-defined]
    shown = sa.select(story.c.ref).where(story.c.status == StoryStatus.PUBLISHED, story.c.audience == Audience.EVERYONE)
    service: Any = sa.table("service", sa.column("ref"), sa.column("defunct_on"))
    with database.reading() as db:
        stories = list(db.execute(shown.order_by(story.c.ref).limit(count)).scalars())
        there = sa.select(service.c.ref).where(service.c.defunct_on.is_(None))
        services = list(db.execute(there.order_by(service.c.ref).limit(count)).scalars())
    checkpoint(database)
    database.dispose()
    return Addresses(stories, services)
