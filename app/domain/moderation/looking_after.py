"""Care of those who work at the desk: what they take, a break in one tap, and a colleague who looks after them."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import N_, _
from app.core.verdict import Verdict, no, require, unless
from app.domain.accounts import queries as people
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.moderation import care, handing, rules, waking
from app.models.accounts import Role
from app.models.moderation import Case, CaseState, DeskCare

_AT_DESK: Final = frozenset({Role.COORDINATOR, Role.SAFEGUARDING})
_C: sa.Table = Case.__table__  # type: ignore[attr-defined]
SHORT: Final = N_("Something at the desk is due soon, and waits for somebody. Please look at Work.")
RESTS: Final = N_("The person you look after takes a break from the desk. A word from you may do good.")
DONE: Final = N_("The person you look after had something heavy at the desk. A word from you may do good. What it was stays there.")
WORD: Final = N_("The person you look after would like a word with you.")
WISHES: Final = N_("Somebody who works here would like the two of you to look after each other.")
GOES: Final = N_("The two of you look after each other now.")


@dataclass(frozen=True, slots=True)
class Buddies:
    """Who looks after whom, as one of them sees it: names only of those who work here."""

    name: str = ""  # of the one who said yes
    asked: str = ""  # of the one who was asked, and has not answered
    asks: tuple[str, ...] = ()  # of those who asked


def arrange(db: Session, actor: Actor, most: int | None, topics: list[str]) -> None:
    """Keep what somebody takes: after how many heavy cases a break is offered (None: as the network says), and what they leave."""
    require(rules.may_work(actor))
    if set(topics) - set(care.TOPICS):
        raise Invalid("topics", _("Choose one of these."))
    mine = care.row(db, actor.me)
    mine.heavy_a_day, mine.topics = most, [key for key in care.TOPICS if key in topics] or None
    db.flush()
    _note(db)


def _note(db: Session) -> None:
    """Write down that something was arranged: neither who, nor what. The trail stays for ever, and this is nobody's business."""
    audit.record(db, None, "desk.care")


def rest(db: Session, actor: Actor) -> int:
    """Begin a break until tomorrow at this hour; what somebody has open goes back, as it stands. Returns how many that were.

    Whoever may take what is due soon is told that something is; where nobody is there who may, somebody outside is.
    """
    require(rules.may_work(actor))
    mine = care.row(db, actor.me)
    again, mine.rest_until = care.is_resting(mine), now() + care.BREAK
    db.flush()
    open_ = select(Case).where(Case.claimed_by == actor.member_id, Case.state == CaseState.OPEN)
    held = db.exec(open_.order_by(col(Case.id)).with_for_update()).all()
    for case in held:
        case.claimed_by = case.claimed_until = None
    db.flush()
    for case in held:
        handing.close_if_only_looked_at(db, case)
    _note(db)
    left = [case for case in held if case.state == CaseState.OPEN]
    if not again:
        _tell_buddy(db, actor, RESTS)
    _pass_on(db, actor, [case for case in left if case.due_at <= now() + care.BREAK])
    return len(left)


def _pass_on(db: Session, actor: Actor, soon: list[Case]) -> None:
    told: set[UUID] = set()
    for case in soon[:10]:  # who may look at one of these sees the others beside it
        there = care.takes(db, waking.left(db, case) - {actor.me}, case)
        told |= there
        if not there:
            waking.nobody_is_there(db, case)
    handing.tell_once(db, sorted(told), SHORT, "/desk")


def back(db: Session, actor: Actor) -> None:
    """End one's break."""
    require(rules.may_work(actor))
    care.row(db, actor.me).rest_until = None
    db.flush()
    _note(db)


def may_ask(free: bool, known: bool) -> Verdict:
    """Answer whether somebody asks another one to look after each other: one at a time, and who works here."""
    if not free:
        return no(_("You look after somebody, or have asked. End that first."))
    return unless(not known, _("Choose one of these."))


def buddies(db: Session, actor: Actor) -> Buddies:
    """Return who looks after whom, of those who work here today: a pair with somebody who does not any more is none."""
    here = dict(handing.colleagues(db, actor))
    mine, others = _mine(db, actor), _others(db, actor)
    name = asked = ""
    if mine is not None and mine.buddy_id in here:
        name, asked = (here[mine.buddy_id], "") if mine.buddy_yes else ("", here[mine.buddy_id])
    paired = next((here[one.member_id] for one in others if one.buddy_yes and one.member_id in here), "")
    asks = tuple(sorted(here[one.member_id] for one in others if not one.buddy_yes and one.member_id in here))
    return Buddies(name or paired, asked, asks)


def _mine(db: Session, actor: Actor) -> DeskCare | None:
    return db.exec(select(DeskCare).where(DeskCare.member_id == actor.me)).first()


def _others(db: Session, actor: Actor) -> list[DeskCare]:
    return list(db.exec(select(DeskCare).where(DeskCare.buddy_id == actor.me).order_by(col(DeskCare.id))).all())


