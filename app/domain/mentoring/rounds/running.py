"""A round: match whoever waits with whoever has a place, keep the proposals for the desk, and why the others wait on."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.core import settings as core_settings
from app.core.clock import now
from app.core.ids import new_id, new_ref
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.mentoring import fairness
from app.domain.mentoring.answers import Match, Round
from app.domain.mentoring.fairness import GROUPS
from app.domain.mentoring.people import Mentee
from app.domain.mentoring.rounds import facts, moving, packing, queries, rules
from app.models.mentoring import MatchState, MentorAsk, MentorMatch, MentorRound

_A, _P = MentorAsk.__table__, MentorMatch.__table__  # type: ignore[attr-defined]


def run_now(db: Session, actor: Actor) -> MentorRound:
    """Run a round because a coordinator asks for it."""
    last = queries.last_round(db)
    require(rules.may_run_now(actor, last.at if last else None, now()))
    row = run(db, by_hand=True)
    audit.record(db, actor, "mentoring.round", "round", row.id)
    return row


def run(db: Session, *, by_hand: bool = False) -> MentorRound:
    """Run a round. Two at once wait for each other where they need the same mentors, and nobody is proposed twice.

    What is lacking is counted by the clock only: pressed before and after somebody asked, it would tell what they asked for.
    """
    from app.domain.mentoring import matching  # numpy: a server that runs no round does without

    moving.lapse_due(db)
    today = now().date()
    mentees, mentors = facts.load(db, today)
    last = queries.last_round(db)
    before = {group: float((last.bonus if last else {}).get(group, 0)) for group in GROUPS}
    found = matching.match(mentees, mentors, bonus={group: round(before[group]) for group in GROUPS})
    made = _propose(db, found, today)
    _say_why(db, found)
    after: dict[str, float] = {group: fairness.steer(before[group], found.groups[group].waiting_gap_days) for group in GROUPS}
    lacking = (last.lacking if last else {}) if by_hand else _lacking(found, mentees)
    row = MentorRound(at=now(), version=found.version, proposed=made, bonus=after, lacking=lacking)
    db.add(row)
    db.flush()
    return row


def _propose(db: Session, found: Round, today: date) -> int:
    """Keep the proposals; a mentee who got one in another round at this very moment keeps that one. Return how many are new."""
    due = today + timedelta(days=rules.UNRELEASED_DAYS)
    values = [_row(pair, found.version, today, due) for pair in found.pairs]
    if not values:
        return 0
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert_into(_P).on_conflict_do_nothing(index_elements=["open_mentee"]).returning(_P.c.id)
    return len(db.execute(statement, values).all())


def _row(pair: Match, version: str, today: date, due: date) -> dict[str, Any]:
    mentee, mentor = UUID(pair.mentee.removeprefix(facts.MENTEE)), UUID(pair.mentor.removeprefix(facts.MENTOR))
    return {
        "id": new_id(), "ref": new_ref(), "mentee_id": mentee, "mentor_id": mentor, "open_mentee": mentee,
        "state": MatchState.PROPOSED, "version": version, "why": packing.packed(pair), "made_on": today, "due_on": due,
        "row_version": 1,
    }  # fmt: skip


def _say_why(db: Session, found: Round) -> None:
    """Keep for everybody who waits on why; who has a proposal has no reason."""
    whose = sa.bindparam("whose", type_=sa.Uuid)
    told = [
        {"whose": UUID(one.mentee.removeprefix(facts.MENTEE)), "because": packing.waits(one)} for one in found.unmatched
    ]  # fmt: skip
    told += [{"whose": UUID(pair.mentee.removeprefix(facts.MENTEE)), "because": packing.NOTHING} for pair in found.pairs]
    if told:
        statement = sa.update(_A).where(_A.c.member_id == whose).values(because=sa.bindparam("because", type_=_A.c.because.type))
        db.connection().execute(statement, told)


def _lacking(found: Round, mentees: list[Mentee]) -> dict[str, list[str]]:
    """Return what those who wait on need most, and the languages they speak, without numbers: where enough people share it."""
    waiting = {one.mentee for one in found.unmatched}
    alone = [mentee for mentee in mentees if mentee.id in waiting]
    counted = Counter(f"need {need}" for one in alone for need, weight in one.needs.items() if weight == facts.MAIN)
    counted.update(f"language {code}" for one in alone for code in one.languages)
    enough = core_settings.current().disclosure_threshold
    return {"words": sorted(what for what, count in counted.items() if count >= enough)}
