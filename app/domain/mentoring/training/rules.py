"""Until when a training holds, and who may write one down. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from app.core.i18n import _
from app.core.verdict import Verdict, unless
from app.domain.mentoring.weights import CURRENT
from app.models.mentoring import MentorState

# Who has begun to offer can learn meanwhile; with an answer of no the days are forgotten.
LEARNS = frozenset({MentorState.BEGUN, MentorState.APPLIED, MentorState.ACTIVE, MentorState.PAUSED})


def until(passed: Mapping[str, date], lessons: Iterable[str]) -> date | None:
    """Return the day on which what was learned here ends (not including it); None where a lesson is missing."""
    days = [passed.get(key) for key in lessons]
    known = [day for day in days if day is not None]
    return min(known) + timedelta(days=CURRENT.training_days) if known and len(known) == len(days) else None


def holds_until(learned: date | None, elsewhere: date | None) -> date | None:
    """Return until when the training holds that lasts longest, of what was learned here and elsewhere."""
    return max((day for day in (learned, elsewhere) if day is not None), default=None)


def is_trained(trained_until: date | None, today: date) -> bool:
    """Say whether a training holds on a day."""
    return trained_until is not None and trained_until > today


def ends_soon(trained_until: date | None, today: date) -> bool:
    """Say whether a training is over, or ends within the days in which it is time to renew it."""
    return trained_until is not None and trained_until <= today + timedelta(days=CURRENT.remind_days)


def may_note(state: MentorState) -> Verdict:
    """Answer whether a training held elsewhere may be written down, by whoever may look at the offer."""
    return unless(state not in LEARNS - {MentorState.BEGUN}, _("This changed meanwhile. Look at it again."))


def elsewhere_fits(day: date | None, source: str, today: date) -> tuple[str, str] | None:
    """Return what is wrong with a training held elsewhere: the field and its sentence. Both empty takes one back."""
    if day is None and not source:
        return None
    if day is None or not today < day <= today + timedelta(days=CURRENT.training_days):
        return "held_until", _("Choose a day within the next 24 months.")
    return None if source else ("source", _("Write where it was held, and when."))
