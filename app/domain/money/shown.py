"""What pages show of calls and of money that groups received, in the language of the moment."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.core import i18n
from app.core.i18n import _, day_words, moment_words
from app.domain.money import calls, currencies, queries
from app.domain.money.wording import CHANGED, PARTS, STATES

_TEXTS = ("title", "by_whom", "about", "who", "decided_by", "ties", "how")


def card(row: Any) -> dict[str, Any]:
    """Return what stands in the list of a call."""
    words, kind, shape = STATES[queries.state(row)]
    return {
        "ref": row.ref, "title": row.title, "language": row.language, "by_whom": row.by_whom, "sum": _sum(row),
        "opens": moment_words(row.opens_at, row.zone), "closes": moment_words(row.closes_at, row.zone),
        "state": queries.state(row).value, "badge": (_(words), kind, shape),
    }  # fmt: skip


def whole(row: Any, history: Any) -> dict[str, Any]:
    """Return everything that a call says, and what stood in it before."""
    return {
        **card(row), **{name: getattr(row, name) for name in _TEXTS}, "criteria": [tuple(one) for one in row.criteria],
        "languages": [i18n.language_name(code) for code in row.languages], "source": row.source,
        "paper_rule": row.paper_rule, "no_rule": row.paper_rule == calls.NO_WORDS,
        "entered": day_words(row.entered_at), "cancelled": day_words(row.cancelled_at) if row.cancelled_at else "",
        "cancelled_why": row.cancelled_why, "here": row.here,
        "decide_on": day_words(row.decide_on) if row.decide_on else "", "history": [_change(one, row) for one in history],
    }  # fmt: skip


def _sum(row: Any) -> str:
    most = currencies.written(row.most, row.currency)
    if row.least is None:
        return most
    return _("%(least)s to %(most)s", least=currencies.written(row.least, row.currency), most=most)


def _change(row: Any, call: Any) -> dict[str, Any]:
    """Return when a call was changed and, part by part, what stood there before; None for words that named a person."""
    return {"day": moment_words(row.at), "parts": parts(row.before, call.zone, call.language), "unnamed": row.unnamed}


def parts(before: dict[str, Any], zone: str, language: str) -> list[tuple[str, str | None, str]]:
    """Return the name of each part, what stood there, and the language of that where somebody wrote it, "" for our own words."""
    names, spoken = dict.fromkeys(CHANGED.get(name, name) for name in before), before.get("language") or language
    return [
        (_(PARTS[part]), _before(part, before, zone), spoken if part in calls.WORDS and part != "source" else "")
        for part in names if part in PARTS
    ]  # fmt: skip


def _before(part: str, before: dict[str, Any], zone: str) -> str | None:
    if part == "sum":
        return _sum_before(before)
    value = before.get(part)
    if value is None:
        return None
    if part in ("opens_at", "closes_at"):
        return moment_words(datetime.fromisoformat(value), before.get("zone") or zone)
    if part == "criteria":
        return "\n".join(f"{weight} · {words}" for weight, words in value)
    if part == "decide_on":
        return day_words(date.fromisoformat(value))
    if part in ("languages", "language"):
        return ", ".join(i18n.language_name(code) for code in ([value] if isinstance(value, str) else value))
    return str(value)


def _sum_before(before: dict[str, Any]) -> str | None:
    """Return the sums that stood there, with their currency."""
    if before.get("most") is None:
        return None
    sums = [currencies.written(before[name], before["currency"]) for name in ("least", "most") if before.get(name) is not None]
    return " – ".join(sums)


def line(row: Any) -> dict[str, Any]:
    """Return one line of what a group received."""
    return {
        "id": str(row.id), "sum": currencies.written(row.amount, row.currency) if row.amount else "", "source": row.source,
        "purpose": row.purpose, "first": day_words(row.first_on), "last": day_words(row.last_on), "why": row.why,
        "written": day_words(row.written_on), "righted": day_words(row.righted_on) if row.righted_on else "",
        "rights_of": day_words(row.rights_of) if row.rights_of else "",
        "rights_sum": currencies.written(row.rights_amount, row.rights_currency) if row.rights_amount else "",
    }  # fmt: skip


def typed_call(call: Any) -> dict[str, Any]:
    """Return the values of a call as its form shows them, to be changed."""
    place = ZoneInfo(call.zone)
    opens, closes = call.opens_at.astimezone(place), call.closes_at.astimezone(place)
    return {
        "decide_on": call.decide_on.isoformat() if call.decide_on else "",
        **{name: getattr(call, name) for name in (*_TEXTS, "language", "paper_rule", "source", "zone", "currency", "row_version")},
        "least": currencies.typed(call.least, call.currency) if call.least else "",
        "most": currencies.typed(call.most, call.currency), "languages": list(call.languages),
        "criteria": "\n".join(f"{weight} {words}" for weight, words in call.criteria),
        "opens_on": opens.date().isoformat(), "opens_hour": f"{opens:%H:%M}",
        "closes_on": closes.date().isoformat(), "closes_hour": f"{closes:%H:%M}",
    }  # fmt: skip
