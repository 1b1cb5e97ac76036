"""Send what is owed: one message at a time, each in transactions of its own."""

import logging
import smtplib

from app.core.db import Database
from app.core.settings import Settings
from app.domain.notifications import actions
from app.jobs import mail

log = logging.getLogger("hearth.deliveries")


def send_due(database: Database, settings: Settings, worker: str, at_most: int = 50) -> int:
    """Send up to ``at_most`` messages; return how many went out. A killed worker's claim ends with its lease."""
    done = 0
    for _round in range(at_most):
        with database.transaction() as db:
            delivery = actions.claim(db, worker)
        if delivery is None:
            break
        try:
            mail.send(delivery, settings)
        except mail.Rejected:
            _note(database, delivery, worked=False, for_good=True)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail waits: %s", type(error).__name__)
            _note(database, delivery, worked=False)
        else:
            _note(database, delivery, worked=True)
            done += 1
    return done


def _note(database: Database, delivery: "object", worked: bool, for_good: bool = False) -> None:
    with database.transaction() as db:
        row = db.merge(delivery)
        if worked:
            actions.sent(db, row)  # type: ignore[arg-type]
        else:
            actions.failed(db, row, for_good)  # type: ignore[arg-type]
