"""Who wants to hear that a listing is said to be wrong: they register here when the program starts."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.models.directory import Why

WRONG: Final = (Why.CLOSED, Why.MOVED)  # of what readers say; flags have the same two words
# Called with the id of a service when somebody says that the listing itself is wrong.
on_wrong: list[Callable[[Session, UUID], None]] = []
