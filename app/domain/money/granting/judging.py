"""A panel at work: scores that nobody else reads until all have scored or the day is over, then what is decided, and why."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.core.ids import new_id
from app.core.text import digits
from app.core.verdict import require, unless
from app.domain import versions
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import hooks
from app.domain.money import currencies
from app.domain.money.granting import applying, opening, queries, rules, tying
from app.domain.money.granting.queries import Sitting
from app.domain.money.granting.rules import Stage, Ties
from app.domain.money.granting.wording import DECIDED
from app.domain.money.received import A_YEAR
from app.models.money import FundAsk, FundCall, FundScore, GroupMoney
from app.schemas.granting import Propose, Publish, Score


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel as one of its people finds it."""

    call: FundCall
    sitting: Sitting
    ties: dict[UUID, Ties]
    stage: Stage

    def of(self, member_id: UUID) -> Ties:
        """Return in what somebody takes no part; somebody who does not sit here takes part in nothing."""
        return self.ties.get(member_id, Ties(whole=True))

    def complete(self, ask_id: UUID | None = None) -> bool:
        """Say whether those who take part in an application (None: in anything) meet the rule."""
        return opening.complete(self.call, self.sitting, self.ties, ask_id)

    def decides(self, asks: list[FundAsk]) -> bool:
        """Say whether the panel meets its rule for each of these applications."""
        return self.complete() and all(self.complete(one.id) for one in asks)


def panel(db: Session, call: FundCall) -> Panel:
    """Return who works on a panel today, with their ties."""
    sitting = queries.sitting(db, call.id)
    ties = queries.ties(db, call.id, [one.member_id for one in sitting.works])
    return Panel(call, sitting, ties, opening.stage(db, call))


def sat_down(db: Session, actor: Actor, call: FundCall) -> Panel:
    """Return the panel for one of its people; Refused for others, and before the deadline."""
    found = panel(db, call)
    require(rules.may_sit(actor, actor.member_id in found.ties, found.stage))
    return found


def readable(db: Session, actor: Actor, found: Panel, ref: str) -> FundAsk:
    """Return an application that the actor reads as one of the panel; NotFound where they have a tie."""
    for ask in queries.live(db, found.call.id):
        if ask.ref == ref and rules.may_read(found.of(actor.me), ask.id):
            return ask
    raise queries.not_here()


def score(db: Session, actor: Actor, call: FundCall, ref: str, wish: Score) -> None:
    """Score an application, or score it anew as long as nobody reads the scores of others."""
    db.refresh(call, with_for_update=True)
    found = sat_down(db, actor, call)
    ask = readable(db, actor, found, ref)
    require(rules.may_score(found.stage, found.complete(ask.id), found.of(actor.me), ask.id))
    points = [int(one) for one in wish.points]
    rules.check_points(points, len(call.criteria))
    mine = db.exec(select(FundScore).where(FundScore.ask_id == ask.id, FundScore.member_id == actor.me)).first()
    mine = mine or FundScore(ask_id=ask.id, member_id=actor.me)
    mine.points, mine.reason = points, wish.reason
    db.add(mine)
    db.flush()
    opening.settle(db, call)
    audit.record(db, None, "panel.score", "fund_call", call.id)  # who did not score would be who has a tie


def declare_tie(db: Session, actor: Actor, call: FundCall, ref: str) -> None:
    """Say that one has a tie to an application, and take no part in it from now on; what one scored of it goes."""
    db.refresh(call, with_for_update=True)
    found = sat_down(db, actor, call)
    ask = readable(db, actor, found, ref)
    require(unless(found.stage not in (Stage.SCORING, Stage.OPENED), queries.not_here().sentence))
    opening.keep(db, call)
    tying.declare(db, call.id, actor.me, ask.id)
    db.execute(sa.delete(FundScore).where(col(FundScore.ask_id) == ask.id, col(FundScore.member_id) == actor.me))
    if ask.proposed_by == actor.me:
        ask.granted, ask.reason, ask.proposed_by = None, None, None
    db.flush()
    opening.settle(db, call)
    audit.record(db, None, "panel.tie", "fund_call", call.id)  # who it was stays with the panel


