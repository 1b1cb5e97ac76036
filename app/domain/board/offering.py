"""Writing an entry of a help board, and taking it out. None of it stands in the trail of audit."""

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain import ledger
from app.domain.actor import Actor
from app.domain.board import ending, hooks, queries, rules
from app.domain.board.rules import Stands
from app.domain.groups import hooks as checks
from app.domain.groups import rules as groups
from app.domain.groups import talking
from app.domain.groups.hooks import Written
from app.domain.groups.rules import Seat
from app.models.board import BoardEntry, BoardState
from app.models.groups import Group
from app.schemas.board import WriteEntry


def write(db: Session, actor: Actor, group: Group, seat: Seat, wish: WriteEntry) -> BoardEntry:
    """Write an entry; what the checks hold, and what somebody new offers for two alone, waits. Invalid says why not."""
    require(rules.may_write(actor, seat))
    rules.check_kind(wish.kind)
    rules.check_near(wish.near)
    rules.check_many(queries.open_now(db, actor.me))
    newcomer = talking.is_newcomer(db, actor.me)
    looked = checks.look_closely(Written(f"{wish.title}\n\n{wish.about}\n\n{wish.near}", wish.language, newcomer))
    if looked.reach or looked.place:
        parts = {"title": wish.title, "about": wish.about, "near": wish.near}
        found = ((name, checks.look_closely(Written(words, wish.language, newcomer))) for name, words in parts.items())
        alone = (name for name, one in found if one.reach or one.place)
        raise Invalid(
            next(alone, "about"), _("Leave out numbers, links and where exactly. You tell them to the one person you say yes to.")
        )
    held = looked.held | ({"decision": 1} if groups.read_first(actor) else {})
    waits = bool(held) or rules.reads_first(newcomer, wish.side, wish.kind)
    entry = BoardEntry(
        ref=new_ref(), group_id=group.id, by_id=actor.me, side=wish.side, kind=wish.kind, title=wish.title, about=wish.about,
        language=wish.language, near=wish.near, until=rules.last_day(now().date(), wish.days),
        state=BoardState.WAITS if waits else BoardState.SHOWN,
    )  # fmt: skip
    db.add(entry)
    db.flush()
    if waits:
        hooks.tell_held(db, entry, held)
    return entry


def take_out(db: Session, actor: Actor, entry: BoardEntry, stands: Stands) -> None:
    """Take an entry out for good, in whatever state; whoever took it is told that nothing is asked of them."""
    require(rules.may_take_out(actor, stands))
    ending.erase(db, [entry.id])
    ledger.remember(db, ending.TAKEN_OUT, entry.id)


def words_of(entry: BoardEntry) -> str:
    """Return everything that is said in an entry in words of its own."""
    return "\n\n".join(part for part in (entry.title, entry.about, entry.near) if part)
