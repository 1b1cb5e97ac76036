"""Starting a group, coming in by every door, one's own place, leaving; what those who care for it do."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core.clock import at, now
from app.core.errors import Conflict, Invalid, Refused
from app.domain.actor import Actor
from app.domain.groups import belonging, codes, queries, standing
from app.models.accounts import Answer, MemberStatus
from app.models.groups import (
    Group,
    GroupCode,
    GroupLeaving,
    GroupMember,
    GroupRequest,
    GroupRole,
    GroupTypology,
    JoinPolicy,
    RequestState,
    Visibility,
)
from app.schemas.groups import LeaveGroup
from tests.browse import Browser, text_of
from tests.groups.conftest import Circle

DESCRIBED = {
    "name": "Thursday tea", "purpose": "Tea and papers", "language": "fr", "visibility": "listed", "join_policy": "ask",
    "question": "What brings you?", "rules": "Be kind.", "template": "tea",
}  # fmt: skip
SAID = {"begun_by": "1", "support": "1", "journeys": "mixed", "structure": "2"}


def test_a_group_begins_from_a_template_and_never_with_members(circle: Circle) -> None:
    browser = circle.browse(circle.lina)
    assert "A round of tea" in text_of(browser.get("/groups/new"))
    begun = browser.get("/groups/new?template=tea")
    assert "What is said here stays here." in begun.text
    page = browser.send("/groups", DESCRIBED | SAID)
    assert "Thursday tea" in page.text
    group = circle.one(select(Group).where(Group.name == "Thursday tea"))
    places = circle.all(select(GroupMember).where(GroupMember.group_id == group.id))
    assert [(p.member_id, p.role, p.role_until) for p in places] == [
        (circle.lina.id, GroupRole.ORGANISER, now().date() + timedelta(days=365))
    ]
    assert group.members == 1
    kind = circle.one(select(GroupTypology).where(GroupTypology.group_id == group.id))
    assert (kind.begun_by, kind.journeys) == ("1", "mixed")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"begun_by": "5"}, "Write who pays for it"), ({"question": ""}, "Write what you would like to know"),
        ({"visibility": "hidden"}, "so people come in with a code"), ({"name": ""}, "Something is missing here"),
        ({"area": "00000000-0000-0000-0000-000000000001"}, "Choose one of these"), ({"structure": "9"}, "Choose one of these"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(circle: Circle, wrong: dict[str, str], says: str) -> None:
    answer = circle.browse(circle.lina).post("/groups", DESCRIBED | SAID | wrong)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "Tea and papers" in answer.text


def test_the_open_door(circle: Circle) -> None:
    browser = circle.browse(circle.lina)
    assert "Come in" in text_of(browser.get(f"{circle.path}/join"))
    assert "Quiet here" in text_of(browser.send(f"{circle.path}/join"))
    assert circle.fresh(circle.group).members == 3
    again = browser.post(f"{circle.path}/join")
    assert again.status_code == 403
    assert "already" in text_of(again)
    assert circle.fresh(circle.group).members == 3


def test_a_group_for_women_asks_and_keeps_no_answer(circle: Circle) -> None:
    circle.group.women_only = True
    circle.make.commit()
    browser = circle.browse(circle.lina)
    refused = browser.post(f"{circle.path}/join")
    assert refused.status_code == 422
    assert "for women" in text_of(refused)
    assert browser.post(f"{circle.path}/join", {"woman": "1"}).status_code == 303
    assert "woman" not in " ".join(c.name for c in GroupMember.__table__.columns)  # type: ignore[attr-defined]


def test_asking_waits_for_an_answer_with_a_reason(circle: Circle) -> None:
    circle.group.join_policy = JoinPolicy.ASK
    circle.make.commit()
    browser, cares = circle.browse(circle.lina), circle.browse(circle.awa)
    assert "What brings you?" in browser.get(f"{circle.path}/join").text
    assert browser.post(f"{circle.path}/join").status_code == 422
    browser.send(f"{circle.path}/join", {"answer": "I know the tea house."})
    assert "You have asked already" in text_of(browser.get(f"{circle.path}/join"))
    waits = cares.get(f"{circle.path}/care")
    assert "I know the tea house." in waits.text
    found = circle.one(select(GroupRequest))
    no_words = cares.post(f"{circle.path}/care/requests", {"id": str(found.id), "do": "refuse"})
    assert no_words.status_code == 422
    assert "Write the reason" in text_of(no_words)
    cares.send(f"{circle.path}/care/requests", {"id": str(found.id), "do": "refuse", "reason": "We are full this month."})
    found = circle.fresh(found)
    assert (found.state, found.answer) == (RequestState.REFUSED, None)
    assert "We are full this month." in browser.get("/my/answers").text
    assert browser.get(f"{circle.path}/me").status_code == 404
    browser.send(f"{circle.path}/join", {"answer": "And now?"})
    cares.send(f"{circle.path}/care/requests", {"id": str(found.id), "do": "accept"})
    assert "Quiet here" in text_of(browser.get(circle.path))
    late = cares.post(f"{circle.path}/care/requests", {"id": str(found.id), "do": "accept"})
    assert "answered this already" in text_of(late)
    assert circle.fresh(circle.group).members == 3


def _code(circle: Circle, uses: int = 1) -> str:
    answer = circle.browse(circle.awa).post(
        f"{circle.path}/care/codes", {"uses": str(uses), "last_day": (now().date() + timedelta(days=5)).isoformat()}
    )
    assert answer.status_code == 303
    answer = circle.browse(circle.awa).get(f"{circle.path}/care/codes")
    code = answer.text.split("/g/code/")[1].split("<")[0]
    assert circle.group.name not in answer.text  # the sheet tells nothing
    return code


def test_a_code_opens_a_hidden_group_once(circle: Circle) -> None:
    circle.group.visibility, circle.group.join_policy = Visibility.HIDDEN, JoinPolicy.INVITE
    nobody = circle.make.member("Late River")
    circle.make.commit()
    code = _code(circle)
    row = circle.one(select(GroupCode))
    assert code not in row.code_hash
    guest = circle.browse().get(f"/g/code/{code}")
    other = circle.browse().get("/g/code/AAAA-BBBB-CCCC-DDDD")
    assert circle.group.name not in guest.text
    assert guest.text.replace(code, "X") == other.text.replace("AAAA-BBBB-CCCC-DDDD", "X")
    browser = circle.browse(circle.lina)
    assert circle.group.name in browser.get(f"/g/code/{code}").text
    assert "Quiet here" in text_of(browser.send("/g/code", {"code": code.lower()}))
    late = circle.browse(nobody).post("/g/code", {"code": code})
    assert late.status_code == 422
    assert "does not work, or not any more" in text_of(late)
    assert circle.group.name not in late.text


def test_a_code_ends_by_day_and_by_hand(circle: Circle) -> None:
    code = _code(circle, 5)
    browser = circle.browse(circle.lina)
    with at(now() + timedelta(days=7)):
        assert codes.group_of(circle.make.db, code) is None
    row = circle.one(select(GroupCode))
    circle.browse(circle.awa).send(f"{circle.path}/care/codes/end", {"id": str(row.id)})
    assert browser.post("/g/code", {"code": code}).status_code == 422
    for wrong in (
        {"uses": "0", "last_day": "2026-11-25"},
        {"uses": "3", "last_day": "2027-11-25"},
        {"uses": "3", "last_day": "2026-11-01"},
    ):
        assert circle.browse(circle.awa).post(f"{circle.path}/care/codes", wrong).status_code == 422


def test_only_those_who_care_see_care(circle: Circle) -> None:
    for member in (circle.omar, circle.lina):
        assert circle.browse(member).get(f"{circle.path}/care").status_code == 404
        assert circle.browse(member).post(f"{circle.path}/care/codes", {"uses": "1", "last_day": "2026-11-25"}).status_code == 404


def test_what_one_is_here_is_private_and_can_be_taken_back(circle: Circle) -> None:
    browser = circle.browse(circle.omar)
    browser.send(f"{circle.path}/me", {"kind": "returned"})
    place = circle.one(select(GroupMember).where(GroupMember.member_id == circle.omar.id))
    assert place.kind == "returned"
    raw = circle.make.db.connection().exec_driver_sql("SELECT kind FROM group_member WHERE kind IS NOT NULL").scalar()
    assert b"returned" not in bytes(raw)
    for member in (circle.awa, circle.lina):
        for path in (circle.path, f"{circle.path}/about", f"{circle.path}/care"):
            assert "I came back" not in circle.browse(member).get(path).text
    assert browser.post(f"{circle.path}/me", {"kind": "deported"}).status_code == 422
    browser.send(f"{circle.path}/me", {"kind": ""})
    assert circle.fresh(place).kind is None


def _joined(circle: Circle, days: int) -> Browser:
    """Let Omar have belonged to the group for so many days."""
    mine = select(GroupMember).where(GroupMember.group_id == circle.group.id, GroupMember.member_id == circle.omar.id)
    place = circle.make.db.exec(mine).first() or circle.make.seat(circle.fresh(circle.group), circle.omar)
    place.joined_on = now().date() - timedelta(days=days)
    circle.make.commit()
    return circle.browse(circle.omar)


def test_leaving_asks_why_without_a_person_and_without_a_day(circle: Circle) -> None:
    for days, kept in ((29, 0), (30, 1)):  # whoever only comes and goes moves no number
        browser = _joined(circle, days)
        assert ("Why do you leave?" in browser.get(f"{circle.path}/me").text) is bool(kept)
        browser.send(f"{circle.path}/leave", {"reason": "far", "words": "stay"})
        assert len(circle.all(select(GroupLeaving))) == kept
    left = circle.one(select(GroupLeaving))
    assert (left.reason, left.month.day, left.id.version) == ("far", 1, 4)  # an id of ours would tell the moment
    assert {c.name for c in GroupLeaving.__table__.columns} == {"id", "group_id", "reason", "month"}  # type: ignore[attr-defined]
    assert browser.get(f"{circle.path}/me").status_code == 404
    assert circle.fresh(circle.group).members == 1
    assert "Too far" not in circle.browse(circle.awa).get(f"{circle.path}/care").text  # one alone would be known


def test_reasons_are_told_once_several_have_left(circle: Circle) -> None:
    def leave(times: int, reason: str, month: date) -> None:
        for _n in range(times):
            circle.make.db.add(GroupLeaving(group_id=circle.group.id, reason=reason, month=month))

    def told() -> str:
        circle.make.commit()
        return text_of(circle.browse(circle.awa).get(f"{circle.path}/care"))

    leave(19, "far", date(2026, 9, 1))
    assert "Too far" not in told()  # of so few it would be said that all, or all but a few, gave one reason
    leave(40, "time", now().date().replace(day=1))  # the month at hand would tell who left a moment ago
    leave(9, "talk", date(2026, 10, 1))
    assert "Too far, or the hours do not fit" in told()
    leave(1, "talk", date(2026, 10, 2))
    assert "The talk" not in told()  # the tenth, alone: 29 of whom 20 were looked at
    leave(1, "time", date(2026, 10, 3))
    page = told()
    assert "The talk" in page
    assert "No time" not in page


def test_the_last_organiser_names_a_successor_first(circle: Circle) -> None:
    browser = circle.browse(circle.awa)
    refused = browser.post(f"{circle.path}/leave", {"reason": "", "words": "stay"})
    assert refused.status_code == 403
    assert "Name somebody who goes on" in text_of(refused)
    until = (now().date() + timedelta(days=100)).isoformat()
    browser.send(f"{circle.path}/care/roles", {"name": "Omar Copper", "role": "organiser", "until": until})
    assert browser.post(f"{circle.path}/leave", {"words": "stay"}).status_code == 303
    assert circle.browse(circle.omar).get(f"{circle.path}/care").status_code == 200
    told = circle.one(select(Answer).where(Answer.member_id == circle.omar.id))
    assert "You have a role" in told.sentence


def test_a_role_is_given_to_people_of_the_group_only_and_ends(circle: Circle) -> None:
    browser, until = circle.browse(circle.awa), (now().date() + timedelta(days=30)).isoformat()
    wrong = browser.post(f"{circle.path}/care/roles", {"name": "Lina River", "role": "welcome", "until": until})
    assert wrong.status_code == 422
    assert "Nobody in this group has this name" in text_of(wrong)
    browser.send(f"{circle.path}/care/roles", {"name": "omar copper", "role": "contact", "until": until})
    assert "Omar Copper: safeguarding contact" in text_of(circle.browse(circle.omar).get(f"{circle.path}/about"))
    assert "Omar Copper" not in circle.browse(circle.lina).get(f"{circle.path}/about").text
    place = circle.one(select(GroupMember).where(GroupMember.member_id == circle.omar.id))
    browser.send(f"{circle.path}/care/roles/end", {"id": str(place.id)})
    assert circle.fresh(place).role == GroupRole.MEMBER
    own = circle.one(select(GroupMember).where(GroupMember.member_id == circle.awa.id))
    last = browser.post(f"{circle.path}/care/roles/end", {"id": str(own.id)})
    assert last.status_code == 422
    assert "the last organiser" in text_of(last)


def test_an_organiser_whose_time_is_over_goes_on_or_hands_on(circle: Circle) -> None:
    place = queries.place(circle.make.db, circle.group.id, circle.awa.id)
    assert place is not None
    place.role_until = now().date()
    circle.make.commit()
    browser = circle.browse(circle.awa)
    assert "Your time as organiser is over" in text_of(browser.get(f"{circle.path}/care"))
    assert browser.get(f"{circle.path}/care/words").status_code == 403
    assert browser.send(f"{circle.path}/care/go-on").status_code == 200
    assert browser.get(f"{circle.path}/care/words").status_code == 200


def test_two_who_edit_the_same_words_overwrite_nothing(circle: Circle) -> None:
    until = (now().date() + timedelta(days=30)).isoformat()
    one = circle.browse(circle.awa)
    one.send(f"{circle.path}/care/roles", {"name": "Omar Copper", "role": "organiser", "until": until})
    other, words = circle.browse(circle.omar), {**DESCRIBED, "row_version": "1"}
    assert 'name="row_version" value="1"' in one.get(f"{circle.path}/care/words").text
    one.send(f"{circle.path}/care/words", {**words, "rules": "No smoking."})
    late = other.post(f"{circle.path}/care/words", {**words, "rules": "No dogs."})
    assert late.status_code == 409
    assert "Somebody else changed this group meanwhile" in text_of(late)
    assert "No dogs." in late.text
    assert circle.fresh(circle.group).rules == "No smoking."


def test_saying_anew_what_kind_of_group_it_is_keeps_what_was_said(circle: Circle) -> None:
    browser = circle.browse(circle.awa)
    assert browser.get(f"{circle.path}/care/kind").status_code == 200
    browser.send(f"{circle.path}/care/kind", SAID)
    refused = browser.post(f"{circle.path}/care/kind", SAID | {"begun_by": "4"})
    assert refused.status_code == 422
    browser.send(f"{circle.path}/care/kind", SAID | {"begun_by": "4", "funded_by": "A church"})
    kinds = queries.typologies(circle.make.db, circle.group.id)
    assert [k.begun_by for k in kinds] == ["4", "1"]


def test_what_is_here_of_somebody_who_leaves_the_network_is_erased(circle: Circle) -> None:
    db, make = circle.make.db, circle.make
    topic = make.topic(circle.group, circle.awa, "Secret title")
    make.post(topic, circle.omar, "Words of Omar")
    make.commit()
    told = standing.export(db, circle.omar.id)
    assert [p["text"] for p in told["what I wrote in groups"]] == ["Words of Omar"]
    assert "Secret" not in str(told["my groups"])
    standing.purge(db, circle.omar.id)
    standing.purge(db, circle.awa.id)
    db.commit()
    assert "Words of Omar" not in str(standing.export(db, circle.omar.id))
    assert circle.all(select(GroupMember)) == []
    assert circle.fresh(topic).title == ""
    assert circle.fresh(circle.group).members == 0


def test_a_paused_member_reads_and_cannot_come_in(circle: Circle) -> None:
    circle.omar.status, circle.lina.status = MemberStatus.PAUSED, MemberStatus.PAUSED
    circle.make.commit()
    assert circle.browse(circle.omar).get(circle.path).status_code == 200
    assert circle.browse(circle.lina).post(f"{circle.path}/join").status_code == 403


def test_leaving_somebody_who_is_not_there_is_refused(circle: Circle) -> None:
    db, actor = circle.make.db, circle.act(circle.lina)
    with pytest.raises(Refused):
        belonging.leave(db, actor, circle.group, queries.seat(db, circle.group.id, circle.lina.id), LeaveGroup())


def test_of_two_who_use_the_last_code_one_comes_in(circle: Circle, database: Any) -> None:
    from tests.races import together

    code = _code(circle)
    other = circle.make.member("Late River")
    circle.make.commit()

    def enter(db: Session, actor: Actor) -> None:
        try:
            codes.use(db, actor, code, False)
        except Invalid as problem:
            raise Conflict(problem.sentence) from problem

    first, second = circle.act(circle.lina), circle.act(other)
    outcomes = together(database, lambda db: enter(db, first), lambda db: enter(db, second))
    assert sorted(outcomes) == ["", codes.bad_code()]
    assert circle.fresh(circle.group).members == 3
