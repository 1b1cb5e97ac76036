"""Where a read runs: a short one on the event loop for SQLite, in the thread pool for PostgreSQL; a longer one always there."""

from asyncio import get_running_loop
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

import anyio.to_thread
import sqlalchemy as sa
from fastapi import Request

from app.core.db import Database
from app.web.house import house

P = ParamSpec("P")
T = TypeVar("T")


async def read(request: Request, query: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``query(connection, …)``: only bounded reads (below about 5 ms), because they hold the loop on SQLite."""
    database = house(request).database
    if database.embedded:
        return _read(database, query, args, kwargs)
    # Not anyio's threads: a hop into these costs half as much.
    ask = partial(copy_context().run, _read, database, query, args, kwargs)
    return await get_running_loop().run_in_executor(database.readers, ask)


async def read_long(
    request: Request, query: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:  # fmt: skip
    """Run ``query(connection, …)`` where it holds up nobody else, however long it takes."""
    return await anyio.to_thread.run_sync(_read, house(request).database, query, args, kwargs)


def _read(database: Database, query: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    try:
        with database.hot() as connection:
            return query(connection, *args, **kwargs)
    except sa.exc.DBAPIError as error:
        if not error.connection_invalidated:
            raise
    with database.hot() as connection:  # the server was restarted: a read may be asked twice, on a fresh connection
        return query(connection, *args, **kwargs)
