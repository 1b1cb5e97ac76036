"""Entries of help boards at the desk: held, flagged, decided; whoever wrote one is told, never who took it by whom.

What the two wrote to each other is not read here: whoever took an entry tells it in their own words, about a person.
"""

import json
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.i18n import N_
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.board import deciding as board
from app.domain.board import offering
from app.domain.board import queries as board_queries
from app.domain.board.reading import LIVE
from app.domain.groups import queries as group_queries
from app.domain.groups.hooks import Looked, Written
from app.domain.moderation import answering, filing, posts
from app.domain.moderation.checks.shapes import Check
from app.domain.moderation.posts import ReadPost
from app.domain.moderation.wording import TAKEN_OUT_BY_YOU as TAKEN_OUT
from app.domain.stories.lookover_parts import Kind
from app.models.board import BoardEntry, BoardState, BoardTaking
from app.models.groups import Group, PostState
from app.models.moderation import Case, CaseKind, CaseState

BOARD = "board"  # the kind of the subject, for what is held and what is flagged
OFFER = Check.OFFER.value
ELSEWHERE = N_("What you wrote on a help board cannot be shown there. Offers of work, loans, studies and journeys have a "
               "register of their own, where everybody reads who stands behind them. The reason stands below.")  # fmt: skip
_CASES: sa.Table = Case.__table__  # type: ignore[attr-defined]
_REACH = frozenset({Kind.PHONE, Kind.EMAIL, Kind.LINK, Kind.HANDLE})


def look(written: Written) -> Looked:
    """Return why a text would wait, whether it says how to reach somebody, and where exactly."""
    found = posts.findings(written)
    said = {one.rule for one in found if one.check is Check.PERSONAL}
    danger = any(one.check is Check.DANGER for one in found)
    return Looked(posts.counted(found), bool(said & _REACH), Kind.PLACE in said, danger)  # of places only what is on a map


def held(db: Session, entry: BoardEntry, found: dict[str, int]) -> None:
    """Open the case of an entry that waits."""
    filing.open_case(db, CaseKind.POST, BOARD, entry.id, entry.by_id, findings=found)


def gone(db: Session, which: sa.Select[tuple[UUID]]) -> None:
    """Close what was held of entries that are gone; what was flagged is decided all the same, by the words of then."""
    about = sa.and_(_CASES.c.subject_kind == BOARD, _CASES.c.subject_id.in_(which))
    db.execute(sa.update(_CASES).where(about, _CASES.c.kind == CaseKind.POST).values(snapshot=None, findings={}))
    decided = sa.and_(about, _CASES.c.kind == CaseKind.TALK, _CASES.c.state == CaseState.CLOSED)
    db.execute(sa.update(_CASES).where(decided).values(snapshot=None))
    waiting = select(Case).where(about, Case.kind == CaseKind.POST, Case.state == CaseState.OPEN).with_for_update()
    for case in db.exec(waiting.execution_options(populate_existing=True)).all():
        filing.close_undecided(db, case)
    answering.close_about(db, sa.and_(col(Case.subject_kind) == BOARD, col(Case.subject_id).in_(which)), TAKEN_OUT)


def flaggable(db: Session, actor: Actor, ref: str) -> tuple[BoardEntry, str]:
    """Return a shown entry that the actor sees, and its address; NotFound when there is nothing to see for them."""
    return board_queries.flaggable(db, actor, ref)


def leaders(db: Session, entry_id: UUID) -> list[UUID]:
    """Return whom an entry is about beside its writer: who took it."""
    took = select(BoardTaking.member_id).where(BoardTaking.entry_id == entry_id, col(BoardTaking.state).in_(LIVE))
    return list(db.exec(took))


def led(cases: sa.Table, member_id: sa.BindParameter[UUID]) -> sa.ColumnElement[bool]:
    """Return the condition on cases about an entry that a member took."""
    took = sa.exists().where(
        col(BoardTaking.entry_id) == cases.c.subject_id, col(BoardTaking.member_id) == member_id,
        col(BoardTaking.state).in_(LIVE),
    )  # fmt: skip
    return sa.and_(cases.c.subject_kind == BOARD, took)


def snapshot(db: Session, case: Case) -> str:
    """Return the words as they stand now."""
    return json.dumps({"body": offering.words_of(db.get_one(BoardEntry, case.subject_id))}, ensure_ascii=False)


def contents(db: Session, case: Case) -> ReadPost | None:
    """Return the words for whoever has the case open."""
    entry = db.get(BoardEntry, case.subject_id)
    if entry is None:
        return None
    body = offering.words_of(entry)
    flagged = json.loads(case.snapshot).get("body", "") if case.snapshot else ""
    changed = bool(flagged) and flagged != body
    elsewhere = OFFER in case.findings
    return ReadPost(body, entry.language, "", PostState.SHOWN, changed, flagged if changed else "", board=True, elsewhere=elsewhere)


def is_hidden(db: Session, case: Case) -> bool:
    """Say whether the entry of a case is hidden by a decision."""
    entry = db.get(BoardEntry, case.subject_id)
    return entry is not None and entry.state == BoardState.HIDDEN


def _tell(db: Session, entry: BoardEntry, sentence: str, words: str, link: str = "") -> None:
    if entry.by_id is None:
        return
    ref = db.exec(select(Group.ref).where(Group.id == entry.group_id)).one()
    inside = group_queries.seat(db, entry.group_id, entry.by_id).inside and entry.state != BoardState.GONE
    accounts.tell(db, entry.by_id, sentence, note=words, link=link or (board_queries.link(ref, entry.ref) if inside else ""))


def let_through(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Show an entry that waited; the days that it waited are not lost."""
    entry = db.get_one(BoardEntry, case.subject_id)
    board.show(db, actor, entry, now().date() - case.opened_at.date())
    _tell(db, entry, N_("Somebody has read what you wrote in a group. It is shown now."), words)


def refuse(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Do not show an entry that waited; an offer of work, a loan or a journey is sent to the register of opportunities."""
    entry = db.get_one(BoardEntry, case.subject_id)
    board.hide(db, actor, entry)
    if OFFER in case.findings:
        _tell(db, entry, ELSEWHERE, words, "/money")
    else:
        _tell(db, entry, N_("Somebody has read what you wrote in a group. It cannot be shown. The reason stands below."), words)


def keep(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Leave a flagged entry as it is, or show it again; where nothing changes nobody hears of it."""
    entry = db.get_one(BoardEntry, case.subject_id)
    if entry.state == BoardState.HIDDEN:
        board.show(db, actor, entry)
        _tell(db, entry, N_("We looked at what you wrote in a group again. It is shown again."), words)


def hide(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Hide a flagged entry."""
    entry = db.get_one(BoardEntry, case.subject_id)
    board.hide(db, actor, entry)
    _tell(db, entry, N_("We hid something that you wrote in a group. The reason stands below."), words)
