"""The demo as a program of its own: started once for all journeys, reached over loopback, ended by its own id."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from app.core import clock, crypto
from app.core import settings as core_settings
from app.core.clock import now
from app.core.db import Database
from app.core.settings import Settings
from app.domain import wiring
from app.domain.accounts.sessions import WORK_LENGTH, idle_time
from app.domain.moderation import timed
from app.domain.stories import actions as stories
from app.jobs import demo as seeding
from app.models.accounts import Answer, Member, PhoneMode, SignIn

ROOT = Path(__file__).parents[2]
NEUTRAL = "http://neutral.test/"
PATIENCE = 300  # seconds for the demo to be ready on a busy machine


@dataclass
class House:
    """The running demo: where it answers, who has which key, and its database for what only time could bring about."""

    base: str
    folder: Path
    settings: Settings
    neutral_port: int
    people: list[dict[str, str]] = field(default_factory=list)

    def key(self, name: str) -> str:
        """Return the key of a demo member."""
        return next(one["key"] for one in self.people if one["name"] == name)

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement on the database of the demo."""
        with closing(sqlite3.connect(self.settings.data_dir / "hearth.sqlite3", timeout=60)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def sign_in(self, name: str, proven: bool = True) -> dict[str, Any]:
        """Return a cookie with which a browser is signed in as this person."""
        token, moment = f"journey-{os.urandom(12).hex()}", now()
        database = Database(self.settings.database)
        with database.transaction() as db:
            member = db.execute(Member.__table__.select().where(Member.__table__.c.name == name)).one()  # type: ignore[attr-defined]
            db.add(SignIn(
                token_hash=crypto.token_hash(token), member_id=member.id, device="phone", mode=PhoneMode.SHARED, since=moment,
                seen_at=moment, idle_until=moment + idle_time(PhoneMode.SHARED), ends_at=moment + WORK_LENGTH,
                proven_at=moment if proven else moment.replace(year=2020), second_factor_at=None,
            ))  # fmt: skip
        database.dispose()
        return {"name": "hearth", "value": token, "url": self.base}

    def publish_due(self, moment: datetime) -> int:
        """Let the job that shows approved stories run as if it were ``moment``."""
        database = Database(self.settings.database)
        with clock.at(moment), database.transaction() as db:
            shown = stories.publish_due(db, moment)
        self._told_now(database)
        database.dispose()
        return shown

    def end_decisions(self, moment: datetime) -> tuple[int, int]:
        """Let the job that ends decisions run as if it were ``moment``: how much is shown again, how much is deleted."""
        database = Database(self.settings.database)
        with clock.at(moment):
            done = timed.run(database)
        self._told_now(database)
        database.dispose()
        return done

    def _told_now(self, database: Database) -> None:
        """What was told in a time to come stands among the answers of today: other journeys of the same people read them too."""
        table, today = Answer.__table__, now()  # type: ignore[attr-defined]
        with database.transaction() as db:
            db.execute(table.update().where(table.c.at > today).values(at=today))

    def fetch(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Ask without a browser; return status, headers (small letters) and body."""
        request = urllib.request.Request(self.base + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


class _Neutral(BaseHTTPRequestHandler):
    """The page after Leave; it stands for every host that is not ours."""

    def do_GET(self) -> None:
        """Answer with a page about the weather."""
        body = b"<!doctype html><html lang=en><title>Weather</title><link rel=icon href=data:,><h1>Cloudy</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def neutral() -> Iterator[int]:
    """Serve the neutral page on a port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Neutral)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def running(folder: Path, neutral_port: int) -> Iterator[House]:
    """Start ``hearth demo`` and end it again."""
    port, log = free_port(), folder / "demo.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEARTH_")}
    environment |= {"HEARTH_LEAVE_URLS": NEUTRAL, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "app", "demo", "--data", str(folder / "data"), "--port", str(port)]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env=environment)
        try:
            _wait(server, f"http://127.0.0.1:{port}/readyz", log)
            settings = seeding.settings_for(folder / "data", port)
            core_settings.use(settings)
            crypto.set_seal_keys(settings.seals)
            wiring.connect()
            told = json.loads((folder / "data" / "demo.json").read_text(encoding="utf-8"))
            yield House(f"http://127.0.0.1:{port}", folder, settings, neutral_port, told["accounts"])
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(server: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    """Ask until the demo answers; a demo that has ended says why."""
    end = time.monotonic() + PATIENCE
    pause = threading.Event()
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            pause.wait(0.2)
    raise AssertionError(f"The demo did not start:\n{log.read_text(errors='replace')[-3000:]}")
