"""Who competed yesterday, who takes no part for a time, and a call nobody asked in: what a panel gives away, and to whom."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.core import clock
from app.core.clock import now
from app.core.settings import Settings
from app.domain.accounts import changes
from app.domain.money.granting import appealing, queries, waking
from app.domain.money.granting import standing as granting
from app.domain.money.granting.wording import SEAT_RESTS
from app.models.accounts import Answer, Member, MemberStatus, Role
from app.models.groups import GroupRole
from app.models.money import FundAsk, FundCall, FundSeat, FundTie
from tests.browse import text_of
from tests.money.test_granting import Fund, fund
from tests.money.test_register import typed as call_typed

__all__ = ["fund"]

_MEETS, _NOT = "The panel meets its rule", "does not meet its rule"


def panel(fund: Fund) -> str:
    """Return what a coordinator without a tie reads of the panel."""
    return text_of(fund.by(fund.sahr).get(f"/desk/money/{fund.call.ref}/panel"))


def test_who_sent_it_and_left_the_group_neither_sits_nor_names(fund: Fund) -> None:
    circle, make = fund.circle, fund.circle.make
    eve = make.member("Eve Shore", Role.COORDINATOR)
    make.seat(circle.group, eve, GroupRole.MONEY)
    make.seat(circle.group, circle.lina)  # without a role: leaving leaves nothing behind
    ask = fund.sent(circle.group)
    make.commit()
    for one in (eve, circle.lina):
        fund.by(one).send(f"{circle.path}/leave", {"reason": ""})
    assert [(tie.member_id, tie.competes) for tie in circle.all(select(FundTie))] == [(eve.id, True)]
    until = (now().date() + timedelta(days=60)).isoformat()
    where = f"/desk/money/{fund.call.ref}/panel"
    assert "Another coordinator does this" in text_of(fund.by(eve).post(where, {"name": "Omar Hill", "until_on": until}))
    assert eve.id not in queries.namers(make.db, fund.call.id)
    assert fund.sahr.id in queries.namers(make.db, fund.call.id)
    fund.by(fund.sahr).send(where, {"name": "Eve Shore", "until_on": until})
    fund.by(eve).send(f"/panel/{fund.call.ref}/seat", {"do": "yes", "declared": "woman"})
    fund.close()
    assert "You take no part in this call" in text_of(fund.by(eve).get(f"/panel/{fund.call.ref}"))
    assert fund.by(eve).get(f"/panel/{fund.call.ref}/{ask.ref}").status_code == 404
    assert granting.export(make.db, eve.id)["calls for money in which I take no part, in all or in some of it"] == [fund.call.title]


def test_what_is_remembered_of_who_left_goes_45_days_after_the_decision_and_with_the_account(fund: Fund) -> None:
    circle, make = fund.circle, fund.circle.make
    people = [make.member(name) for name in ("Eve Shore", "Dan Shore")]
    for one in people:
        make.seat(circle.group, one, GroupRole.WELCOME)
    fund.sent(circle.group)
    make.commit()
    for one in people:
        fund.by(one).send(f"{circle.path}/leave", {"reason": ""})
    changes.purge_member(make.db, people[1].id)
    make.commit()
    assert [tie.member_id for tie in circle.all(select(FundTie))] == [people[0].id]
    make.db.get_one(FundCall, fund.call.id).decided_at = now()
    make.commit()
    for days, left in ((44, 1), (46, 0)):
        granting.remove_old(make.db, now() + timedelta(days=days))
        make.commit()
        assert len(circle.all(select(FundTie))) == left
    make.db.get_one(FundCall, fund.call.id).decided_at = now() - timedelta(days=31)
    make.seat(circle.group, circle.lina, GroupRole.WELCOME)
    make.commit()
    fund.by(circle.lina).send(f"{circle.path}/leave", {"reason": ""})
    assert circle.all(select(FundTie)) == []  # nothing is decided there any more


def _pause(member: Member, _seat: FundSeat, _fund: Fund) -> None:
    member.status = MemberStatus.PAUSED


def _stop(member: Member, _seat: FundSeat, _fund: Fund) -> None:
    member.stopped_until = now() + timedelta(days=20)


def _over(_member: Member, seat: FundSeat, _fund: Fund) -> None:
    seat.until_on = now().date() - timedelta(days=1)


def _rival(_member: Member, seat: FundSeat, fund: Fund) -> None:
    late = fund.circle.make.member("Late Rival", Role.COORDINATOR)
    fund.circle.make.seat(fund.circle.group, late, GroupRole.WELCOME)
    seat.named_by = late.id


@pytest.mark.parametrize("declared", ["woman", "other"])  # the only woman, or one whom the rule does not need
@pytest.mark.parametrize("how", [_pause, _stop, _over, _rival])
def test_who_takes_no_part_for_a_time_is_replaced_whatever_they_declared(
    fund: Fund, settings: Settings, how: Any, declared: str
) -> None:  # fmt: skip
    circle, make = fund.circle, fund.circle.make
    make.fund_seat(fund.call, make.member("Dan Shore"), "other")
    fund.sent(circle.group)
    make.commit()
    fund.close()
    assert _MEETS in panel(fund)
    seat = next(one for one in circle.all(select(FundSeat)) if one.declared == declared)
    member = make.db.get_one(Member, seat.member_id)
    where, body = f"/desk/money/{fund.call.ref}/panel", {"member": str(member.id)}
    assert fund.by(fund.sahr).post(f"{where}/end", body).status_code == 403  # as long as they work
    how(member, make.db.get_one(FundSeat, seat.id), fund)
    make.commit()
    shown = panel(fund)
    assert _NOT in shown
    assert "takes no part at the moment" in shown
    assert waking.look(make.db, settings) == 0
    waking.look(make.db, settings)
    make.commit()
    assert [one.sentence for one in circle.all(select(Answer).where(Answer.member_id == fund.sahr.id))].count(SEAT_RESTS) == 1
    fund.by(fund.sahr).send(f"{where}/end", body)
    assert _NOT in panel(fund)
    eve = make.member("Eve Shore")
    make.commit()
    until = (now().date() + timedelta(days=60)).isoformat()
    fund.by(fund.sahr).send(where, {"name": "Eve Shore", "until_on": until})
    fund.by(eve).send(f"/panel/{fund.call.ref}/seat", {"do": "yes", "declared": "woman"})
    assert _MEETS in panel(fund)


def test_scores_that_others_have_read_stay_open_when_somebody_rests(fund: Fund, settings: Settings) -> None:
    circle, make, (ada, ben, _cle) = fund.circle, fund.circle.make, fund.panel
    ask = fund.sent(circle.group)
    make.commit()
    fund.close()
    path = f"/panel/{fund.call.ref}/{ask.ref}"
    for member in (ada, ben):
        fund.by(member).send(f"{path}/score", {"points": ["8", "5"], "reason": "Solid"})
    with clock.at(now() + timedelta(days=21)):
        waking.look(make.db, settings)
        make.commit()
    make.db.get_one(Member, ben.id).status = MemberStatus.PAUSED
    make.commit()
    assert circle.fresh(fund.call).scores_open_at is not None
    assert fund.by(ada).post(f"{path}/score", {"points": ["1", "1"], "reason": "Anew"}).status_code == 403


def test_a_coordinator_whose_group_asks_changes_and_cancels_nothing_and_takes_names_out(fund: Fund) -> None:
    circle, make = fund.circle, fund.circle.make
    make.seat(circle.group, fund.sahr)
    fund.sent(circle.group)
    make.commit()
    work, where = fund.by(fund.sahr), f"/desk/money/{fund.call.ref}"
    day = (now().date() + timedelta(days=20)).isoformat()
    values = call_typed(source="", decide_on=day, row_version="1", who="Groups like mine")
    for path, body in ((where, values), (f"{where}/cancel", {"why": "Not for us"}), (f"{where}/panel/cancel", {"why": "No"})):
        refused = work.post(path, body)
        assert (refused.status_code, "Another coordinator does this" in text_of(refused)) == (403, True)
    shown = text_of(work.get(where))
    assert "Another coordinator does this" in shown
    assert "Take words out that name a person" in shown
    work.send(f"{where}/take-out", {"parts": ["decided_by"]})
    found = circle.fresh(fund.call)
    assert (found.who == values["who"], found.decided_by, found.cancelled_at) == (False, "", None)


def test_where_no_group_asked_nobody_publishes_alone(fund: Fund) -> None:
    fund.close()
    fund.circle.make.db.get_one(FundCall, fund.call.id).decide_on = now().date() - timedelta(days=2)
    fund.circle.make.commit()
    ada, path = fund.by(fund.panel[0]), f"/panel/{fund.call.ref}"
    assert "A coordinator cancels the call" in text_of(ada.get(path))
    assert ada.post(f"{path}/publish", {"words": "I thank myself"}).status_code == 403
    fund.by(fund.sahr).send(f"/desk/money/{fund.call.ref}/panel/cancel", {"why": "Nobody asked"})
    assert fund.circle.fresh(fund.call).cancelled_at is not None


@pytest.mark.parametrize(
    ("zone", "hours", "stage"), [("UTC", 2, "opened"), ("America/Lima", 2, "scoring"), ("Asia/Tokyo", -7, "opened")]
)
def test_the_day_of_the_decision_is_a_day_where_the_call_was_written(fund: Fund, zone: str, hours: int, stage: str) -> None:
    fund.close()
    call = fund.circle.make.db.get_one(FundCall, fund.call.id)
    call.zone = zone
    midnight = (now() + timedelta(days=21)).replace(hour=0, minute=0, second=0, microsecond=0)
    call.decide_on = (midnight - timedelta(days=1)).date()
    with clock.at(midnight + timedelta(hours=hours)):
        assert queries.stage(call) == stage
    fund.circle.make.db.rollback()


def test_words_of_a_decision_say_nothing_that_a_post_would_have_to_wait_for(fund: Fund) -> None:
    circle, make, (ada, ben, _cle) = fund.circle, fund.circle.make, fund.panel
    ask = fund.sent(circle.group)
    make.commit()
    fund.close()
    panel = f"/panel/{fund.call.ref}"
    for member in fund.panel:
        fund.by(member).send(f"{panel}/{ask.ref}/score", {"points": ["8", "5"], "reason": "Solid"})
    told = "Leave out numbers, links and exact places"
    for words in ("Ask Ibou, +221 77 123 45 67", "See https://money.example/list"):
        body = {"amount": "5", "reason": words, "seen": fund.seen(ada, f"{panel}/{ask.ref}")}
        refused = fund.by(ada).post(f"{panel}/{ask.ref}/decide", body)
        assert (refused.status_code, told in text_of(refused), words in text_of(refused)) == (422, True, True)
    fund.decide(ada, ask, "500", "They cook for 40 people.")
    body = {"words": "Ask Ibou, +221 77 123 45 67", "seen": fund.seen(ben, panel)}
    refused = fund.by(ben).post(f"{panel}/publish", body)
    assert (refused.status_code, told in text_of(refused), body["words"] in refused.text) == (422, True, True)
    fund.by(ben).send(f"{panel}/publish", body | {"words": "By points: 68 of 100."})
    assert "They cook for 40 people." in text_of(fund.by().get(f"/money/{fund.call.ref}"))
    fund.by(circle.awa).send(f"{fund.ask}/appeal", {"words": "More, please"})
    where = f"/desk/money/{fund.call.ref}/appeals/{ask.ref}"
    refused = fund.by(fund.sahr).post(where, {"do": "stays", "reason": "Write to ibou@money.example"})
    assert (refused.status_code, told in text_of(refused)) == (422, True)


def test_the_day_until_which_a_group_sees_it_differently_counts_whole_where_the_call_is(fund: Fund) -> None:
    call = fund.circle.make.db.get_one(FundCall, fund.call.id)
    call.zone, call.decided_at = "America/Lima", datetime(2026, 11, 2, 3, tzinfo=UTC)  # the evening of the 1st there
    ask = FundAsk()
    assert appealing.until(call) == date(2026, 12, 1)
    for hour, allowed in ((4, True), (29, False)):  # of the first of December, UTC: eleven at night before, and midnight there
        with clock.at(datetime(2026, 12, 1, tzinfo=UTC) + timedelta(hours=hour)):
            assert bool(appealing.may_appeal(call, ask)) == allowed
    fund.circle.make.db.rollback()
