"""A sketch map without tiles: known points on plain paper, north up, with a scale."""

from dataclasses import dataclass, replace
from math import cos, log10, radians

from app.domain.directory.zones import km_between

WIDTH, HEIGHT, MARGIN = 320, 220, 34
PIN = 24  # as wide as a pin: nearer ones share one
_SMALLEST_KM = 1.0
_KM_PER_DEGREE = 111.2
Point = tuple[float, float]  # latitude, longitude in degrees


@dataclass(frozen=True, slots=True)
class Dot:
    """A point on the sketch, in its own units; ``number`` is that of the list, 0 for a town, ``pin`` what stands on it."""

    x: float
    y: float
    label: str
    number: int = 0
    side: str = "start"  # where its words begin: towards the middle of the sketch
    pin: str = ""  # "3", or "1–4, 6" where several would lie on each other


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the template draws."""

    dots: list[Dot]  # towns first, so that numbers are drawn over them
    scale_km: float
    scale_width: float
    width: int = WIDTH
    height: int = HEIGHT


def sketch(points: list[tuple[Point, str, int]], towns: list[tuple[Point, str]]) -> Sketch | None:
    """Return the sketch for numbered points, with the towns that fall on it; None without points."""
    if not points:
        return None
    middle = (_middle([p[0][0] for p in points]), _middle([p[0][1] for p in points]))
    shown = _nearest_towns(middle, towns)
    around = [p[0] for p in points] + [t[0] for t in shown[:2]]
    reach_x = max(_SMALLEST_KM, *(abs(_east(middle, p)) for p in around))
    reach_y = max(_SMALLEST_KM, *(abs(_north(middle, p)) for p in around))
    per_km = min((WIDTH / 2 - MARGIN) / reach_x, (HEIGHT / 2 - MARGIN) / reach_y)
    dots = _together([_dot(middle, per_km, at, label, number) for at, label, number in points])
    drawn = [_dot(middle, per_km, at, name, 0) for at, name in shown]
    inside = [t for t in drawn if 8 < t.x < WIDTH - 8 and 12 < t.y < HEIGHT - 24]
    scale = _round_scale(WIDTH / 3 / per_km)
    return Sketch([*_apart(inside, dots), *dots], scale, round(scale * per_km, 1))


def _dot(middle: Point, per_km: float, at: Point, label: str, number: int) -> Dot:
    x, y = WIDTH / 2 + _east(middle, at) * per_km, HEIGHT / 2 - _north(middle, at) * per_km
    return Dot(round(x, 1), round(y, 1), label, number, "end" if x > WIDTH * 0.6 else "start")


def _together(dots: list[Dot]) -> list[Dot]:
    """Return one pin for those that would lie on each other, at the place of the first of them."""
    groups: list[list[Dot]] = []
    for dot in dots:
        near = next((g for g in groups if abs(g[0].x - dot.x) < PIN and abs(g[0].y - dot.y) < PIN), None)
        if near is None:
            groups.append([dot])
        else:
            near.append(dot)
    return [replace(group[0], pin=_numbers([d.number for d in group])) for group in groups]


def _numbers(numbers: list[int]) -> str:
    """Return numbers in order, runs as "1–4"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _nearest_towns(middle: Point, towns: list[tuple[Point, str]]) -> list[tuple[Point, str]]:
    return sorted(towns, key=lambda t: (km_between(middle, t[0]), t[1]))[:6]


def _apart(towns: list[Dot], dots: list[Dot]) -> list[Dot]:
    """Leave out towns whose words would lie over others."""
    kept: list[Dot] = []
    for town in towns:
        if all(abs(town.y - other.y) > 16 or abs(town.x - other.x) > 90 for other in kept) and all(
            abs(town.y - d.y) > 14 or abs(town.x - d.x) > 30 for d in dots
        ):
            kept.append(town)
    return kept


def _middle(values: list[float]) -> float:
    return (min(values) + max(values)) / 2


def _east(middle: Point, point: Point) -> float:
    """Return kilometres east of the middle (equirectangular: good enough on a sketch)."""
    return (point[1] - middle[1]) * _KM_PER_DEGREE * cos(radians(middle[0]))


def _north(middle: Point, point: Point) -> float:
    return (point[0] - middle[0]) * _KM_PER_DEGREE


def _round_scale(km: float) -> float:
    """Return the largest of 1, 2, 5 × 10ⁿ that is not above ``km``."""
    power = 10.0 ** int(log10(km) // 1)
    step = next(s for s in (5, 2, 1) if s * power <= km)
    return float(step * power)
