"""Everything has an end date: one table of what goes when, and the job that keeps it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from app.core.clock import now
from app.core.db import Database
from app.core.i18n import N_, Sentence
from app.core.settings import Settings
from app.domain.accounts import actions as accounts
from app.domain.asking import ending as asking
from app.domain.asking import telling as asking_telling
from app.domain.between import standing as private
from app.domain.board import ending as boards
from app.domain.groups import belonging as groups
from app.domain.groups import files
from app.domain.groups.electing import ending as elections
from app.domain.media.store import from_url
from app.domain.meetings import coming
from app.domain.mentoring.joining import standing as mentoring
from app.domain.mentoring.together import standing as talks
from app.domain.moderation import conduct, ending
from app.domain.money.granting import standing as granting
from app.domain.reporting.measuring import marks
from app.domain.upkeep import leftovers
from app.jobs.erasures import note_erasures
from app.models.accounts import Answer, Member, MemberStatus, Vouch, WayBack
from app.models.engine import Delivery, DeliveryState, Draft, OnceKey, Tries
from app.models.groups import GroupCode, GroupRequest, PostVersion
from app.models.listing_care import ListingCall, ListingSuggestion
from app.models.meetings import CalendarFeed
from app.models.mentoring import MatchState, MentorMatch, MentorRound
from app.models.network import NotComing
from app.models.orders import LegalOrder
from app.models.partners import PartnerAnswer, PartnerDelivery, PartnerRecord, RecordState
from app.models.pausing import HousePause
from app.models.reporting import AnswerLook, BodyDeclaration

log = logging.getLogger("hearth.retention")


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of ``table`` whose ``column`` is older than ``days`` are removed (if ``also`` holds)."""

    table: type[SQLModel]
    column: str
    days: int
    also: Callable[[sa.Table], sa.ColumnElement[bool]] | None = None


RULES = (
    Rule(Draft, "saved_at", 90),
    Rule(OnceKey, "at", 2),
    Rule(Tries, "window_start", 2),
    Rule(Delivery, "done_at", 7, lambda t: t.c.state != DeliveryState.OWED),
    Rule(Answer, "at", 365),
    Rule(PartnerAnswer, "at", 2),
    Rule(PartnerDelivery, "done_at", 30, lambda t: t.c.state != DeliveryState.OWED),
    Rule(PartnerRecord, "sent_at", 90, lambda t: sa.and_(t.c.state == RecordState.WITHDRAWN, t.c.reason == "")),
    Rule(ListingCall, "on", 730),
    Rule(ListingSuggestion, "decided_on", 90),
    Rule(AnswerLook, "at", 730),
    Rule(BodyDeclaration, "said_on", 730),
    Rule(HousePause, "until_at", 730),
    Rule(LegalOrder, "closed_on", 730),
    Rule(GroupRequest, "decided_at", 90),
    Rule(GroupCode, "until", 90),
    Rule(CalendarFeed, "ended_on", 365),
    Rule(PostVersion, "until_at", 365),
    Rule(MentorMatch, "ended_on", 365, lambda t: t.c.state == MatchState.LAPSED),
    Rule(MentorRound, "at", 365),
    Rule(NotComing, "month", 730),
)
ENDED_SESSIONS = timedelta(days=30)
UNUSED_ACCOUNT = timedelta(days=548)  # 18 months
WAYS_BACK = timedelta(days=30)


def _table(kind: type[Any]) -> sa.Table:
    table: sa.Table = kind.__table__
    return table


def remove_old(db: Session, moment: datetime) -> dict[str, int]:
    """Apply the table of rules and the clean-ups of the features; return how many rows went, by table."""
    gone: dict[str, int] = {"mentor_message": talks.remove_old(db, moment)}  # first: they hang on pairs that the rules remove
    for rule in RULES:
        table = _table(rule.table)
        old = table.c[rule.column] < moment - timedelta(days=rule.days)
        result: Any = db.execute(sa.delete(table).where(sa.and_(old, rule.also(table)) if rule.also else old))
        gone[table.name] = result.rowcount
    gone["sign_in"] = accounts.clear_sessions(db, ENDED_SESSIONS)
    gone["export"] = accounts.clear_exports(db)
    gone["group_request"] += groups.end_old_requests(db, moment)
    gone["group_election"] = elections.forget_old(db, moment)
    gone["meeting_coming"] = coming.forget_old(db, moment)
    gone["private_message"] = private.remove_old(db, moment)
    gone["abroad_question"] = asking.end_due(db, moment)
    asking_telling.late(db, moment)
    gone["board_entry"] = boards.end_due(db, moment)
    gone["mentoring"] = mentoring.remove_old(db, moment)
    gone["granting"] = granting.remove_old(db, moment)
    files.forget_decided(db)
    gone["moderation"] = ending.remove_old(db, moment)
    over = list(db.exec(select(WayBack.id).where(col(WayBack.asked_at) < moment - WAYS_BACK)).all())
    for table, column in ((_table(Vouch), "way_back_id"), (_table(WayBack), "id")):
        db.execute(sa.delete(table).where(table.c[column].in_(over)))
    gone["way_back"] = len(over)
    return gone


def unused(db: Session, moment: datetime) -> list[UUID]:
    """Return the ids of accounts that nobody came to for 18 months."""
    old = col(Member.seen_on) < (moment - UNUSED_ACCOUNT).date()
    return list(db.exec(select(Member.id).where(col(Member.status) != MemberStatus.GONE, old)).all())


def run(database: Database, settings: Settings) -> Sentence:
    """Remove what is past its date, erase the accounts whose seven days are over and those unused for 18 months."""
    moment = now()
    gone = _remove(database, moment)
    with database.transaction() as db:
        people = [*accounts.due_for_purge(db, conduct.kept(db)), *unused(db, moment)]
    left = [member_id for member_id in people if not _purge(database, member_id)]
    note_erasures(database, settings)
    marks.replace(database)
    leftovers.clear(database, from_url(settings.media))
    if gone is None:
        raise RuntimeError("old rows could not be removed")
    if left:  # noted as a failure and tried again at the next run; the others are gone
        raise RuntimeError(f"{len(left)} accounts could not be erased")
    return Sentence(N_("rows removed: %(rows)s, accounts: %(accounts)s"), {"rows": sum(gone.values()), "accounts": len(people)})


def _remove(database: Database, moment: datetime) -> dict[str, int] | None:
    """Remove old rows; None where that failed: accounts are erased all the same."""
    try:
        with database.transaction() as db:
            return remove_old(db, moment)
    except Exception as error:
        log.error("old rows could not be removed: %s", type(error).__name__, exc_info=error)
        return None


def _purge(database: Database, member_id: UUID) -> bool:
    try:
        with database.transaction() as db:
            accounts.purge_member(db, member_id)
    except Exception as error:
        log.error("an account could not be erased: %s", type(error).__name__, exc_info=error)
        return False
    return True
