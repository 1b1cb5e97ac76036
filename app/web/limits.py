"""Rate limits that hold across processes: counts in the database under keyed hashes, never addresses."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from fastapi import Request
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.core import crypto
from app.core.clock import now
from app.core.db import Database
from app.core.errors import TooMany
from app.core.i18n import _
from app.models.engine import Tries
from app.web.house import house

_TABLE = Tries.__table__  # type: ignore[attr-defined]

_ADD: dict[str, Any] = {
    name: insert(_TABLE).values(key=sa.bindparam("key"), window_start=sa.bindparam("window_start"), count=1)
    .on_conflict_do_update(index_elements=["key"], set_={"count": _TABLE.c.count + 1}).returning(_TABLE.c["count"])
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``times`` within ``seconds``, counted in whole windows."""

    name: str
    times: int
    seconds: int


# 30 honest people may share one carrier address (A26): limits per address are generous, per account strict.
ENTER_ADDRESS = Limit("enter-address", 60, 600)
JOIN_ADDRESS = Limit("join", 30, 3600)
SECOND_FACTOR = Limit("second-factor", 10, 600)
FLAG_ADDRESS = Limit("flag", 30, 3600)
QUESTION_ADDRESS = Limit("question", 20, 3600)
WHY_ADDRESS = Limit("why", 10, 86_400)  # many phones share an address; one person who taps all day is not many people
WORD_ADDRESS = Limit("word", 30, 3600)  # not that of flags: words about somebody never keep anybody from telling us
UPLOAD_MEMBER = Limit("upload", 40, 3600)
TALK_FILE_MEMBER = Limit("talk-file", 40, 86_400)  # voices and pictures in groups: each costs seconds of work
HELP_MEMBER = Limit("group-help", 5, 86_400)  # every try; of those that are taken, one in thirty days
WRITE_MEMBER = Limit("write", 300, 3600)
POST_MEMBER = Limit("post", 120, 600)  # every try; of posts that are taken, 60 in ten minutes
RECEIPT_ADDRESS = Limit("receipt", 60, 600)
PARTNER_KEY = Limit("partner-key", 600, 60)
PARTNER_WRONG = Limit("partner-wrong", 60, 600)


@dataclass(slots=True)
class Attempt:
    """A try that is counted with the change it leads to; one that leads to none is counted by itself (``alone``).

    Two transactions for every post would cost as much again as the post.
    """

    limit: Limit
    key: str
    counted: bool = False

    def within(self, db: Session) -> None:
        """Count it in the transaction of the change; raise TooMany above the limit."""
        _refuse_above(self.limit, _add(db, self.key, self.limit))

    def alone(self, database: Database) -> None:
        """Count it in a transaction of its own, so that it stays after a refusal."""
        with database.transaction() as db:
            _add(db, self.key, self.limit)


def attempt(request: Request, limit: Limit, who: str) -> Attempt:
    """Begin a try of ``who``: the request's transaction counts it (see ``web.transactions``)."""
    found = request.state.attempt = Attempt(limit, _key(house(request).settings.secret, limit, who))
    return found


def spend(request: Request, limit: Limit, who: str | None = None) -> None:
    """Count one try for ``who`` (an account's hash, a locator; without it the address); raise TooMany above the limit."""
    home = house(request)
    _refuse_above(limit, count(home.database, home.settings.secret, limit, who if who is not None else address(request)))


def _refuse_above(limit: Limit, seen: int) -> None:
    if seen > limit.times:
        left = limit.seconds - int(now().timestamp()) % limit.seconds
        raise TooMany(_("Too many tries. Wait a little and try again."), wait=left)


def count(database: Database, secret: bytes, limit: Limit, who: str) -> int:
    """Add one and return how many there are in this window; a transaction of its own, so that it stays after a refusal."""
    with database.transaction() as db:
        return _add(db, _key(secret, limit, who), limit)


def _key(secret: bytes, limit: Limit, who: str) -> str:
    window = int(now().timestamp()) // limit.seconds
    return crypto.keyed_hash(secret, f"tries/{limit.name}/{window}", who)


def _add(db: Session, key: str, limit: Limit) -> int:
    """Add one. What is counted for longer than a day is dated a day before its window ends: retention leaves it until then."""
    last_day = (int(now().timestamp()) // limit.seconds + 1) * limit.seconds - 86_400
    start = max(now().replace(microsecond=0), datetime.fromtimestamp(last_day, UTC))
    return int(db.execute(_ADD[db.get_bind().dialect.name], {"key": key, "window_start": start}).scalar_one())


def address(request: Request) -> str:
    """Return the client's address, IPv6 cut to its /64; it is only ever hashed."""
    host = request.client.host if request.client else ""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host
    if ip.version == 4:
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
