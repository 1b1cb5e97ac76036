"""A call that the network decides, from the first draft to the appeal; who reads what of it, and what a hidden group gives away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.core.clock import at, now
from app.domain.accounts import changes
from app.domain.money import standing
from app.domain.money.granting import queries
from app.domain.money.granting import standing as granting
from app.domain.money.wording import CALL_CHANGED
from app.models.accounts import Answer, Member, Role
from app.models.groups import Group, GroupRole, GroupState, JoinPolicy, Visibility
from app.models.money import AskState, FundAsk, FundCall, FundScore, FundSeat, FundTie, GroupMoney, SeatState
from tests.browse import Browser, text_of
from tests.groups.conftest import Circle
from tests.money.test_register import typed as call_typed


def typed(**other: str) -> dict[str, Any]:
    """Return an application that is whole."""
    return {
        "name": "Round of tea", **{f"q{n}": f"Answer {n}" for n in range(1, 7)}, "wants": "2 000", "language": "en",
        "row_version": "0", "step": "send", **other,
    }  # fmt: skip


@dataclass
class Fund:
    """A call with its people: ada, ben and cle are on the panel; awa's group asks, nora's hidden one too."""

    circle: Circle
    call: FundCall
    sahr: Member
    panel: list[Member]
    nora: Member
    hidden: Group

    @property
    def ask(self) -> str:
        """Return where awa's group asks."""
        return f"{self.circle.path}/asks/{self.call.ref}"

    def by(self, member: Member | None = None) -> Browser:
        """Return somebody's browser."""
        return self.circle.browse(member)

    def close(self) -> None:
        """Let the deadline pass."""
        call = self.circle.make.db.get_one(FundCall, self.call.id)
        call.opens_at, call.closes_at = now() - timedelta(days=9), now() - timedelta(minutes=1)
        self.circle.make.db.add(call)
        self.circle.make.commit()

    def seen(self, member: Member, path: str) -> str:
        """Return the mark of what somebody of the panel sees written down."""
        return self.by(member).get(path).text.split('name="seen" value="')[1].split('"')[0]

    def decide(self, member: Member, ask: FundAsk, amount: str, reason: str = "x") -> None:
        """Let somebody of the panel write down what is decided."""
        path = f"/panel/{self.call.ref}/{ask.ref}"
        self.by(member).send(f"{path}/decide", {"amount": amount, "reason": reason, "seen": self.seen(member, path)})

    def sent(self, group: Group, **other: Any) -> FundAsk:
        """Return an application that was sent."""
        return self.circle.make.fund_ask(self.call, group, **other)


@pytest.fixture
def fund(circle: Circle) -> Fund:
    """A call that is open, with a panel that said yes."""
    make = circle.make
    sahr, nora = make.member("Sahr Harbour", Role.COORDINATOR), make.member("Nora Hill")
    call = make.fund_call(made_by=sahr.id, here=True, decide_on=now().date() + timedelta(days=20), source="")
    panel = [make.member(name) for name in ("Ada Stone", "Ben Wood", "Cle Field")]
    for member, declared in zip(panel, ("woman", "man", "other"), strict=True):
        make.fund_seat(call, member, declared)
    hidden = make.group(by=nora, name="Quiet house", visibility=Visibility.HIDDEN, join_policy=JoinPolicy.INVITE)
    make.commit()
    return Fund(circle, call, sahr, panel, nora, hidden)


