"""Something is wrong with a call: told by anybody, looked at by a coordinator who did not enter it, put right or not."""

import pytest
from sqlmodel import select

from app.core.clock import now
from app.domain.money import calls, standing
from app.models.accounts import Answer, Erasure, Role
from app.models.moderation import Case, Flag
from app.models.money import FundCall
from tests.browse import text_of
from tests.groups.conftest import Circle
from tests.money.test_register import typed


@pytest.mark.parametrize("outcome", ["fixed", "keep"])
def test_anybody_says_what_is_wrong_and_hears_what_came_of_it(circle: Circle, outcome: str) -> None:
    sahr, kind = circle.make.member("Sahr Harbour", Role.COORDINATOR), circle.make.member("Kind Reader", Role.COORDINATOR)
    call = circle.make.fund_call(made_by=sahr.id, ties="Mrs Diop is a sister")
    for reader in (circle.browse(), circle.browse(circle.lina)):
        assert f"/flag/call/{call.ref}" in reader.get(f"/money/{call.ref}").text
        reader.send(f"/flag/call/{call.ref}", {"reason": "named", "note": "Mrs Diop asked nobody for this"})
    assert circle.browse(sahr).get(f"/flag/call/{call.ref}").status_code == 403  # they can put it right themselves
    case = circle.one(select(Case))
    assert (case.about_id, case.snapshot) == (sahr.id, "1")
    assert len(circle.all(select(Flag))) == 2
    path = f"/desk/cases/{case.ref}"
    assert circle.browse(sahr).get(path).status_code == 404  # not in their own matter
    work = circle.browse(kind)
    work.send(f"{path}/open")
    page = text_of(work.get(path))
    assert "In a call for money: It names a person" in page
    if outcome == "fixed":
        said = work.post(f"{path}/decision", {"outcome": "fixed", "row_version": circle.fresh(case).row_version, "step": "send"})
        assert "Nothing in this call has changed yet" in text_of(said)
        work.send(f"/desk/money/{call.ref}/take-out", {"parts": ["ties"]})
        assert "It has changed since somebody told us." in text_of(work.get(path))
    work.send(f"{path}/decision", {"outcome": outcome, "row_version": circle.fresh(case).row_version, "step": "send"})
    told = {a.member_id: a.sentence for a in circle.all(select(Answer))}
    said = "put the call for money right" if outcome == "fixed" else "It stays as it is."
    assert said in told[circle.lina.id]
    assert sahr.id not in told


def test_a_call_that_is_open_changes_and_whoever_could_ask_is_told_once(circle: Circle) -> None:
    sahr = circle.make.member("Sahr Harbour", Role.COORDINATOR)
    work = circle.browse(sahr)
    work.send("/desk/money", typed())
    call = circle.one(select(FundCall))
    path = f"/desk/money/{call.ref}"
    work.send(path, typed(row_version="1", about="Machines only."))  # what does not matter to an application
    work.send(path, typed(row_version="2", about="Machines only.", who="Women's groups."))
    told = [a.sentence for a in circle.all(select(Answer).where(Answer.member_id == circle.awa.id))]
    assert [("changed" in one) for one in told] == [False, True]


def test_two_names_of_one_day_stay_out_after_a_restore_of_a_copy_between_them(circle: Circle) -> None:
    sahr = circle.make.member("Sahr Harbour", Role.COORDINATOR)
    call, db = circle.make.fund_call(made_by=sahr.id, ties="Mrs Diop", who="Mr Ba"), circle.make.db
    actor = circle.act(sahr, Role.COORDINATOR)
    calls.take_out(db, actor, call.ref, ["ties"])
    between = db.exec(select(Erasure)).one().kind
    assert standing.erase_again(db, between, call.id, now().date())
    assert call.who == "Mr Ba"  # this copy knows of all that went
    assert standing.erase_again(db, f"{calls.UNNAMED} 2", call.id, now().date())
    assert (call.who, call.title) == ("", "…")
    assert standing.remembers(between)
