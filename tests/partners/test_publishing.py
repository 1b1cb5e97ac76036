"""Does this exist already? Before a partner publishes a service by hand, what is here for the same need nearby is shown."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.domain.actor import Actor
from app.domain.directory import actions, overlap_answer, overlapping
from app.domain.partners.sheets import read_sheet
from app.domain.partners.taking import Sent, put
from app.models.accounts import Role
from app.models.directory import Service
from app.models.engine import AuditEvent
from app.models.partners import Partner, PartnerRecord, RecordState
from app.models.places import AreaKind
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.partners.conftest import Program, service

WISH = {
    "name": "Advice for newcomers",
    "needs": ["papers"],
    "town": "Pikine",
    "description": "We read letters together.",
    "language": "en",
}


@pytest.fixture
def pikine(make: Make) -> Any:
    """A town in its country."""
    country = make.area("Senegal", kind=AreaKind.COUNTRY, lat=14.5, lon=-14.45)
    return make.area("Pikine", parent_id=country.id, lat=14.75, lon=-17.39)


def test_what_is_near_and_for_the_same_people_counts(make: Make, db: Session, pikine: Any) -> None:
    other_town = make.area("Thies", parent_id=pikine.parent_id, lat=14.8, lon=-16.9)
    make.service("Legal help", pikine)
    make.service("Legal help for women", pikine, open_to=["women"])
    make.service("Legal help elsewhere", other_town)
    make.service("A room", pikine, needs=["housing"])
    own = make.service("Our own help", pikine, feed="ours")
    make.commit()

    def names(**asked: Any) -> set[str]:
        found = overlapping.already_here(
            db.connection(), **{"needs": ["papers"], "open_to": [], "country": "SN", "but_of": own.feed_id, **asked}
        )
        return {hit.shown["name"] for hit in found}

    assert names(town="pikine") == {"Legal help"}
    assert names(town="Pikine", open_to=["women"]) == {"Legal help", "Legal help for women"}
    assert names(point=(14.75, -17.39)) == {"Legal help"}
    assert names() == {"Legal help", "Legal help elsewhere"}
    assert names(needs=["papers", "housing"], town="Pikine") == {"Legal help", "A room"}
    assert names(needs=["money"]) == set()
    assert names(needs=["work", "money", "safety", "housing"], town="Pikine") == {"A room"}


REF = "bcdfghjkmnpq"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"on": "2026-11-30", "found": [REF, 3, "x"], "different": " At home. "},
         {"on": "2026-11-30", "found": [REF], "different": "At home."}),
        ({"on": "2026-11-30"}, {"on": "2026-11-30", "found": []}),
        ({"on": "yesterday!"}, None), ({"on": 3}, None), ("yes", None), (None, None), ({"found": []}, None),
    ],
)  # fmt: skip
def test_an_answer_from_elsewhere_is_kept_in_its_shape_only(sent: Any, kept: Any) -> None:
    assert overlap_answer.stated(sent) == kept


def test_nothing_is_published_twice_without_a_word(make: Make, browse: Callable[..., Browser], db: Session, pikine: Any) -> None:
    member = make.member()
    make.partner(looked_after_by=member)
    make.service("Legal help", pikine)
    make.commit()
    one = browse(member)
    assert 'href="/partner/new"' in one.get("/partner").text
    first = one.post("/partner/new", {**WISH, "do": "look"})
    assert first.status_code == 200
    for part in ("This is here already", "Legal help", "We join one of these", "We send people there"):
        assert part in text_of(first)
    assert 'value="Advice for newcomers"' in first.text
    assert 'value="papers" checked' in first.text
    assert db.exec(select(PartnerRecord)).all() == []
    db.rollback()
    silent = one.post("/partner/new", {**WISH, "do": "publish"})
    assert silent.status_code == 422
    assert "Say what is different" in text_of(silent)
    assert one.post("/partner/new", {**WISH, "do": "refer"}).status_code == 303
    assert db.exec(select(PartnerRecord)).all() == []
    db.rollback()
    assert db.exec(select(AuditEvent.detail).where(AuditEvent.verb == "partner.helps_there")).all() == [
        {"how": "refer", "found": 1}
    ]
    db.rollback()
    said = one.post(
        "/partner/new", {**WISH, "do": "publish", "different": "We come to your home.", "id": "advice", "open_to": ["anyone"]}
    )
    assert said.status_code == 303
    record = db.exec(select(PartnerRecord)).one()
    assert (record.foreign_id, record.state) == ("advice", RecordState.TAKEN)
    service = db.get_one(Service, record.object_id)
    assert service.overlap["different"] == "We come to your home."
    assert len(service.overlap["found"]) == 1
    ref, key = service.ref, service.id
    db.rollback()
    assert "We come to your home." in text_of(one.get(f"/help/{ref}"))
    wire = one.get(f"/api/hsds/services/{key}").json()
    assert wire["overlap"]["different"] == "We come to your home."
    sheet = b"id,name,needs,town\nadvice,Advice for all newcomers,papers,Pikine\n"
    put(db, db.exec(select(Partner)).one(), [sent for _row, sent in read_sheet(sheet, "en", "SN").found])
    db.commit()
    db.refresh(service)
    assert service.name == "Advice for all newcomers"
    assert service.overlap["different"] == "We come to your home."  # a sheet cannot say it, and does not take it back
    assert service.open_to == ["anyone"]
    coordinator = Actor(member.id, member.name, roles=frozenset({Role.COORDINATOR}), second_factor=True)
    actions.confirm(db, coordinator, service)
    assert service.told == {}  # a partner's own word about its own listing counts
    by_word = {"id": "advice", "name": "Advice", "status": "active", "needs": ["papers"], "open_to": []}
    put(db, db.exec(select(Partner)).one(), [Sent("service", "advice", by_word)])
    db.commit()
    db.refresh(service)
    assert (service.open_to, service.overlap["different"]) == ([], "We come to your home.")
    db.rollback()
    again = one.post("/partner/new", {**WISH, "do": "publish", "different": "Again.", "id": "advice"})
    assert again.status_code == 422
    assert "has this reference already" in text_of(again)


def test_where_nothing_is_here_it_is_published_at_once_and_says_that_somebody_looked(
    make: Make, browse: Callable[..., Browser], db: Session, pikine: Any
) -> None:
    member = make.member()
    partner = make.partner(looked_after_by=member)
    make.commit()
    one = browse(member)
    bad = one.post("/partner/new", {**WISH, "needs": ["gold"], "website": "no address"})
    assert bad.status_code == 422
    assert "Advice for newcomers" in bad.text
    for wrong in ({"do": "join"}, {"do": "refer"}, {"name": "\u200b"}, {"name": "Zzz", "description": "", "needs": []}):
        assert one.post("/partner/new", {**WISH, **wrong}).status_code == 422, wrong  # nothing is published by it
    db.execute(sa.update(type(partner)).values(accepted=0))
    db.commit()
    assert one.post("/partner/new", WISH).status_code == 303
    record = db.exec(select(PartnerRecord)).one()
    assert record.state == RecordState.WAITING  # the first listings of a new partner are looked at
    assert record.content["overlap"]["found"] == []
    db.rollback()
    stranger = make.member()
    make.commit()
    assert browse(stranger).post("/partner/new", WISH).status_code == 404


def test_programs_and_sheets_are_told_what_is_here_already(
    make: Make, db: Session, pikine: Any, trusted: Partner, program: Callable[..., Program]
) -> None:
    make.service("Law shop", pikine)
    make.commit()
    theirs = program(trusted)
    sent = service(needs=["papers"])
    first, again = theirs.put("s1", sent).json(), theirs.put("s1", sent).json()
    assert [one["services"][0]["name"] for one in first["warnings"]] == ["Law shop"]
    assert "warnings" not in again
    different = service(needs=["papers"], overlap={"on": "2026-11-20", "found": [], "different": "At home."})
    results = theirs.batch(
        {"id": "s2", "object": different}, {"id": "s3", "object": sent}, {"id": "s4", "object": service(needs=["money"])}
    )
    assert ["warnings" in one for one in results] == [False, True, False]
