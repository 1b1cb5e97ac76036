"""The demo's mentors and who looks for one, made by the same actions that people use, on the days the content names."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.core import clock, i18n
from app.core import settings as core_settings
from app.core.clock import now
from app.core.db import Database
from app.domain.actor import GUEST, Actor
from app.domain.mentoring.joining import asking, keeping, offering, screening, words
from app.domain.mentoring.rounds import running
from app.domain.mentoring.training import learning, lessons
from app.jobs import demo_circles, demo_content, demo_together
from app.models.accounts import Role
from app.models.mentoring import Mentor, MentorAsk
from app.schemas.mentoring import (
    CheckLesson,
    ConfirmWord,
    DecideMentor,
    SayWord,
    TellHelp,
    TellMeet,
    TellNeeds,
    TellPlace,
    TellWhen,
    TellWho,
    TellWords,
)


def mentoring(database: Database, places: dict[str, UUID]) -> None:
    """Let every mentor of the content offer and be looked at, and everybody who looks for one ask."""
    content = demo_content.read("mentoring")
    for told in content["mentors"]:
        with database.transaction() as db, i18n.speaking("en"):
            _offer(db, told, places, content["supervisor"])
    with database.transaction() as db, i18n.speaking("en"):
        _ask(db, content["together"]["ask"], places)
        demo_together.together(db, content["together"])
    for told in content["asks"]:
        with database.transaction() as db, i18n.speaking("en"):
            _ask(db, told, places)
    with database.transaction() as db:
        running.run(db)
    for told in content["circles"]:
        with database.transaction() as db, i18n.speaking("en"):
            demo_circles.circle(db, told)


def _place(told: dict[str, Any], places: dict[str, UUID]) -> TellPlace:
    where = dict(told["place"])
    return TellPlace(place=str(places[where.pop("area")]), **where)


def _ask(db: Session, told: dict[str, Any], places: dict[str, UUID]) -> None:
    actor = demo_content.actor_of(db, told["name"])
    steps = {
        "needs": TellNeeds(**told["needs"]), "who": TellWho(**told["who"]), "place": _place(told, places),
        "when": TellWhen(**told["when"]),
    }  # fmt: skip
    with clock.at(now() - timedelta(days=told["days_ago"])):
        for step, data in steps.items():
            asking.save(db, actor, step, data, _seen(db, MentorAsk, actor))
        asking.send(db, actor, _seen(db, MentorAsk, actor))


def _seen(db: Session, kind: type[MentorAsk] | type[Mentor], actor: Actor) -> int:
    row = keeping.own(db, kind, actor.me)
    return row.row_version if row else 0


def _offer(db: Session, told: dict[str, Any], places: dict[str, UUID], supervisor: str) -> None:
    actor = demo_content.actor_of(db, told["name"])
    steps = {
        "help": TellHelp(**told["help"]), "place": _place(told, places), "when": TellWhen(**told["when"]),
        "meet": TellMeet(**told["meet"]), "words": TellWords(why=told["why"], ties=told.get("ties", ""), agreed=True),
    }  # fmt: skip
    with clock.at(now() - timedelta(days=told["days_ago"])):
        for step, data in steps.items():
            offering.save(db, actor, step, data, _seen(db, Mentor, actor))
        offering.send(db, actor, _seen(db, Mentor, actor))
        for word in told["words"]:
            words.say(db, GUEST, words.make_link(db, actor), SayWord(**word))
    if "note" in told:  # decided today: that is when the demo's supervisor began
        _make_sure(db, actor, supervisor)
        _decide(db, actor, told["note"], demo_content.actor_of(db, supervisor).me)


def _make_sure(db: Session, about: Actor, by: str) -> None:
    """Let another one than who decides make sure of every word."""
    row = keeping.own(db, Mentor, about.me)
    if row is None:
        raise LookupError("an offer that was just sent is not there")
    desk = replace(demo_content.actor_of(db, by), roles=frozenset({Role.COORDINATOR}))
    for word in words.heard(db, desk, row.id):
        screening.confirm(db, desk, row.ref, ConfirmWord(word=word.key, do="confirm"))


def _decide(db: Session, actor: Actor, note: str, supervisor: UUID) -> None:
    own = lessons.all_of(core_settings.current().data_dir)
    for key, lesson in own.items():
        right = {f"answer{number}": question.right for number, question in enumerate(lesson.questions, 1)}
        learning.check(db, actor, own, key, CheckLesson(**right))
    row = keeping.own(db, Mentor, actor.me)
    if row is None:
        raise LookupError("an offer that was just sent is not there")
    wish = DecideMentor(
        row_version=row.row_version, outcome="accept", panel=3, both=True, untied=True, supervisor=supervisor, note=note,
        until=now().date() + timedelta(days=300),
    )  # fmt: skip
    screening.decide(db, demo_content.actor_of(db, demo_content.SECOND_READER), row.ref, wish)