def test_a_call_says_who_runs_it(circle: Circle) -> None:
    sahr = circle.make.member("Sahr Harbour", Role.COORDINATOR)
    work = circle.browse(sahr)
    for wrong in ({"decide_on": ""}, {"decide_on": now().date().isoformat()}):
        assert work.post("/desk/money", call_typed(here="1", source="", **wrong)).status_code == 422
    assert "begins with https" in text_of(work.post("/desk/money", call_typed(source="")))
    work.send("/desk/money", call_typed(here="1", source="", decide_on=(now().date() + timedelta(days=40)).isoformat()))
    call = circle.one(select(FundCall))
    shown = text_of(circle.browse(circle.lina).get(f"/money/{call.ref}"))
    assert "Ask for your group" in shown
    assert "by a panel of people named for it" in shown
    later = (now().date() + timedelta(days=50)).isoformat()
    work.send(f"/desk/money/{call.ref}", call_typed(source="", decide_on=later, row_version="1"))
    assert circle.fresh(call).here  # who runs it never changes
    assert "By when it is decided" in text_of(circle.browse().get(f"/money/{call.ref}"))


def test_a_draft_is_kept_sent_changed_and_withdrawn(fund: Fund) -> None:
    circle, awa = fund.circle, fund.by(fund.circle.awa)
    assert fund.ask in awa.get(f"/money/{fund.call.ref}/ask").text
    assert fund.by(circle.omar).get(fund.ask).status_code == 403
    assert fund.by(circle.omar).post(fund.ask, typed()).status_code == 403
    assert fund.by(circle.lina).post(fund.ask, typed()).status_code == 404
    assert "ask for no group yet" in text_of(fund.by(circle.lina).get(f"/money/{fund.call.ref}/ask"))
    awa.send(fund.ask, typed(q2="", q3="", wants="", step="keep"))
    ask = circle.one(select(FundAsk))
    assert (ask.state, ask.wants, ask.sent_at) == (AskState.DRAFT, None, None)
    missing = awa.post(fund.ask, typed(q2="", q1="Only these words", row_version="1"))
    assert missing.status_code == 422
    assert "Only these words" in missing.text
    for wrong in ({"wants": "9 000"}, {"wants": "much"}, {"name": ""}):
        assert awa.post(fund.ask, typed(row_version="1", **wrong)).status_code == 422
    awa.send(fund.ask, typed(row_version="1"))
    assert "You can change it until the deadline" in text_of(awa.send(fund.ask, typed(row_version="2", q1="A kitchen")))
    old = awa.post(fund.ask, typed(row_version="1", q1="Mine"))
    assert old.status_code == 409
    assert "A kitchen" in text_of(old)
    assert "Mine" in old.text
    assert awa.post(fund.ask, typed(row_version="3", q4="")).status_code == 422  # what was sent stays whole
    for reader in (fund.by(), fund.by(circle.lina), fund.by(fund.sahr), fund.by(fund.panel[0])):
        assert "A kitchen" not in reader.get(f"/money/{fund.call.ref}").text
        assert reader.get(fund.ask).status_code in (303, 404)
    awa.send(f"{fund.ask}/withdraw")
    ask = circle.fresh(ask)
    assert (ask.state, ask.answers, ask.wants) == (AskState.WITHDRAWN, None, None)
    db = circle.make.db
    db.get_one(FundAsk, ask.id).answers = {"q1": "A kitchen"}  # as an older copy brings it back
    db.get_one(FundAsk, ask.id).state = AskState.SENT
    assert standing.remembers("withdrawn ask")
    assert standing.erase_again(db, "withdrawn ask", ask.id, now().date())
    assert db.get_one(FundAsk, ask.id).answers is None
    circle.make.commit()
    awa.send(fund.ask, typed(row_version="4"))
    fund.close()
    late = awa.post(fund.ask, typed(row_version="5", q1="Typed too late"))
    assert late.status_code == 422
    assert "This call has closed" in text_of(late)
    assert "Typed too late" in late.text


