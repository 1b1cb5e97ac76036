"""The demo's circles of mentoring, by the same actions that people use: one that people ask to come into, one that goes on."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, select

from app.core.clock import days, now
from app.domain.groups import queries, talking
from app.domain.mentoring.circles import forming
from app.jobs import demo_content
from app.models.accounts import Member, Role
from app.models.circles import CircleSeat
from app.models.groups import Group
from app.models.mentoring import Mentor
from app.schemas.circles import ChooseSeat, PlanCircle
from app.schemas.groups import StartTopic, WritePost


def circle(db: Session, told: dict[str, Any]) -> None:
    """Plan a circle, let its mentor say yes and people ask; where there are first words, let all of them in and begin."""
    desk = demo_content.actor_of(db, demo_content.SECOND_READER)
    lead = replace(demo_content.actor_of(db, told["mentor"]), roles=frozenset({Role.MENTOR}))
    mentor = db.exec(select(Mentor.ref).where(Mentor.member_id == lead.me)).one()
    row = forming.plan(db, desk, PlanCircle(
        title=told["title"], about=told["about"], language=told["language"], places=told["places"], weeks=told["weeks"],
        begins_on=now().date() + days(told["in_days"]), mentor=mentor,
    ))  # fmt: skip
    forming.lead(db, lead, row.ref)
    for name in told["asks"]:
        forming.ask(db, demo_content.actor_of(db, name), row.ref)
    if "words" not in told:
        return
    asked = select(CircleSeat.ref).join(Member, col(Member.id) == col(CircleSeat.member_id))
    for seat in db.exec(asked.where(CircleSeat.circle_id == row.id, col(CircleSeat.leads).is_(False))).all():
        forming.choose(db, desk, row.ref, ChooseSeat(do="in", seat=seat))
    forming.begin(db, desk, row.ref)
    _talk(db, db.get_one(Group, row.group_id), told)


def _talk(db: Session, group: Group, told: dict[str, Any]) -> None:
    first, *others = told["words"]
    by = demo_content.actor_of(db, first["by"])
    wish = StartTopic(title=told["topic"], body=first["words"], language=told["language"])
    sent = talking.start_topic(db, by, group, queries.seat(db, group.id, by.me), wish)
    for said in others:
        who = demo_content.actor_of(db, said["by"])
        there = talking.where(db, who, group.ref, sent.topic_ref)
        talking.write(db, who, there, WritePost(body=said["words"], language=told["language"]))
