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
    """One row: ``x`` and ``width`` of the filled bar, ``low`` and ``span`` of the line or frame over it, by its ``kind``.

    ``mark``: where the mark on it stands, below 0 for none.
    """

    label: str
    value: str
    top: int
    kind: str
    x: float = 0
    width: float = 0
    low: float = 0
    span: float = 0
    mark: float = -1


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars; ``start`` and ``end`` are where a line of text begins and ends, ``line`` where the 40 stands, below 0 for none."""

    bars: list[Bar]
    height: int
    line: float
    start: int
    end: int


def shares(figures: list[dict[str, Any]], labels: list[str], values: list[str], mirrored: bool, line: int = 40) -> Chart:
    """Return the chart of women's share by step, with the mark of 40 %; mirrored for scripts from right to left."""
    mark = _at(line, line, mirrored)[0]
    bars = [
        _bar(n, label, value, figure["kind"], (figure["percent"] or 0, figure["low"] or 0, figure["high"] or 0), mark, mirrored)
        for n, (figure, label, value) in enumerate(zip(figures, labels, values, strict=True))
    ]
    return _chart(bars, mirrored, mark)


def parts(figures: list[dict[str, Any]], labels: list[str], values: list[str], wanted: list[int | None], mirrored: bool) -> Chart:
    """Return a chart of those figures in per cent that are told, each with the mark of what is wanted, where something is."""
    told = [row for row in zip(figures, labels, values, wanted, strict=True) if row[0]["percent"] is not None]
    bars = []
    for n, (figure, label, value, least) in enumerate(told):
        mark = -1 if least is None else _at(least, least, mirrored)[0]
        bars.append(_bar(n, label, value, figure["kind"], (figure["percent"], figure["low"], figure["high"]), mark, mirrored))
    return _chart(bars, mirrored)


def plain(rows: list[tuple[str, str, int]], mirrored: bool) -> Chart:
    """Return a chart of label, value in words, and per cent."""
    return _chart([_bar(n, *row[:2], "plain", (row[2], 0, 0), -1, mirrored) for n, row in enumerate(rows)], mirrored)


def _bar(n: int, label: str, value: str, kind: str, ends: tuple[int, int, int], mark: float, mirrored: bool) -> Bar:
    percent, low, high = ends
    return Bar(label, value, n * ROW, kind, *_at(0, percent, mirrored), *_at(low, high, mirrored), mark)


def _chart(bars: list[Bar], mirrored: bool, line: float = -1) -> Chart:
    start, end = (WIDTH, 0) if mirrored else (0, WIDTH)
    return Chart(bars, len(bars) * ROW + (FOOT if line >= 0 else 0), line, start, end)


def _at(low: int, high: int, mirrored: bool) -> tuple[float, float]:
    """Return where a part of the scale begins on the page, and how wide it is."""
    begin, width = low * WIDTH / 100, (high - low) * WIDTH / 100
    return round(WIDTH - begin - width if mirrored else begin, 1), round(width, 1)