def test_two_groups_ask_together_and_the_other_one_says_yes_to_the_words(fund: Fund) -> None:
    circle, awa, nora = fund.circle, fund.by(fund.circle.awa), fund.by(fund.nora)
    awa.send(fund.ask, typed())
    page = awa.send(f"{fund.ask}/joint")
    link = "/joint/" + page.text.split("/joint/")[1][:12]
    assert "/joint/" not in awa.get(f"{circle.path}/asks").text
    assert "Answer 1" not in nora.get(link).text
    assert "Round of tea" not in nora.get(link).text
    assert awa.post(link, {"group": str(circle.group.id)}).status_code == 422  # not with itself
    assert fund.by(circle.lina).post(link, {"group": str(fund.hidden.id)}).status_code == 422
    nora.send(link, {"group": str(fund.hidden.id)})
    assert nora.get(link).status_code == 404  # once
    other = f"/g/{fund.hidden.ref}/asks/{fund.call.ref}"
    assert "Answer 1" in text_of(nora.get(other))
    assert "can ask once" in text_of(nora.post(other, typed()))
    awa.send(fund.ask, typed(row_version="1", q1="Changed words"))
    assert nora.post(f"{other}/agree", {"row_version": "1"}).status_code == 409  # not to words that nobody read
    nora.send(f"{other}/agree", {"row_version": "2"})
    assert circle.one(select(FundAsk)).with_yes
    awa.send(fund.ask, typed(row_version="2", q1="Changed again"))
    assert not circle.one(select(FundAsk)).with_yes
    assert any("say yes again" in a.sentence for a in circle.all(select(Answer).where(Answer.member_id == fund.nora.id)))
    nora.send(f"{other}/alone")
    assert circle.one(select(FundAsk)).with_group_id is None


def test_a_coordinator_names_a_panel_and_learns_nothing_of_what_they_declare(fund: Fund) -> None:
    circle, work = fund.circle, fund.by(fund.sahr)
    path, until = f"/desk/money/{fund.call.ref}/panel", (now().date() + timedelta(days=60)).isoformat()
    for wrong in ("Nobody Here", "Sahr Harbour", "Ada Stone"):
        assert work.post(path, {"name": wrong, "until_on": until}).status_code == 422
    assert work.post(path, {"name": "Lina River", "until_on": now().date().isoformat()}).status_code == 422
    work.send(path, {"name": "Lina River", "until_on": until})
    lina = fund.by(circle.lina)
    assert lina.post(f"/panel/{fund.call.ref}/seat", {"do": "yes"}).status_code == 422
    lina.send(f"/panel/{fund.call.ref}/seat", {"do": "yes", "declared": "woman", "ties": "I knew one of them"})
    page = work.get(path)
    assert "I knew one of them" in page.text
    assert "The panel meets its rule" not in text_of(page)  # before the deadline it would move with who asks
    assert "woman" not in text_of(page).replace("one woman and one man", "").lower()
    for outside in (fund.by(circle.omar), fund.by(fund.sahr)):
        assert outside.get(f"/panel/{fund.call.ref}").status_code == 404
        assert outside.post(f"/panel/{fund.call.ref}/seat", {"do": "no"}).status_code == 404
    assert fund.by(circle.awa).get(path).status_code == 404
    work.send(f"{path}/end", {"member": str(circle.lina.id)})
    seat = circle.one(select(FundSeat).where(FundSeat.member_id == circle.lina.id))
    assert (seat.declared, seat.ties) == (None, None)
    circle.make.seat(circle.group, fund.sahr, GroupRole.WELCOME)
    fund.sent(circle.group)
    circle.make.commit()
    assert circle.one(select(FundSeat).where(FundSeat.member_id == fund.panel[0].id)).named_by is None
    for one in circle.make.db.exec(select(FundSeat)):
        one.named_by = fund.sahr.id
    circle.make.commit()
    fund.close()
    second = circle.make.member("Kind Reader", Role.COORDINATOR)
    assert "does not count: name them again" in text_of(fund.by(second).get(path))
    for one in ("Ada Stone", "Ben Wood", "Cle Field"):
        fund.by(second).send(path, {"name": one, "until_on": until})
    assert "The panel meets its rule" in text_of(fund.by(second).get(path))
    assert "Another coordinator does this" in text_of(work.post(path, {"name": "Lina River", "until_on": until}))


