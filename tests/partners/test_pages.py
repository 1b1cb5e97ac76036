"""The pages of partners: a coordinator makes one, agrees, makes keys, lets listings in; their own page confirms with a tap."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core.clock import now
from app.domain.actor import Actor
from app.domain.partners import people
from app.models.accounts import Answer, Member, Role
from app.models.directory import ListingFeedback, Outcome, Service, Why
from app.models.partners import Partner, PartnerAgreement, PartnerKey, PartnerMember, PartnerRecord, RecordState
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.partners.conftest import Program, service

Browse = Callable[..., Browser]
Peek = Callable[[Any], list[Any]]


@pytest.fixture
def desk(browse: Browse, make: Make, coordinator: Actor) -> Browser:
    """A coordinator's browser."""
    member = make.db.get_one(Member, coordinator.me)
    make.commit()
    return browse(member)


@pytest.fixture
def keeper(browse: Browse, make: Make, db: Session, coordinator: Actor, partner: Partner) -> Browser:
    """The browser of somebody who looks after the partner."""
    member = make.member("Blue Thread")
    people.add_member(db, coordinator, partner, member.name)
    make.commit()
    return browse(member)


AGREED = {"responsibilities": "They keep it true.", "contact": "Front desk", "answer_days": "3", "data_agreed": "Name and need.",
          "review_on": "2027-10-01"}  # fmt: skip


def test_a_coordinator_makes_a_partner_agrees_and_makes_a_key(desk: Browser, peek: Peek) -> None:
    assert "No partners yet" in text_of(desk.get("/desk/partners"))
    page = desk.send("/desk/partners", {"name": "House of Law", "language": "fr", "country": "SN"})
    partner = peek(select(Partner))[0]
    assert "There is no agreement yet" in text_of(page)
    page = desk.send(f"/desk/partners/{partner.ref}/agreement", AGREED)
    assert "They keep it true." in text_of(page)
    assert "no agreement" not in text_of(page)
    shown = desk.post(f"/desk/partners/{partner.ref}/keys", {"label": "Sync", "scopes": "listings", "until": "2027-03-01"})
    key = re.search(r"hearth_[\w-]{43}", shown.text)
    assert key is not None
    assert key[0] not in desk.get(f"/desk/partners/{partner.ref}").text
    row = peek(select(PartnerKey))[0]
    assert desk.client.get("/api/partner/v1/me", headers={"Authorization": f"Bearer {key[0]}", "Cookie": ""}).status_code == 200
    assert "Never used" not in text_of(desk.get(f"/desk/partners/{partner.ref}"))
    assert "does not work any more" in text_of(desk.send(f"/desk/partners/{partner.ref}/keys/end", {"id": str(row.id)}))
    assert "Agreed until" in text_of(desk.get("/desk/partners"))


