"""A release as a page tells it: sentences, one chart, tables, notes, what will change, how to cite it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.i18n import _, current, day_words, direction, month_words
from app.domain.reporting.promising import OWNERS
from app.domain.reporting.releasing import notes
from app.domain.reporting.showing import charts, health, wording
from app.domain.reporting.showing.cells import Table, count, isolated
from app.domain.reporting.showing.queries import Kept


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that was going to change when the release was published."""

    what: str
    owner: str
    due: str
    done: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Told:
    """Everything the page shows; all of it made of what can be downloaded."""

    ref: str
    month: str
    published: str
    revision: int
    response: str
    drop: str
    chart: charts.Chart
    funnel: Table
    sentences: list[tuple[list[str], str]]  # steps of which the same is said stand together
    changes: list[str]
    goals: list[str]
    leaving: list[str]
    absent: list[str]
    network: health.Health | None
    money: health.Health | None
    tables: list[Table]
    notes: list[str]
    promises: list[Promise]
    audit: str


def month(period: str) -> str:
    """Return a month in words."""
    return month_words(date.fromisoformat(f"{period}-01"))


def told(kept: Kept) -> Told:
    """Return a release in the language of the moment."""
    figures = kept.body["metrics"]
    shares = [f for f in figures if f["metric"] == "women_share"]
    ratios = {f["of"]: f for f in figures if f["metric"] == "participation_ratio"}
    drop = next((f for f in figures if f["metric"] == "largest_drop"), None)
    labels, values = [wording.title(f["of"]) for f in shares], [wording.in_numbers(f) for f in shares]
    return Told(
        ref=kept.ref, month=month(kept.period), published=day_words(kept.published_at) if kept.published_at else "",
        revision=kept.revision, response=_response(shares), drop=wording.about_drop(drop, shares),
        chart=charts.shares(shares, labels, values, mirrored=direction(current()) == "rtl"), funnel=_funnel(shares, ratios),
        sentences=_sentences(shares),
        changes=[s for f in figures if f["metric"] == "trend" and (s := wording.about_trend(f))]
        + [s for f in figures if f["metric"] == "response" and (s := wording.about_response(f))],
        goals=[wording.about_goal(f) for f in figures if f["metric"] == "goal"],
        leaving=_reasons(kept.body["tables"], "leaving"), absent=_reasons(kept.body["tables"], "absent"),
        network=health.network(figures), money=health.money(figures),
        tables=[_table(t) for t in kept.body["tables"]], notes=notes.in_words(kept.remarks),
        promises=[_promise(p) for p in kept.promises], audit=_audit(kept.body, kept.revision > 1),
    )  # fmt: skip


def _sentences(shares: list[dict[str, Any]]) -> list[tuple[list[str], str]]:
    steps: dict[str, list[str]] = {}
    for figure in shares:
        steps.setdefault(wording.about_share(figure), []).append(wording.title(figure["of"]))
    return [(named, words) for words, named in steps.items()]


def _response(shares: list[dict[str, Any]]) -> str:
    first = shares[0] if shares else None
    if first is None or first["response"] is None:
        return _("How many answered is not told, so that nobody can be found.")
    return _("At least about %(percent)s in 100 members answered.", percent=first["response"])


def _funnel(shares: list[dict[str, Any]], ratios: dict[str, Any]) -> Table:
    columns = [_("Step"), _("People"), _("Women's share, %"), _("Against 40 in 100"), _("Answered")]
    columns += [_("Against the reference")] if ratios else []
    rows = []
    for figure in shares:
        answered = isolated(f"{figure['response']} %") if figure["response"] is not None else "–"
        stands = figure["parity"]
        parity = _(wording.PARITIES[stands]) if stands else "–"
        row = [wording.title(figure["of"]), count(figure["n"]), wording.in_numbers(figure), parity, answered]
        rows.append(row + ([_ratio(ratios.get(figure["of"]))] if ratios else []))
    return Table(_("Women's share from step to step"), columns, rows)


def _ratio(figure: dict[str, Any] | None) -> str:
    if figure is None or figure["value"] is None:
        return "–"
    return isolated(f"{figure['value']} ({figure['low']}–{figure['high']})")


def _table(table: dict[str, Any]) -> Table:
    key = table["id"]
    columns = ["", *(wording.label(name, key) for name in table["cols"]), _("Together")]
    rows = [
        [wording.label(row, key), *map(count, cells), count(total)]
        for row, cells, total in zip(table["rows"], table["cells"], table["row_totals"], strict=True)
    ]
    if len(rows) > 1:
        rows.append([_("Together"), *map(count, table["col_totals"]), count(table["total"])])
    caption = wording.title(key)
    if "as_of" in table:
        caption = _("%(step)s (as of %(month)s)", step=caption, month=month(table["as_of"]))
    return Table(caption, columns, rows)


def _reasons(tables: list[dict[str, Any]], key: str) -> list[str]:
    """Return the reasons of a table of this month, the most given first: only those whose number is printed."""
    table = next((one for one in tables if one["id"] == key), None)
    if table is None:
        return []
    told = [(count, code) for code, count in zip(table["cols"], table["cells"][0], strict=True) if count is not None]
    return [
        _("%(reason)s: about %(count)s", reason=wording.label(code, key), count=count)
        for count, code in sorted(told, key=lambda one: -one[0])
    ]


def _promise(kept: dict[str, str]) -> Promise:
    done = day_words(date.fromisoformat(kept["done"])) if kept["done"] else ""
    code = kept["owner"]
    owner = _(OWNERS[code]) if code in OWNERS else ""
    return Promise(kept["what"], owner, day_words(date.fromisoformat(kept["due"])), done, kept["outcome"])


def _audit(body: dict[str, Any], corrected: bool) -> str:
    audit, rules = body["audit"], body["rules"]
    words = {"hidden": audit["hidden"], "cells": audit["cells"], "width": rules["width"], "version": rules["version"]}
    if not audit["hidden"]:
        return _("%(cells)s numbers were checked, none had to be hidden (rules %(version)s).", **words)
    checked = _("%(cells)s numbers were checked, %(hidden)s are hidden (rules %(version)s).", **words)
    if corrected:
        before = _("What an earlier release of this month has shown, whoever has it still knows: nobody can call it back.")
        return f"{checked} {before}"
    if audit["narrowest"] is None or audit["narrowest"] < rules["width"]:
        return checked
    range_ = _(
        "From all that was published, each hidden one can only be narrowed to a range of %(width)s or more. Whoever knows besides "
        "who left can know more.",
        **words,
    )
    return f"{checked} {range_}"
