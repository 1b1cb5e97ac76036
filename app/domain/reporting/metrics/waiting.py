"""How long people wait for an answer, and whether the loop is closed: somebody knows that help arrived."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from typing import Any

from app.domain.reporting.metrics.reading import day, moment
from app.domain.reporting.refusing import BadNumbers, listed, mapped, number

Result = dict[str, Any]
LONGEST = 1_000_000.0  # days: longer than any calendar, and still a length of time
Waited = tuple[timedelta, bool]  # how long, and whether an answer ended it
TARGET_HOURS, WINDOW_DAYS = 72, 30
CLOSED = ("received", "not_eligible", "no_capacity", "declined", "no_contact")


def response_time(requests: Any, as_of: Any, target_hours: Any = TARGET_HOURS) -> Result:
    """Return the median of hours from a request to the first human answer, and the share answered within the target.

    The median is that of Kaplan and Meier (1958): the first time at which at most half are still waiting, open requests being
    censored at ``as_of``, so that ignoring people does not look fast; null when it is not reached. ``in_time_share``: answered
    within ``target_hours``, among requests that were answered in time or are older than the target (``judged``). An answer
    after ``as_of`` counts as not yet given; one before its request is refused.
    """
    report = moment(as_of, "The moment of the report")
    target = min(LONGEST, float(number(target_hours, "The target")) / 24) * timedelta(days=1)
    waited, ages = [], []
    for request in (mapped(r, "A request") for r in listed(requests, "The requests")):
        created = moment(request.get("created"), "The moment of a request")
        given = request.get("answered")
        answered = moment(given, "The moment of an answer") if given is not None else None
        if answered is not None and answered < created:
            raise BadNumbers("An answer stands before its request.")
        done = answered is not None and answered <= report
        waited.append(((answered if answered is not None and done else report) - created, done))
        ages.append(report - created)
    in_time = [done and wait <= target for wait, done in waited]
    judged = sum(ok or age > target for ok, age in zip(in_time, ages, strict=True))
    middle = _median(waited)
    reason = None if middle is not None else "median_not_reached" if waited else "no_requests"
    return {
        "median_hours": None if middle is None else middle / timedelta(hours=1),
        "in_time_share": sum(in_time) / judged if judged else None, "judged": judged, "reason": reason,
    }  # fmt: skip


def _median(waited: list[Waited]) -> timedelta | None:
    """Return the first time at which the Kaplan–Meier estimate of still waiting is at most one half."""
    at_risk, waiting = len(waited), Fraction(1)
    ends, answers = Counter(time for time, _done in waited), Counter(time for time, done in waited if done)
    for time in sorted(ends):
        waiting *= 1 - Fraction(answers[time], at_risk)
        if waiting <= Fraction(1, 2):
            return time
        at_risk -= ends[time]
    return None


def closed_loop(referrals: Any, as_of: Any, window_days: Any = WINDOW_DAYS) -> Result:
    """Return the share of referrals whose outcome the referring person knows, and the share in which help was received.

    Withdrawn ones do not count; open ones count only once the window (30 days) has passed. ``judged`` is the denominator.
    """
    report, window = day(as_of, "The day of the report"), min(LONGEST, float(number(window_days, "The window"))) * timedelta(days=1)
    counted: Counter[str] = Counter()
    for referral in (mapped(r, "A referral") for r in listed(referrals, "The referrals")):
        status = referral.get("status")
        if status not in (*CLOSED, "open", "withdrawn"):
            raise BadNumbers(f"A referral has no such status: {status!r}.")
        if status != "open" or report - day(referral.get("sent"), "The day of a referral") >= window:
            counted[status] += 1
    closed = sum(counted[status] for status in CLOSED)
    judged = closed + counted["open"]
    return {
        "closed_rate": closed / judged if judged else None, "received_rate": counted["received"] / judged if judged else None,
        "judged": judged, "reason": None if judged else "zero_denominator",
    }  # fmt: skip