def test_from_scores_to_a_decision_and_an_appeal_with_one_recusal(fund: Fund) -> None:
    circle, (ada, ben, cle) = fund.circle, fund.panel
    make = circle.make
    make.seat(circle.group, cle)  # belongs to one group that asks, without a role
    dan = make.member("Dan Shore")
    make.fund_seat(fund.call, dan, "other")  # so that three are left without a tie
    mine, hidden = fund.sent(circle.group), fund.sent(fund.hidden, answers={"name": "Group by the river", "q1": "Beds"})
    third = make.group(by=make.member("Tom Bridge"), name="Night kitchen")
    other = fund.sent(third, answers={"name": "Night kitchen"})
    make.commit()
    panel = f"/panel/{fund.call.ref}"
    assert fund.by(ada).get(f"{panel}/{mine.ref}").status_code == 403  # before the deadline
    fund.close()
    assert fund.by(cle).get(f"{panel}/{mine.ref}").status_code == 404
    assert "You take no part in 1 application" in text_of(fund.by(cle).get(panel))
    score = {"points": ["8", "5"], "reason": "Solid"}
    assert fund.by(cle).post(f"{panel}/{mine.ref}/score", score).status_code == 404
    assert fund.by(ada).post(f"{panel}/{mine.ref}/score", {"points": ["8"], "reason": "x"}).status_code == 422
    assert fund.by(ada).post(f"{panel}/{mine.ref}/decide", {"amount": "5", "reason": "x"}).status_code == 403
    for member in (ada, ben, dan):
        fund.by(member).send(f"{panel}/{mine.ref}/score", score | {"reason": f"Because of {member.name}"})
        assert "Because of Ada" not in fund.by(ben).get(f"{panel}/{mine.ref}").text or member is ada
    assert "Because of Ada" not in fund.by(ben).get(f"{panel}/{mine.ref}").text
    for member in (ada, ben, cle, dan):
        for one in (hidden, other):
            fund.by(member).send(f"{panel}/{one.ref}/score", score)
    assert circle.fresh(fund.call).scores_open_at is not None
    sees_late = make.member("Late Comer")
    make.fund_seat(fund.call, sees_late, "woman")
    make.commit()
    assert "Because of Ada" in fund.by(ben).get(f"{panel}/{mine.ref}").text
    assert fund.by(ben).post(f"{panel}/{mine.ref}/score", score).status_code == 403  # nobody changes a score who read others
    assert "68.0 of 100" in text_of(fund.by(ben).get(panel))
    for one, amount, what in ((mine, "1 500", "tea"), (hidden, "900", "beds"), (other, "", "night")):
        fund.decide(ada, one, amount, f"Reason of the {what}")
    assert fund.by(ada).post(f"{panel}/publish", {"words": "By points."}).status_code == 403  # it takes two
    assert fund.by(cle).post(f"{panel}/publish", {"words": "By points."}).status_code == 403  # has a tie
    assert "1,500" not in fund.by().get(f"/money/{fund.call.ref}").text
    assert "Granted" not in text_of(fund.by(circle.awa).get(fund.ask))
    assert fund.by(sees_late).post(f"{panel}/publish", {"words": "By points."}).status_code == 403  # scored nothing
    mark = fund.seen(ben, panel)
    assert "Together: 2,400 EUR" in text_of(fund.by(ben).get(panel))
    fund.decide(ada, mine, "1 400", "Reason of the tea")
    moved = fund.by(ben).post(f"{panel}/publish", {"words": "Typed before", "seen": mark})
    assert (moved.status_code, "Typed before" in moved.text) == (409, True)  # not another sum than was read
    old = fund.by(ben).post(f"{panel}/{mine.ref}/decide", {"amount": "9", "reason": "Mine", "seen": "old"})
    assert (old.status_code, "Mine" in old.text, "1,400" in text_of(old)) == (409, True, True)
    fund.decide(ada, mine, "1 500", "Reason of the tea")
    fund.by(ben).send(f"{panel}/publish", {"words": "By points, then by sum.", "seen": fund.seen(ben, panel)})
    for reader in (fund.by(), fund.by(circle.lina)):
        shown = text_of(reader.get(f"/money/{fund.call.ref}"))
        for words in ("1,500 EUR", "Round of tea", "Reason of the tea", "5 people decided", "had a tie to a group that asked"):
            assert words in shown
        for absent in (
            "900 EUR",
            "Quiet house",
            "Group by the river",
            "Reason of the beds",
            "Reason of the night",
            "Night kitchen",
        ):
            assert absent not in shown
    lines = {(m.group_id, m.amount) for m in circle.all(select(GroupMoney))}
    assert lines == {(circle.group.id, 150_000), (fund.hidden.id, 90_000)}
    tom = third.words_by or circle.one(select(Member).where(Member.name == "Tom Bridge")).id
    theirs = fund.by(make.db.get_one(Member, tom))
    path = f"/g/{third.ref}/asks/{fund.call.ref}"
    assert "Reason of the night" in text_of(theirs.get(path))
    theirs.send(f"{path}/appeal", {"words": "You did not read line four."})
    assert theirs.post(f"{path}/appeal", {"words": "Twice"}).status_code == 403
    sits = make.member("Sits Too", Role.COORDINATOR)
    make.fund_seat(fund.call, sits, "woman")
    make.commit()
    where = f"/desk/money/{fund.call.ref}/appeals/{other.ref}"
    assert fund.by(sits).get(where).status_code == 403
    assert fund.by(sits).post(where, {"do": "stays", "reason": "x"}).status_code == 403
    assert "line four" in text_of(fund.by(fund.sahr).get(where))
    assert "more than what was granted" in text_of(fund.by(fund.sahr).post(where, {"do": "change", "reason": "They are right."}))
    fund.by(fund.sahr).send(where, {"do": "change", "amount": "700", "reason": "They are right."})
    assert fund.by(fund.sahr).post(where, {"do": "stays", "reason": "Again"}).status_code == 403
    assert "decided anew" in text_of(fund.by().get(f"/money/{fund.call.ref}"))
    assert (third.id, 70_000) in {(m.group_id, m.amount) for m in circle.all(select(GroupMoney))}
    circle.group.visibility = Visibility.UNLISTED
    make.db.add(circle.group)
    make.commit()
    assert "1,500" not in text_of(fund.by(circle.lina).get(f"/money/{fund.call.ref}"))
    lines = text_of(fund.by(circle.awa).get(f"{circle.path}/money"))
    assert "granted by this network on" in lines
    assert "Written down by the group itself" not in lines


