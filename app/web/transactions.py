"""The request's transaction: begun and ended here, committed before the answer is sent; a form sent twice has one effect."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session
from starlette.datastructures import FormData

from app.core.clock import now
from app.models.engine import OnceKey
from app.web.forms import posted
from app.web.house import house
from app.web.pages import Page, actor_of
from app.web.sessions import current_actor, member_key

LONGEST = 300  # of a location that is kept
_TABLE = OnceKey.__table__  # type: ignore[attr-defined]


class DoneBefore(Exception):
    """This very form was sent and taken already; ``location`` is where its first result is, ``at`` when it was taken."""

    def __init__(self, location: str, at: datetime) -> None:
        super().__init__(location)
        self.location, self.at = location, at


async def _sent(request: Request) -> FormData | None:
    await current_actor(request)
    return await posted(request) if request.method == "POST" else None


async def _writing(request: Request, sent: Annotated[FormData | None, Depends(_sent)]) -> AsyncIterator[Session]:
    """Wait for the turn on the event loop: whoever waits for it in a thread keeps that thread from whoever has it."""
    async with house(request).writers, contextmanager_in_threadpool(_transaction(request, sent)) as db:
        yield db


@contextmanager
def _transaction(request: Request, sent: FormData | None) -> Iterator[Session]:
    database = house(request).database
    key, attempt = _once_key(request, sent), getattr(request.state, "attempt", None)
    with database.writing() as db, db.begin():
        if attempt:
            attempt.within(db)
        if key:
            _claim(db, key)
        yield db
        if getattr(request.state, "answer_status", 200) >= 400:
            db.rollback()  # the answer says that it was not taken: then nothing of it stays (and the form may be sent again)
            return
        if key:
            _keep(db, key, getattr(request.state, "once_location", None))
    if attempt:
        attempt.counted = True


def _reading(request: Request) -> Iterator[Session]:
    with house(request).database.reading() as db:
        yield db


async def _unremembered(request: Request) -> None:
    request.state.unremembered = True


def _once_key(request: Request, sent: FormData | None) -> str:
    if getattr(request.state, "unremembered", False):
        return ""
    value = sent.get("once") if sent is not None else None
    if not isinstance(value, str) or not value:
        return ""
    parts = "\n".join((member_key(actor_of(request)), request.url.path, value[:64]))
    return hashlib.sha256(parts.encode()).hexdigest()


def _claim(db: Session, key: str) -> None:
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    insert = insert_into(_TABLE).values(key=key, location="", at=now()).on_conflict_do_nothing()
    if db.execute(insert.returning(_TABLE.c.key)).scalar() is None:  # psycopg tells no rowcount of an insert
        found = db.execute(sa.select(_TABLE.c.location, _TABLE.c.at).where(_TABLE.c.key == key)).first()
        raise DoneBefore(found.location or "/" if found else "/", found.at if found else now())


def _keep(db: Session, key: str, location: str | None) -> None:
    if location:
        kept = location if len(location) <= LONGEST else "/"
        db.execute(sa.update(_TABLE).where(_TABLE.c.key == key).values(location=kept))
    else:  # the form was shown again: it may be sent again
        db.execute(sa.delete(_TABLE).where(_TABLE.c.key == key))


async def page_maker(request: Request) -> Page:  # async: a plain function would run in a thread
    """Return what makes this request's answer."""
    return Page(request, house(request).pages)


Db = Annotated[Session, Depends(_writing, scope="function")]
ReadDb = Annotated[Session, Depends(_reading, scope="function")]
Pages = Annotated[Page, Depends(page_maker)]
# For a form of which no row may say that, or when, it was sent; its own rules have to make a second sending harmless.
Unremembered = Depends(_unremembered)
