"""When the scores of a panel open: once all have scored, or after the day where every application has scores of two people."""

from collections import Counter
from uuid import UUID

from sqlmodel import Session

from app.core.clock import now
from app.domain.money.granting import queries, rules
from app.domain.money.granting.queries import Sitting
from app.domain.money.granting.rules import Stage, Ties
from app.models.money import FundCall


def stage(db: Session, call: FundCall) -> Stage:
    """Return where the deciding stands; after the day scoring goes on as long as an application has too few scores."""
    found = queries.stage(call)
    if found != Stage.OPENED or call.scores_open_at is not None or _scored(db, call):
        return found
    return Stage.SCORING


def keep(db: Session, call: FundCall) -> None:
    """Note that scores are open, before one of them goes: what somebody has read is not scored anew."""
    if call.scores_open_at is None and stage(db, call) == Stage.OPENED:
        call.scores_open_at = now()
        db.flush()


def complete(call: FundCall, sitting: Sitting, ties: dict[UUID, Ties], ask_id: UUID | None = None) -> bool:
    """Say whether those who take part in an application (None: in anything) meet the rule of a panel.

    Whoever stops after the deadline, or takes no part for a time, is replaced first, whatever they had declared: else it could
    be read from what follows.
    """
    part = [
        one for one in sitting.works if not (ties[one.member_id].whole if ask_id is None else ties[one.member_id].touch(ask_id))
    ]
    return not (call.to_replace or sitting.rests) and rules.composed([one.declared for one in part])


def settle(db: Session, call: FundCall) -> None:
    """Open the scores once everybody who sits here has scored everything in which they take part; then nobody changes them."""
    if stage(db, call) != Stage.SCORING:
        return
    sitting, asks = queries.sitting(db, call.id), queries.live(db, call.id)
    ties = queries.ties(db, call.id, [one.member_id for one in sitting.works])
    owed = {(one.member_id, ask.id) for one in sitting.works for ask in asks if not ties[one.member_id].touch(ask.id)}
    given = {(one.member_id, one.ask_id) for one in queries.scores(db, call.id)}
    if owed and owed <= given and all(complete(call, sitting, ties, one) for one in (None, *(ask.id for ask in asks))):
        call.scores_open_at = now()
        db.flush()


def _scored(db: Session, call: FundCall) -> bool:
    sits = [one.member_id for one in queries.sitting(db, call.id).works]
    ties = queries.ties(db, call.id, sits)
    counts = Counter(
        one.ask_id for one in queries.scores(db, call.id) if one.member_id in ties and not ties[one.member_id].touch(one.ask_id)
    )
    return all(counts[one.id] >= rules.LEAST_SCORES for one in queries.live(db, call.id))