def test_whoever_competes_reads_no_application_and_leaving_the_group_changes_nothing(fund: Fund) -> None:
    circle, (ada, _ben, cle) = fund.circle, fund.panel
    circle.make.seat(circle.group, cle, GroupRole.MONEY)
    other = fund.sent(fund.hidden, answers={"name": "Group by the river"})
    fund.by(circle.awa).send(fund.ask, typed())  # sent: ties are noted
    circle.make.commit()
    assert circle.one(select(FundTie)).competes
    seat = circle.make.db.exec(select(FundSeat).where(FundSeat.member_id == cle.id)).one()
    assert seat.declared == "other"
    fund.close()
    fund.by(cle).send(f"{circle.path}/leave", {"reason": ""})
    panel = f"/panel/{fund.call.ref}"
    shown = text_of(fund.by(cle).get(panel))
    assert "You take no part in this call" in shown
    assert "Group by the river" not in shown
    assert fund.by(cle).get(f"{panel}/{other.ref}").status_code == 404
    assert "Three people at least without a tie" in text_of(fund.by(ada).get(f"{panel}/{other.ref}"))  # two of three are left
    assert fund.by(ada).post(f"{panel}/{other.ref}/score", {"points": ["1", "1"], "reason": "x"}).status_code == 403


def test_a_tie_that_one_says_oneself_and_officers_in_two_groups(fund: Fund) -> None:
    circle, (ada, ben, _cle) = fund.circle, fund.panel
    third = circle.make.group(by=circle.awa, name="Night kitchen")
    mine, other = fund.sent(circle.group, answers={"name": "Round of tea"}), fund.sent(third, answers={"name": "Night kitchen"})
    circle.make.commit()
    fund.close()
    panel = f"/panel/{fund.call.ref}"
    page = text_of(fund.by(ada).get(f"{panel}/{mine.ref}"))
    assert "Somebody has a role both in this group and in another one that asks: Night kitchen" in page
    assert "Awa" not in page
    fund.by(ada).send(f"{panel}/{other.ref}/score", {"points": ["1", "1"], "reason": "x"})
    fund.by(ada).send(f"{panel}/{other.ref}/tie")
    assert circle.all(select(FundScore)) == []
    assert fund.by(ada).get(f"{panel}/{other.ref}").status_code == 404
    assert "Night kitchen" not in text_of(fund.by(ada).get(f"{panel}/{mine.ref}"))  # nor through the other one
    assert "Night kitchen" in text_of(fund.by(ben).get(panel))


