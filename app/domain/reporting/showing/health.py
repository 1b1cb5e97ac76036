"""Figures about the network in plain words: one sentence each, true of everything that the rounding hides; a chart and a table."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from babel.numbers import format_decimal

from app.core.i18n import N_, _, current, day_words, direction
from app.domain.reporting.measuring.registry import HEALTH
from app.domain.reporting.releasing.health import FUNDS, GROUPS, SHARES
from app.domain.reporting.showing import charts
from app.domain.reporting.showing.cells import Table, count, isolated

Figure = dict[str, Any]
NAMES: Final = SHARES | {
    GROUPS: N_("Groups open without asking"),
    FUNDS: N_("Money that went to others than the group that received most, in every currency"),
}  # fmt: skip
OF_THINGS: Final = frozenset({"listings", "doubles", "meetings"})  # what everybody sees: there is nobody to find
TWO, ALL = 2, 100  # groups; per cent
_COLUMNS: Final = ("one", "three", "equal", "gini", "received", "n")
_TITLES: Final = {table.key: table.words for table in HEALTH}


@dataclass(frozen=True, slots=True)
class Health:
    """Sentences, and the same as a chart and as a table."""

    sentences: list[str]
    chart: charts.Chart
    table: Table


def name(key: str) -> str:
    """Return what a share is, in words; of an earlier release, what its table is."""
    return _(NAMES.get(key) or _TITLES.get(key, key))


def network(figures: list[Figure]) -> Health | None:
    """Return what shares say of the network, None where a release has none; the chart holds those that are told."""
    shares = [_whole(one) for one in figures if one["metric"] == "part"]
    if not shares:
        return None
    goals = {one["of"]: one["least"] for one in figures if one["metric"] == "goal"}
    labels, values = [name(one["of"]) for one in shares], [_in_numbers(one) for one in shares]
    wanted = [goals.get(one["of"]) for one in shares]
    rows = [
        [label, value, count(one["n"]), "–" if least is None else isolated(f"{least} %")]
        for one, label, value, least in zip(shares, labels, values, wanted, strict=True)
    ]
    columns = [_("What"), _("Share, %"), _("Of how many"), _("We want at least")]
    return Health(
        [about(one) for one in shares], charts.parts(shares, labels, values, wanted, _mirrored()),
        Table(_("Shares that say how the network is"), columns, rows),
    )  # fmt: skip


def _whole(figure: Figure) -> Figure:
    """Return a figure of today's shape: earlier releases told a share without its ends."""
    ends = {"low": figure["percent"], "high": figure["percent"], "kind": "none" if figure["percent"] is None else "share"}
    return ends | figure


def about(figure: Figure) -> str:
    """Return what a share says."""
    what = name(figure["of"])
    if figure["percent"] is None:
        found = _("%(what)s: not told, so that nobody can be found.", what=what)
        small = _("%(what)s: not told, because few stand behind one of the numbers.", what=what)
        hidden = small if figure["of"] in OF_THINGS else found
        return hidden if figure["reason"] == "hidden" else _("%(what)s: too few to tell.", what=what)
    if figure["of"] == GROUPS:
        return _("%(what)s: about %(percent)s in 100 of those that everybody sees.", what=what, percent=figure["percent"])
    return _("%(what)s: about %(percent)s in 100.", what=what, percent=figure["percent"])


def _in_numbers(figure: Figure) -> str:
    if figure["percent"] is None:
        return "–"
    range_ = "" if figure["low"] == figure["high"] else f" ({figure['low']}–{figure['high']})"
    return isolated(f"{figure['percent']} %{range_}")


def _mirrored() -> bool:
    return direction(current()) == "rtl"


def money(figures: list[Figure]) -> Health | None:
    """Return how money lies with groups, currency by currency, None where a release does not say it."""
    spread = [one for one in figures if one["metric"] == "funds"]
    if not spread:
        return None
    told = [one for one in spread if one["kind"] == "share"]
    bars = [bar for one in told for bar in _bars(one)]
    columns = [
        _("Currency"), _("The most of one group, %"), _("The most of three, %"), _("As with so many equal groups"),
        _("Inequality (0 to 1)"), _("Groups that received some"), _("Groups"),
    ]  # fmt: skip
    rows = [[one["of"], *(isolated(_number(one.get(key))) for key in _COLUMNS)] for one in told]
    first = _("Money for periods that began from %(since)s to %(until)s.", **{
        end: day_words(date.fromisoformat(spread[0][end])) for end in ("since", "until")
    })  # fmt: skip
    return Health(
        [first, *map(about_money, spread)], charts.plain(bars, _mirrored()),
        Table(_("Money that groups received, by currency"), columns, rows),
    )  # fmt: skip


def _number(value: float | None) -> str:
    return "–" if value is None else format_decimal(value, locale=current().replace("-", "_"))


def _bars(figure: Figure) -> list[tuple[str, str, int]]:
    """Return the bars of one currency: the most that one group has, and, where more than two received some, that three have."""
    told = [(_("%(currency)s: the most that one group has", currency=figure["of"]), figure["one"])]
    if (figure.get("received") or 0) > TWO:
        told.append((_("%(currency)s: the most that three groups have", currency=figure["of"]), figure["three"]))
    return [(label, isolated(f"{percent} %"), percent) for label, percent in told]


def about_money(figure: Figure) -> str:
    """Return how money of one currency lies with groups."""
    words = {"currency": figure["of"], "one": figure["one"], "three": figure["three"], "equal": _number(figure["equal"])}
    received = figure.get("received") or 0
    if figure["kind"] == "share" and received == 1:
        return _("%(currency)s: one group received all of it.", **words)
    if figure["kind"] == "share":
        one = _("%(currency)s: no group has more than about %(one)s in 100 of it.", **words)
        if figure["one"] == ALL:
            one = _("%(currency)s: one group has nearly all of it.", **words)
        three = _("Together, no three have more than about %(three)s.", **words) if received > TWO else ""
        equal = _("It lies with as few groups as if %(equal)s had received equal shares.", **words)
        return " ".join(filter(None, (one, three, equal)))
    if figure["reason"] == "bad_amounts":
        return _("%(currency)s: not told, because a sum that was written down is negative or missing.", **words)
    return _("None was written down.") if figure["reason"] == "zero_total" else _("Told from five groups on that everybody sees.")
