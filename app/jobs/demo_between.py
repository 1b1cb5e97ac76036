"""Turns the demo's talks between two people of a group into rows: talks that go on, and asks that wait."""

from typing import Any

from sqlmodel import Session, select

from app.core import clock, i18n
from app.core.clock import days, now
from app.domain.actor import Actor
from app.domain.between import asking, reading, talking
from app.jobs import demo_content
from app.models.between import PrivateTalk
from app.models.groups import Group, Post, PostState
from app.schemas.between import AskToTalk
from app.schemas.mentorships import WriteMessage


def everywhere(db: Session) -> None:
    """Let people of every group ask, answer and write as the content says."""
    for told in demo_content.read("groups")["groups"]:
        group = db.exec(select(Group).where(Group.name == told["name"])).first()
        for one in told.get("talks", ()):
            if group is not None:
                with i18n.speaking(told["language"] if told["language"] in i18n.available() else "en"):
                    _put(db, group, one, told["language"])


def _put(db: Session, group: Group, told: dict[str, Any], language: str) -> None:
    """Let one person ask another; where the content has words after it, the answer is yes and the two write."""
    by, to = (demo_content.actor_of(db, told[side]) for side in ("by", "to"))
    post = db.exec(select(Post).where(Post.group_id == group.id, Post.author_id == to.me, Post.state == PostState.SHOWN)).first()
    if post is None:
        raise LookupError(f"{told['to']} has written nothing in {group.name}")
    with clock.at(now() - days(told["days_ago"])):
        asking.ask(db, by, asking.whom(db, by, group.ref, post.ref), AskToTalk(words=told["words"], language=language))
    if not told.get("says"):
        return
    with clock.at(now() - days(told["says"][0]["days_ago"])):
        asked = next(one for one in reading.asks(db.connection(), to) if one.other_id == by.me)
        asking.answer(db, to, asked.ref, "yes")
    row = db.get_one(PrivateTalk, asked.id)
    for one in told["says"]:
        _say(db, by if one["by"] == told["by"] else to, row, one, language)
    for who in (by, to):  # both have read it: to look around in the demo changes nothing
        talking.note_read(db, reading.talk(db.connection(), who, row.ref))


def _say(db: Session, who: Actor, row: PrivateTalk, one: dict[str, Any], language: str) -> None:
    with clock.at(now() - days(one["days_ago"])):
        talking.write(db, who, row.ref, WriteMessage(body=one["words"], language=language))
