"""Who decides: one of two lines that a body says of itself; who may say it, look at it, take it back, and who reads it when."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app.core import clock
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Refused
from app.core.i18n import speaking
from app.core.settings import Settings
from app.domain import wiring
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.groups.rules import Seat
from app.domain.reporting import rules
from app.domain.reporting.deciding import reading, saying, standing
from app.jobs import retention
from app.models.accounts import Answer, Erasure, Member, MemberStatus, Role
from app.models.groups import GroupRole, GroupState, Visibility
from app.models.reporting import Body, BodyDeclaration, Composition, Looked
from app.schemas.reporting import SayOfBody
from tests.browse import text_of
from tests.factories import Make
from tests.reporting.test_releases import made, people

TODAY = clock.now().date
ORGANISES = Seat(GroupRole.ORGANISER)
YES = SayOfBody(body=Body.MONEY, says=Composition.BOTH, agreed=True)
FEWER = SayOfBody(body=Body.MONEY, says=Composition.FEWER, agreed=True)


def acting(member: Member, *roles: Role) -> Actor:
    return Actor(member.id, member.name, roles=frozenset(roles), second_factor=True)


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features hear of each other."""
    wiring.connect()


@pytest.fixture
def house(make: Make) -> dict[str, Any]:
    """A group that everybody sees with an organiser; a coordinator, another one, and an analyst who is in the group."""
    lead, one, two = make.member("Lead"), make.member("One", Role.COORDINATOR), make.member("Two", Role.COORDINATOR)
    inside = make.member("Inside", Role.ANALYST)
    group = make.group(name="Round of tea", visibility=Visibility.LISTED, state=GroupState.SHOWN)
    make.seat(group, lead, GroupRole.ORGANISER)
    make.seat(group, inside)
    make.db.flush()
    return {"group": group, "lead": lead, "one": one, "two": two, "inside": inside}


@pytest.mark.parametrize(
    ("actor", "seat", "visibility", "state", "may", "unsay"),
    [
        (Actor(UUID(int=1)), ORGANISES, Visibility.LISTED, GroupState.SHOWN, True, True),
        (Actor(UUID(int=1)), ORGANISES, Visibility.UNLISTED, GroupState.SHOWN, False, True),
        (Actor(UUID(int=1)), ORGANISES, Visibility.HIDDEN, GroupState.SHOWN, False, True),
        (Actor(UUID(int=1)), ORGANISES, Visibility.LISTED, GroupState.WAITS, False, True),
        (Actor(UUID(int=1)), ORGANISES, Visibility.LISTED, GroupState.HIDDEN, False, True),
        (Actor(UUID(int=1)), Seat(GroupRole.MEMBER), Visibility.LISTED, GroupState.SHOWN, False, False),
        (Actor(UUID(int=1)), Seat(GroupRole.MONEY), Visibility.LISTED, GroupState.SHOWN, False, False),
        (Actor(UUID(int=1)), Seat(GroupRole.ORGANISER, TODAY()), Visibility.LISTED, GroupState.SHOWN, False, False),
        (Actor(UUID(int=1)), Seat(), Visibility.LISTED, GroupState.SHOWN, False, False),
        (Actor(UUID(int=1), status=MemberStatus.SUSPENDED), ORGANISES, Visibility.LISTED, GroupState.SHOWN, False, False),
        (Actor(), ORGANISES, Visibility.LISTED, GroupState.SHOWN, False, False),
    ],
)  # fmt: skip
def test_who_says_it_of_a_group(
    actor: Actor, seat: Seat, visibility: Visibility, state: GroupState, may: bool, unsay: bool
) -> None:  # fmt: skip
    assert bool(rules.may_say_of_group(actor, seat, visibility, state, TODAY())) is may
    assert bool(rules.may_unsay_of_group(actor, seat, TODAY())) is unsay


