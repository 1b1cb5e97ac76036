"""Turns the demo's elections into rows, by the same actions that people use; and who says that they went a step further."""

from typing import Any

from sqlmodel import Session

from app.core import clock
from app.core.clock import days, now
from app.domain.groups import belonging, queries
from app.domain.groups.electing import actions, box, ending, reading
from app.jobs import demo_content
from app.models.groups import Group, GroupElection, GroupRole
from app.schemas.groups import BeginElection, StandForRole


def hold(db: Session, group: Group, organiser: str, content: dict[str, Any], told: dict[str, Any]) -> None:
    """Begin an election, let people stand and vote, and count where its days are over."""
    begun = now() - days(told["days_ago"])
    actor = demo_content.actor_of(db, organiser)
    with clock.at(begun):
        wish = BeginElection(role=GroupRole(told["role"]))
        election = actions.begin(db, actor, group, queries.seat(db, group.id, actor.me), wish)
    with clock.at(begun + days(1)):
        for one in told["stands"]:
            by = demo_content.actor_of(db, one["by"])
            said = StandForRole(words=one.get("words", ""), language=content["language"], own_wish="1")
            actions.stand(db, by, reading.held(db, by, group.ref, election.ref), said)
    if told.get("votes"):
        with clock.at(begun + days(8)):
            ending.move(db, election.id)
            _vote(db, group, election, told["votes"])
    if told["days_ago"] > 14:
        with clock.at(begun + days(15)):
            ending.move(db, election.id)


def _vote(db: Session, group: Group, election: GroupElection, votes: dict[str, str]) -> None:
    for name, choice in votes.items():
        by = demo_content.actor_of(db, name)
        held = reading.held(db, by, group.ref, election.ref, lock=True)
        chosen = next((one.id.hex for one in held.standing if one.name == choice), box.NONE)
        actions.vote(db, by, held, chosen)


def steps(db: Session, group: Group, told: dict[str, str]) -> None:
    """Let people say, privately, that they went a step further."""
    for name, step in told.items():
        by = demo_content.actor_of(db, name)
        belonging.set_step(db, by, group, queries.seat(db, group.id, by.me), step)
