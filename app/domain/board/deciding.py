"""What the desk does with an entry of a help board: show it, hide it. Its writer is told by moderation, whoever took it here."""

from sqlmodel import Session

from app.core.verdict import require
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.board import ending, queries
from app.domain.groups import rules as groups
from app.models.board import BoardEntry, BoardState


def show(db: Session, actor: Actor, entry: BoardEntry) -> None:
    """Show an entry: after it waited, or again after it was hidden."""
    _put(db, actor, entry, BoardState.SHOWN)
    audit.record(db, actor, "board.release", "board", entry.id)


def hide(db: Session, actor: Actor, entry: BoardEntry) -> None:
    """Hide an entry from everybody but its writer; whoever took it reads its words no more, and can give it back."""
    _put(db, actor, entry, BoardState.HIDDEN)
    audit.record(db, actor, "board.hide", "board", entry.id)


def _put(db: Session, actor: Actor, entry: BoardEntry, state: BoardState) -> None:
    """Put an entry into a state; one that was taken out meanwhile is decided all the same, and stays gone."""
    require(groups.may_decide(actor, entry.by_id))
    if entry.state == BoardState.GONE:
        return
    entry.state, entry.row_version = state, entry.row_version + 1
    db.flush()
    taking = queries.live_taking(db, entry.id)
    if taking is not None:
        with accounts.concerning(None):  # the decision is about another's words
            ending.tell(db, entry, taking.member_id)
