"""A call that the network decides, as the group that asks meets it: its form at every moment, and what a conflict shows."""

from datetime import timedelta
from typing import Any

from sqlmodel import select

from app.core import clock
from app.core.clock import now
from app.core.settings import Settings
from app.domain import ledger
from app.domain.groups import hooks
from app.domain.money.granting import queries, waking
from app.domain.money.granting import standing as granting
from app.domain.money.granting.wording import NOBODY_LEFT, SOMEBODY_IS_NEEDED
from app.models.accounts import Answer, Role
from app.models.engine import Delivery
from app.models.groups import GroupState
from app.models.money import AskState, FundAsk, FundCall, FundScore, FundSeat, FundTie, GroupMoney, SeatState
from tests.browse import text_of
from tests.money.test_granting import Fund, typed


def test_the_form_opens_blank_keeps_every_word_and_can_always_be_saved(fund: Fund) -> None:
    circle, awa = fund.circle, fund.by(fund.circle.awa)
    assert "Send it" in text_of(awa.get(fund.ask))
    missing = awa.post(fund.ask, typed(q2="", q1="Typed first"))
    assert (missing.status_code, "Typed first" in missing.text) == (422, True)
    awa.send(fund.ask, typed())
    awa.send(f"{fund.ask}/withdraw")
    assert "Send it" in text_of(awa.get(fund.ask))
    old = awa.post(fund.ask, typed(row_version="1", q1="Typed before it was withdrawn"))
    assert (old.status_code, "Typed before it was withdrawn" in old.text) == (409, True)
    version = circle.one(select(FundAsk)).row_version
    assert f'name="row_version" value="{version}"' in old.text
    awa.send(fund.ask, typed(row_version=str(version), q1="Typed before it was withdrawn"))


def test_who_never_asked_and_comes_late_reads_that_it_has_closed(fund: Fund) -> None:
    awa = fund.by(fund.circle.awa)
    fund.close()
    assert awa.get(fund.ask).status_code == 200
    late = awa.post(fund.ask, typed(q1="Typed too late"))
    assert (late.status_code, "Typed too late" in late.text) == (422, True)
    assert "This call has closed" in text_of(late)


def test_a_conflict_shows_every_field_that_another_one_changed(fund: Fund) -> None:
    awa = fund.by(fund.circle.awa)
    awa.send(fund.ask, typed(host="Red House"))
    awa.send(fund.ask, typed(row_version="1", wants="3000", host="", name="Tea and bread", language="fr"))
    old = awa.post(fund.ask, typed(row_version="1", wants="2000", host="Red House"))
    assert old.status_code == 409
    stands = text_of(old).split("What stands there now")[1].split("Outside your group")[0]
    for words in ("3000", "Tea and bread", "Français", "An organisation that receives the money for you nothing"):
        assert words in stands, stands
    assert "Answer 1" not in stands


def test_the_other_group_reads_who_receives_the_money_and_without_its_yes_nothing_after_the_deadline(fund: Fund) -> None:
    circle, awa, nora = fund.circle, fund.by(fund.circle.awa), fund.by(fund.nora)
    awa.send(fund.ask, typed(host="Red House", step="keep"))
    assert "only your group sees it" in text_of(awa.get(fund.ask))
    ask = circle.one(select(FundAsk))
    ask.with_group_id = fund.hidden.id
    circle.make.db.add(ask)
    circle.make.commit()
    other = f"/g/{fund.hidden.ref}/asks/{fund.call.ref}"
    assert "and the one that asks with you" in text_of(awa.get(fund.ask))
    awa.send(fund.ask, typed(row_version="1", host="Red House"))
    shown = text_of(nora.get(other))
    assert "Red House" in shown
    assert "Round of tea" in shown
    third = circle.make.group(by=fund.nora, name="Night kitchen")
    mine = fund.sent(third)
    circle.make.commit()
    fund.close()
    ask = circle.one(select(FundAsk).where(FundAsk.group_id == circle.group.id))
    assert queries.officers(circle.make.db, fund.call.id).get(mine.id, set()) == set()
    decided(fund, ask, granted=0)
    for page in (text_of(nora.get(other)), text_of(nora.get(f"/g/{fund.hidden.ref}/asks"))):
        for absent in ("Answer 1", "Red House", "Because", "Not granted"):
            assert absent not in page
    assert "Because" in text_of(awa.get(fund.ask))
    assert nora.post(f"{other}/alone").status_code in (403, 404)
    circle.make.db.get_one(FundAsk, ask.id).with_yes = True
    circle.make.commit()
    assert "Because" in text_of(nora.get(other))
    assert queries.officers(circle.make.db, fund.call.id)[mine.id] == {ask.id}


