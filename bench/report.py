"""Figures against their gates: as a table for people, as JSON for machines."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; ``more`` says that more is better. Without a value, ``note`` says why there is none."""

    goal: str
    what: str
    value: float | None
    gate: float | None = None
    stretch: float | None = None
    unit: str = ""
    more: bool = False
    note: str = ""

    def reaches(self, limit: float | None) -> bool | None:
        """Say whether the value is on the right side of a limit; None where there is nothing to say."""
        if self.value is None or limit is None:
            return None
        return self.value >= limit if self.more else self.value <= limit

    def as_dict(self) -> dict[str, Any]:
        """Return what the JSON answer holds."""
        return {
            "goal": self.goal, "what": self.what, "value": self.value, "unit": self.unit, "gate": self.gate,
            "stretch": self.stretch, "met": self.reaches(self.gate), "stretch_met": self.reaches(self.stretch), "note": self.note,
        }  # fmt: skip

    def line(self) -> str:
        """Return one line of the table."""
        value = "–" if self.value is None else f"{self.value:g} {self.unit}".strip()
        sign = "≥" if self.more else "≤"
        gate = f"{sign} {self.gate:g}" if self.gate is not None else ""
        stretch = f"{sign} {self.stretch:g}" if self.stretch is not None else ""
        met = {True: "met", False: "MISSED", None: ""}[self.reaches(self.gate)]
        if self.reaches(self.stretch):
            met = "met, stretch too" if met else "stretch"
        return f"{self.goal:4} {self.what:58} {value:>13}  {gate:>9}  {stretch:>9}  {met}{f'  ({self.note})' if self.note else ''}"


def table(figures: list[Figure]) -> str:
    """Return all figures as text."""
    head = f"{'':4} {'':58} {'measured':>13}  {'gate':>9}  {'stretch':>9}"
    return "\n".join([head, *(figure.line() for figure in figures)])
