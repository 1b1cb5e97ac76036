"""Run one named job on a stranger's bytes in a separate, locked-up Python process, and hand back what it made."""

import contextlib
import json
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import app
from app.domain.media.limits import CHILDREN_AT_ONCE, QUEUE_SECONDS, Bounds
from app.domain.media.refusal import refused

log = logging.getLogger(__name__)

_HOME = Path(app.__file__ or ".").resolve().parent.parent
# -I takes no folder, no PYTHON… variable and no personal package in; so the folder of the program is named here.
_START = (
    "import sys; sys.path[:0] = [p for p in sys.argv[2:] if p not in sys.path];"
    "from app.domain.media.child import main; main(sys.argv[1])"
)
_HEAD_BYTES = 4096
_SLOTS = threading.BoundedSemaphore(CHILDREN_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its name, its kind of sentences, the module that does it, and what it may use.

    The module has ``prepare()``, called before the doors are locked, to load all that ``work(data)`` will need.
    ``module`` and ``folder`` (one more place to find it) are always written in code, never taken from a request.
    """

    name: str
    module: str
    bounds: Bounds
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job made: numbers about it, its files in order, and the locks that held while it worked."""

    numbers: dict[str, float]
    parts: list[bytes]
    held: list[str]


def run(job: Job, data: bytes, slots: threading.Semaphore = _SLOTS, patience: float = QUEUE_SECONDS) -> Outcome:
    """Do ``job`` on ``data`` in a child process; raise ``MediaRefused`` for every way it can fail.

    Waits up to ``patience`` seconds for one of ``slots``. Nothing touches a named file: bytes go in and come out
    through anonymous files that vanish with their last descriptor, also when this process is killed.
    """
    if not slots.acquire(timeout=patience):
        raise refused(job.name, "busy")
    try:
        with _anonymous() as source, _anonymous() as result:
            source.write(data)
            source.seek(0)
            code = _run_child(job, source, result)
            outcome = _answer(job, result) if code == "" else code
    except OSError as problem:
        log.warning("media job %s could not start: %s", job.name, type(problem).__name__)
        raise refused(job.name, "no_room") from None
    finally:
        slots.release()
    if isinstance(outcome, str):
        log.info("media job %s refused: %s", job.name, outcome)
        raise refused(job.name, outcome)
    return outcome


def _anonymous() -> IO[bytes]:
    """Return an empty file without a name: in memory where the system can, so that no original reaches a disk."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("media"), "w+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)


def _run_child(job: Job, source: IO[bytes], result: IO[bytes]) -> str:
    """Run the process to its end, or end it; return "" if it left an answer, else a code."""
    bounds = job.bounds
    order = {"module": job.module, "cpu": bounds.cpu, "wall": bounds.wall}
    order |= {"memory": bounds.memory, "result": bounds.result}
    folders = [str(_HOME)] + ([str(job.folder)] if job.folder else [])
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", _START, json.dumps(order), *folders],
        stdin=source,
        stdout=result,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        cwd="/",
        start_new_session=True,
    )
    try:
        in_time = _ended(child, bounds.wall)
    finally:
        _end_group(child)
    return _code_of(child.returncode) if in_time else "too_heavy"


def _environment() -> dict[str, str]:
    """Return the whole environment of a child: nothing but where the system finds Python's own libraries."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return kept | {"LANG": "C.UTF-8"}


def _ended(child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait until ``child`` ends, at most ``seconds``; where possible leave it unburied, so its number stays its own."""
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(child.pid)
        try:
            watch = select.poll()
            watch.register(handle, select.POLLIN)
            return bool(watch.poll(seconds * 1000))
        finally:
            os.close(handle)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=seconds)
    return child.returncode is not None


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """Kill the child with everything it may have started, and bury it."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _code_of(returncode: int) -> str:
    """Translate how the process ended: its own codes of ``child.main``, or the signal that ended it."""
    if returncode in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM):
        return "too_heavy"
    if returncode < 0:  # a decoder that crashed: the file is to blame, not the person's patience
        return "no_room" if returncode == -signal.SIGXFSZ else "unreadable"
    return {0: "", 4: "no_room"}.get(returncode, "broken")


def _answer(job: Job, result: IO[bytes]) -> Outcome | str:
    """Read the answer of a child; it is believed as little as the file it came from."""
    result.seek(0)
    line, found, body = result.read(job.bounds.result + _HEAD_BYTES).partition(b"\n")
    try:
        head = json.loads(line)
        return _unpack(head, body) if found and len(line) <= _HEAD_BYTES else "broken"
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return "broken"


def _unpack(head: dict[str, Any], body: bytes) -> Outcome | str:
    """Return the outcome that ``head`` describes, or the code it carries; ValueError where the two do not fit."""
    if head["code"]:
        return str(head["code"])
    sizes = [int(size) for size in head["sizes"]]
    if min(sizes, default=0) < 0 or sum(sizes) != len(body):
        raise ValueError("sizes")
    parts, place = [], 0
    for size in sizes:
        parts.append(body[place : place + size])
        place += size
    numbers = {str(name): float(value) for name, value in head["numbers"].items()}
    return Outcome(numbers, parts, [str(name) for name in head["held"]])
