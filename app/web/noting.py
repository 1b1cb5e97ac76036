"""What is remembered after a page has gone out: it neither delays nor stops it."""

import logging
from collections.abc import Callable

import anyio
import anyio.to_thread
import sqlalchemy as sa
from fastapi import Request
from sqlmodel import Session
from starlette.background import BackgroundTask

from app.core.db import Database
from app.web.house import House, house

log = logging.getLogger("hearth.noting")
LONGEST_WAIT = 5.0  # seconds


def noting(request: Request, change: Callable[[Session], None]) -> BackgroundTask:
    """Return what makes a change after the page, in turn with those who write; what cannot be noted soon is not."""
    return BackgroundTask(_note, house(request), change)


async def _note(home: House, change: Callable[[Session], None]) -> None:
    try:
        with anyio.move_on_after(LONGEST_WAIT):
            async with home.writers:
                await anyio.to_thread.run_sync(_write, home.database, change)
    except (sa.exc.SQLAlchemyError, OSError) as error:
        log.warning("not noted as read: %s", type(error).__name__)


def _write(database: Database, change: Callable[[Session], None]) -> None:
    with database.transaction() as db:
        change(db)
