"""Send what is owed: one message at a time, each in transactions of its own."""

import logging
import smtplib

from app.core.db import Database
from app.core.settings import Settings
from app.domain.notifications import actions
from app.jobs import mail
from app.models.engine import Delivery, DeliveryState

log = logging.getLogger("hearth.deliveries")


def send_due(database: Database, settings: Settings, worker: str, at_most: int = 50) -> int:
    """Send up to ``at_most`` messages; return how many went out. A killed worker's claim ends with its lease."""
    done = 0
    for _round in range(at_most):
        with database.transaction() as db:
            delivery = actions.claim(db, worker)
        if delivery is None:
            break
        done += _send(database, settings, delivery, worker)
    return done


def _send(database: Database, settings: Settings, delivery: Delivery, worker: str) -> bool:
    worked, for_good = False, False
    try:
        mail.send(delivery, settings)
        worked = True
    except mail.Rejected:
        for_good = True
    except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: an address that no server can be told
        log.warning("mail waits: %s", type(error).__name__)
    _note(database, delivery, worker, worked, for_good)
    return worked


def _note(database: Database, delivery: Delivery, worker: str, worked: bool, for_good: bool) -> None:
    """Write down how it went, unless the lease was lost meanwhile and another worker has it (or has sent it)."""
    with database.transaction() as db:
        row = db.get(Delivery, delivery.id, with_for_update=True)
        if row is None or row.state != DeliveryState.OWED or (row.lease_by != worker and not worked):
            return
        if worked:
            actions.sent(db, row)
        else:
            actions.failed(db, row, for_good)
