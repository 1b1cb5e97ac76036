"""What the desk does with an entry of a help board: show it, hide it. Its writer is told by moderation, whoever took it here."""

from datetime import timedelta

from sqlmodel import Session

from app.core.verdict import require
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.board import ending, queries
from app.domain.groups import rules as groups
from app.models.board import BoardEntry, BoardState


def show(db: Session, actor: Actor | None, entry: BoardEntry, waited: timedelta = timedelta()) -> None:
    """Show an entry: after it waited, then as many days longer, or again after it was hidden, also by the clock (for nobody)."""
    if entry.state == BoardState.WAITS:
        entry.until += waited
    _put(db, actor, entry, BoardState.SHOWN)
    audit.record(db, actor, "board.release", "board", entry.id)


def hide(db: Session, actor: Actor, entry: BoardEntry) -> None:
    """Hide an entry from everybody but its writer; whoever took it reads its words no more, and can give it back."""
    _put(db, actor, entry, BoardState.HIDDEN)
    audit.record(db, actor, "board.hide", "board", entry.id)


def hide_at_once(db: Session, entry: BoardEntry) -> None:
    """Hide an entry until a person has looked, because somebody may be in danger or can be recognised; the rule was asked."""
    _set(db, entry, BoardState.HIDDEN)
    audit.record(db, None, "board.hide_at_once", "board", entry.id)


def show_own(db: Session, actor: Actor, entry: BoardEntry) -> None:
    """Show again what was hidden at once and nobody decided about in time; whoever wrote it wants that."""
    require(groups.may_show_own(actor, entry.by_id))
    if entry.state == BoardState.HIDDEN:
        _set(db, entry, BoardState.SHOWN)
        audit.record(db, None, "board.let_go", "board", entry.id)


def _put(db: Session, actor: Actor | None, entry: BoardEntry, state: BoardState) -> None:
    """Put an entry into a state; one that was taken out meanwhile is decided all the same, and stays gone."""
    require(groups.may_show_again(actor, entry.by_id))
    if entry.state != BoardState.GONE:
        _set(db, entry, state)


def _set(db: Session, entry: BoardEntry, state: BoardState) -> None:
    entry.state, entry.row_version = state, entry.row_version + 1
    db.flush()
    taking = queries.live_taking(db, entry.id)
    if taking is not None:
        with accounts.concerning(None):  # the decision is about another's words
            ending.tell(db, entry, taking.member_id)