def decided(fund: Fund, ask: FundAsk, **fields: Any) -> None:
    """Let a panel have decided about an application."""
    db = fund.circle.make.db
    db.get_one(FundCall, fund.call.id).decided_at = now()
    one = db.get_one(FundAsk, ask.id)
    for name, value in ({"reason": "Because of the budget"} | fields).items():
        setattr(one, name, value)
    fund.circle.make.commit()


def test_a_hidden_group_withdraws_leaves_and_appeals_and_scores_go_with_the_words(fund: Fund) -> None:
    circle, make, awa = fund.circle, fund.circle.make, fund.by(fund.circle.awa)
    ask = fund.sent(circle.group, with_group_id=fund.hidden.id, with_yes=True)
    make.db.add(FundScore(ask_id=ask.id, member_id=fund.panel[0].id, points=[1, 1], reason="Beds for Ali", scored_at=now()))
    circle.group.state = GroupState.HIDDEN
    make.db.add(circle.group)
    make.commit()
    fund.close()
    awa.send(f"{fund.ask}/alone")
    awa.send(f"{fund.ask}/withdraw")
    assert circle.all(select(FundScore)) == []
    make.db.refresh(ask)
    make.db.get_one(FundAsk, ask.id).state = AskState.SENT
    decided(fund, ask, granted=0)
    assert "only the panel and a group that asked with you" in text_of(awa.get(fund.ask))
    awa.send(f"{fund.ask}/appeal", {"words": "Look at line four."})


def test_what_was_taken_out_or_deleted_is_said_so_and_nothing_is_kept_longer_than_a_year(fund: Fund) -> None:
    circle, db, awa = fund.circle, fund.circle.make.db, fund.by(fund.circle.awa)
    ask, other = fund.sent(circle.group), fund.sent(fund.hidden)
    answered = {"appealed_at": now(), "appeal": "Line four", "answered_at": now(), "answer": None}
    decided(fund, ask, granted=100, **answered)
    page = text_of(awa.get(fund.ask))
    assert "It stays." in page
    assert "words that stood here were taken out" in page
    assert "Your group hears what comes of it" not in page
    decided(fund, ask, **answered | {"answer": "Because of Ali"})
    decided(fund, other, granted=100, **answered | {"answer": "They are right", "appeal_right": True})
    assert granting.remove_old(db, now() + timedelta(days=400)) == 2 + len(fund.panel)
    assert granting.remove_old(db, now() + timedelta(days=400)) == 0
    db.expire_all()
    assert (db.get_one(FundAsk, ask.id).reason, db.get_one(FundAsk, ask.id).answer) == ("Because of the budget", None)
    assert (db.get_one(FundAsk, other.id).reason, db.get_one(FundAsk, other.id).answer) == (None, "They are right")
    circle.make.commit()
    assert "The words were deleted after a year." in text_of(awa.get(fund.ask))


def test_what_was_withdrawn_stays_so_in_a_restored_copy_also_after_it_was_sent_anew(fund: Fund) -> None:
    circle, db, awa = fund.circle, fund.circle.make.db, fund.by(fund.circle.awa)
    circle.make.seat(circle.group, fund.panel[2])
    circle.make.commit()
    awa.send(fund.ask, typed())
    first = circle.one(select(FundAsk)).id
    awa.send(f"{fund.ask}/withdraw")
    awa.send(fund.ask, typed(row_version="2", q1="Other words"))
    again = circle.one(select(FundAsk))
    assert (again.id != first, again.row_version, again.state) == (True, 3, AskState.SENT)
    assert circle.one(select(FundTie)).ask_id == again.id
    assert ledger.since(db, first) is not None
    assert ledger.since(db, again.id) is None


