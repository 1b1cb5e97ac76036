"""Turns the demo's groups into rows, by the same actions that people use, on the days the content names."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.core import clock, i18n
from app.core.clock import days, now
from app.core.db import Database
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.groups import belonging, files, founding, passport, queries, roles, talking
from app.domain.groups.rules import TERM_DAYS, Seat
from app.domain.groups.wording import TEMPLATES
from app.domain.media.pictures import make_picture
from app.domain.media.voice import make_voice
from app.domain.moderation import actions as moderation
from app.domain.moderation import filing, group_words, posts
from app.domain.moderation.rules import Choice
from app.jobs import demo_asking, demo_between, demo_board, demo_content, demo_elections, demo_meetings
from app.models.groups import Group, GroupRole, GroupState, Post, PostState, Topic
from app.models.moderation import CaseKind, Outcome
from app.schemas.groups import JoinGroup, StartGroup, StartTopic, Typology, WritePicture


def groups(database: Database, places: dict[str, UUID]) -> None:
    """Start every group of the content, let its people come in and talk."""
    for content in demo_content.read("groups")["groups"]:
        with database.transaction() as db, i18n.speaking(_language(content["language"])):
            _group(db, content, places)
    with database.transaction() as db:  # now everybody has said something
        demo_asking.everywhere(db)
        demo_between.everywhere(db)


def _language(code: str) -> str:
    return code if code in i18n.available() else "en"


def _group(db: Session, content: dict[str, Any], places: dict[str, UUID]) -> None:
    begun = now() - days(content["days_ago"])
    organiser = demo_content.actor_of(db, content["organiser"])
    with clock.at(begun):
        group = founding.start(db, organiser, _wish(content, places))
        let_through(db, group)
    seat = Seat(GroupRole.ORGANISER)
    with clock.at(min(begun + days(300), now())):
        if content.get("earlier"):
            founding.set_typology(db, organiser, group, seat, Typology(**content["kind"]))
        roles.go_on(db, organiser, group, seat)
    for number, name in enumerate(content["members"]):
        with clock.at(min(begun + days(number + 1), now())):
            belonging.take_in(db, group, demo_content.actor_of(db, name).me)
    for role in content["roles"]:
        until = now().date() + days(TERM_DAYS)
        roles.give_role(db, organiser, group, seat, role["who"], GroupRole(role["role"]), until)
    for point, ago in content.get("passport", {}).items():
        with clock.at(now() - days(ago)):
            passport.say(db, organiser, group, seat, point, done=True)
    _said(db, group, content, organiser)
    for waits in content.get("waiting", ()):
        asking = demo_content.actor_of(db, waits["who"])
        belonging.join(db, asking, group, queries.seat(db, group.id, asking.me), JoinGroup(answer=waits["answer"]))


def _said(db: Session, group: Group, content: dict[str, Any], organiser: Actor) -> None:
    """Talk, meet, help, and answer questions from abroad."""
    for topic in content["topics"]:
        _topic(db, group, content, topic)
    for election in content.get("elections", ()):
        demo_elections.hold(db, group, content["organiser"], content, election)
    demo_elections.steps(db, group, content.get("steps", {}))
    for meeting in content.get("meetings", ()):
        demo_meetings.plan(db, group, organiser, content, meeting)
    for entry in content.get("board", ()):
        demo_board.put(db, group, content, entry)


def _wish(content: dict[str, Any], places: dict[str, UUID]) -> StartGroup:
    template = TEMPLATES[content["template"]]
    return StartGroup(
        name=content["name"], purpose=content["purpose"], language=content["language"],
        area=places[content["area"]] if content["area"] else None, themes=content["themes"], open_to=content["open_to"],
        women_only=content.get("women_only", False), visibility=content["visibility"], join_policy=content["join_policy"],
        question=content["question"], rules=_(template.rules) if template.rules else "", template=content["template"],
        agenda=_(template.agenda) if template.agenda else "", **(content.get("earlier") or content["kind"]),
    )  # fmt: skip


def let_through(db: Session, group: Group) -> None:
    """Of somebody new a group waits at the desk: the demo's coordinator lets it through."""
    case = filing.find(db, CaseKind.POST, group_words.GROUP, group.id)
    reader = demo_content.actor_of(db, demo_content.SECOND_READER)
    if case is not None and case.about_id == reader.member_id:  # nobody decides about their own words, and there is no other
        filing.close_undecided(db, case)
        group.state = GroupState.SHOWN
        db.flush()
    elif case is not None:
        case = moderation.open_case(db, reader, case.ref)
        moderation.decide(db, reader, case.ref, Choice(Outcome.PUBLISH, case.row_version))
        db.refresh(group)