@pytest.mark.parametrize(
    ("roles", "second", "said_by", "belongs", "network", "look"),
    [
        ({Role.COORDINATOR}, True, 2, False, True, True), ({Role.ANALYST}, True, 2, False, False, True),
        ({Role.COORDINATOR}, False, 2, False, False, False), ({Role.COORDINATOR}, True, 1, False, True, False),
        ({Role.COORDINATOR}, True, 2, True, True, False), ({Role.ANALYST}, True, 2, True, False, False),
        ({Role.SAFEGUARDING}, True, 2, False, False, False), (set(), True, 2, False, False, False),
        ({Role.ANALYST}, True, None, False, False, True),
    ],
)  # fmt: skip
def test_who_says_it_of_the_network_and_who_looks(
    roles: set[Role], second: bool, said_by: int | None, belongs: bool, network: bool, look: bool
) -> None:
    actor = Actor(UUID(int=1), roles=frozenset(roles), second_factor=second)
    assert bool(rules.may_say_of_network(actor)) is network
    assert bool(rules.may_look_at_body(actor, UUID(int=said_by) if said_by else None, belongs)) is look


@pytest.mark.parametrize(
    ("says", "looked", "fits", "can"),
    [
        (Composition.BOTH, Looked.NOT_YET, True, True), (Composition.FEWER, Looked.NOT_YET, False, True),
        (Composition.SILENT, Looked.NOT_YET, True, False), (Composition.SILENT, Looked.NOT_YET, False, False),
        (Composition.BOTH, Looked.FITS, True, False), (Composition.BOTH, Looked.FITS, False, True),
        (Composition.BOTH, Looked.BACK, True, False), (Composition.BOTH, Looked.BACK, False, False),
    ],
)  # fmt: skip
def test_what_can_be_looked_at(says: Composition, looked: Looked, fits: bool, can: bool) -> None:
    assert bool(rules.can_be_looked_at(says, looked, fits)) is can


def shown(db: Session) -> list[tuple[str, str]]:
    return [(one.name, one.says.value) for one in reading.public(db.connection(), 1)]


def test_it_is_read_for_a_year_while_everybody_sees_the_group(db: Session, house: dict[str, Any]) -> None:
    lead, group = acting(house["lead"]), house["group"]
    with pytest.raises(Invalid, match="Ask everybody who sits there first"):
        saying.say(db, lead, group, ORGANISES, SayOfBody(body=Body.MONEY, says=Composition.BOTH))
    saying.say(db, lead, group, ORGANISES, SayOfBody(body=Body.LEAD, says=Composition.SILENT))
    first = saying.say(db, lead, group, ORGANISES, YES).id
    second = saying.say(db, lead, group, ORGANISES, FEWER)
    saying.say(db, acting(house["one"], Role.COORDINATOR), None, Seat(), YES)
    assert shown(db) == [("", "both"), ("Round of tea", "silent"), ("Round of tea", "fewer")]
    assert db.exec(select(Erasure.subject_id).where(Erasure.kind == saying.TAKEN_BACK)).all() == [first]
    for name, values in (
        ("visibility", (Visibility.UNLISTED, Visibility.LISTED)), ("state", (GroupState.WAITS, GroupState.SHOWN)),
        ("state", (GroupState.CLOSED, GroupState.SHOWN)),
    ):  # fmt: skip
        for value, there in zip(values, (1, 3), strict=True):
            setattr(group, name, value)
            db.flush()
            assert len(shown(db)) == there
            assert len(reading.at_desk(db.connection(), house["two"].id, 1)) == there
    with clock.at(clock.now() + timedelta(days=365)):
        assert shown(db) == []
        assert all(one.over for one in reading.of_group(db.connection(), group.id))
    assert [one.id for one in reading.of_group(db.connection(), group.id)][1] == second.id


