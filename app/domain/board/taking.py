"""Taking an entry, saying yes or no to whoever took it, giving it back, done, and whether it helped.

Who took it is known to the two and to nobody else, so none of it stands in the trail of audit.
"""

from uuid import uuid4

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import require
from app.domain import ledger
from app.domain.actor import Actor
from app.domain.board import ending, queries, rules
from app.domain.board.rules import Stands
from app.domain.groups import hooks as checks
from app.domain.groups import talking
from app.domain.groups.hooks import Looked, Written
from app.domain.groups.rules import Seat
from app.models.board import BoardEntry, BoardHelp, BoardStage, BoardTaking, TakingState


def take(db: Session, actor: Actor, seat: Seat, entry: BoardEntry, stands: Stands, words: str) -> None:
    """Take an entry: whoever wrote it reads who it is and these words, and says yes or no. Invalid says why not."""
    newcomer = talking.is_newcomer(db, actor.me)
    require(rules.may_take(actor, seat, stands, newcomer))
    rules.check_taken(queries.taken_now(db, actor.me))
    looked = _look(words, entry.language, newcomer)
    if looked.reach or looked.place:
        raise Invalid("words", _("Leave out numbers, links and where exactly, until the other one has said yes."))
    db.add(BoardTaking(entry_id=entry.id, member_id=actor.me, note=words))
    _move(db, entry, BoardStage.TAKEN)
    ending.tell(db, entry, entry.by_id)


def agree(db: Session, actor: Actor, entry: BoardEntry, stands: Stands, words: str) -> None:
    """Say yes to whoever took it, with where and how; or say it anew. Only that one person reads it."""
    require(rules.may_answer(actor, stands))
    _look(words, entry.language, talking.is_newcomer(db, actor.me))
    taking = queries.live_taking(db, entry.id)
    if taking is not None:
        taking.state, taking.told = TakingState.AGREED, words
        _move(db, entry, BoardStage.TAKEN)
        ending.tell(db, entry, taking.member_id)


def say(db: Session, actor: Actor, entry: BoardEntry, stands: Stands, words: str) -> None:
    """Say anew, as whoever took it, what the other one reads: once both agreed also numbers."""
    require(rules.may_say(actor, stands))
    _look(words, entry.language, talking.is_newcomer(db, actor.me))
    taking = queries.live_taking(db, entry.id)
    if taking is not None:
        taking.note = words
        db.flush()
        ending.tell(db, entry, entry.by_id)


def refuse(db: Session, actor: Actor, entry: BoardEntry, stands: Stands) -> None:
    """Say no to whoever took it: the entry is open again, for everybody but them."""
    require(rules.may_refuse(actor, stands))
    taking = queries.live_taking(db, entry.id)
    if taking is not None:
        ending.refuse(db, entry, taking)
        ledger.remember(db, ending.REFUSED, taking.id)


def give_back(db: Session, actor: Actor, entry: BoardEntry, stands: Stands) -> None:
    """Give back what one took: nothing of it is kept, and the entry is open again."""
    require(rules.may_give_back(actor, stands))
    taking = queries.live_taking(db, entry.id)
    if taking is not None:
        ending.give_back(db, [taking.id])
        ledger.remember(db, ending.GIVEN_BACK, taking.id)


def finish(db: Session, actor: Actor, entry: BoardEntry, stands: Stands) -> None:
    """Say that it is done: what the two wrote to each other is erased at once."""
    require(rules.may_finish(actor, stands))
    ending.finish(db, entry, now().date())
    ledger.remember(db, ending.DONE, entry.id)
    taking = queries.live_taking(db, entry.id)
    if taking is not None:
        ending.tell(db, entry, taking.member_id if stands.mine else entry.by_id)


def say_helped(db: Session, actor: Actor, entry: BoardEntry, stands: Stands, answer: str) -> None:
    """Say whether it helped: counted without the person, the entry and the day."""
    require(rules.may_say_helped(actor, stands))
    entry.answered = True
    # A random id: one of ours would tell the millisecond.
    db.add(BoardHelp(id=uuid4(), group_id=entry.group_id, answer=answer, month=now().date().replace(day=1)))
    db.flush()


def _move(db: Session, entry: BoardEntry, stage: BoardStage) -> None:
    entry.stage, entry.row_version = stage, entry.row_version + 1
    db.flush()


def _look(words: str, language: str, newcomer: bool) -> Looked:
    """Ask the checks about words between the two; Invalid for what would wait: nothing waits here."""
    looked = checks.look_closely(Written(words, language, newcomer))
    if looked.held:
        sentence = _("These words cannot stand here: somebody would have to read them first. Leave out links, numbers and offers.")
        raise Invalid("words", sentence)
    return looked