def _topic(db: Session, group: Group, content: dict[str, Any], told: dict[str, Any]) -> None:
    first, *others = told["posts"]
    by, posts = demo_content.actor_of(db, told["by"]), list[Post]()
    with clock.at(now() - days(first["days_ago"])):
        wish = StartTopic(
            title=told["title"], asks=told.get("asks", False), body=first["words"], language=_of(first, content)
        )  # fmt: skip
        sent = talking.start_topic(db, by, group, queries.seat(db, group.id, by.me), wish)
        posts.append(db.get_one(Post, sent.id))
    topic = db.get_one(Topic, posts[0].topic_id)
    for one in others:
        posts.append(_answer(db, group, topic, content, one, posts))
    db.refresh(topic)
    topic.pinned = told.get("pinned", False)
    for one, post in zip(told["posts"], posts, strict=True):
        _after(db, group, topic, by, one, post)


def _of(post: dict[str, Any], content: dict[str, Any]) -> str:
    return str(post.get("language", content["language"]))


def _answer(
    db: Session, group: Group, topic: Topic, content: dict[str, Any], one: dict[str, Any], posts: list[Post]
) -> Post:  # fmt: skip
    writer = demo_content.actor_of(db, one["by"])
    with clock.at(now() - days(one["days_ago"])):
        quote = posts[one["quote"] - 1].ref if one.get("quote") else ""
        wish = WritePicture(body=one["words"], language=_of(one, content), quote=quote, faces="none")
        there = talking.Where(group.id, group.ref, topic.id, topic.ref, queries.seat(db, group.id, writer.me))
        post = db.get_one(Post, _send(db, writer, there, wish, one).id)
        if ("voice" in one or "picture" in one) and post.state == PostState.HELD and not one.get("held"):
            _seen(db, post)
        return post


def _send(db: Session, writer: Actor, there: talking.Where, wish: WritePicture, one: dict[str, Any]) -> talking.Sent:
    """Write a post, with the voice or the picture that the content names."""
    if name := one.get("voice"):
        return files.send_voice(
            db, writer, there, wish, make_voice((demo_content.CONTENT / "audio" / name).read_bytes(), short=True)
        )
    if name := one.get("picture"):
        return files.send_picture(db, writer, there, wish, make_picture((demo_content.CONTENT / "pictures" / name).read_bytes()))
    return talking.write(db, writer, there, wish)


def _seen(db: Session, post: Post) -> None:
    """Of somebody new a file waits at the desk: the demo's coordinator lets it through."""
    case, reader = filing.find(db, CaseKind.POST, posts.POST, post.id), demo_content.actor_of(db, demo_content.SECOND_READER)
    if case is not None:
        case = moderation.open_case(db, reader, case.ref)
        moderation.decide(db, reader, case.ref, Choice(Outcome.PUBLISH, case.row_version))
        db.refresh(post)


def _after(db: Session, group: Group, topic: Topic, asker: Actor, one: dict[str, Any], post: Post) -> None:
    for name in one.get("thanks", ()):
        reader = demo_content.actor_of(db, name)
        talking.thank(db, reader, queries.seat(db, group.id, reader.me), post)
    if one.get("answer"):
        talking.accept(db, asker, queries.seat(db, group.id, asker.me), topic, post)
