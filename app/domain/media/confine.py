"""The locks a child process puts on itself before it reads a stranger's bytes; all of them hold on Linux only."""

import contextlib
import ctypes
import os
import resource
import signal
import struct
import sys

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
# System calls that have the same number on every architecture.
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446
# How many rights over files each Landlock version knows; version 4 adds TCP, version 6 signals.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}


def confine(cpu_seconds: int, wall_seconds: float, memory_bytes: int, result_bytes: int, open_files: int) -> list[str]:
    """Take away what a decoder does not need; return the names of the locks that hold.

    Call it after every import and before the first byte of input: afterwards nothing can be opened any more.
    Limits are in seconds and bytes; ``open_files`` is the number of descriptors that are open and stay usable.
    """
    held = ["limits"]
    signal.alarm(int(wall_seconds) + 2)  # a last line, for the case that the parent died and kills nobody
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        held += ["network"] if _leave_network(libc) else []
        held += ["files"] if _close_file_system(libc) else []
    _set_limits(cpu_seconds, memory_bytes, result_bytes, open_files)
    return held


def _set_limits(cpu_seconds: int, memory_bytes: int, result_bytes: int, open_files: int) -> None:
    """Set the limits of the kernel for this process; a limit the system does not know is left out."""
    limits = {
        resource.RLIMIT_CPU: (cpu_seconds, cpu_seconds + 1),
        resource.RLIMIT_AS: (memory_bytes, memory_bytes),
        resource.RLIMIT_FSIZE: (result_bytes, result_bytes),
        resource.RLIMIT_NPROC: (0, 0),
        resource.RLIMIT_CORE: (0, 0),  # a core file would hold the picture
        # Last: no new descriptor means no file, no socket and no pipe, also for a decoder that follows a reference.
        resource.RLIMIT_NOFILE: (open_files, open_files),
    }
    for name, pair in limits.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(name, pair)


def _leave_network(libc: ctypes.CDLL) -> bool:
    """Move into an empty network; a new user namespace makes that possible without root. False where refused."""
    return any(libc.unshare(way) == 0 for way in (_CLONE_NEWUSER | _CLONE_NEWNET, _CLONE_NEWNET))


def _close_file_system(libc: ctypes.CDLL) -> bool:
    """Deny every new access to files, TCP and other processes through Landlock; False where the kernel has none."""
    version = libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    files = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    fields = [files] + ([0b11] if version >= 4 else []) + ([0b11] if version >= 6 else [])
    rules = struct.pack(f"={len(fields)}Q", *fields)
    handle = libc.syscall(_LANDLOCK_CREATE, rules, ctypes.c_size_t(len(rules)), 0)
    if handle < 0:
        return False
    closed: bool = libc.syscall(_LANDLOCK_RESTRICT, handle, 0) == 0
    os.close(handle)
    return closed
