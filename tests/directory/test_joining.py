"""What people see of a listing that stands for several: by table, of rows."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core.db import Database
from app.core.ids import new_id
from app.domain.directory import joining, measures, queries
from app.domain.directory.compiling import compile_services
from app.domain.directory.ending import end_services
from app.domain.directory.pairs import deciding, finding
from app.domain.directory.places import AreaBook
from app.domain.directory.rows import PART_TABLES
from app.domain.stories import reading, telling
from app.models.accounts import Role
from app.models.directory import Service
from app.models.listing_pairs import ListingPair, PairVerdict
from app.models.stories import Story, StoryService, StoryStatus
from tests.conftest import TODAY
from tests.directory.test_standing import actor_of
from tests.factories import Make

A, B = UUID(int=1), UUID(int=2)


def _link(service: UUID, place: int, street: str | None = None, point: tuple[float, float] | None = None) -> dict[str, Any]:
    lat, lon = point or (None, None)
    return {"id": place, "service_id": service, "latitude": lat, "longitude": lon, "area_id": UUID(int=9), "street": street}


def test_of_one_place_that_stands_twice_the_one_that_says_more_stays() -> None:
    here = (14.75, -17.39)
    for links, kept in (
        ([_link(A, 1), _link(B, 2, "rue 5", here)], [2]),  # only the town is less than a street in it
        ([_link(A, 1, "rue 5"), _link(B, 2, "rue 7")], [1, 2]),  # two branches in one town
        ([_link(A, 1, "rue 5"), _link(B, 2, "rue 5")], [1]),
        ([_link(A, 1, "rue 5", here), _link(B, 2, "rue 5 bis", here)], [1]),
        ([_link(A, 1, point=here), _link(B, 2, point=(14.8, -17.39))], [1, 2]),
        ([_link(A, 1), _link(A, 2)], [1, 2]),  # what one list says twice is its own affair
    ):
        assert [link["id"] for link in joining.without_repeated(links, [A, B])] == kept


def test_prices_checks_and_languages_of_two_that_stand_as_one(make: Make, database: Database, db: Session) -> None:
    town = make.area("Pikine", lat=14.75, lon=-17.39)
    day = TODAY.date()
    a = make.service(
        "Legal aid centre Pikine", town, "list a", fees_description="Free", verified_on=day - timedelta(days=9),
        verified_by_role="coordinator", description="Checked by a person.", minimum_age=18,
    )  # fmt: skip
    b = make.service(
        "Legal aid center Pikine", town, "list b", verified_on=day, verified_by_role="partner", description="From the list.",
        status="inactive", eligibility_description="For anyone.", minimum_age=16,
    )  # fmt: skip
    c = make.service(
        "Aide juridique Pikine", town, "list c", language="fr", description="Des avocates \u00e9coutent.",
        verified_on=day - timedelta(days=1), verified_by_role="partner",
    )  # fmt: skip
    make.db.execute(sa.insert(PART_TABLES["cost_option"]), {
        "id": new_id(), "owner_id": b.id, "service_id": b.id, "position": 0, "amount": 50.0, "currency": "EUR",
    })  # fmt: skip
    member = make.member("Open Door", Role.COORDINATOR)
    story = make.story(member, status=StoryStatus.DRAFT)
    make.db.add(StoryService(story_id=story.id, service_id=c.id))
    make.commit()
    for other in (b, c):
        first, second = sorted((a.id, other.id))
        pair = ListingPair(
            ref=new_id().hex[-12:], first_id=first, second_id=second, score=0.9, band="likely", prints="", found_on=day, reasons=[]
        )
        db.add(pair)
        db.flush()
        deciding.decide(db, actor_of(db), pair, PairVerdict.SAME, seen=0, first_stays=first == a.id)
    seen = queries.service(db.connection(), a.ref, "fr")
    assert seen is not None
    row = seen.service
    # What a person checked is not written over by a list, however fresh.
    assert (row.description, row.status, row.verified_by_role) == ("Checked by a person.", "active", "coordinator")
    assert row.facts["cost"] == {"free": True, "text": "Free"}  # with the price of one source, not with two that contradict
    assert (row.minimum_age, row.eligibility_description) == (18, None)  # nor an age with the words of another
    assert (row.other_language, row.other_name) == ("fr", "Aide juridique Pikine")
    found = db.execute(sa.text("SELECT language, title FROM search_document WHERE kind = 'service' ORDER BY language")).all()
    assert [tuple(one) for one in found] == [("en", "legal aid centre pikine"), ("fr", "aide juridique pikine")]
    assert measures.checked(db, day, day)["listings"]["within 180 days"] == 1  # three copies are one listing
    # A story that named one of them names the one that stands, and its teller can take it out.
    named = reading.story(db.connection(), story.ref)
    assert named is not None
    assert {one.id for one in named.services} == {a.id}
    telling.remove_service(db, actor_of(db), db.get_one(Story, story.id), a.id)
    assert db.exec(select(StoryService)).all() == []


def test_what_comes_back_is_compared_with_what_came_meanwhile(make: Make, database: Database) -> None:
    town = make.area("Pikine", lat=14.75, lon=-17.39)
    a = make.service("Legal aid centre Pikine", town, "list a")
    make.commit()
    finding.compare_waiting(database)
    with database.transaction() as db:
        end_services(db, [a.id], TODAY.date())
        compile_services(db, [a.id], AreaBook.load(db.connection()))
    finding.compare_waiting(database)
    make.service("Legal aid center Pikine", town, "list b")
    make.commit()
    finding.compare_waiting(database)
    with database.transaction() as db:
        db.execute(sa.update(Service).where(Service.id == a.id).values(defunct_on=None, status="active"))
        compile_services(db, [a.id], AreaBook.load(db.connection()))
    finding.compare_waiting(database)
    with database.reading() as db:
        assert len(db.exec(select(ListingPair)).all()) == 1


def test_everything_is_compared_only_when_very_many_moved(make: Make, database: Database, monkeypatch: Any) -> None:
    services = [make.service(f"Help {n}", feed=f"list {n}") for n in range(3)]
    make.commit()
    monkeypatch.setattr(finding, "MANY", 1)
    finding.compare_waiting(database)
    with database.transaction() as db:  # its feed has a new title, a list of words has changed
        compile_services(db, [one.id for one in services], AreaBook.load(db.connection()))
    monkeypatch.setattr("app.domain.directory.pairs.comparing_all.compare_all", lambda _database: 1 / 0)
    assert finding.compare_waiting(database) == 3