def test_what_people_declared_goes_in_time_with_the_account_and_stands_in_their_own_copy(fund: Fund) -> None:
    circle, (ada, ben, _cle) = fund.circle, fund.panel
    fund.sent(circle.group, made_by=circle.awa.id)
    circle.make.commit()
    db = circle.make.db
    assert granting.export(db, ada.id)["panels that I was asked to sit on"][0]["what I declared"] == "A woman"
    (mine,) = granting.export(db, circle.awa.id)["money that I asked for, for a group"]
    assert mine["sum"] == "2,000\xa0EUR"
    assert any("What do you want to do" in line for line in mine["text"])
    assert set(db.execute(granting.decides(now().date())).scalars()) == {one.id for one in fund.panel}
    changes.purge_member(db, ben.id)
    db.commit()
    assert len(circle.all(select(FundSeat))) == 2
    call = db.get_one(FundCall, fund.call.id)
    call.decided_at = now() - timedelta(days=46)
    db.flush()
    granting.remove_old(db, now())
    assert {one.declared for one in db.exec(select(FundSeat))} == {None}
    assert db.exec(select(FundAsk)).one().answers is not None
    with at(now() + timedelta(days=400)):
        granting.remove_old(db, now())
    db.expire_all()
    assert db.exec(select(FundAsk)).one().answers is None
    circle.make.commit()


@pytest.mark.parametrize("items", [1, 3])
def test_pages_cost_the_same_for_any_number(fund: Fund, count_queries: Callable[..., Any], app: Any, items: int) -> None:
    for _n in range(items):
        fund.sent(fund.circle.make.group(by=fund.circle.lina), granted=100)
    fund.circle.make.commit()
    fund.close()
    database, ada = app.state.house.database, fund.by(fund.panel[0])
    ada.get("/money")
    counts = []
    for path in (f"/panel/{fund.call.ref}", f"/g/{fund.circle.group.ref}/about"):
        with count_queries(database.read_engine, database.write_engine) as seen:
            assert ada.get(path).status_code == 200
        counts.append(len(seen))
    assert counts[0] <= 14, counts
    assert fund.circle.group.state == GroupState.SHOWN


