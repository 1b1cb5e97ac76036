"""What the demo's desk decided, by the actions that people use: with an end, ended, deleted, kept as evidence; and legal orders."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.core import clock
from app.core.clock import days, now
from app.core.db import Database
from app.domain.actor import Actor
from app.domain.groups import queries as groups
from app.domain.groups import talking
from app.domain.moderation import actions, conduct, filing, posts, timed
from app.domain.moderation.preserving import actions as evidence
from app.domain.moderation.rules import Choice
from app.domain.orders import actions as orders
from app.jobs import demo_content
from app.models.accounts import Role
from app.models.groups import Group, Post, Topic
from app.models.moderation import Case, CaseKind, Outcome
from app.models.orders import Notice, OrderOutcome
from app.schemas.evidence import AskCopy
from app.schemas.groups import WritePost
from app.schemas.orders import AnswerOrder, NoteOrder

SAFEGUARDING, OPERATOR = ("Calm Harbour", Role.SAFEGUARDING), ("Night Watch", Role.OPERATOR)


def desk(database: Database) -> None:
    """Let the desk of the content decide, then let everything that is due come to its end."""
    content = demo_content.read("desk")
    with database.transaction() as db:
        for one in content["said"]:
            _say(db, one)
        for one in content["accounts"]:
            _limit(db, one)
        for one in content["orders"]:
            _order(db, one)
    timed.run(database)


def _acting(db: Session, who: tuple[str, Role]) -> Actor:
    return replace(demo_content.actor_of(db, who[0]), roles=frozenset({who[1]}))


def _reader(db: Session) -> Actor:
    return demo_content.actor_of(db, demo_content.SECOND_READER)


def _say(db: Session, one: dict[str, Any]) -> None:
    writer = demo_content.actor_of(db, one["by"])
    topic, group = db.exec(
        select(Topic, Group).join(Group, col(Group.id) == Topic.group_id).where(Topic.title == one["topic"])
    ).one()  # fmt: skip
    with clock.at(now() - days(one["days_ago"])):
        there = talking.Where(group.id, group.ref, topic.id, topic.ref, groups.seat(db, group.id, writer.me))
        post = db.get_one(Post, talking.write(db, writer, there, WritePost(body=one["words"], language=one["language"])).id)
        case = _let_through(db, post)
        actions.flag(db, demo_content.actor_of(db, one["told"]["by"]), posts.POST, post.ref, one["told"]["reason"], "")
    case = filing.find(db, CaseKind.TALK, posts.POST, post.id)
    if case is None:
        return
    outcome = Outcome.HIDE if "hide" in one else Outcome.REMOVE
    decided = one[outcome.value]
    actions.open_case(db, _reader(db), case.ref)
    if wish := one.get("evidence"):  # today: before, nobody held the roles that confirm it
        _keep(db, case, wish)
    with clock.at(now() - days(decided["days_ago"])):
        db.refresh(case)
        choice = Choice(outcome, case.row_version, decided["rule"], decided["words"], days=decided.get("days"))
        actions.decide(db, _reader(db), case.ref, choice)


def _let_through(db: Session, post: Post) -> Case | None:
    """What the checks held back, the demo's coordinator let through: they point, they do not decide."""
    case = filing.find(db, CaseKind.POST, posts.POST, post.id)
    if case is not None:
        actions.open_case(db, _reader(db), case.ref)
        db.refresh(case)
        actions.decide(db, _reader(db), case.ref, Choice(Outcome.PUBLISH, case.row_version))
        db.refresh(post)
    return case


def _keep(db: Session, case: Case, wish: dict[str, Any]) -> None:
    copy = evidence.ask(db, _reader(db), case.ref, AskCopy(reason=wish["reason"], days=wish["days"]))
    if wish["confirmed"]:
        evidence.confirm(db, _acting(db, SAFEGUARDING), copy.ref, copy.row_version)


def _limit(db: Session, one: dict[str, Any]) -> None:
    """Limit an account for a time, and end that before its time."""
    outcome, lifted = Outcome(one["what"]), one["lifted"]
    steps = (
        (one, Choice(outcome, 0, one["rule"], one["words"], days=one["days"])),
        (lifted, Choice(Outcome.LIFT, 0, None, lifted["words"])),
    )
    for step, choice in steps:
        with clock.at(now() - days(step["days_ago"])):
            case = conduct.open_about(db, _reader(db), one["who"])
            actions.open_case(db, _reader(db), case.ref)
            db.refresh(case)
            actions.decide(db, _reader(db), case.ref, replace(choice, row_version=case.row_version))


def _order(db: Session, one: dict[str, Any]) -> None:
    """Write an order down as it came some days ago; it is answered today, for before nobody held the roles."""
    first, second = _acting(db, OPERATOR), _acting(db, SAFEGUARDING)
    said = {key: one[key] for key in ("asker", "basis", "asked")}
    row = orders.note(db, first, NoteOrder(came_on=now().date() - days(one["days_ago"]), name=one.get("about", ""), **said))
    if one.get("evidence"):
        kept = next(found for found in evidence.listing(db, first) if found.until)
        orders.refer(db, first, row.ref, kept.id, row.row_version)
    for answer in (one.get("first"), one["answer"]):
        if answer:
            orders.answer(db, first, row.ref, _answer(answer, row.row_version))
    if one["confirmed"]:
        orders.answer(db, second, row.ref, _answer(one["answer"], row.row_version))


def _answer(said: dict[str, Any], seen: int) -> AnswerOrder:
    notice, later = Notice(said["notice"]), said.get("notice_days")
    return AnswerOrder(
        outcome=OrderOutcome(said["outcome"]), exists=said["exists"], given=said.get("given", ""), notice=notice,
        notice_on=now().date() + timedelta(days=later) if later else None, row_version=seen,
    )  # fmt: skip
