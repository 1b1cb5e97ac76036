"""The guide for partners is true: its lines and its program are run against a server, in their order."""

import os
import re
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import uvicorn
from fastapi import FastAPI

from app.domain.partners import batches, checking, sheets, webhooks
from app.models.partners import Partner
from app.web import body, limits
from tests.partners.conftest import Program

GUIDE = (Path(__file__).parents[2] / "docs" / "partner-api.md").read_text(encoding="utf-8")
BASE = "http://127.0.0.1:8000"
LINES = [
    line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
    for line in re.split(r"\n(?=curl)", block.strip()) if line.startswith("curl")
]  # fmt: skip
CHECK, PROGRAM = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """The program of this process behind a real port."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


def asked_by(line: str, key: str) -> tuple[str, str, dict[str, str], str | None]:
    """Return method, address, headers and body of a line with curl."""
    words = shlex.split(line.replace("\\\n", " ").replace("$KEY", key))
    assert words.pop(0) == "curl"
    method, address, headers, data = "", "", dict[str, str](), None
    while words:
        match words.pop(0):
            case "-X":
                method = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-d":
                data = words.pop(0)
            case word:
                assert word.startswith(BASE), word
                address = word
    return method or "GET", address, headers, data


def test_every_line_works_in_its_order(trusted: Partner, program: Callable[..., Program], address: str) -> None:
    key = program(trusted).headers["Authorization"].split()[1]
    told: list[Any] = []
    for line in LINES:
        method, where, headers, data = asked_by(line, key)
        answer = httpx.request(method, where.replace(BASE, address), headers=headers, content=data)
        assert answer.status_code in (200, 201), (line, answer.text)
        told.append(answer.json())
    assert [one.get("result") for one in told] == [None, "created", "created", "verified", None, None, "deleted", None]
    assert [(one["id"], one["state"]) for one in told[4]["services"]] == [("sewing", "fresh")]
    assert [one["result"] for one in told[-1]["results"]] == ["updated", "refused", "verified"]


def test_the_program_runs(trusted: Partner, program: Callable[..., Program], address: str) -> None:
    mine = program(trusted)
    environment = {**os.environ, "HEARTH": address, "KEY": mine.headers["Authorization"].split()[1]}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.splitlines(), done.stderr) == (["tea created", "bad refused /status"], "")
    assert [one["id"] for one in mine.get("/services").json()["services"]] == ["tea"]


def test_the_check_of_a_signature_is_right() -> None:
    names: dict[str, Any] = {}
    exec(CHECK, names)
    ours = webhooks.signature("secret", 1_000_000, b'{"a": 1}')
    assert names["is_ours"]("secret", ours, b'{"a": 1}', now=1_000_100)
    assert not names["is_ours"]("secret", ours, b'{"a": 2}', now=1_000_100)
    assert not names["is_ours"]("secret", ours, b'{"a": 1}', now=1_001_000)
    assert not names["is_ours"]("other", ours, b'{"a": 1}', now=1_000_100)


def test_the_numbers_in_it_are_the_programs() -> None:
    assert f"Up to {batches.MOST} items and {body.BATCH_LIMIT // 1024 // 1024} MB" in GUIDE
    assert f"more than {limits.PARTNER_KEY.times} requests a minute" in GUIDE
    assert limits.PARTNER_KEY.seconds == 60
    assert f"at most {sheets.MOST_ROWS} rows" in GUIDE
    assert webhooks.LAST_TRY == 8
    assert all(f"`{state}`" in GUIDE for state in ("waiting", "never", "fresh", "due", "old", "declined", "defunct"))
    assert checking.MOST_PROBLEMS >= 50
