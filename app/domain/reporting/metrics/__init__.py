"""Network metrics: pure functions from counts to a result with its reason; null is never 0."""

import inspect
from collections.abc import Callable
from typing import Any

from app.domain.reporting.metrics.concentration import gini, gini_per_member, hhi
from app.domain.reporting.metrics.listings import duplicate_rate, freshness, service_overlap
from app.domain.reporting.metrics.segregation import dissimilarity
from app.domain.reporting.metrics.shares import openness, parity_index, participation_ratio, wilson, women_share
from app.domain.reporting.metrics.ties import assortativity, ei_index
from app.domain.reporting.metrics.waiting import closed_loop, response_time
from app.domain.reporting.refusing import BadNumbers

Result = dict[str, Any]

METRICS: dict[str, Callable[..., Result]] = {
    function.__name__: function
    for function in (
        gini, gini_per_member, hhi, wilson, openness, ei_index, assortativity, duplicate_rate, service_overlap, freshness,
        response_time, closed_loop, women_share, participation_ratio, parity_index, dissimilarity,
    )
}  # fmt: skip


def calculate(metric: str, given: dict[str, Any]) -> Result:
    """Return the result of one metric for its named inputs; a value that is not there is refused, one it does not know is ignored.

    Raises ``BadNumbers`` for inputs that cannot be right and for a metric that does not exist.
    """
    function = METRICS.get(metric)
    if function is None:
        raise BadNumbers(f"There is no metric {metric!r}. There are: {', '.join(sorted(METRICS))}.")
    names = inspect.signature(function).parameters
    missing = [n for n, p in names.items() if n not in given and p.default is inspect.Parameter.empty]
    if missing:
        raise BadNumbers(f"{metric}: {' and '.join(missing)} missing.")
    return function(**{name: given[name] for name in names if name in given})