def ask(db: Session, actor: Actor, name: str) -> None:
    """Ask somebody who works here to look after each other; nothing begins before they say yes."""
    require(rules.may_work(actor))
    here = {other: member_id for member_id, other in handing.colleagues(db, actor)}
    now_ = buddies(db, actor)
    if verdict := may_ask(not (now_.name or now_.asked), name in here):
        mine = care.row(db, actor.me)
        mine.buddy_id, mine.buddy_yes = here[name], False
        db.flush()
        handing.tell_once(db, [here[name]], WISHES, "/desk/care")
        _note(db)
        return
    raise Invalid("name", verdict.reason or "")


def answer(db: Session, actor: Actor, name: str, yes: bool) -> None:
    """Say yes or no to somebody who asked; who hears no is told nothing, and can ask somebody else."""
    require(rules.may_work(actor))
    here, now_ = dict(handing.colleagues(db, actor)), buddies(db, actor)
    found = next((one for one in _others(db, actor) if not one.buddy_yes and here.get(one.member_id) == name), None)
    if found is None:
        raise Invalid("", _("They do not ask any more."))
    if yes and now_.name:
        raise Invalid("", _("You look after somebody, or have asked. End that first."))
    db.refresh(found, with_for_update=True)
    if yes:
        _let_go(db, actor.me)
        found.buddy_yes = True
        handing.tell_once(db, [found.member_id], GOES, "/desk/care")
    else:
        found.buddy_id = None
    db.flush()
    _note(db)


def end(db: Session, actor: Actor) -> None:
    """End looking after each other, or take back that one asked; nobody is told."""
    require(rules.may_work(actor))
    _let_go(db, actor.me)
    for one in _others(db, actor):
        if one.buddy_yes:
            one.buddy_id, one.buddy_yes = None, False
    db.flush()
    _note(db)


def _let_go(db: Session, member_id: UUID) -> None:
    mine = sa.update(DeskCare).where(col(DeskCare.member_id) == member_id)
    db.execute(mine.values(buddy_id=None, buddy_yes=False))


def _buddy(db: Session, actor: Actor) -> UUID | None:
    """Return who looks after somebody, and works here today."""
    mine = _mine(db, actor)
    found = mine.buddy_id if mine is not None and mine.buddy_yes else None
    found = found or next((one.member_id for one in _others(db, actor) if one.buddy_yes), None)
    return found if found is not None and found in dict(handing.colleagues(db, actor)) else None


def _tell_buddy(db: Session, actor: Actor, sentence: str) -> None:
    if (found := _buddy(db, actor)) is not None:
        handing.tell_once(db, [found], sentence, "/desk/care")


def want_a_word(db: Session, actor: Actor) -> None:
    """Let whoever looks after somebody know that a word would do good: at any time, about nothing that can be told from it."""
    require(rules.may_work(actor))
    _tell_buddy(db, actor, WORD)
    _note(db)


def decided(db: Session, actor: Actor, case: Case) -> None:
    """Let whoever looks after somebody know that something heavy is behind them, not what.

    Only where they may look at the same case themselves: to whom it is about, or who told us of it, not even the moment says that
    something was decided.
    """
    if not care.heavy(case.kind, case.priority):
        return
    found = _buddy(db, actor)
    if found is not None and found in waking.left(db, case):
        handing.tell_once(db, [found], DONE, "/desk/care")


def role_ended(db: Session, member_id: UUID, _role: Role) -> None:
    """Forget how somebody looked after themselves who does not work here any more."""
    if people.roles_today(db, member_id).isdisjoint(_AT_DESK):
        purge(db, member_id)


def purge(db: Session, member_id: UUID) -> None:
    """Forget what is here of somebody."""
    db.execute(sa.update(DeskCare).where(col(DeskCare.buddy_id) == member_id).values(buddy_id=None, buddy_yes=False))
    db.execute(sa.delete(DeskCare).where(col(DeskCare.member_id) == member_id))
    db.execute(sa.update(_C).where(_C.c.asked_id == member_id).values(asked_id=None))


def begin_anew(db: Session) -> None:
    """Let nobody look after anybody after a restore: who ended it meanwhile must not be bound again, who did not says so anew."""
    db.execute(sa.update(DeskCare).values(buddy_id=None, buddy_yes=False))


def forget_gone(db: Session) -> int:
    """Forget what is here of those whose roles ended by their day; return how many."""
    rows = db.exec(select(DeskCare.member_id)).all()
    gone = [one for one in rows if people.roles_today(db, one).isdisjoint(_AT_DESK)]
    for member_id in gone:
        purge(db, member_id)
    return len(gone)


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return how somebody looks after themselves at the desk; not who looks after them."""
    found = db.exec(select(DeskCare).where(DeskCare.member_id == member_id)).first()
    if found is None:
        return {}
    kept = {
        N_("heavy cases a day"): found.heavy_a_day, N_("what I leave to others"): [
            _(care.TOPICS[key].label) for key in found.topics or () if key in care.TOPICS
        ],
        N_("heavy cases that I opened"): {"on": found.opened_on, N_("how many"): found.opened} if found.opened_on else None,
        N_("on a break until"): found.rest_until.date() if found.rest_until else None,
        N_("somebody looks after me"): bool(found.buddy_id and found.buddy_yes),
    }  # fmt: skip
    return {N_("my work at the desk"): kept}
