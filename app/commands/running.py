"""Commands that run the house: migrate, serve, worker, demo, the first coordinator."""

import argparse
import contextlib
import ctypes
import errno
import os
import socket
import sys

from app.commands.opening import LATER, Arguments, Failed, open_database, tell
from app.core import crypto, migrate
from app.core import settings as core_settings
from app.core.settings import Settings

M_ARENA_MAX = -8  # malloc.h


def migrate_command(arguments: Arguments, settings: Settings) -> int:
    """Bring the schema to this release."""
    database = open_database(settings, current=False)
    if migrate.is_newer(database):
        raise Failed(LATER)
    before = migrate.revision(database)
    migrate.upgrade(database)
    tell(arguments, {"from": before, "to": migrate.head()}, f"Schema: {before or 'empty'} → {migrate.head()}")
    return 0


def port(text: str) -> int:
    """Return a port from the command line."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return int(text)


def _check_free(host: str, number: int) -> None:
    """Say before the work that the address cannot be used, rather than after it in the server's own words."""
    family, _kind, _proto, _name, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def _share_memory() -> None:
    """Let all threads take memory from one place (glibc): by default each keeps what it once needed, 15 MB a worker for nothing."""
    with contextlib.suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def serve(arguments: Arguments, settings: Settings) -> int:
    """Serve; with an embedded database migrate first and run the worker beside it."""
    import uvicorn

    from app.jobs import worker

    database = open_database(settings, current=False)
    if migrate.is_newer(database):
        raise Failed(LATER)
    if not migrate.is_current(database):
        if not database.embedded:
            raise Failed("The schema is behind. Run: hearth migrate")
        migrate.upgrade(database)
    try:
        _check_free(arguments.host, arguments.port)
    except OSError as error:
        reason = "another program uses it (choose one with --port)" if error.errno == errno.EADDRINUSE else error.strerror
        raise Failed(f"{arguments.host}:{arguments.port} cannot be used: {reason}.") from None
    _share_memory()
    stop = worker.run_in_background(database, settings) if database.embedded else None
    uvicorn.run(
        "app.main:create_app", factory=True, host=arguments.host, port=arguments.port,
        workers=arguments.workers or settings.workers, access_log=False, log_config=None, server_header=False,
        proxy_headers=bool(settings.trusted_proxies), forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_keep_alive=20, timeout_graceful_shutdown=20,
        limit_concurrency=400, h11_max_incomplete_event_size=32_768,
    )  # fmt: skip
    if stop:
        stop.set()
    return 0


def worker_command(_arguments: Arguments, settings: Settings) -> int:
    """Send what is owed and do what is due, until stopped."""
    from app.jobs import worker

    worker.run_in_foreground(open_database(settings), settings)
    return 0


def demo(arguments: Arguments, settings: Settings) -> int:
    """Prepare a small network with demo content and serve it."""
    from app.jobs import demo as seeding

    settings = seeding.settings_for(arguments.data, arguments.port)
    core_settings.use(settings)
    crypto.set_seal_keys(settings.seals)
    for name, value in seeding.environment(settings).items():
        os.environ[name] = value  # the server process reads them again
    about = seeding.prepare(settings, say=lambda line: print(line, file=sys.stderr))
    tell(arguments, about, seeding.welcome(about))
    sys.stdout.flush()
    if arguments.no_serve:
        return 0
    arguments.host, arguments.workers = "127.0.0.1", 1
    return serve(arguments, settings)
