"""The demo's care of those who work at the desk: two look after each other, a week that three share, a case with a note."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, col, select

from app.core import clock
from app.core.clock import days, now
from app.core.db import Database
from app.domain.actor import GUEST, Actor
from app.domain.moderation import actions, looking_after
from app.domain.moderation.rules import Choice
from app.jobs import demo_content
from app.models.accounts import Role, RoleGrant
from app.models.moderation import Case, CaseKind, Outcome
from app.models.stories import Story, StoryStatus


def care(database: Database) -> None:
    """Let people of the desk work through a week and look after each other."""
    content = demo_content.read("care")
    with database.transaction() as db:
        one, other = (_coordinator(db, name) for name in content["buddies"])
        looking_after.ask(db, one, other.name)
        looking_after.answer(db, other, one.name, True)
        powerful = select(RoleGrant.member_id)
        shown = select(Story).where(Story.status == StoryStatus.PUBLISHED, col(Story.author_id).not_in(powerful))
        stories = list(db.exec(shown.order_by(col(Story.id))).all())
        who = [name for name, number in content["shared"].items() for _ in range(number)]
        for number, (name, story) in enumerate(zip(who, stories, strict=False)):
            with clock.at(now() - days(1 + number % 6) - timedelta(hours=1)):
                _look(db, _coordinator(db, name), story)
        if stories:
            _hand_on(db, content["handed"], stories[-1])


def _coordinator(db: Session, name: str) -> Actor:
    return replace(demo_content.actor_of(db, name), roles=frozenset({Role.COORDINATOR}))


def _flagged(db: Session, story: Story, reason: str) -> Case:
    actions.flag(db, GUEST, "story", story.ref, reason, "")
    return db.exec(select(Case).where(Case.kind == CaseKind.FLAG, Case.subject_id == story.id)).one()


def _look(db: Session, by: Actor, story: Story) -> None:
    case = actions.open_case(db, by, _flagged(db, story, "untrue").ref)
    actions.decide(db, by, case.ref, Choice(Outcome.KEEP, case.row_version))


def _hand_on(db: Session, handed: dict[str, str], story: Story) -> None:
    by = _coordinator(db, handed["by"])
    case = actions.open_case(db, by, _flagged(db, story, handed["reason"]).ref)
    actions.give_back(db, by, case.ref, handed["note"])
