"""The locked-up process: what it may use, what it can see, and how every bad end becomes a clear refusal."""

import json
import logging
import os
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.media import sandbox
from app.domain.media.limits import MEGABYTE, Bounds
from app.domain.media.refusal import MediaRefused
from app.domain.media.sandbox import Job, run

ROOT = Path(__file__).parents[2]
BOUNDS = Bounds(wall=20.0, cpu=10, memory=256 * MEGABYTE, result=MEGABYTE)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Every test has its own folder for temporary files, and must leave it empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def job(bounds: Bounds = BOUNDS, module: str = "tests.media.jobs") -> Job:
    """Return the misbehaving job with ``bounds``."""
    return Job("picture", module, bounds, folder=ROOT)


def code_of(data: bytes, bounds: Bounds = BOUNDS, module: str = "tests.media.jobs") -> str:
    """Return the code with which ``data`` is refused."""
    with pytest.raises(MediaRefused) as caught:
        run(job(bounds, module), data)
    assert caught.value.sentence.endswith(".")
    assert "%" not in caught.value.sentence
    return caught.value.code


def test_numbers_and_parts_come_back() -> None:
    made = run(job(), b"echo hello")
    assert made.numbers == {"length": 5.0}
    assert made.parts == [b"hello", b""]
    assert "limits" in made.held


@pytest.mark.parametrize("missing", [("memfd_create",), ("pidfd_open",), ("memfd_create", "pidfd_open")])
def test_works_on_systems_without_linux_extras(missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in missing:
        monkeypatch.delattr(os, name)
    assert run(job(), b"echo hello").parts[0] == b"hello"
    assert code_of(b"hang", Bounds(wall=1.0, cpu=10, memory=256 * MEGABYTE, result=MEGABYTE)) == "too_heavy"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Return a list that fills with every child process that is started."""
    children: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            children.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return children


def test_a_job_that_hangs_is_ended_with_all_it_started(started: list[subprocess.Popen[bytes]]) -> None:
    assert code_of(b"hang", Bounds(wall=1.5, cpu=10, memory=256 * MEGABYTE, result=MEGABYTE)) == "too_heavy"
    assert [child.returncode for child in started] == [-signal.SIGKILL]
    alive = [stat for stat in _stats() if int(stat[2]) == started[0].pid and stat[0] != "Z"]
    assert alive == []


def _stats() -> list[list[str]]:
    """Return state, parent, process group and so on of every process."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            found.append(place.read_text().rpartition(")")[2].split())
        except OSError:
            continue
    return found


def test_a_job_that_computes_forever_is_ended_by_its_count_of_cpu(started: list[subprocess.Popen[bytes]]) -> None:
    assert code_of(b"spin", Bounds(wall=20.0, cpu=1, memory=256 * MEGABYTE, result=MEGABYTE)) == "too_heavy"
    assert [child.returncode for child in started] == [-signal.SIGXCPU]


def test_a_job_that_eats_memory_is_refused() -> None:
    assert code_of(b"eat") == "too_heavy"


def test_a_result_beyond_its_limit_is_refused() -> None:
    assert code_of(b"flood") == "no_room"


def test_a_crash_of_a_decoder_is_refused() -> None:
    assert code_of(b"crash") == "unreadable"


def test_a_job_that_cannot_be_loaded_is_our_fault_and_says_so() -> None:
    assert code_of(b"", module="tests.media.absent") == "broken"


def test_an_unknown_error_is_never_shown_as_a_program_error() -> None:
    assert code_of(b"unheard-of") == "unreadable"


@pytest.mark.parametrize("code", ["too_many_pixels", "unreadable"])
def test_codes_of_a_job_arrive(code: str) -> None:
    assert code_of(b"refuse " + code.encode()) == code


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "no json\n",
        "[]\n",
        '{"code": ""}\n',
        '{"code": "", "numbers": {}, "sizes": [5], "held": []}\nab',
        '{"code": "", "numbers": {}, "sizes": [-2, 4], "held": []}\nab',
        '{"code": "", "numbers": {"width": "wide"}, "sizes": [], "held": []}\n',
        '{"code": "<script>"}\n',
        "[" * 4000 + "\n",
        '{"code": "' + "x" * 5000 + '"}\n',
    ],
)
def test_a_child_that_lies_is_not_believed(answer: str) -> None:
    assert code_of(b"lie " + answer.encode()) == "broken"


def test_the_child_sees_no_secret_no_file_and_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HEARTH_SECRET_KEY", "canary-of-the-parent")
    monkeypatch.setenv("PYTHONPATH", "/canary-path")
    private = tmp_path / "stories.db"
    private.write_text("private")
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = {"file": str(private), "port": str(server.getsockname()[1])}
        made = run(job(), b"look " + json.dumps(asked).encode())
    seen = json.loads(made.parts[0])
    assert "canary" not in made.parts[0].decode()
    assert set(seen["environment"]) <= {"LANG", "LC_CTYPE", "LD_LIBRARY_PATH"}
    assert seen["folder"] == "/"
    assert seen["limited"] == "EMFILE"
    # The deeper locks hold exactly where the kernel has them, and the job says so truly.
    assert seen["file"] is ("files" not in made.held)
    assert not (seen["parent"] and {"files", "network"} & set(made.held))
    assert seen["udp"] is ("network" not in made.held)
    assert not (seen["tcp"] and "network" in made.held)


def test_at_most_two_children_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most = 0, 0
    guard, pair = threading.Lock(), threading.Barrier(2)

    def slow(*_: object) -> str:
        nonlocal inside, most
        with guard:
            inside += 1
            most = max(most, inside)
        pair.wait(timeout=10)  # two must be inside together, else this breaks
        with guard:
            inside -= 1
        return "unreadable"

    monkeypatch.setattr(sandbox, "_run_child", slow)
    codes: list[str] = []

    def one() -> None:
        try:
            run(job(), b"echo")
        except MediaRefused as problem:
            codes.append(problem.code)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert codes == ["unreadable"] * 8
    assert most == 2


def test_too_many_waiting_are_told_to_come_back_and_places_are_given_back() -> None:
    slots = threading.BoundedSemaphore(1)
    with slots, pytest.raises(MediaRefused) as caught:
        run(job(), b"echo", slots=slots, patience=0.0)
    assert caught.value.code == "busy"
    for data in (b"refuse unreadable", b"crash"):
        with pytest.raises(MediaRefused, match="unreadable"):
            run(job(), data, slots=slots, patience=0.0)
    assert run(job(), b"echo x", slots=slots, patience=0.0).parts[0] == b"x"
    assert slots.acquire(blocking=False)


def test_no_room_for_the_input_is_a_clear_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sandbox, "_anonymous", full)
    assert code_of(b"echo") == "no_room"


def test_the_log_names_the_reason_and_nothing_of_the_file(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert code_of(b"unheard-of canary-of-the-file") == "unreadable"
    assert "unreadable" in caplog.text
    assert "canary" not in caplog.text
