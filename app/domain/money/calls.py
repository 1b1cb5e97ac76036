"""The register of calls: entered, changed and cancelled by coordinators; everybody sees it in the same minute."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import languages
from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import Verdict, require
from app.domain import ledger, versions
from app.domain.accounts import telling
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.money import currencies, moments, queries, rules
from app.domain.money.granting import queries as panels
from app.domain.money.granting import rules as granting
from app.domain.money.granting.wording import ASKING_CHANGED
from app.domain.money.wording import CALL_CHANGED, CALL_OFF, NEW_CALL
from app.models.money import FundAsk, FundCall, FundCallChange, GroupMoney
from app.schemas.money import ChangeCall, EnterCall

UNNAMED: Final = "call words"  # in the ledger of erasures, with how often: what stood in a call before named a person
_WORDS: Final = ("by_whom", "about", "who", "decided_by", "ties", "how", "paper_rule")
WORDS: Final = (
    "title",
    *_WORDS,
    "criteria",
    "source",
    "cancelled_why",
    "decided_words",
)  # what can be taken out of a call, whatever its state
REASONS: Final = "reasons"  # stands beside these: why groups of the list were granted money, as everybody reads it
BEFORE: Final = "before"  # stands beside these: only what stood there before any change is taken out
NO_WORDS: Final = "…"  # in place of words that were taken out where an empty field would say something else or nothing
_TOGETHER: Final = (("least", "most", "currency"), ("opens_at", "closes_at", "zone"))
_MATTERS: Final = frozenset(
    {"who", "criteria", "paper_rule", "how", "least", "most", "closes_at"}
)  # to whoever writes an application
_PLAIN: Final = ("title", *_WORDS, "language", "zone", "source", "here", "decide_on")


class ChangedMeanwhile(Conflict):
    """Another coordinator saved this call after the page at hand was opened; ``stands``: columns that differ, as the history."""

    def __init__(self, sentence: str, stands: dict[str, Any]) -> None:
        super().__init__(sentence)
        self.stands = stands


def enter(db: Session, actor: Actor, wish: EnterCall) -> FundCall:
    """Enter a call: from this minute on everybody sees it, and whoever cares for a group finds it under My answers."""
    require(rules.may_enter(actor))
    values = _read(wish)
    granting.check_decide_on(wish.here, wish.decide_on, wish.closes_on, None)
    rules.check_times(values["opens_at"], values["closes_at"], now())
    call = FundCall(ref=new_ref(), entered_at=now(), made_by=actor.me, **values)
    db.add(call)
    db.flush()
    _tell_groups(db, call, NEW_CALL)
    versions.bump(db, versions.MONEY)
    audit.record(db, actor, "money.enter", "fund_call", call.id)
    return call


def change(db: Session, actor: Actor, ref: str, wish: ChangeCall) -> FundCall:
    """Change a call; what stood there before stays to be read. ChangedMeanwhile when another coordinator was faster."""
    call = queries.call(db, ref, lock=True)
    require(may_change(db, actor, call))
    wish.here = call.here  # who runs it never changes: groups counted on it
    values, moment = _read(wish), now()
    granting.check_decide_on(call.here, wish.decide_on, wish.closes_on, call.decide_on)
    if call.row_version != wish.row_version:
        sentence = _("Somebody else changed this call meanwhile. Nothing was overwritten.")
        raise ChangedMeanwhile(sentence, _differing(call, values))
    rules.check_times(values["opens_at"], values["closes_at"], moment)
    rules.check_moved((call.opens_at, call.closes_at), (values["opens_at"], values["closes_at"]), moment)
    before = _differing(call, values)
    if wish.unname and not before and not queries.was_changed(db, call.id):
        raise Invalid("unname", _("Nothing stood here before. Words that stand here now can be taken out below."))
    if not before and not wish.unname:
        return call
    db.add(FundCallChange(call_id=call.id, at=moment, before=before, unnamed=wish.unname))
    db.flush()
    if wish.unname:
        _unname_earlier(db, call.id)
    for name, value in values.items():
        setattr(call, name, value)
    call.row_version += 1
    db.flush()
    if queries.state(call) == rules.CallState.OPEN:
        asking = _tell_asking(db, call, ASKING_CHANGED) if before else set()
        if not _MATTERS.isdisjoint(before):
            _tell_groups(db, call, CALL_CHANGED, asking)
    versions.bump(db, versions.MONEY)
    audit.record(db, actor, "money.change", "fund_call", call.id)
    return call


def may_change(db: Session, actor: Actor, call: FundCall) -> Verdict:
    """Answer whether the actor may change or cancel this call."""
    return rules.may_change(actor, queries.state(call), _tied(db, actor, call))


def _tied(db: Session, actor: Actor, call: FundCall) -> bool:
    return call.here and actor.signed_in and panels.tied(db, call.id, actor.me)


def cancel(db: Session, actor: Actor, ref: str, why: str) -> FundCall:
    """Cancel a call: it stays in the register with the reason, and whoever cares for a group is told."""
    call = queries.call(db, ref, lock=True)
    require(rules.may_cancel(actor, queries.state(call), call.here, call.decided_at is not None, _tied(db, actor, call)))
    call.cancelled_at, call.cancelled_why = now(), why
    call.row_version += 1
    db.flush()
    _tell_groups(db, call, CALL_OFF, _tell_asking(db, call, CALL_OFF))
    versions.bump(db, versions.MONEY)
    audit.record(db, actor, "money.cancel", "fund_call", call.id)
    return call


def take_out(db: Session, actor: Actor, ref: str, parts: list[str]) -> FundCall:
    """Take words that name a person out of a call for good, also when it is over; that it was done is shown."""
    call = queries.call(db, ref, lock=True)
    require(rules.may_enter(actor))
    chosen = [name for name in WORDS if name in parts and getattr(call, name)]
    reasons = REASONS in parts and call.decided_at is not None
    if not chosen and not reasons and not (BEFORE in parts and queries.was_changed(db, call.id)):
        raise Invalid("parts", _("Choose what names a person."))
    _clear(call, chosen)
    if reasons:
        _clear_reasons(db, call.id)
    if {"by_whom", "title"} & set(chosen):
        _clear_granted(db, call.id)
    call.row_version += 1
    db.add(FundCallChange(call_id=call.id, at=now(), before=dict.fromkeys(chosen), unnamed=True))
    db.flush()
    _unname_earlier(db, call.id)
    versions.bump(db, versions.MONEY)
    audit.record(db, actor, "money.take_out", "fund_call", call.id)
    return call


def _clear(call: FundCall, names: Sequence[str]) -> None:
    for name in names:
        if name == "criteria":
            call.criteria = [[weight, NO_WORDS] for weight, _said in call.criteria]
        elif getattr(call, name):
            setattr(call, name, NO_WORDS if name in ("title", "paper_rule") else "")


def _clear_granted(db: Session, call_id: UUID) -> None:
    """Take the words of a call also out of what groups received by it: they were copied there."""
    db.execute(sa.update(GroupMoney).where(col(GroupMoney.call_id) == call_id).values(source="", purpose=""))


def _clear_reasons(db: Session, call_id: UUID) -> None:
    """Take out why money was granted; what a group was told that got nothing is read by that group alone, and stays."""
    granted = col(FundAsk.call_id) == call_id, col(FundAsk.granted) > 0
    db.execute(sa.update(FundAsk).where(*granted).values(reason=None, answer=None))


def unname_again(db: Session, call_id: UUID, kind: str, on: date) -> bool:
    """Take out once more what named a person in a call that a restored older copy brought back; return whether it was there.

    Where the copy knows of fewer times than the ledger (``kind`` says how many), the last name stands in the words of the call
    itself: they go, to be written anew. Older entries of the ledger say the day only.
    """
    call = db.get(FundCall, call_id)
    if call is None:
        return False
    _empty(db, call_id)
    times, last = _unnamed(db, call_id)
    often = kind.removeprefix(UNNAMED).strip()
    if (times < int(often)) if often.isdecimal() else (last is None or last.date() < on):
        _clear(call, WORDS)
        _clear_granted(db, call_id)
        _clear_reasons(db, call_id)
    db.flush()
    versions.bump(db, versions.MONEY)
    return True


def _unname_earlier(db: Session, call_id: UUID) -> None:
    """Take the words out of all that stood there before: the name may have stood there longer. Sums, days, weights stay."""
    _empty(db, call_id)
    ledger.remember(db, f"{UNNAMED} {_unnamed(db, call_id)[0]}", call_id)


def _unnamed(db: Session, call_id: UUID) -> tuple[int, datetime | None]:
    """Return how often words that named a person went out of a call, and when last."""
    marks = select(FundCallChange.at).where(FundCallChange.call_id == call_id, col(FundCallChange.unnamed))
    found = db.exec(marks.order_by(col(FundCallChange.id))).all()
    return len(found), found[-1] if found else None


def _empty(db: Session, call_id: UUID) -> None:
    for row in db.exec(select(FundCallChange).where(FundCallChange.call_id == call_id)).all():
        row.before = {name: _emptied(name, value) for name, value in row.before.items()}
    db.flush()


def _emptied(name: str, value: Any) -> Any:
    """Return what the history keeps of a column whose words go; that no papers were asked for names nobody."""
    if name == "criteria" and value:
        return [[weight, NO_WORDS] for weight, _said in value]
    return None if name in WORDS and value else value


def _tell_groups(db: Session, call: FundCall, sentence: str, but: Collection[UUID] = ()) -> None:
    link = f"/money/{call.ref}"
    telling.tell_all(db, ((one, link) for one in queries.organisers(db, now().date()) if one not in but), sentence)


def _tell_asking(db: Session, call: FundCall, sentence: str) -> set[UUID]:
    """Tell those who apply for groups that ask in this call, each with the address of the application; return who they are."""
    found = panels.asking(db, call) if call.here else ()
    telling.tell_all(db, ((one, f"/g/{ref}/asks/{call.ref}") for one, ref in found), sentence)
    return {one for one, _ref in found}


def _differing(call: FundCall, values: dict[str, Any]) -> dict[str, Any]:
    """Return what stood in the columns that change; of a sum and its currency, of hours and their zone, all or none."""
    was = {name: _kept(getattr(call, name)) for name in values}
    changed = {name for name in values if was[name] != _kept(values[name])}
    for together in _TOGETHER:
        changed |= set(together) if changed & set(together) else set()
    return {name: None if _taken_out(name, was[name]) else was[name] for name in values if name in changed}


def _taken_out(name: str, value: Any) -> bool:
    """Say whether words were taken out of this column: only of papers "" says that there never were any."""
    return name in WORDS and (value == NO_WORDS or (value == "" and name != "paper_rule"))


def _kept(value: Any) -> Any:
    """Return a value as the history keeps it."""
    if isinstance(value, date):  # or a moment
        return value.isoformat()
    return [list(one) if isinstance(one, (list, tuple)) else one for one in value] if isinstance(value, list) else value


def _read(wish: EnterCall) -> dict[str, Any]:
    """Return the columns of a call from what somebody typed; Invalid with the field for what cannot be."""
    currencies.check_currency("currency", wish.currency)
    moments.check_zone("zone", wish.zone)
    most = currencies.read_amount("most", wish.most, wish.currency)
    least = currencies.read_amount("least", wish.least, wish.currency) if wish.least else None
    rules.check_sum(least, most)
    rules.check_days(wish.opens_on, wish.closes_on, now().date())
    if not wish.here and not wish.source:
        raise Invalid("source", _("Write a whole address that begins with https:// or http://"))
    if not all(languages.is_known(code) for code in (wish.language, *wish.languages)):
        raise Invalid("languages", _("Choose one of these."))
    return {
        **{name: getattr(wish, name) for name in _PLAIN}, "decide_on": wish.decide_on if wish.here else None,
        "currency": wish.currency, "least": least, "most": most,
        "criteria": [list(one) for one in rules.read_criteria(wish.criteria)], "languages": list(dict.fromkeys(wish.languages)),
        "opens_at": moments.moment_of("opens_on", wish.opens_on, wish.opens_hour, wish.zone),
        "closes_at": moments.moment_of("closes_on", wish.closes_on, wish.closes_hour, wish.zone, last=True),
    }  # fmt: skip