@pytest.mark.parametrize(("path", "form", "said"), [
    ("", {"name": ""}, "missing"), ("", {"name": "House of Law"}, "of this name already"), ("", {"name": "X"}, "missing"),
    ("/{ref}/agreement", {**AGREED, "review_on": "2020-01-01"}, "within the next three years"),
    ("/{ref}/agreement", {**AGREED, "answer_days": "0"}, "too large or too small"),
    ("/{ref}/keys", {"label": "A", "until": "2027-03-01"}, "missing"),
    ("/{ref}/keys", {"label": "A", "scopes": "listings", "until": "2029-03-01"}, "within the next 12 months"),
    ("/{ref}/people", {"name": "Nobody Here"}, "Nobody here has this name"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk: Browser, partner: Partner, path: str, form: Any, said: str) -> None:
    answer = desk.post(f"/desk/partners{path.format(ref=partner.ref)}", form)
    assert answer.status_code == 422
    assert said in text_of(answer)
    for typed in form.values():
        assert not typed or typed in answer.text


def test_a_third_key_for_the_same_waits_for_the_end_of_one(desk: Browser, partner: Partner, peek: Peek) -> None:
    form = {"label": "Sync", "scopes": ["listings", "read"], "until": "2027-03-01"}
    for status in (200, 200, 422):
        answer = desk.post(f"/desk/partners/{partner.ref}/keys", form)
        assert answer.status_code == status
    assert "End one of them first" in text_of(answer)
    assert len(peek(select(PartnerKey))) == 2


def test_a_listing_is_let_in_or_not(desk: Browser, partner: Partner, program: Callable[..., Program], peek: Peek) -> None:
    mine = program(partner)
    mine.batch({"id": "s1", "object": service()}, {"id": "s2", "object": service(name="Room to rent")})
    page = desk.get(f"/desk/partners/{partner.ref}")
    assert all(words in text_of(page) for words in ("Legal help", "+221 33 800 00 00", "Rue 1", "MO,TU", "House of Law"))
    ids = {row.foreign_id: str(row.id) for row in peek(select(PartnerRecord))}
    address = f"/desk/partners/{partner.ref}/listings"
    assert "Let in: Legal help" in text_of(desk.send(address, {"id": ids["s1"], "do": "accept"}))
    refused = desk.post(address, {"id": ids["s2"], "do": "decline"})
    assert (refused.status_code, "Write the reason" in text_of(refused)) == (422, True)
    assert "Not let in" in text_of(desk.send(address, {"id": ids["s2"], "do": "decline", "reason": "It names people."}))
    again = desk.post(address, {"id": ids["s2"], "do": "accept"})
    assert (again.status_code, "decided about this already" in text_of(again)) == (422, True)
    assert [row.name for row in peek(select(Service))] == ["Legal help"]


def test_a_partnership_ends(desk: Browser, partner: Partner) -> None:
    page = desk.send(f"/desk/partners/{partner.ref}/end")
    assert "This partnership ended on" in text_of(page)
    assert (
        desk.post(f"/desk/partners/{partner.ref}/keys", {"label": "A", "scopes": "read", "until": "2027-01-01"}).status_code == 422
    )


def test_somebody_is_asked_to_look_after_it(desk: Browser, partner: Partner, make: Make, browse: Browse, peek: Peek) -> None:
    member = make.member("Blue Thread")
    make.commit()
    theirs = browse(member)
    assert theirs.get("/partner").status_code == 404
    desk.send(f"/desk/partners/{partner.ref}/people", {"name": "Blue Thread"})
    assert "Listings of House of Law" in text_of(theirs.get("/me"))
    assert theirs.get("/partner").status_code == 200
    assert peek(select(Answer).where(Answer.member_id == member.id))[0].link == "/partner"
    link = peek(select(PartnerMember))[0]
    old = PartnerKey(
        partner_id=partner.id, label="Before", key_hash="h", scopes=["read"], made_on=link.from_on - timedelta(days=1),
        until_on=link.from_on + timedelta(days=90),
    )  # fmt: skip
    make.db.add(old)
    make.commit()
    theirs.post("/partner/keys", {"label": "Sync", "scopes": "listings", "until": "2027-03-01"})
    desk.send(f"/desk/partners/{partner.ref}/people/end", {"id": str(link.id)})
    assert theirs.get("/partner").status_code == 404
    assert {key.label: key.ended_on is not None for key in peek(select(PartnerKey))} == {"Before": False, "Sync": True}


class TestOwnPage:
    """What somebody sees and does who looks after a partner."""

    @pytest.fixture
    def sent(self, partner: Partner, program: Callable[..., Program], db: Session, make: Make) -> Partner:
        """The partner with three listings that are in."""
        partner.accepted = 20
        db.add(partner)
        make.commit()
        program(partner).batch(*({"id": f"s{n}", "object": service(name=f"Help {n}")} for n in range(3)))
        return partner

    def test_one_tap_confirms(self, keeper: Browser, sent: Partner, peek: Peek) -> None:
        page = keeper.get("/partner")
        assert "To confirm · 3" in text_of(page)
        record = peek(select(PartnerRecord).where(PartnerRecord.foreign_id == "s1"))[0]
        page = keeper.send("/partner/confirm", {"id": str(record.id)})
        assert "Confirmed today: Help 1" in text_of(page)
        assert "Fresh · 1" in text_of(page)
        assert "Help 1" in text_of(keeper.get("/partner?view=fresh"))

    def test_what_people_said_stands_there(self, keeper: Browser, sent: Partner, db: Session, peek: Peek, make: Make) -> None:
        one = peek(select(Service).where(Service.foreign_id == "s1"))[0]
        db.add(ListingFeedback(service_id=one.id, helped=Outcome.NO, why=Why.MOVED, on=now().date()))
        make.commit()
        page = text_of(keeper.get("/partner?view=reported"))
        assert "Reported wrong · 1" in page
        assert "People said: It has moved" in page
        assert "Help 2" not in page

    def test_it_is_taken_out(self, keeper: Browser, sent: Partner, peek: Peek) -> None:
        record = peek(select(PartnerRecord).where(PartnerRecord.foreign_id == "s1"))[0]
        keeper.send("/partner/take-out", {"id": str(record.id)})
        assert peek(select(PartnerRecord.state).where(PartnerRecord.foreign_id == "s1")) == [RecordState.WITHDRAWN]
        assert "Help 1" in text_of(keeper.get("/partner?view=gone"))

    def test_keys_and_agreement(self, keeper: Browser, sent: Partner, desk: Browser, peek: Peek) -> None:
        desk.send(f"/desk/partners/{sent.ref}/agreement", AGREED)
        assert "Name and need." in text_of(keeper.get("/partner/agreement"))
        shown = keeper.post("/partner/keys", {"label": "Mine", "scopes": "read", "until": "2027-03-01"})
        assert re.search(r"hearth_[\w-]{43}", shown.text)
        assert keeper.post("/partner/keys", {"label": "", "scopes": "read", "until": "2027-03-01"}).status_code == 422
        row = next(key for key in peek(select(PartnerKey)) if key.label == "Mine")
        assert "does not work any more" in text_of(keeper.send("/partner/keys/end", {"id": str(row.id)}))

    def test_anothers_listing_and_key_do_not_exist(
        self, browse: Browse, sent: Partner, db: Session, peek: Peek, make: Make, coordinator: Actor
    ):
        other = people.make_partner(db, coordinator, "Other House", "en", "SN")
        member = make.member("Red Thread")
        people.add_member(db, coordinator, other, member.name)
        make.commit()
        theirs = browse(member)
        record, key = peek(select(PartnerRecord))[0], peek(select(PartnerKey))[0]
        assert record is not None
        assert key is not None
        for path, row in (("/partner/confirm", record), ("/partner/take-out", record), ("/partner/keys/end", key)):
            assert theirs.post(path, {"id": str(row.id)}).status_code == 404
            assert theirs.post(path, {"id": "nothing"}).status_code == 404

    def test_it_goes_on(self, keeper: Browser, sent: Partner, program: Callable[..., Program]) -> None:
        program(sent).batch(*({"id": f"t{n}", "object": service(name=f"More {n:02}")} for n in range(12)))
        page = keeper.get("/partner")
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        assert following is not None
        assert "More 11" in text_of(keeper.get(following[1].replace("&amp;", "&")))
        assert keeper.get("/partner?after=x").status_code == 404

    @pytest.mark.parametrize("items", [1, 3])
    def test_it_takes_few_statements(
        self, keeper: Browser, partner: Partner, program: Any, app: Any, count_queries: Any, items: int
    ):
        program(partner).batch(*({"id": f"s{n}", "object": service(name=f"Help {n}")} for n in range(items)))
        database = app.state.house.database
        keeper.get("/partner")
        with count_queries(database.write_engine, database.read_engine) as statements:
            keeper.get("/partner?view=waiting")
        assert len(statements) == 7, statements


@pytest.mark.parametrize("items", [1, 3])
def test_the_desk_takes_few_statements(
    desk: Browser, db: Session, make: Make, coordinator: Actor, program: Any, app: Any, count_queries: Any, items: int
) -> None:
    made = [people.make_partner(db, coordinator, f"House {n}", "en", "SN") for n in range(items)]
    make.commit()
    program(made[0]).batch(*({"id": f"s{n}", "object": service(name=f"Help {n}")} for n in range(items)))
    database = app.state.house.database
    for path, expected in (("/desk/partners", 2), (f"/desk/partners/{made[0].ref}", 6)):
        with count_queries(database.write_engine, database.read_engine) as statements:
            assert desk.get(path).status_code == 200
        assert len(statements) == expected, (path, statements)


def test_an_account_that_goes_leaves_no_tie(partner: Partner, make: Make, db: Session, peek: Peek, coordinator: Actor) -> None:
    from app.domain.accounts import actions as accounts
    from app.domain.partners import own_ties
    from tests.partners.conftest import agreed

    people.agree(db, coordinator, partner, agreed())
    member = make.member("Blue Thread")
    people.add_member(db, coordinator, partner, member.name)
    assert [len(part) for part in own_ties.export(db, member.id).values()] == [1, 0, 0]
    assert [len(part) for part in own_ties.export(db, coordinator.me).values()] == [0, 1, 1]
    for one in (member.id, coordinator.me):
        accounts.purge_member(db, one)
    make.commit()
    assert peek(select(PartnerMember)) == []
    assert {row.made_by for row in peek(select(PartnerAgreement))} == {None}
    assert peek(select(Partner.made_by)) == [None]


def test_until_when_a_key_may_work_is_offered(desk: Browser, partner: Partner) -> None:
    page = desk.get(f"/desk/partners/{partner.ref}").text
    assert f'value="{(now().date() + timedelta(days=180)).isoformat()}"' in page
    assert 'value="read"' in page
    assert 'value="referrals"' not in page, "no key is offered for what is not there (ADR 0017)"


def test_only_coordinators(browse: Browse, make: Make, partner: Partner) -> None:
    analyst = make.member("Seven Beads", Role.ANALYST)
    make.commit()
    assert browse(analyst).get("/desk/partners").status_code == 404
