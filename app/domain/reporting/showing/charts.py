"""Where the marks of a chart stand: bars from 0 to 100 %, in the direction of reading; drawn by templates/numbers/_chart.html."""

from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 320
ROW: Final = 46
BAR: Final = 16
LABEL: Final = 15  # the base of a label above its bar
FOOT: Final = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: ``x`` and ``width`` of the filled bar, ``low`` and ``span`` of the line or frame over it, by its ``kind``."""

    label: str
    value: str
    top: int
    kind: str
    x: float = 0
    width: float = 0
    low: float = 0
    span: float = 0


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with the mark of 40 %; ``start`` and ``end`` are where a line of text begins and ends."""

    bars: list[Bar]
    height: int
    line: float
    start: int
    end: int


def shares(figures: list[dict[str, Any]], labels: list[str], values: list[str], mirrored: bool, line: int = 40) -> Chart:
    """Return the chart of women's share by step; mirrored for scripts from right to left."""
    bars = []
    for n, (figure, label, value) in enumerate(zip(figures, labels, values, strict=True)):
        low, high = figure["low"] or 0, figure["high"] or 0
        filled, span = _at(0, figure["percent"] or 0, mirrored), _at(low, high, mirrored)
        bars.append(Bar(label, value, n * ROW, figure["kind"], *filled, *span))
    start, end = (WIDTH, 0) if mirrored else (0, WIDTH)
    return Chart(bars, len(figures) * ROW + FOOT, _at(line, line, mirrored)[0], start, end)


def _at(low: int, high: int, mirrored: bool) -> tuple[float, float]:
    """Return where a part of the scale begins on the page, and how wide it is."""
    begin, width = low * WIDTH / 100, (high - low) * WIDTH / 100
    return round(WIDTH - begin - width if mirrored else begin, 1), round(width, 1)
