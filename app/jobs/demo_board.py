"""Turns the demo's help boards into rows, by the same actions that people use: asked, offered, taken, done, held."""

from typing import Any

from sqlmodel import Session

from app.core import clock
from app.core.clock import days, now
from app.domain.board import deciding, offering, queries, taking
from app.domain.groups import queries as groups
from app.domain.moderation import actions as moderation
from app.domain.moderation import board_words, filing
from app.domain.moderation.rules import Choice
from app.jobs import demo_content
from app.models.board import BoardEntry, BoardSide
from app.models.groups import Group
from app.models.moderation import CaseKind, Outcome
from app.schemas.board import WriteEntry

_OWN = ("by", "days_ago", "held", "taken")  # of the content, not of the form


def put(db: Session, group: Group, content: dict[str, Any], told: dict[str, Any]) -> None:
    """Put one entry of the content on the board of its group, and let it go as far as the content says."""
    writer = demo_content.actor_of(db, told["by"])
    words = {key: value for key, value in told.items() if key not in _OWN}
    with clock.at(now() - days(told.get("days_ago", 2))):
        wish = WriteEntry.model_validate({"language": content["language"], **words})
        entry = offering.write(db, writer, group, groups.seat(db, group.id, writer.me), wish)
        if not told.get("held"):
            _let_through(db, entry)
        if "taken" in told:
            _take(db, group, entry, told["by"], told["taken"])


def _take(db: Session, group: Group, entry: BoardEntry, by: str, told: dict[str, Any]) -> None:
    takes, writes = demo_content.actor_of(db, told["by"]), demo_content.actor_of(db, by)
    row, seat, stands = queries.held(db, takes, group.ref, entry.ref)
    taking.take(db, takes, seat, row, stands, told["words"])
    if "told" in told:
        taking.agree(db, writes, row, queries.held(db, writes, group.ref, entry.ref)[2], told["told"])
    if "helped" in told:
        taking.finish(db, writes, row, queries.held(db, writes, group.ref, entry.ref)[2])
        helped = writes if entry.side == BoardSide.ASK else takes
        taking.say_helped(db, helped, row, queries.held(db, helped, group.ref, entry.ref)[2], told["helped"])


def _let_through(db: Session, entry: BoardEntry) -> None:
    """Of somebody new a room waits at the desk: the demo's coordinator lets it through."""
    case = filing.find(db, CaseKind.POST, board_words.BOARD, entry.id)
    reader = demo_content.actor_of(db, demo_content.SECOND_READER)
    if case is not None and case.about_id == reader.member_id:  # nobody decides about their own words, and there is no other
        filing.close_undecided(db, case)
        entry.by_id = None
        deciding.show(db, reader, entry)
        entry.by_id = case.about_id
        db.flush()
    elif case is not None:
        case = moderation.open_case(db, reader, case.ref)
        moderation.decide(db, reader, case.ref, Choice(Outcome.PUBLISH, case.row_version))
        db.refresh(entry)
