"""Turns the demo's questions from abroad into rows: asked, answered by a group or the network, asked again, waiting, held."""

from typing import Any

from sqlmodel import Session, select

from app.core import clock, i18n
from app.core.clock import days, now
from app.domain.asking import answering, asking, queries
from app.domain.groups import queries as groups
from app.jobs import demo_content
from app.models.abroad import AbroadQuestion, QuestionDoor, StoryDoor
from app.models.groups import Group
from app.models.stories import Story, StoryText


def everywhere(db: Session) -> None:
    """Ask what the content asks: every group that wishes it, and the network."""
    content = demo_content.read("groups")
    for told in content["groups"]:
        group = db.exec(select(Group).where(Group.name == told["name"])).first()
        for one in told.get("questions", ()):
            _put(db, group, one)
    for one in content.get("questions", ()):
        _put(db, None, one)
    for one in content["tellers"]:
        story = db.exec(select(Story).join(StoryText).where(StoryText.title == one["story"])).one()
        db.add(StoryDoor(story_id=story.id))
        db.flush()
        _put(db, None, one, f"{asking.ABOUT_STORY}{story.ref}")


def _put(db: Session, group: Group | None, told: dict[str, Any], teller: str = "") -> None:
    """Ask one question of the content, of a group, a teller or the network, and let it be answered as the content says."""
    if group is not None and queries.door(db, group.id) is None:
        db.add(QuestionDoor(group_id=group.id, opened_on=now().date()))
        db.flush()
    with clock.at(now() - days(told["days_ago"])), i18n.speaking(told.get("language", "en")):
        asked = asking.ask(db, group.ref if group else teller, told["words"])
        question = queries.by_number(db, asked.receipt)
        for one in told.get("answers", ()):
            _answer(db, group, question, one)
        if told.get("again"):
            asking.ask_more(db, asked.receipt, told["again"])


def _answer(db: Session, group: Group | None, question: AbroadQuestion, one: dict[str, Any]) -> None:
    by = demo_content.actor_of(db, one["by"])
    if question.story_id is not None:
        answering.answer_as_teller(db, by, question, one["words"])
    elif group is None:
        answering.answer_at_desk(db, by, question, one["words"])
    else:
        answering.answer(db, by, groups.seat(db, group.id, by.me), question, one["words"])