def test_a_group_that_is_closed_asks_for_nothing_any_more_and_the_other_one_is_told(fund: Fund) -> None:
    circle, db = fund.circle, fund.circle.make.db
    third = circle.make.group(by=fund.nora, name="Night kitchen")
    ask = fund.sent(fund.hidden, with_group_id=circle.group.id, with_yes=True)
    other = fund.sent(third, with_group_id=fund.hidden.id, with_yes=True)
    fund.hidden.state = GroupState.CLOSED
    db.flush()
    hooks.tell_moved(db, fund.hidden)
    circle.make.commit()
    ask, other = circle.fresh(ask), circle.fresh(other)
    assert (ask.state, ask.answers, ask.with_group_id) == (AskState.WITHDRAWN, None, None)
    assert (other.state, other.with_group_id, other.answers is not None) == (AskState.SENT, None, True)
    left = [a.link for a in circle.all(select(Answer)) if "does not any more" in a.sentence]
    assert sorted(left) == sorted([fund.ask, f"/g/{third.ref}/asks/{fund.call.ref}"])


def test_an_appeal_that_is_right_takes_the_place_of_what_the_group_put_right(fund: Fund) -> None:
    circle, db = fund.circle, fund.circle.make.db
    ask = fund.sent(circle.group, granted=150_000, appealed_at=now(), appeal="Line four")
    decided(fund, ask)
    values: dict[str, Any] = {
        "group_id": circle.group.id, "source": "House", "currency": "EUR", "purpose": "Tea", "first_on": now().date(),
        "last_on": now().date(), "written_on": now().date(),
    }  # fmt: skip
    line = GroupMoney(call_id=fund.call.id, amount=150_000, **values)
    db.add(line)
    db.flush()
    right = GroupMoney(corrects_id=line.id, amount=140_000, why="Only this came", **values)
    db.add(right)
    circle.make.commit()
    form = {"do": "change", "amount": "1 700", "reason": "They are right."}
    fund.by(fund.sahr).send(f"/desk/money/{fund.call.ref}/appeals/{ask.ref}", form)
    assert "1,700\u00a0EUR" in fund.by().get(f"{circle.path}/money").text.split("<ul")[0]
    assert circle.one(select(GroupMoney).where(GroupMoney.amount == 170_000)).corrects_id == right.id


def test_where_no_coordinator_may_act_somebody_else_is_told_once_and_neutrally(fund: Fund, settings: Settings) -> None:
    circle, db = fund.circle, fund.circle.make.db
    sira = circle.make.member("Sira Mango", Role.SAFEGUARDING)
    outside = settings.model_copy(update={"escalation_contact": "help@house.example"})
    ask = fund.sent(circle.group)
    circle.make.seat(circle.group, fund.sahr)
    circle.make.commit()
    assert waking.look(db, outside) == 0, "the panel that is there decides"
    for seat in db.exec(select(FundSeat)).all()[:2]:
        seat.state = SeatState.ENDED
    db.flush()
    noor = circle.make.member("Noor Anchor", Role.COORDINATOR)
    assert waking.look(db, outside) == 0, "somebody without a tie can name others"
    circle.make.seat(circle.group, noor)
    assert [waking.look(db, outside), waking.look(db, outside)] == [1, 0]
    decided(fund, ask, granted=0, appealed_at=now(), appeal="Line four")
    fund.call.decided_at = now()
    db.flush()
    with clock.at(now() + timedelta(days=8)):
        assert waking.look(db, outside) == 1, "nor may anybody answer the appeal"
        calm = circle.make.member("Calm Harbour", Role.COORDINATOR)
    with clock.at(now() + timedelta(days=16)):
        assert waking.look(db, outside) == 0
    assert db.exec(select(Answer.sentence).where(Answer.member_id == sira.id)).all() == [SOMEBODY_IS_NEEDED] * 2
    assert db.exec(select(Answer).where(Answer.member_id == calm.id)).all() == []
    assert {mail.body for mail in db.exec(select(Delivery))} == {NOBODY_LEFT}
