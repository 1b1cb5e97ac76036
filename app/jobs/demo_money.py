"""The demo's calls for money and what its groups received, by the same actions that people use, on the days the content names."""

from datetime import date, time, timedelta
from typing import Any

from sqlmodel import Session, select

from app.core import clock, i18n
from app.core.clock import days, now
from app.core.db import Database
from app.domain.groups import queries as groups
from app.domain.money import calls, received, shown
from app.jobs import demo_content, demo_groups
from app.models.groups import Group, GroupState
from app.models.money import GroupMoney
from app.schemas.money import ChangeCall, CorrectMoney, EnterCall, WriteMoney

_SAME = ("title", "language", "by_whom", "about", "currency", "most", "who", "criteria", "zone", "decided_by", "ties", "languages",
         "how")  # fmt: skip


def money(database: Database) -> None:
    """Enter every call, then write down what came."""
    content = demo_content.read("money")
    for call in content["calls"]:
        with database.transaction() as db, i18n.speaking("en"):
            _call(db, call)
    before: dict[str, GroupMoney] = {}
    for line in content["received"]:
        with database.transaction() as db, i18n.speaking("en"):
            before[line["group"]] = _line(db, line, before.get(line["group"]))


def _day(distance: int) -> date:
    return now().date() + timedelta(days=distance)


def _call(db: Session, content: dict[str, Any]) -> None:
    coordinator, hour = demo_content.actor_of(db, demo_content.SECOND_READER), time.fromisoformat(content["hour"])
    wish = EnterCall(
        **{name: content[name] for name in _SAME}, least=content.get("least", ""), source=content.get("source", ""),
        paper_rule=content.get("paper_rule", ""),
        here=content.get("here", False), decide_on=_day(content["decides"]) if "decides" in content else None,
        opens_on=_day(content["opens"]), opens_hour=time(8), closes_on=_day(content["closes"]), closes_hour=hour,
    )  # fmt: skip
    with clock.at(now() - days(content["entered"])):
        call = calls.enter(db, coordinator, wish)
    if changed := content.get("change"):
        now_says = shown.typed_call(call) | {
            "closes_on": _day(changed["closes"]), "languages": changed["languages"], "closes_hour": content["hour"]
        }  # fmt: skip
        with clock.at(now() - days(changed["days_ago"])):
            calls.change(db, coordinator, call.ref, ChangeCall(**now_says))
    if ended := content.get("cancel"):
        with clock.at(now() - days(ended["days_ago"])):
            calls.cancel(db, coordinator, call.ref, ended["why"])


def _line(db: Session, content: dict[str, Any], before: GroupMoney | None) -> GroupMoney:
    group = db.exec(select(Group).where(Group.name == content["group"])).one()
    writer = demo_content.actor_of(db, content["by"])
    values = {name: content[name] for name in ("source", "amount", "currency", "purpose")}
    wish = WriteMoney(**values, first_on=_day(content["first"]), last_on=_day(content["last"]))
    seat = groups.seat(db, group.id, writer.me)
    with clock.at(now() - days(content["days_ago"])):
        if "right" in content and before is not None:
            line = received.put_right(
                db, writer, group, seat, CorrectMoney(**wish.model_dump(), id=before.id, why=content["right"])
            )  # fmt: skip
        else:
            line = received.write(db, writer, group, seat, wish)
    if group.state == GroupState.WAITS:
        demo_groups.let_through(db, group)
    return line