def test_somebody_else_looks_and_what_does_not_fit_is_not_read(db: Session, house: dict[str, Any]) -> None:
    lead, group, one, two = acting(house["lead"]), house["group"], house["one"], house["two"]
    row = saying.say(db, lead, group, ORGANISES, YES)
    with pytest.raises(Refused, match="own matter"):
        saying.look(db, acting(house["inside"], Role.ANALYST), row.id, fits=True)
    assert [said.mine for said in reading.at_desk(db.connection(), house["inside"].id, 1)] == [True]
    saying.look(db, acting(one, Role.COORDINATOR), row.id, fits=True)
    with pytest.raises(Refused, match="meanwhile"):
        saying.look(db, acting(two, Role.COORDINATOR), row.id, fits=True)
    assert "it fits what they know" in reading.public(db.connection(), 1)[0].about
    saying.look(db, acting(two, Role.COORDINATOR), row.id, fits=False)
    assert shown(db) == []
    assert "it does not fit what they know" in reading.of_group(db.connection(), group.id)[0].about
    told = db.exec(select(Answer.sentence, Answer.link).where(Answer.member_id == house["lead"].id)).all()
    assert told == [(text, f"/g/{group.ref}/care/deciding") for text in (saying.FITS, saying.BACK)]
    again = saying.say(db, lead, group, ORGANISES, YES)
    assert again.looked == Looked.NOT_YET  # what is said anew is looked at anew
    with pytest.raises(NotFound):
        saying.look(db, acting(two, Role.COORDINATOR), row.id, fits=True)  # an old form
    group.visibility = Visibility.HIDDEN
    db.flush()
    with pytest.raises(NotFound):
        saying.look(db, acting(two, Role.COORDINATOR), again.id, fits=True)
    saying.take_back(db, lead, group, ORGANISES, again.id)  # less is said after it than before
    assert db.exec(select(BodyDeclaration)).all() == []


def test_of_the_network_somebody_else_looks_too(db: Session, house: dict[str, Any], make: Make) -> None:
    one, other = acting(house["one"], Role.COORDINATOR), make.group(visibility=Visibility.LISTED, state=GroupState.SHOWN)
    row = saying.say(db, one, None, Seat(), YES)
    with pytest.raises(Refused, match="own matter"):
        saying.look(db, one, row.id, fits=True)
    with pytest.raises(NotFound):
        saying.take_back(db, acting(house["lead"]), other, ORGANISES, row.id)  # a group does not take back what is another one's
    saying.look(db, acting(house["inside"], Role.ANALYST), row.id, fits=False)
    assert db.exec(select(Answer.sentence).where(Answer.member_id == house["one"].id)).all() == [saying.NETWORK_BACK]


def test_whoever_can_act_hears_that_few_of_one_decide_about_money_once_a_week(
    db: Session, house: dict[str, Any], make: Make
) -> None:
    lead, group = acting(house["lead"]), house["group"]
    other = make.group(name="Other", visibility=Visibility.LISTED, state=GroupState.SHOWN)

    def told() -> list[str]:
        rows = db.exec(select(Member.name).join(Answer, col(Answer.member_id) == Member.id).where(Answer.sentence == saying.MONEY))
        return sorted(rows)

    saying.say(db, lead, group, ORGANISES, YES)
    saying.say(db, lead, group, ORGANISES, SayOfBody(body=Body.ENTRY, says=Composition.FEWER, agreed=True))
    assert told() == []
    saying.say(db, lead, group, ORGANISES, FEWER)
    assert told() == ["Inside", "One", "Two"]
    for wish in (FEWER, YES, FEWER):
        saying.say(db, lead, group, ORGANISES, wish)
    saying.say(db, acting(house["one"], Role.COORDINATOR), other, ORGANISES, FEWER)
    assert told() == ["Inside", "One", "Two"]
    with clock.at(clock.now() + timedelta(days=8)):
        saying.say(db, lead, group, ORGANISES, FEWER)  # said already
        assert len(told()) == 3
        saying.say(db, acting(house["one"], Role.COORDINATOR), None, Seat(), FEWER)
        assert sorted(told()) == ["Inside", "Inside", "One", "Two", "Two"]  # not whoever said it


