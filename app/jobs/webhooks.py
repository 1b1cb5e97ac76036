"""Send what partners' addresses are owed: in a turn of its own, so that one that hangs holds up no mail and no other job."""

import logging
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from app.core.clock import now
from app.core.db import Database
from app.domain.partners import webhooks
from app.jobs import egress

log = logging.getLogger("hearth.webhooks")
PAUSE_SECONDS = 3.0
AT_A_TIME = 4
GOOD = range(200, 300)


def send_due(database: Database, worker: str, at_most: int = 20, way: egress.Way = egress.PUBLIC) -> int:
    """Send up to ``at_most`` messages, to a few addresses at a time so that a slow one is in nobody's way; return how many came."""
    with database.transaction() as db:
        webhooks.drop_ended(db)
    rounds = iter(range(at_most))  # the turns left, for all together
    with ThreadPoolExecutor(AT_A_TIME, "webhooks") as pool:
        several = [pool.submit(copy_context().run, _send_some, database, worker, rounds, way) for _n in range(AT_A_TIME)]
        return sum(one.result() for one in several)


def _send_some(database: Database, worker: str, rounds: Iterator[int], way: egress.Way) -> int:
    """Send one message after the other, each in transactions of its own, while there are turns left; return how many arrived."""
    arrived = 0
    for _round in rounds:
        with database.transaction() as db:
            claimed = webhooks.claim(db, worker)
        if claimed is None:
            break
        delivery, hook, body = claimed
        outcome, fine = _send(hook.address, hook.secret, str(delivery.id), delivery.event.value, body, way)
        with database.transaction() as db:
            webhooks.note(db, delivery.id, worker, outcome, fine)
        arrived += fine
    return arrived


def _send(address: str, secret: str, number: str, event: str, body: bytes, way: egress.Way) -> tuple[str, bool]:
    headers = {
        "Content-Type": "application/json", "User-Agent": "Hearth", "Hearth-Event": event, "Hearth-Delivery": number,
        "Hearth-Signature": webhooks.signature(secret, int(now().timestamp()), body),
    }  # fmt: skip
    try:
        status = egress.post(address, body, headers, way)
    except egress.Forbidden:
        return "forbidden", False
    except TimeoutError:
        return "too slow", False
    except (ssl.SSLError, OSError) as error:
        log.warning("a webhook waits: %s", type(error).__name__)
        return "certificate" if isinstance(error, ssl.SSLCertVerificationError) else "no answer", False
    return str(status), status in GOOD


def run(database: Database, worker: str, stop: threading.Event) -> None:
    """Send until ``stop`` is set; whatever fails is logged and tried again in the next round."""
    while not stop.is_set():
        try:
            send_due(database, worker)
        except Exception as error:
            log.error("webhook round failed: %s", type(error).__name__, exc_info=error)
        stop.wait(PAUSE_SECONDS)
