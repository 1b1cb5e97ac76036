"""A round: match whoever waits with whoever has a place, keep the proposals for the desk, and why the others wait on."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.core import settings as core_settings
from app.core.clock import now
from app.core.db import Database
from app.core.ids import new_id, new_ref
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.mentoring import fairness
from app.domain.mentoring.answers import Match, Round, Unmatched
from app.domain.mentoring.fairness import GROUPS, Group
from app.domain.mentoring.people import Mentee, Mentor
from app.domain.mentoring.rounds import facts, moving, packing, queries, rules
from app.models.mentoring import MatchState, MentorAsk, MentorMatch, MentorRound

_A, _P = MentorAsk.__table__, MentorMatch.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a round has read: both sides with their stamps, and the round before it."""

    today: date
    mentees: list[Mentee]
    mentors: list[Mentor]
    seen: facts.Seen
    last: UUID | None
    bonus: dict[Group, float]


def run_now(database: Database, actor: Actor) -> MentorRound:
    """Run a round because a coordinator asks for it."""
    with database.reading() as db:
        last = queries.last_round(db)
        require(rules.may_run_now(actor, last.at if last else None, now()))
    return _apart(database, lambda db, row: audit.record(db, actor, "mentoring.round", "round", row.id), by_hand=True)


def run_apart(database: Database) -> MentorRound:
    """Run a round by the clock."""
    return _apart(database, lambda _db, _row: None)


def _apart(database: Database, then: Callable[[Session, MentorRound], object], *, by_hand: bool = False) -> MentorRound:
    """Run a round: reading and matching stand outside the short transactions that write, so that nobody waits for them.

    ``then`` is done in the transaction that keeps what was found.
    """
    with database.transaction() as db:
        moving.lapse_due(db)
    with database.reading() as db:
        looked = look(db)
    found = match(looked)
    with database.transaction() as db:
        row = keep(db, looked, found, by_hand=by_hand)
        then(db, row)
    return row


def run(db: Session, *, by_hand: bool = False) -> MentorRound:
    """Run a round in one transaction that is open already: for few people, as in the demo."""
    moving.lapse_due(db)
    looked = look(db)
    return keep(db, looked, match(looked), by_hand=by_hand)


def look(db: Session) -> Looked:
    """Read both sides and what the last round left."""
    today = now().date()
    last = queries.last_round(db)  # first: a round that ends while this one reads is then known to be another one
    bonus = {group: float((last.bonus if last else {}).get(group, 0)) for group in GROUPS}
    mentees, mentors, seen = facts.read(db, today)
    return Looked(today, mentees, mentors, seen, last.id if last else None, bonus)


def match(looked: Looked) -> Round:
    """Match what was read; needs no database."""
    from app.domain.mentoring import matching  # numpy: a server that runs no round does without

    return matching.match(looked.mentees, looked.mentors, bonus={group: round(looked.bonus[group]) for group in GROUPS})


def keep(db: Session, looked: Looked, found: Round, *, by_hand: bool = False) -> MentorRound:
    """Write what still holds: whoever said something else, paused, left or was proposed meanwhile is left to the next round.

    Of two rounds at once the one that comes second writes nothing and returns the other one. What is lacking is counted by the
    clock only: pressed before and after somebody asked, it would tell what they asked for.
    """
    seen = facts.seen_now(db, looked.today)
    last = queries.last_round(db)
    if last is not None and last.id != looked.last:
        return last
    mentees, mentors = _same(looked.seen.mentees, seen.mentees), _same(looked.seen.mentors, seen.mentors)
    pairs = [pair for pair in found.pairs if pair.mentee in mentees and pair.mentor in mentors]
    made = _propose(db, pairs, found.version, looked.today)
    _say_why(db, pairs, [one for one in found.unmatched if one.mentee in mentees])
    after: dict[str, float] = {group: fairness.steer(looked.bonus[group], found.groups[group].waiting_gap_days) for group in GROUPS}
    lacking = (last.lacking if last else {}) if by_hand else _lacking(found, looked.mentees)
    row = MentorRound(at=now(), version=found.version, proposed=made, bonus=after, lacking=lacking)
    db.add(row)
    db.flush()
    return row


def _same(before: dict[str, facts.Stamp], after: dict[str, facts.Stamp]) -> set[str]:
    return {one for one, stamp in before.items() if after.get(one) == stamp}


def _propose(db: Session, pairs: list[Match], version: str, today: date) -> int:
    """Keep the proposals; a mentee who got one in another round at this very moment keeps that one. Return how many are new."""
    due = today + timedelta(days=rules.UNRELEASED_DAYS)
    values = [_row(pair, version, today, due) for pair in pairs]
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


def _say_why(db: Session, pairs: list[Match], alone: list[Unmatched]) -> None:
    """Keep for everybody who waits on why; who has a proposal has no reason."""
    whose = sa.bindparam("whose", type_=sa.Uuid)
    told = [
        {"whose": UUID(one.mentee.removeprefix(facts.MENTEE)), "because": packing.waits(one)} for one in alone
    ]  # fmt: skip
    told += [{"whose": UUID(pair.mentee.removeprefix(facts.MENTEE)), "because": packing.NOTHING} for pair in pairs]
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
