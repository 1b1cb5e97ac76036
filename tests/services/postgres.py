"""A PostgreSQL database that exists for one test run and is gone afterwards, however the run ends."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

RUNNING = "HEARTH_TEST_POSTGRES"
"""Environment variable: URL of a server that may be used; each `postgres()` then makes its own database there."""

# Speed before durability: the data is thrown away anyway.
SERVER_SETTINGS = (
    "listen_addresses=127.0.0.1",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "checkpoint_timeout=1h",
    "autovacuum=off",
    "jit=off",
    "shared_buffers=64MB",
    "max_connections=100",
)

# The server's keeper reads a pipe that only this process holds. When the pipe closes (end of the tests, Ctrl-C,
# even kill -9) it stops the server and removes the folder. Nobody has to remember to clean up.
KEEPER = """
bin=$1 folder=$2 options=$3
stop() { "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1; rm -rf "$folder"; }
trap stop EXIT
"$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1 &&
  "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -o "$options" start >>"$folder/log" 2>&1 ||
  { tail -n 5 "$folder/log" "$folder/server.log" 2>/dev/null; exit 1; }
echo ready
exec >/dev/null
read -r _
"""


class PostgresMissing(RuntimeError):
    """No PostgreSQL server is installed here, or it cannot be started."""


def postgres_bin() -> Path | None:
    """Say which folder holds the newest `initdb` and `pg_ctl` (Debian keeps them out of PATH), or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Yield the SQLAlchemy URL of an empty UTF-8 database; it is removed at the end.

    Uses the server named by HEARTH_TEST_POSTGRES, else starts one on a free loopback port in its own temporary folder.
    Raises PostgresMissing where there is none to start.
    """
    given = os.environ.get(RUNNING)
    if given:
        with _database(make_url(given)) as url:
            yield url.render_as_string(hide_password=False)
        return
    with server() as url:
        yield url


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start a server and yield the URL of its `postgres` database; stopped and removed at the end.

    PostgreSQL refuses to run as root, so root starts it as the system account `postgres`.
    """
    binaries = postgres_bin()
    if binaries is None:
        raise PostgresMissing("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    account = _account()
    folder = Path(mkdtemp(prefix="hearth-postgres-"))
    if account:
        shutil.chown(folder, account)
    port = _free_port()
    options = " ".join(f"-c {each}" for each in (*SERVER_SETTINGS, f"port={port}", f"unix_socket_directories={folder}"))
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "keeper", str(binaries), str(folder), options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd="/",
        text=True,
        start_new_session=True,  # Ctrl-C in the terminal reaches the tests, not the server
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
        **_as(account),
    )
    try:
        _wait_until_ready(keeper)
        yield URL.create("postgresql+psycopg", "postgres", None, "127.0.0.1", port, "postgres").render_as_string()
    finally:
        keeper.communicate()  # closes the pipe, waits until the keeper has cleaned up


def _wait_until_ready(keeper: subprocess.Popen[str]) -> None:
    assert keeper.stdout is not None
    line = keeper.stdout.readline()
    if line.strip() != "ready":
        raise PostgresMissing(f"PostgreSQL did not start: {line}{keeper.stdout.read()}")


@contextlib.contextmanager
def _database(given: URL) -> Iterator[URL]:
    """Make a database with a random name on a running server; drop it at the end, even with connections open."""
    name = f"hearth_test_{secrets.token_hex(6)}"
    address = given.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
    try:
        yield given.set(database=name)
    finally:
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _account() -> str | None:
    """Name the account to run the server as, or None for the one that runs the tests."""
    return "postgres" if os.geteuid() == 0 else None


def _as(account: str | None) -> dict[str, Any]:
    return {"user": account, "group": account, "extra_groups": []} if account else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
