"""What pages show of applications, panels and decisions, in the language of the moment."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.core.i18n import _, day_words, language_name, moment_words
from app.domain.media import shown as media
from app.domain.money import currencies
from app.domain.money import queries as money
from app.domain.money.granting import appealing, judging, queries, rules
from app.domain.money.granting.judging import Panel
from app.domain.money.granting.wording import FIELDS, QUESTIONS, SEATS, STATES
from app.models.groups import Group
from app.models.money import AskState, FundAsk, FundCall, FundScore, FundSeat, SeatState


def facts(call: FundCall) -> dict[str, Any]:
    """Return what every page about a call says of it."""
    return {
        "ref": call.ref, "title": call.title, "language": call.language, "currency": call.currency, "paper_rule": call.paper_rule,
        "closes": moment_words(call.closes_at, call.zone), "decide_on": day_words(call.decide_on) if call.decide_on else "",
        "stage": queries.stage(call).value, "criteria": [tuple(one) for one in call.criteria],
        "most": currencies.written(call.most, call.currency),
    }  # fmt: skip


def badge(ask: FundAsk, call: FundCall) -> tuple[str, str, str]:
    """Return words, kind and icon of where an application stands for its group; what a panel prepares is not told."""
    decided = call.decided_at is not None and ask.state == AskState.SENT and ask.granted is not None
    shared = ask.state == AskState.DRAFT and queries.linked(ask, call)
    words, kind, shape = STATES[("granted" if ask.granted else "refused") if decided else "shared" if shared else ask.state.value]
    return _(words), kind, shape


def voice(ask: FundAsk, url: str) -> media.Voice | None:
    """Return what the player takes of the voice in an application, None without one; its parts stand at ``url``."""
    return media.voice(url, ask.voice, ask.voice_seconds, _("What this group says")) if ask.voice else None


def answers(ask: FundAsk) -> list[tuple[str, str]]:
    """Return the questions with what a group answered; none once the words were deleted."""
    if (said := ask.answers) is None:
        return []
    return [(_(question), said.get(f"q{number}", "")) for number, (question, _hint) in enumerate(QUESTIONS, 1)]


def meanwhile(stands: dict[str, Any], typed: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the labels of a form with what stands in an application now, where that is not what was ``typed``."""
    found = [(label, name, str(stands[name] or "")) for name, label in FIELDS.items() if name in stands]
    return [
        (_(label), (language_name(said) if name == "language" else said) or _("nothing"))
        for label, name, said in found
        if said != typed.get(name, "")
    ]


def listed(rows: Sequence[Any], group_id: UUID) -> list[dict[str, Any]]:
    """Return the applications of a group; ``other`` where it is part of the one of another group."""
    return [
        {"call": facts(call), "badge": badge(ask, call), "other": ask.group_id != group_id, "wants": _sum(ask.wants, call)}
        for ask, call in rows
    ]


def _sum(amount: int | None, call: FundCall) -> str:
    return currencies.written(amount, call.currency) if amount else ""


def of_group(db: Session, group: Group, call: FundCall, ask: FundAsk | None) -> dict[str, Any]:
    """Return an application as the group reads it that wrote it, or that is part of it."""
    decided = call.decided_at
    lead = ask is None or ask.group_id == group.id
    other = "" if ask is None or not queries.linked(ask, call) else queries.name_of(db, ask.with_group_id if lead else ask.group_id)
    found: dict[str, Any] = {
        "call": facts(call), "lead": lead, "other": other, "with_yes": bool(ask and ask.with_yes),
        "open": bool(rules.may_change(money.state(call), decided is not None)),
        "closed": rules.may_change(money.state(call), decided is not None).reason or "", "there": False, "told": False,
    }  # fmt: skip
    if ask is None or ask.state == AskState.WITHDRAWN:
        return found
    told, until = decided is not None and ask.state == AskState.SENT and ask.granted is not None, appealing.until(call)
    return found | {
        "voice": voice(ask, f"/g/{group.ref}/asks/{call.ref}/voice"),
        "there": True, "state": ask.state.value, "badge": badge(ask, call), "answers": answers(ask), "wants": _sum(ask.wants, call),
        "said": ask.answers or {}, "version": ask.row_version, "language": ask.language,
        "may_withdraw": decided is None, "told": told,
        "granted": _sum(ask.granted, call) if told else "", "reason": ask.reason if told else None,
        "may_appeal": told and lead and bool(appealing.may_appeal(call, ask)),
        "appeal_until": day_words(until) if until else "",
        "appealed": ask.appealed_at is not None, "answered": ask.answered_at is not None,
        "appeal": ask.appeal, "answer": ask.answer, "right": ask.appeal_right,
    }  # fmt: skip


def panel(db: Session, found: Panel, member_id: UUID) -> dict[str, Any]:
    """Return the work of a panel for one of its people: only what they read; scores of others once they are open."""
    call, mine = found.call, found.of(member_id)
    asks = [one for one in queries.live(db, call.id) if rules.may_read(mine, one.id)]
    counts = judging.counted(db, found)
    own = {one.ask_id for one in counts if one.member_id == member_id}
    opened = found.stage in (rules.Stage.OPENED, rules.Stage.DECIDED)
    cards = [
        {
            "ref": one.ref, "name": (one.answers or {}).get("name", ""), "joint": one.with_yes, "wants": _sum(one.wants, call),
            "scored": one.id in own, "total": _mean(call, [s for s in counts if s.ask_id == one.id]) if opened else "",
            "decided": judging.stands(found, one), "granted": _sum(one.granted, call),
        }
        for one in asks
    ]  # fmt: skip
    if opened:
        cards.sort(key=lambda one: -float(one["total"] or 0))
    stand = [one for one in asks if judging.stands(found, one)]
    verdict = rules.may_publish(
        found.stage, found.decides(asks), mine, len(asks), len(asks) - len(stand),
        any(one.proposed_by == member_id for one in asks), bool(own),
    )  # fmt: skip
    return {
        "call": facts(call) | {"stage": found.stage.value}, "asks": cards, "opened": opened,
        "whole": mine.whole, "some": len(mine.of),
        "may_publish": bool(verdict), "why_not": verdict.reason or "", "seen": judging.written(asks) if verdict else "",
        "together": _sum(sum(one.granted or 0 for one in stand), call),
    }  # fmt: skip


