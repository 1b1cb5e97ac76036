"""A look into the database that holds no lock while the application works."""

from collections.abc import Callable
from typing import Any

import pytest

from app.core.db import Database


@pytest.fixture
def peek(database: Database) -> Callable[..., list[Any]]:
    """``peek(select(Member))`` returns all rows as they are now; a text is sent as it is."""

    def look(statement: Any) -> list[Any]:
        with database.reading() as session:
            if isinstance(statement, str):
                return list(session.connection().exec_driver_sql(statement).all())
            return list(session.exec(statement).all())

    return look
