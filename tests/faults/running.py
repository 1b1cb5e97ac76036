"""The program as it runs for people, a process of its own, and writers who note what was acknowledged."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import crypto
from app.core.db import Database
from app.core.settings import Settings
from app.models.accounts import Member, PhoneMode, SignIn
from app.models.stories import Story, StoryText
from tests.factories import Make
from tests.stories import told

ROOT = Path(__file__).parents[2]
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
_VERSION = re.compile(r'name="row_version"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="row_version"')


@dataclass
class Answer:
    """What came back: status, page, and how long it took (seconds)."""

    status: int
    text: str
    took: float
    headers: dict[str, str]


def wait_until(done: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait for something outside this process; return how long it took. AssertionError when it does not happen."""
    begun = time.monotonic()
    while not done():
        assert time.monotonic() - begun < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - begun


class Server:
    """One `hearth serve` on loopback."""

    def __init__(self, settings: Settings, log: Path) -> None:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("HEARTH_")}, "HEARTH_MODE": "development",
            "HEARTH_DATA_DIR": str(settings.data_dir), "HEARTH_DATABASE_URL": settings.database,
        }  # fmt: skip
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it and return how long it took until it answers (seconds)."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve", "--port", str(self.port)],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        return wait_until(self._answers, 60, f"the server answers ({self._log.read_text()[-2000:]})")

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self._log.read_text()[-4000:]
        try:
            return self.ask("GET", "/healthz").status == 200
        except OSError:
            return False

    def kill(self) -> None:
        """End it as a power cut would: no signal handler, no goodbye."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def ask(self, method: str, path: str, data: dict[str, Any] | None = None, token: str = "", timeout: float = 20) -> Answer:
        """Send one request on a connection of its own. OSError when nothing, or half an answer, comes back."""
        headers = {"Cookie": f"hearth={token}", **(FORM if data is not None else {})}
        begun = time.monotonic()
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as line:
            try:
                line.request(method, path, urlencode(data) if data is not None else None, headers)
                answer = line.getresponse()
                text = answer.read().decode()
            except http.client.HTTPException as error:
                raise ConnectionError("half an answer") from error
            took = time.monotonic() - begun
            return Answer(answer.status, text, took, {k.lower(): v for k, v in answer.getheaders()})


@dataclass
class Writer:
    """Somebody who saves a draft again and again, and remembers what the program said it has."""

    token: str
    ref: str
    acknowledged: dict[int, str] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    answers: list[Answer] = field(default_factory=list)
    version: int = 0

    def form(self, words: str) -> dict[str, Any]:
        """Return what the page of step "write" sends."""
        return {"title": words, "body": words, "language": "en", "row_version": self.version, "once": words}

    def look(self, server: Server) -> bool:
        """Open the page again to learn where the story stands."""
        page = server.ask("GET", f"/my/stories/{self.ref}/write", token=self.token)
        found = _VERSION.search(page.text)
        if page.status == 200 and found:
            self.version = int(found[1] or found[2])
        return page.status == 200

    def save(self, server: Server, words: str) -> Answer:
        """Save these words; note them when the program said "kept"."""
        self.sent.add(words)
        answer = server.ask("POST", f"/my/stories/{self.ref}/write", self.form(words), self.token)
        if answer.status == 303:
            self.version += 1
            self.acknowledged[self.version] = words
        self.answers.append(answer)
        return answer

    def go_on(self, server: Server, stop: threading.Event) -> None:
        """Save until told to stop, or until the server is gone."""
        number = 0
        try:
            while not stop.is_set() and self.look(server):
                while not stop.is_set() and self.save(server, f"{self.ref} {self.version} {number}").status == 303:
                    number += 1
        except OSError:
            return  # what was under way may be there or not: both are right


def writers(make: Make, db: Session, count: int) -> list[Writer]:
    """Return people with a draft each who are signed in by the clock of the machine, where the server lives."""
    result = []
    moment = datetime.now(UTC)
    for _number in range(count):
        member: Member = make.member()
        story = told.draft(db, member)
        token = f"token-{member.id}"
        db.add(SignIn(
            token_hash=crypto.token_hash(token), member_id=member.id, device="phone", mode=PhoneMode.ONLY_ME, since=moment,
            seen_at=moment, idle_until=moment + timedelta(hours=8), ends_at=moment + timedelta(hours=8), proven_at=moment,
            second_factor_at=moment,
        ))  # fmt: skip
        result.append(Writer(token, story.ref, version=story.row_version))
    db.commit()
    return result


def lost_or_half(database: Database, people: list[Writer]) -> list[str]:
    """Return what was acknowledged and is not there, and what is there but was never sent whole."""
    wrong = []
    with database.reading() as db:
        for writer in people:
            story = db.exec(select(Story).where(Story.ref == writer.ref)).one()
            text = db.exec(select(StoryText).where(StoryText.story_id == story.id)).one()
            newest = max(writer.acknowledged, default=0)
            if story.row_version < newest:
                wrong.append(f"{writer.ref}: lost, {story.row_version} < {newest}")
            if text.title != text.body and (text.title, text.body) != (told.TITLE, told.BODY):
                wrong.append(f"{writer.ref}: half")
            if story.row_version in writer.acknowledged and text.body != writer.acknowledged[story.row_version]:
                wrong.append(f"{writer.ref}: other words than those acknowledged")
    return wrong


def run_writers(server: Server, people: list[Writer], stop: threading.Event) -> list[threading.Thread]:
    """Let everybody write at the same time."""
    threads = [threading.Thread(target=w.go_on, args=(server, stop), daemon=True) for w in people]
    for thread in threads:
        thread.start()
    return threads


def whole(database: Database) -> bool:
    """Ask SQLite whether every page and index of the file is in order; PostgreSQL has no such question."""
    if not database.embedded:
        return True
    with database.read_engine.connect() as connection:
        return connection.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
