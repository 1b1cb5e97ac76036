"""The worker: sends what is owed and does what is due, until it is told to stop."""

import logging
import os
import secrets
import signal
import threading

from app.core.db import Database
from app.core.settings import Settings
from app.jobs import deliveries, periodic, webhooks

log = logging.getLogger("hearth.worker")
PAUSE_SECONDS = 3.0


def turn(database: Database, settings: Settings, name: str) -> None:
    """Do one round; whatever fails is logged and tried again in the next one (a database that is away, a full disk)."""
    for step in (lambda: deliveries.send_due(database, settings, name), lambda: periodic.run_due(database, settings)):
        try:
            step()
        except Exception as error:
            log.error("worker round failed: %s", type(error).__name__, exc_info=error)


def fetch(database: Database, settings: Settings, stop: threading.Event) -> None:
    """Fetch lists that are due until ``stop`` is set."""
    while not stop.is_set():
        try:
            periodic.run_due(database, settings, periodic.APART)
        except Exception as error:
            log.error("fetching lists failed: %s", type(error).__name__, exc_info=error)
        stop.wait(PAUSE_SECONDS)


def run(database: Database, settings: Settings, stop: threading.Event) -> None:
    """Work until ``stop`` is set."""
    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    # A thread of its own, ended with the process: a receiver that hangs must not hold up the end either.
    threading.Thread(target=webhooks.run, args=(database, name, stop), name="webhooks", daemon=True).start()
    # Lists are fetched in another one: one that is slow, or large, holds up nothing else.
    threading.Thread(target=fetch, args=(database, settings, stop), name="lists", daemon=True).start()
    while not stop.is_set():
        turn(database, settings, name)
        stop.wait(PAUSE_SECONDS)


def run_in_foreground(database: Database, settings: Settings) -> None:
    """Work until a signal comes; what is in hand is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log.info("worker is up")
    run(database, settings, stop)


def run_in_background(database: Database, settings: Settings) -> threading.Event:
    """Work in a thread beside the server (embedded database, one process); set the event to end it."""
    stop = threading.Event()
    threading.Thread(target=run, args=(database, settings, stop), name="worker", daemon=True).start()
    return stop
