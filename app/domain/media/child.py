"""What runs in the locked-up process: load one job, lock the doors, read the bytes, do the work, write the answer."""

import errno
import importlib
import json
import os
from typing import IO, Any

from app.domain.media.confine import confine

INPUT, OUTPUT = 0, 1
_OPEN_FILES = 3  # input, output and the silent error stream
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

# Small numbers about the result, and its files in order.
Answer = tuple[dict[str, float], list[bytes]]


class Refuse(Exception):
    """Raised by a job that will not take the bytes; ``code`` is one of the codes of ``refusal``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def main(order_json: str) -> None:
    """Do the job of ``order_json`` (module, cpu, wall, memory, result) and end the process: 0 answered, 3 no answer."""
    done = 3
    try:
        head, parts = _obey(json.loads(order_json))
        _write(head, parts)
        done = 0
    except OSError as problem:
        done = 4 if problem.errno in _NO_ROOM else 3
    finally:
        os._exit(done)  # no goodbye of libraries whose memory a hostile file may have bent


def _obey(order: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Return the head of the answer and its parts; every way a job can fail becomes a code."""
    try:
        job = importlib.import_module(order["module"])
        job.prepare()
    except Exception as problem:
        return {"code": "broken", "why": type(problem).__name__}, []
    held = confine(order["cpu"], order["wall"], order["memory"], order["result"], _OPEN_FILES)
    try:
        numbers, parts = job.work(_read())
    except Refuse as problem:
        return {"code": problem.code, "why": "Refuse", "held": held}, []
    except MemoryError:
        return {"code": "too_heavy", "why": "MemoryError", "held": held}, []
    except Exception as problem:
        return {"code": "unreadable", "why": type(problem).__name__, "held": held}, []
    return {"code": "", "numbers": numbers, "sizes": [len(part) for part in parts], "held": held}, parts


def _read() -> bytes:
    """Return everything that was sent."""
    with os.fdopen(INPUT, "rb", closefd=False) as source:
        return source.read()


def _write(head: dict[str, Any], parts: list[bytes]) -> None:
    """Write one line of JSON and the parts behind it."""
    target: IO[bytes]
    with os.fdopen(OUTPUT, "wb", closefd=False) as target:
        target.write(json.dumps(head).encode() + b"\n")
        target.writelines(parts)
