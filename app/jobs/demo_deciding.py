"""The demo's bodies that say of themselves who sits there, and somebody else who looks at it, by the actions that people use."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session, select

from app.core import clock
from app.core.clock import days, now
from app.core.db import Database
from app.domain.groups import queries as groups
from app.domain.groups.rules import Seat
from app.domain.reporting.deciding import saying
from app.jobs import demo_content
from app.models.accounts import Role
from app.models.groups import Group
from app.schemas.reporting import SayOfBody


def deciding(database: Database) -> None:
    """Let every body of the content say it."""
    for one in demo_content.read("deciding")["said"]:
        with database.transaction() as db:
            _say(db, one)


def _say(db: Session, content: dict[str, Any]) -> None:
    says = demo_content.actor_of(db, content["by"])
    name = content.get("group")
    group = db.exec(select(Group).where(Group.name == name)).one() if name else None
    seat = groups.seat(db, group.id, says.me) if group else Seat()
    with clock.at(now() - days(content["days_ago"])):
        row = saying.say(db, says, group, seat, SayOfBody(body=content["body"], says=content["says"], agreed=True))
    if looked := content.get("looked"):
        other = replace(demo_content.actor_of(db, content["looks"]), roles=frozenset({Role.COORDINATOR}))
        with clock.at(now() - days(content["days_ago"] - 5)):
            saying.look(db, other, row.id, looked == "fits")