def test_what_others_declared_is_not_found_out_after_the_deadline(fund: Fund) -> None:
    circle, (ada, ben, cle) = fund.circle, fund.panel
    fund.sent(circle.group)
    seat = circle.one(select(FundSeat).where(FundSeat.member_id == ben.id))
    circle.make.commit()
    fund.close()
    path, where = f"/panel/{fund.call.ref}", f"/desk/money/{fund.call.ref}/panel"
    assert "stays as it is since the deadline" in text_of(fund.by(ben).get(path))
    fund.by(ben).send(f"{path}/seat", {"do": "yes", "declared": "woman", "ties": "None"})
    seat = circle.fresh(seat)
    assert (seat.declared, seat.ties) == ("man", "None")
    assert fund.by(fund.sahr).post(f"{where}/end", {"member": str(ada.id)}).status_code == 403
    assert "do not sit on it any more" not in text_of(fund.by(fund.sahr).get(where))
    fund.by(cle).send(f"{path}/seat", {"do": "no"})
    until = (now().date() + timedelta(days=60)).isoformat()
    again = fund.by(fund.sahr).post(where, {"name": "Cle Field", "until_on": until})
    assert "nobody comes back" in text_of(again)
    assert circle.one(select(FundSeat).where(FundSeat.member_id == cle.id)).state == SeatState.ENDED  # who sat decides no appeal
    assert any("Somebody else is needed" in a.sentence for a in circle.all(select(Answer).where(Answer.member_id == fund.sahr.id)))
    for name, declared in (("Dan Shore", "other"), ("Eve Shore", "other")):  # whoever it was: somebody else first
        more = circle.make.member(name)
        circle.make.commit()
        fund.by(fund.sahr).send(where, {"name": name, "until_on": until})
        assert "does not meet its rule" in text_of(fund.by(fund.sahr).get(where))
        fund.by(more).send(f"{path}/seat", {"do": "yes", "declared": declared})
        assert "The panel meets its rule" in text_of(fund.by(fund.sahr).get(where))
        circle.make.db.get_one(FundCall, fund.call.id).to_replace = 1
        circle.make.commit()


def test_a_tie_outlives_a_role_that_came_and_went_and_a_rival_cancels_nothing(fund: Fund) -> None:
    circle, (ada, _ben, _cle) = fund.circle, fund.panel
    make, ask = circle.make, fund.sent(circle.group)
    make.seat(circle.group, ada, GroupRole.ORGANISER)
    make.seat(circle.group, fund.sahr)
    make.commit()
    fund.by(ada).send(f"{circle.path}/leave", {"reason": ""})
    assert circle.one(select(FundTie)).competes
    fund.close()
    assert fund.by(ada).get(f"/panel/{fund.call.ref}/{ask.ref}").status_code == 404
    assert fund.by(fund.sahr).post(f"/desk/money/{fund.call.ref}/panel/cancel", {"why": "No"}).status_code == 403
    call = make.db.get_one(FundCall, fund.call.id)
    call.decided_at = now() - timedelta(days=46)
    make.db.flush()
    granting.remove_old(make.db, now())
    make.commit()
    assert fund.by(ada).get(f"/panel/{fund.call.ref}/{ask.ref}").status_code == 404


def test_after_the_day_scores_open_only_once_there_are_some_and_two_men_decide_nothing(fund: Fund) -> None:
    circle, (ada, ben, cle) = fund.circle, fund.panel
    ask = fund.sent(circle.group)
    circle.make.commit()
    fund.close()
    call = circle.make.db.get_one(FundCall, fund.call.id)
    call.decide_on = now().date() - timedelta(days=1)
    circle.make.commit()
    path = f"/panel/{fund.call.ref}/{ask.ref}"
    assert fund.by(ada).post(f"{path}/decide", {"amount": "5", "reason": "x"}).status_code == 403
    for member in (ada, ben):
        fund.by(member).send(f"{path}/score", {"points": ["8", "5"], "reason": "Solid"})
    fund.decide(ada, ask, "500")
    fund.by(ben).send(f"{path}/tie")
    refused = fund.by(cle).post(f"/panel/{fund.call.ref}/publish", {"words": "By points."})
    assert "Three people at least without a tie" in text_of(refused)


