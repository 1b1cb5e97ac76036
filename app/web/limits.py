"""Rate limits that hold across processes: counts in the database under keyed hashes, never addresses."""

import ipaddress
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy.dialects import postgresql, sqlite

from app.core import crypto
from app.core.clock import now
from app.core.db import Database
from app.core.errors import TooMany
from app.core.i18n import _
from app.models.engine import Tries
from app.web.house import house

_TABLE = Tries.__table__  # type: ignore[attr-defined]


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
UPLOAD_MEMBER = Limit("upload", 40, 3600)
WRITE_MEMBER = Limit("write", 300, 3600)
POST_MEMBER = Limit("post", 120, 600)  # every try; of posts that are taken, 60 in ten minutes
RECEIPT_ADDRESS = Limit("receipt", 60, 600)
PARTNER_KEY = Limit("partner-key", 600, 60)
PARTNER_WRONG = Limit("partner-wrong", 60, 600)


def spend(request: Request, limit: Limit, who: str | None = None) -> None:
    """Count one try for ``who`` (an account's hash, a locator; without it the address); raise TooMany above the limit."""
    home = house(request)
    seen = count(home.database, home.settings.secret, limit, who if who is not None else address(request))
    if seen > limit.times:
        left = limit.seconds - int(now().timestamp()) % limit.seconds
        raise TooMany(_("Too many tries. Wait a little and try again."), wait=left)


def count(database: Database, secret: bytes, limit: Limit, who: str) -> int:
    """Add one and return how many there are in this window; a transaction of its own, so that it stays after a refusal."""
    moment = now()
    window = int(moment.timestamp()) // limit.seconds
    key = crypto.keyed_hash(secret, f"tries/{limit.name}/{window}", who)
    start = moment.replace(microsecond=0)
    with database.transaction() as db:
        insert_into = sqlite.insert if database.embedded else postgresql.insert
        insert = insert_into(_TABLE).values(key=key, window_start=start, count=1)
        statement = insert.on_conflict_do_update(index_elements=["key"], set_={"count": _TABLE.c.count + 1})
        return int(db.execute(statement.returning(_TABLE.c["count"])).scalar_one())


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