def test_what_becomes_of_it_when_people_leave_and_copies_come_back(make: Make, db: Session, house: dict[str, Any]) -> None:
    lead, group = house["lead"], house["group"]
    make.seat(group, house["two"], GroupRole.ORGANISER)  # a group that nobody cares for is not seen by everybody
    row = saying.say(db, acting(lead), group, ORGANISES, YES)
    for language in ("en", "fr", "ar"):
        with speaking(language):
            ((_key, rows),) = standing.export(db, lead.id).items()
            assert len(rows) == 1
    accounts.purge_member(db, lead.id)
    db.expire_all()
    assert (db.get_one(BodyDeclaration, row.id).said_by, shown(db)) == (None, [("Round of tea", "both")])
    assert standing.erase_again(db, saying.TAKEN_BACK, row.id)
    assert not standing.erase_again(db, saying.TAKEN_BACK, row.id)
    saying.say(db, acting(house["one"], Role.COORDINATOR), None, Seat(), YES)
    assert retention.remove_old(db, clock.now() + timedelta(days=731))["body_declaration"] == 1


def test_the_pages(make: Make, browse: Any, app: Any, settings: Settings, house: dict[str, Any], count_queries: Any) -> None:
    people(make, 60, 60, 20)
    make.commit()
    database: Database = app.state.house.database
    group, lead, desk = house["group"], browse(house["lead"]), browse(house["one"])
    path, wish = f"/g/{group.ref}/care/deciding", {"body": "money", "says": "fewer"}
    refused = lead.post(path, wish)
    assert (refused.status_code, "Ask everybody who sits there first" in refused.text) == (422, True)
    assert 'value="fewer" checked' in refused.text
    assert lead.post(path, {"body": "money", "says": "3 women"}).status_code == 422
    assert "Said." in text_of(lead.send(path, wish | {"agreed": "1"}))
    member = browse(house["inside"])
    assert [member.get(path).status_code, member.post(path, wish | {"agreed": "1"}).status_code] == [404, 404]
    with database.reading() as db:
        row = db.exec(select(BodyDeclaration.id)).one()
    line = "Those who decide about money: Fewer than 40 in 100 are women, or fewer than 40 in 100 are men."
    words = text_of(lead.get("/numbers/deciding"))
    assert f"Round of tea {line}" in words
    assert "Nobody else has looked at it yet." in words
    assert house["lead"].name not in words
    assert desk.post("/desk/numbers/deciding/look", {"id": str(row), "do": "maybe"}).status_code == 404
    assert "Kept." in text_of(desk.send("/desk/numbers/deciding/look", {"id": str(row), "do": "fits"}))
    assert "Said." in text_of(desk.send("/desk/numbers/deciding", wish | {"agreed": "1"}))
    release = made(database, settings)
    files = lead.get(f"/numbers/releases/{release.ref}.json").json()["deciding"]
    assert [(one["group"], one["body"], one["says"], bool(one["looked_on"])) for one in files] == [
        (None, "money", "fewer", False), (group.ref, "money", "fewer", True)
    ]  # fmt: skip
    sheet = lead.get(f"/numbers/releases/{release.ref}.csv").text
    assert f",deciding,{group.ref},Round of tea,money,fewer\r\n" in sheet
    assert f"Round of tea – {line}" in text_of(lead.get(f"/numbers/releases/{release.ref}/sheet"))
    for browser, address, most in (
        (lead, "/numbers/deciding", 3), (lead, path, 5), (desk, "/desk/numbers/deciding", 4),
        (lead, f"/numbers/releases/{release.ref}/sheet", 5),
    ):  # fmt: skip
        with count_queries(database.write_engine, database.read_engine) as sent:
            assert browser.get(address).status_code == 200
        assert len(sent) <= most, (address, sent)
    assert lead.get("/numbers/deciding?page=2").status_code == 404
    assert "Taken back." in text_of(lead.send(f"{path}/end", {"id": str(row)}))
    assert lead.post(f"{path}/end", {"id": str(row)}).status_code == 404
    assert lead.get(f"/numbers/releases/{release.ref}.json").json()["deciding"] == files[:1]  # old releases let go of it too