def panels(rows: Sequence[tuple[FundSeat, FundCall]]) -> list[dict[str, Any]]:
    """Return somebody's panels, each with what their place is."""
    return [{"call": facts(call), "state": _(SEATS[seat.state.value])} for seat, call in rows]


def _mean(call: FundCall, scores: Sequence[FundScore]) -> str:
    """Return the mean of weighted points, 0 to 100, with one digit; "" where nobody scored."""
    weights = [int(one[0]) for one in call.criteria]
    totals = [rules.total(one.points, weights) for one in scores if one.points and len(one.points) == len(weights)]
    return f"{sum(totals) / len(totals):.1f}" if totals else ""


def one(db: Session, found: Panel, ask: FundAsk, member_id: UUID) -> dict[str, Any]:
    """Return an application as the panel reads it, with who shares officers with it among those that the reader reads."""
    call, mine = found.call, found.of(member_id)
    counts = [one for one in judging.counted(db, found) if one.ask_id == ask.id]
    opened = found.stage in (rules.Stage.OPENED, rules.Stage.DECIDED)
    shared = queries.officers(db, call.id).get(ask.id, set())
    others = [one for one in queries.live(db, call.id) if one.id in shared and rules.may_read(mine, one.id)]
    own = next((one for one in counts if one.member_id == member_id), None)
    said = ask.answers or {}
    return {
        "call": facts(call) | {"stage": found.stage.value}, "ref": ask.ref, "name": said.get("name", ""),
        "voice": voice(ask, f"/panel/{call.ref}/{ask.ref}/voice"),
        "answers": answers(ask), "host": said.get("host", ""),
        "papers": said.get("papers", ""), "wants": _sum(ask.wants, call), "language": ask.language,
        "other": queries.name_of(db, ask.with_group_id) if ask.with_yes else "",
        "shares": [(one.answers or {}).get("name", "") for one in others],
        "granted_now": _sum(ask.granted, call) if judging.stands(found, ask) else "", "own": own, "seen": judging.written([ask]),
        "scores": [{"points": s.points, "reason": s.reason, "total": _mean(call, [s])} for s in counts] if opened else [],
        "opened": opened, "total": _mean(call, counts) if opened else "",
        "may_score": rules.may_score(found.stage, found.complete(ask.id), mine, ask.id).reason,
        "may_propose": rules.may_propose(found.stage, found.complete(ask.id), mine, ask.id).reason,
        "granted": None if ask.granted is None or not judging.stands(found, ask) else currencies.typed(ask.granted, call.currency)
        if ask.granted else "", "reason": ask.reason if judging.stands(found, ask) else "",
    }  # fmt: skip


def seats(db: Session, call: FundCall) -> list[dict[str, Any]]:
    """Return who is on a panel, for whoever names them: not what they declared."""
    return [
        {"member": str(seat.member_id), "name": name, "state": _(SEATS[seat.state.value]), "until": day_words(seat.until_on),
         "ends": seat.state in (SeatState.ASKED, SeatState.SITS)
         and bool(rules.may_end(seat.state == SeatState.SITS, works, queries.stage(call))), "ties": seat.ties,
         "rests": seat.state == SeatState.SITS and not works}
        for seat, name, works in queries.seats(db, call.id)
    ]  # fmt: skip


def ready(found: Panel, asks: list[FundAsk]) -> str:
    """Return whether a panel meets its rule, from when groups can ask no more until it has decided.

    Before, the answer would move with who asks; later with who leaves the network, and tell what they had declared.
    """
    if found.stage not in (rules.Stage.SCORING, rules.Stage.OPENED):
        return ""
    return "yes" if found.decides(asks) else "no"


def decision(call: Any, rows: Sequence[Any]) -> dict[str, Any] | None:
    """Return what everybody reads of a decision; None before there is one. Groups that are not in the list stand nowhere."""
    if call.decided_at is None:
        return None
    return {
        "day": day_words(call.decided_at), "words": call.decided_words, "sat": call.sat,
        "lines": [
            {
                "ref": row.ref, "name": row.name, "language": row.language, "other": row.other or "",
                "sum": currencies.written(row.granted, call.currency),
                "reason": (row.answer if row.appeal_right else row.reason) or "", "anew": row.appeal_right,
            }
            for row in rows
        ],
    }  # fmt: skip


def appeal(call: FundCall, ask: FundAsk) -> dict[str, Any]:
    """Return an appeal for whoever decides it."""
    return {
        "call": facts(call), "ref": ask.ref, "name": (ask.answers or {}).get("name", ""), "answers": answers(ask),
        "voice": voice(ask, f"/desk/money/{call.ref}/appeals/{ask.ref}/voice"), "language": ask.language,
        "wants": _sum(ask.wants, call), "granted": _sum(ask.granted, call),
        "reason": ask.reason, "appeal": ask.appeal, "waits": ask.answered_at is None,
    }  # fmt: skip


def term(call: FundCall, today: date) -> str:
    """Return the day that a form for a seat begins with: sixty days after the decision, when appeals are over."""
    return (max(call.decide_on or today, today) + timedelta(days=60)).isoformat()
