"""A job for the locked-up process that misbehaves as its input says; it shows which doors are really locked."""

import contextlib
import errno
import json
import os
import signal
import socket
from pathlib import Path

from app.domain.media.child import OUTPUT, Answer, Refuse


def prepare() -> None:
    """Load nothing more: what these jobs need is imported above."""


def work(data: bytes) -> Answer:
    """Do what the first word of ``data`` names."""
    name, _, rest = data.decode().partition(" ")
    return {
        "echo": lambda: ({"length": len(rest)}, [rest.encode(), b""]),
        "refuse": lambda: _refuse(rest),
        "hang": _hang,
        "spin": _spin,
        "eat": lambda: ({}, [bytes(4 << 30)]),
        "flood": lambda: ({}, [bytes(8 << 20)]),
        "crash": _crash,
        "look": lambda: _look(json.loads(rest)),
        "lie": lambda: _lie(rest),
    }[name]()


def _refuse(code: str) -> Answer:
    raise Refuse(code)


def _hang() -> Answer:
    with contextlib.suppress(OSError):
        os.fork()  # where the kernel allows it, a second process that hangs as well
    while True:
        signal.pause()


def _spin() -> Answer:
    while True:
        pass


def _crash() -> Answer:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}, []


def _lie(text: str) -> Answer:
    """Answer past the protocol, as a decoder would that a file has taken over."""
    os.write(OUTPUT, text.encode())
    os._exit(0)


def _look(targets: dict[str, str]) -> Answer:
    """Try to see what a job must not see; tell what could be seen."""
    seen = {"environment": dict(os.environ), "folder": str(Path.cwd()), "limited": _error_of(targets["file"])}
    os.close(2)  # now the count of descriptors leaves room for one, and only the deeper locks are left
    seen["file"] = _error_of(targets["file"]) == ""
    seen["parent"] = _error_of(f"/proc/{os.getppid()}/environ") == ""
    for name, kind in (("tcp", socket.SOCK_STREAM), ("udp", socket.SOCK_DGRAM)):
        with socket.socket(type=kind) as line:
            seen[name] = line.connect_ex(("127.0.0.1", int(targets["port"]))) == 0
    return {}, [json.dumps(seen).encode()]


def _error_of(path: str) -> str:
    """Return the name of the error that opening ``path`` gives, "" if it opens."""
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError as problem:
        return errno.errorcode[problem.errno or 0]
    return ""
