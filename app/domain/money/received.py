"""What a group received: written down line by line; what was wrong is put right by another line, never silently."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import require
from app.domain import ledger
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import founding
from app.domain.groups.rules import Seat
from app.domain.money import currencies, queries, rules
from app.models.groups import Group
from app.models.money import GroupMoney
from app.schemas.money import CorrectMoney, WriteMoney

A_YEAR: Final = timedelta(days=365)  # what a panel grants is for the year after it
UNNAMED: Final = "money words"  # in the ledger of erasures: the words of a line named a person


def write(db: Session, actor: Actor, group: Group, seat: Seat, wish: WriteMoney) -> GroupMoney:
    """Write down money that came; its words are looked at as all that a group says about itself."""
    today = now().date()
    require(rules.may_write_money(actor, seat, today))
    require(rules.may_add_line(queries.count(db, group.id, corrections=False)))
    line = _line(group, actor, wish)
    db.add(line)
    db.flush()
    founding.say_beside(db, actor, group, f"{wish.source}\n\n{wish.purpose}")
    audit.record(db, actor, "group.money", "group", group.id)
    return line


def put_right(db: Session, actor: Actor, group: Group, seat: Seat, wish: CorrectMoney) -> GroupMoney:
    """Put an earlier line right by a new one; Invalid where somebody did so a moment ago."""
    require(rules.may_write_money(actor, seat, now().date()))
    require(rules.may_add_line(queries.count(db, group.id, corrections=True)))
    db.refresh(group, with_for_update=True)  # one at a time: a line is put right once
    old = queries.line(db, group.id, wish.id)
    if queries.righted(db, old.id):
        raise Invalid("", _("This line was put right already. Put the newer one right, if that is wrong too."))
    line = _line(group, actor, wish, old)
    db.add(line)
    db.flush()
    founding.say_beside(db, actor, group, f"{wish.source}\n\n{wish.purpose}\n\n{wish.why}")
    audit.record(db, actor, "group.money_righted", "group", group.id)
    return line


def take_out(db: Session, actor: Actor, group: Group, seat: Seat, line_id: UUID) -> None:
    """Take the words of a line out for good, wherever it stands in a row of corrections; sum, period and day stay.

    Nobody reads this first, and it counts against no bound: less is said after it than before.
    """
    require(rules.may_write_money(actor, seat, now().date()))
    line = queries.line(db, group.id, line_id)
    _clear(line)
    db.flush()
    ledger.remember(db, UNNAMED, line.id)
    audit.record(db, actor, "group.money_words", "group", group.id)


def _clear(line: GroupMoney) -> None:
    line.source = line.purpose = line.why = ""


def unname_again(db: Session, line_id: UUID) -> bool:
    """Take out the words of a line that a restored older copy brought back; return whether it was there."""
    old = db.get(GroupMoney, line_id)
    if old is not None:
        _clear(old)
        db.flush()
    return old is not None


def _line(group: Group, actor: Actor, wish: WriteMoney, old: GroupMoney | None = None) -> GroupMoney:
    """Return the new line; one that says that nothing came keeps the currency of the line it puts right, and no sum."""
    today, never = now().date(), isinstance(wish, CorrectMoney) and wish.never
    rules.check_period(wish.first_on, wish.last_on, today)
    currency = old.currency if old is not None and never else wish.currency
    currencies.check_currency("currency", currency)
    return GroupMoney(
        group_id=group.id, source=wish.source, amount=None if never else currencies.read_amount("amount", wish.amount, currency),
        currency=currency, purpose=wish.purpose, first_on=wish.first_on, last_on=wish.last_on, written_on=today, made_by=actor.me,
        corrects_id=old.id if old else None, why=wish.why if isinstance(wish, CorrectMoney) else "",
    )  # fmt: skip
