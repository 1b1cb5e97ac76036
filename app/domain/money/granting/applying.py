"""A group applies: a draft that is kept, sent by whoever cares for the group or keeps its accounts, changed until the deadline."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain import ledger
from app.domain.accounts import telling
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups.rules import Seat
from app.domain.media import keeping
from app.domain.money import currencies
from app.domain.money import queries as money
from app.domain.money.granting import opening, queries, rules, tying
from app.domain.money.granting.wording import LEFT, WORDS_CHANGED
from app.domain.money.rules import may_write_money
from app.models.groups import Group
from app.models.money import AskState, FundAsk, FundCall, FundScore, FundTie
from app.schemas.granting import Apply

WITHDRAWN: Final = "withdrawn ask"  # in the ledger of erasures: what a group asked for and took back
NAMES: Final = tuple(f"q{number}" for number in range(1, rules.QUESTIONS + 1))


class AskChanged(Conflict):
    """Somebody of the same group saved the application after the page at hand was opened; ``stands`` is what they wrote."""

    def __init__(self, sentence: str, stands: dict[str, Any]) -> None:
        super().__init__(sentence)
        self.stands = stands


def save(db: Session, actor: Actor, group: Group, seat: Seat, call: FundCall, wish: Apply) -> FundAsk:
    """Keep an application, or send it; one that was sent stays sent, so it must be whole.

    Raises Invalid, also ("") after the deadline, Refused, and AskChanged when somebody of the group was faster.
    """
    require(rules.may_apply(actor, seat, group.state, now().date()))
    ask = _held(db, group, call, wish.step == "send")
    if wish.row_version != (ask.row_version if ask else 0):
        stands = typed(ask, call) if ask else {}
        raise AskChanged(_("Somebody else of your group changed this meanwhile. Nothing was overwritten."), stands)
    sends = wish.step == "send" or (ask is not None and ask.state == AskState.SENT)
    answers, wants = _read(call, wish, sends, ask is not None and ask.voice is not None)
    _check_room(db, ask, call, sends)
    if ask is None or ask.state == AskState.WITHDRAWN:
        ask = _fresh(db, group, call, ask)
    _write(db, actor, ask, wish, answers, wants)
    if sends and ask.state != AskState.SENT:
        ask.state, ask.sent_at = AskState.SENT, now()
    elif not sends:
        ask.state = AskState.DRAFT
    db.add(ask)
    db.flush()
    if ask.state == AskState.SENT:
        tying.note(db, call.id)
    audit.record(db, actor, "group.ask_sent" if sends else "group.ask_kept", "group", group.id)
    return ask


def _held(db: Session, group: Group, call: FundCall, sends: bool) -> FundAsk | None:
    """Return the application of a group, held with its call: the deadline counts until this is kept, and a group applies once.

    Those who send go one after the other: else more could come in than a panel can read.
    """
    db.refresh(call, with_for_update=True if sends else {"read": True})
    if not (open_ := rules.may_change(money.state(call), call.decided_at is not None)):
        raise Invalid("", open_.reason or "")
    db.refresh(group, with_for_update=True)
    if queries.joined(db, call.id, group.id):
        raise Invalid("", _("Your group is part of the application of another group here. It can ask once in a call."))
    return queries.of_group(db, call.id, group.id)


def _fresh(db: Session, group: Group, call: FundCall, gone: FundAsk | None) -> FundAsk:
    """Return a new application; one that was withdrawn before stays withdrawn for good, also in a copy that is restored.

    Versions go on where they were, for forms that are open; whoever had a tie to the one before has it to this one.
    """
    ask = FundAsk(
        ref=new_ref(), call_id=call.id, group_id=group.id, state=AskState.DRAFT, language="en", saved_at=now(),
        row_version=gone.row_version if gone else 0,
    )  # fmt: skip
    if gone is not None:
        ties = db.exec(select(FundTie).where(FundTie.ask_id == gone.id)).all()
        kept = [FundTie(call_id=one.call_id, member_id=one.member_id, ask_id=ask.id, competes=one.competes) for one in ties]
        for row in (*ties, gone):
            db.delete(row)
            db.flush()
        db.add(ask)
        db.flush()
        db.add_all(kept)
    return ask


def _check_room(db: Session, ask: FundAsk | None, call: FundCall, sends: bool) -> None:
    fresh = sends and (ask is None or ask.state != AskState.SENT)
    if fresh and queries.sent(db, call.id) >= rules.MOST_ASKS:
        raise Invalid(
            "", _("So many groups have asked that one panel cannot read more. Keep it as a draft, and tell a coordinator.")
        )


def _write(db: Session, actor: Actor, ask: FundAsk, wish: Apply, answers: dict[str, str], wants: int | None) -> None:
    """Take words over; a group that said yes to others than these says it anew."""
    changed = (answers, wants, wish.language) != (ask.answers, ask.wants, ask.language)
    ask.answers, ask.wants, ask.language, ask.made_by, ask.saved_at = answers, wants, wish.language, actor.me, now()
    ask.row_version += 1
    if changed:
        ask_again(db, ask)


def ask_again(db: Session, ask: FundAsk) -> None:
    """Let the other group say yes anew: it said yes to other words than these."""
    if ask.with_group_id is not None and ask.with_yes:
        ask.with_yes = False
        tell(db, [ask.with_group_id], WORDS_CHANGED, ask.call_id)


def tell(db: Session, group_ids: list[UUID], sentence: str, call_id: UUID) -> None:
    """Tell those who may apply for these groups, each with the address of the application in their own group."""
    ref = db.get_one(FundCall, call_id).ref
    keepers = queries.keepers(db, group_ids)
    telling.tell_all(db, ((member_id, f"/g/{group_ref}/asks/{ref}") for member_id, group_ref in keepers), sentence)


def withdraw(db: Session, actor: Actor, group: Group, seat: Seat, call: FundCall) -> None:
    """Take an application or a draft back, also for a group that is hidden: its words go, also from a copy that is restored."""
    require(may_write_money(actor, seat, now().date()))
    ask = queries.of_group(db, call.id, group.id)
    if ask is None:
        raise queries.not_here()
    db.refresh(call, with_for_update=True)
    db.refresh(ask, with_for_update=True)
    require(rules.may_withdraw(ask.state != AskState.WITHDRAWN, call.decided_at is not None))
    end(db, ask, call)
    audit.record(db, actor, "group.ask_withdrawn", "group", group.id)


def end(db: Session, ask: FundAsk, call: FundCall) -> None:
    """Let an application be withdrawn: its words go, whoever was part of it is told, and scores open if nothing else is owed."""
    partner = ask.with_group_id if queries.linked(ask, call) else None
    erase(db, ask)
    ask.state, ask.row_version = AskState.WITHDRAWN, ask.row_version + 1
    db.flush()
    if partner is not None:
        tell(db, [partner], LEFT, call.id)
    ledger.remember(db, WITHDRAWN, ask.id)
    opening.settle(db, call)


def erase(db: Session, ask: FundAsk) -> None:
    """Take the words and the sum out of an application, whoever was to be part of it, and what a panel wrote about it."""
    db.execute(sa.delete(FundScore).where(col(FundScore.ask_id) == ask.id))
    forget_voice(db, [ask])
    ask.answers, ask.wants, ask.with_group_id, ask.with_yes, ask.link_hash = None, None, None, False, None
    ask.granted, ask.reason, ask.proposed_by, ask.sent_at = None, None, None, None


def forget_voice(db: Session, asks: Iterable[FundAsk]) -> None:
    """Take the voices of applications away for good."""
    for ask in asks:
        keeping.forget(db, keeping.names(ask.voice or {}))
        ask.voice, ask.voice_seconds = None, None


def erase_again(db: Session, ask_id: UUID) -> bool:
    """Withdraw once more what a restored older copy brought back; return whether it was there."""
    ask = db.get(FundAsk, ask_id)
    if ask is not None:
        erase(db, ask)
        ask.state = AskState.WITHDRAWN
        db.flush()
    return ask is not None


def typed(ask: FundAsk | None, call: FundCall) -> dict[str, Any]:
    """Return the values of an application as its form shows them."""
    if ask is None or ask.answers is None:
        return {"row_version": ask.row_version if ask else 0}
    wants = currencies.typed(ask.wants, call.currency) if ask.wants else ""
    return {**ask.answers, "wants": wants, "language": ask.language, "row_version": ask.row_version}


def _read(call: FundCall, wish: Apply, sends: bool, spoken: bool) -> tuple[dict[str, str], int | None]:
    """Return answers and sum as they are kept; Invalid with the field for what cannot be, or is missing in what is sent."""
    answers = {name: str(getattr(wish, name)) for name in (*NAMES, "name", "host", "papers")}
    if sends:
        rules.check_whole([answers[name] for name in NAMES], spoken)
    if not wish.wants and not sends:
        return answers, None
    wants = currencies.read_amount("wants", wish.wants, call.currency)
    rules.check_wants(wants, call.least, call.most)
    return answers, wants
