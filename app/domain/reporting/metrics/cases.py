"""Cases of metrics in a file: each has the name of a metric and its inputs, and gets a result or the reason of a refusal."""

from dataclasses import dataclass
from typing import Any

from app.domain.reporting.metrics import calculate
from app.domain.reporting.refusing import BadNumbers, listed, mapped


@dataclass(frozen=True, slots=True)
class Case:
    """One metric to calculate; ``given`` should be its inputs by name."""

    metric: str
    name: str
    given: Any


def read(file: Any) -> list[Case]:
    """Return the cases of a file ``{"cases": [{"metric", "name", "input"}]}``; raises ``BadNumbers`` where it has another shape."""
    rows = mapped(file, "The file").get("cases")
    if rows is None:
        raise BadNumbers('The file has no "cases".')
    return [_case(row, n) for n, row in enumerate(listed(rows, '"cases"'), 1)]


def _case(row: Any, n: int) -> Case:
    case = mapped(row, f"Case {n}")
    metric, name = case.get("metric"), case.get("name", "")
    if not isinstance(metric, str) or not isinstance(name, str):
        raise BadNumbers(f'Case {n}: "metric" and "name" are words.')
    return Case(metric, name, case.get("input"))


def answer(case: Case) -> dict[str, Any]:
    """Return ``{"metric", "name", "result"}``; inputs that cannot be right give ``{"error": sentence}`` as their result."""
    try:
        result = calculate(case.metric, mapped(case.given, '"input"'))
    except BadNumbers as error:
        result = {"error": error.sentence}
    return {"metric": case.metric, "name": case.name, "result": result}
