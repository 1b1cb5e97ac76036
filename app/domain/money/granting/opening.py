"""When the scores of a panel open: once all have scored, or after the day where every application has scores of two people."""

from collections import Counter

from sqlmodel import Session

from app.core.clock import now
from app.domain.money.granting import queries, rules
from app.domain.money.granting.rules import Stage
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


def _scored(db: Session, call: FundCall) -> bool:
    sits = [one.member_id for one in queries.sitting(db, call.id)]
    ties = queries.ties(db, call.id, sits)
    counts = Counter(
        one.ask_id for one in queries.scores(db, call.id) if one.member_id in ties and not ties[one.member_id].touch(one.ask_id)
    )
    return all(counts[one.id] >= rules.LEAST_SCORES for one in queries.live(db, call.id))
