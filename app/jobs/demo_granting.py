"""The demo's calls that the network decides: applications, panels, scores, a decision, an appeal, by the actions people use."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from app.core import clock, i18n
from app.core.clock import days, now
from app.core.db import Database
from app.domain.actor import Actor
from app.domain.groups import queries as groups
from app.domain.money.granting import appealing, applying, judging, queries, seating
from app.jobs import demo_content
from app.models.groups import Group
from app.models.money import FundCall
from app.schemas.granting import AnswerAppeal, Apply, NameSeat, Propose, Publish, Score, TakeSeat


def granting(database: Database) -> None:
    """Fill every call that the network decides itself."""
    for content in demo_content.read("money")["calls"]:
        if content.get("here"):
            with database.transaction() as db, i18n.speaking("en"):
                _call(db, db.exec(select(FundCall).where(FundCall.title == content["title"])).one(), content)


def _call(db: Session, call: FundCall, content: dict[str, Any]) -> None:
    coordinator = demo_content.actor_of(db, demo_content.SECOND_READER)
    until = max(call.decide_on or now().date(), now().date()) + timedelta(days=60)
    for one in content.get("panel", ()):
        with clock.at(now() - days(content["entered"] - 0.5)):
            seating.name(db, coordinator, call, NameSeat(name=one["name"], until_on=until))
        if "declared" in one:
            with clock.at(now() - days(content["entered"] - 1)):
                wish = TakeSeat(do="yes", declared=one["declared"], ties=one.get("ties", ""))
                seating.answer(db, demo_content.actor_of(db, one["name"]), call, wish)
    for one in content.get("asks", ()):
        _ask(db, call, one)
    if decision := content.get("decision"):
        _decide(db, call, content, decision, coordinator)


def _of(db: Session, content: dict[str, Any]) -> tuple[Actor, Group, Any]:
    actor = demo_content.actor_of(db, content["by"])
    group = db.exec(select(Group).where(Group.name == content["group"])).one()
    return actor, group, groups.seat(db, group.id, actor.me)


def _ask(db: Session, call: FundCall, content: dict[str, Any]) -> None:
    actor, group, seat = _of(db, content)
    answers = {f"q{number}": words for number, words in enumerate(content["answers"], 1)}
    wish = Apply(
        name=content.get("name", group.name), wants=content.get("wants", ""), host=content.get("host", ""),
        language=content["language"], step="keep" if content.get("draft") else "send", **answers,
    )  # fmt: skip
    with clock.at(now() - days(content["days_ago"])):
        applying.save(db, actor, group, seat, call, wish)


def _decide(db: Session, call: FundCall, content: dict[str, Any], decision: dict[str, Any], coordinator: Actor) -> None:
    """Let the panel score, decide and publish; then a group sees it differently, and hears what comes of it where it is told."""
    asks = {(one.answers or {}).get("name", ""): one for one in queries.live(db, call.id)}
    names = {name: one.ref for name, one in asks.items()}
    panel = [demo_content.actor_of(db, one["name"]) for one in content["panel"]]
    with clock.at(now() - days(decision["days_ago"] + 2)):
        for number, member in enumerate(panel):
            for name, points in decision["points"].items():
                mine = [str(min(10, one + number % 2)) for one in points]
                judging.score(db, member, call, names[name], Score(points=mine, reason=decision["why"][name]))
    if "words" not in decision:
        return
    with clock.at(now() - days(decision["days_ago"])):
        for name, amount in decision["granted"].items():
            seen = judging.written([asks[name]])
            judging.propose(db, panel[0], call, names[name], Propose(amount=amount, reason=decision["why"][name], seen=seen))
        judging.publish(db, panel[1], call, Publish(words=decision["words"], seen=judging.written(list(asks.values()))))
    for one in decision.get("appeals", ()):
        actor, group, seat = _of(db, one)
        with clock.at(now() - days(one["days_ago"])):
            appealing.appeal(db, actor, group, seat, call, one["words"])
        if answer := one.get("answer"):
            with clock.at(now() - days(one["days_ago"] - 1)):
                ref = names[one["group"]]
                appealing.answer(db, coordinator, call, ref, AnswerAppeal(do="stays", reason=answer), right=False)
