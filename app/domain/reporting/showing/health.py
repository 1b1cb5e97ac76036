"""Figures about the network in plain words: one sentence each, true of everything that the rounding hides; a chart and a table."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.core.i18n import N_, _, current, day_words, direction
from app.domain.reporting.measuring.registry import HEALTH
from app.domain.reporting.releasing.health import FUNDS, GROUPS, SHARES
from app.domain.reporting.showing import charts
from app.domain.reporting.showing.cells import Table, count, isolated

Figure = dict[str, Any]
NAMES: Final = SHARES | {
    GROUPS: N_("Groups open without asking"),
    FUNDS: N_("Money that went to others than the group that received most"),
}  # fmt: skip
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
        hidden = _("%(what)s: not told, so that nobody can be found.", what=what)
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
    bars = [
        row for one in told for row in (
            (_("%(currency)s: the group with most", currency=one["of"]), isolated(f"{one['one']} %"), one["one"]),
            (_("%(currency)s: the three with most", currency=one["of"]), isolated(f"{one['three']} %"), one["three"]),
        )
    ]  # fmt: skip
    columns = [
        _("Currency"), _("The group with most, %"), _("The three with most, %"), _("As if so many shared it equally"),
        _("Inequality (0 to 1)"), _("Groups that received some"), _("Groups"),
    ]  # fmt: skip
    rows = [[one["of"], *map(isolated, map(str, (one[key] for key in _COLUMNS)))] for one in told]
    first = _("Money for periods that began from %(since)s to %(until)s.", **{
        end: day_words(date.fromisoformat(spread[0][end])) for end in ("since", "until")
    })  # fmt: skip
    return Health(
        [first, *map(about_money, spread)], charts.plain(bars, _mirrored()),
        Table(_("Money that groups received, by currency"), columns, rows),
    )  # fmt: skip


def about_money(figure: Figure) -> str:
    """Return how money of one currency lies with groups."""
    words = {key: figure[key] for key in ("one", "three", "equal")} | {"currency": figure["of"]}
    if figure["kind"] == "share" and figure["received"] == 1:
        return _("%(currency)s: one group received all of it.", **words)
    if figure["kind"] == "share":
        shares = _(
            "%(currency)s: the group with most has about %(one)s in 100 of it, the three with most about %(three)s.", **words
        )
        return shares + " " + _("Equal shares for so many groups would be just as uneven: %(equal)s.", **words)
    if figure["reason"] == "bad_amounts":
        return _("%(currency)s: not told, because a sum that was written down is negative or missing.", **words)
    return _("None was written down.") if figure["reason"] == "zero_total" else _("Told from five groups on that everybody sees.")