def counted(db: Session, found: Panel) -> list[FundScore]:
    """Return the scores that count: of whoever sits here today and has no tie to the application."""
    return [one for one in queries.scores(db, found.call.id) if not found.of(one.member_id).touch(one.ask_id)]


def propose(db: Session, actor: Actor, call: FundCall, ref: str, wish: Propose) -> None:
    """Write down what is decided about an application, in place of what stood there; without a sum it is not granted.

    Raises Moved where somebody wrote it down anew after the actor read it.
    """
    db.refresh(call, with_for_update=True)
    found = sat_down(db, actor, call)
    ask = readable(db, actor, found, ref)
    require(rules.may_propose(found.stage, found.complete(ask.id), found.of(actor.me), ask.id))
    if wish.seen != written([ask]):
        raise Moved(_("Somebody else of the panel wrote this down meanwhile. Nothing was overwritten: read it, then save yours."))
    look_at("reason", wish.reason, call)
    ask.granted, ask.reason, ask.proposed_by = amount(call, wish.amount), wish.reason, actor.me
    opening.keep(db, call)
    db.flush()
    audit.record(db, actor, "panel.propose", "fund_call", call.id)


class Moved(Conflict):
    """What is decided was written down anew after the page at hand was opened."""


def written(asks: Sequence[FundAsk]) -> str:
    """Return a mark of what is written down about these applications: another one for other sums or words."""
    said = sorted((one.ref, one.granted, one.reason) for one in asks)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def look_at(field: str, words: str, call: FundCall) -> None:
    """Raise Invalid for words of a decision that the checks would let wait, or that say how or where to reach somebody."""
    found = hooks.look_closely(hooks.Written(words, call.language))
    if found.held or found.reach or found.place:
        raise Invalid(field, _("Everybody can come to read this. Leave out numbers, links and exact places, or use other words."))


def stands(found: Panel, ask: FundAsk) -> bool:
    """Say whether what is decided about an application counts: written down by somebody who sits here and has no tie to it."""
    return ask.granted is not None and ask.proposed_by is not None and not found.of(ask.proposed_by).touch(ask.id)


def amount(call: FundCall, typed: str) -> int:
    """Return what was granted, in minor units; 0 for nothing typed, or for a nought. Invalid above what the call gives."""
    granted = currencies.read_amount("amount", typed, call.currency) if digits(typed).strip("0.,\u066b ") else 0
    if granted > call.most:
        raise Invalid("amount", rules.too_much())
    return granted


def publish(db: Session, actor: Actor, call: FundCall, wish: Publish) -> None:
    """Publish what was decided: everybody reads it, the groups are told, and what was granted stands as money they receive.

    Raises Moved where something was written down anew, or withdrawn, after the actor read it.
    """
    db.refresh(call, with_for_update=True)
    found = sat_down(db, actor, call)
    asks = queries.live(db, call.id)
    undecided, mine = sum(not stands(found, one) for one in asks), any(one.proposed_by == actor.me for one in asks)
    scored = any(one.member_id == actor.me for one in counted(db, found))
    require(rules.may_publish(found.stage, found.decides(asks), found.of(actor.me), len(asks), undecided, mine, scored))
    if wish.seen != written(asks):
        raise Moved(_("Something was written down anew meanwhile. Nothing is published yet: read it, then publish it."))
    look_at("words", wish.words, call)
    call.decided_at, call.decided_words = now(), wish.words
    call.sat = sum(not ties.whole for ties in found.ties.values())
    call.row_version += 1
    lines = [_line(call, one) for one in asks if one.granted]
    if lines:
        db.execute(sa.insert(GroupMoney), lines)
    db.flush()
    told = {one.group_id for one in asks} | {one.with_group_id for one in asks if one.with_group_id is not None and one.with_yes}
    applying.tell(db, list(told), DECIDED, call.id)
    versions.bump(db, versions.MONEY)
    versions.bump(db, versions.GROUPS)
    audit.record(db, actor, "panel.publish", "fund_call", call.id)


def _line(call: FundCall, ask: FundAsk) -> dict[str, object]:
    today = now().date()
    return {
        "id": new_id(), "group_id": ask.group_id, "source": call.by_whom, "amount": ask.granted, "currency": call.currency,
        "purpose": call.title, "first_on": today, "last_on": today + A_YEAR, "why": "", "written_on": today, "call_id": call.id,
    }  # fmt: skip