def test_whom_a_rival_named_does_not_count_either_once_the_rival_has_left_the_group_or_the_network(fund: Fund) -> None:
    circle, db = fund.circle, fund.circle.make.db
    circle.make.seat(circle.group, fund.sahr, GroupRole.WELCOME)
    fund.sent(circle.group)
    for one in db.exec(select(FundSeat)):
        one.named_by = fund.sahr.id
    circle.make.commit()
    fund.by(fund.sahr).send(f"{circle.path}/leave", {"reason": ""})
    assert queries.sitting(db, fund.call.id).works == []
    changes.purge_member(db, fund.sahr.id)
    circle.make.commit()
    db.expire_all()
    assert queries.sitting(db, fund.call.id).works == []


def test_scores_open_when_whoever_still_owed_one_is_gone_with_what_they_owed(fund: Fund) -> None:
    circle, (ada, ben, cle) = fund.circle, fund.panel
    dan = circle.make.member("Dan Shore")
    circle.make.fund_seat(fund.call, dan, "other")
    mine, other = fund.sent(circle.group), fund.sent(fund.hidden)
    circle.make.commit()
    fund.close()
    for member in (ada, ben, cle, dan):
        fund.by(member).send(f"/panel/{fund.call.ref}/{mine.ref}/score", {"points": ["8", "5"], "reason": "Solid"})
    assert circle.fresh(fund.call).scores_open_at is None
    fund.by(fund.nora).send(f"/g/{fund.hidden.ref}/asks/{fund.call.ref}/withdraw")
    assert circle.fresh(other).answers is None
    assert circle.fresh(fund.call).scores_open_at is not None


def test_panels_are_found_and_who_asks_and_sits_reads_that_they_take_no_part(fund: Fund) -> None:
    circle, ada = fund.circle, fund.by(fund.panel[0])
    assert f"/panel/{fund.call.ref}" in ada.get("/panel").text
    assert 'href="/panel"' in ada.get(f"/money/{fund.call.ref}").text
    assert "None at the moment" in text_of(fund.by(circle.lina).get("/panel"))
    circle.make.seat(circle.group, fund.panel[0], GroupRole.ORGANISER)
    circle.make.commit()
    assert "you take no part in it" in text_of(ada.get(fund.ask))
    assert "somebody with a role in it sits on the panel" in text_of(fund.by(circle.awa).get(fund.ask))
    ada.send(f"/panel/{fund.call.ref}/seat", {"do": "no"})
    assert f"/panel/{fund.call.ref}" not in ada.get("/panel").text
    assert f"/panel/{fund.call.ref}" not in ada.get(f"/money/{fund.call.ref}/ask").text


def test_who_asks_hears_what_changed_in_an_open_call(fund: Fund) -> None:
    circle, work = fund.circle, fund.by(fund.sahr)
    fund.sent(circle.group)
    circle.make.commit()
    day = (now().date() + timedelta(days=20)).isoformat()
    shown = work.get(f"/desk/money/{fund.call.ref}").text
    values = call_typed(source="", decide_on=day, row_version="1", who="Groups of women")
    for name in ("opens_on", "opens_hour", "closes_on", "closes_hour"):
        values[name] = shown.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]
    work.send(f"/desk/money/{fund.call.ref}", values)
    told = [(a.member_id, a.link) for a in circle.all(select(Answer)) if "in which your group asks" in a.sentence]
    assert (circle.awa.id, fund.ask) in told
    assert fund.nora.id not in {one for one, _link in told}
    assert [a.sentence for a in circle.all(select(Answer).where(Answer.member_id == circle.awa.id))].count(CALL_CHANGED) == 0
    assert [a.sentence for a in circle.all(select(Answer).where(Answer.member_id == fund.nora.id))].count(CALL_CHANGED) == 1
