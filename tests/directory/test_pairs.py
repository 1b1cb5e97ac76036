"""Listings that stand here twice: found when they come, decided by a coordinator, merged and taken apart without a loss."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core.db import Database
from app.domain.directory import actions, correcting
from app.domain.directory.duplicates import evidence, saying, scoring
from app.domain.directory.pairs import comparing_all, finding, wording
from app.domain.directory.rows import PART_TABLES
from app.models.accounts import Role
from app.models.directory import ListingFeedback, Outcome, Service
from app.models.listing_pairs import ListingPair, ListingVerdict, PairVerdict
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

Browse = Callable[..., Browser]
MORNING = {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}
DAY = {"freq": "WEEKLY", "byday": "MO", "opens_at": "10:00", "closes_at": "16:00"}
NUMBER = "+221 33 800 00 07"


@pytest.fixture
def twice(make: Make, database: Database) -> tuple[Service, Service, ListingPair]:
    """One service in two lists, and another that is none of them; compared as the worker does."""
    town = make.area("Pikine", lat=14.75, lon=-17.39)
    first = make.service(
        "Legal aid centre Pikine", town, "list a", phone=NUMBER, hours=[MORNING], fees_description="Free", needs=["papers"],
        verified_on=TODAY.date() - timedelta(days=30), verify_due=TODAY.date() + timedelta(days=150),
    )  # fmt: skip
    second = make.service(
        "Legal aid center Pikine", town, "list b", phone=NUMBER.replace(" ", ""), hours=[DAY], needs=["papers", "work"],
        description="Lawyers listen and write letters for you.", verified_on=TODAY.date() - timedelta(days=2),
        verify_due=TODAY.date() + timedelta(days=178),
    )  # fmt: skip
    make.service("Sewing course", make.area("Accra", "GH", lat=5.6, lon=-0.2), phone="+233 30 200 00 01", needs=["work"])
    make.commit()
    assert finding.compare_waiting(database) == 3
    assert finding.compare_waiting(database) == 0
    with database.reading() as db:
        return first, second, db.exec(select(ListingPair)).one()


@pytest.fixture
def desk(browse: Browse, make: Make) -> Browser:
    """A coordinator's browser."""
    member = make.member("Open Door", Role.COORDINATOR)
    make.commit()
    return browse(member)


def _dump(database: Database, *ids: Any) -> dict[str, Any]:
    """Return every row of these services and what everybody can see of them."""
    tables = [Service.__table__, *PART_TABLES.values()]  # type: ignore[attr-defined]
    found: dict[str, Any] = {}
    with database.reading() as db:
        for table in tables:
            owner = table.c.id if table.name == "service" else table.c.owner_id
            rows = db.execute(sa.select(table).where(owner.in_(ids)).order_by(table.c.id))
            found[table.name] = [tuple(row) for row in rows]
    # When it last moved is the one thing that a change leaves.
    moved = [c.name for c in Service.__table__.c].index("last_modified")  # type: ignore[attr-defined]
    found["service"] = [row[:moved] + row[moved + 1 :] for row in found["service"]]
    return found


def _seen(desk: Browser, *services: Service) -> list[str]:
    pages = [desk.get(f"/help/{one.ref}") for one in services]
    api = [desk.client.get(f"/api/hsds/services/{one.id}").json() for one in services]
    found = [re.sub(r'name="(csrf|once)" value="[^"]*"', "", page.text) for page in pages]
    return [*found, *(repr({k: v for k, v in one.items() if k != "last_modified"}) for one in api)]


def test_a_copy_waits_with_its_reasons_and_goes_with_the_word_different(
    desk: Browser, twice: tuple[Service, Service, ListingPair], database: Database, db: Session
) -> None:
    first, _second, pair = twice
    listed = text_of(desk.get("/desk/listings/pairs"))
    assert "Legal aid centre Pikine Legal aid center Pikine" in listed
    behind = f"/desk/listings/pairs?after={pair.score!r}_{pair.id.hex}"  # nothing more: back to the beginning
    assert desk.get(behind).headers["location"].endswith("/desk/listings/pairs")
    assert "Legal aid centre" in text_of(desk.get(f"/desk/listings/pairs?after=1.0_{pair.id.hex}"))
    assert desk.get("/desk/listings/pairs?after=x").status_code == 404
    assert "The same telephone number" in listed
    assert "Sewing" not in listed
    shown = text_of(desk.get(f"/desk/listings/pairs/{pair.ref}"))
    for part in ("What speaks for one", "Lawyers listen and write letters", "Monday: 10:00", "Number to call", "Free"):
        assert part in shown
    answer = desk.post(f"/desk/listings/pairs/{pair.ref}", {"seen": "0"})
    assert answer.status_code == 422
    assert "Something is missing here." in text_of(answer)
    desk.send(f"/desk/listings/pairs/{pair.ref}", {"verdict": "different", "seen": "0"})
    assert "Nothing stands here twice" in text_of(desk.get("/desk/listings/pairs"))
    assert "different" in text_of(desk.get("/desk/listings/pairs?decided=1"))
    late = desk.post(f"/desk/listings/pairs/{pair.ref}", {"verdict": "same", "seen": "0"})
    assert "Somebody said something about these two meanwhile" in text_of(late)
    # "Different" is remembered while nothing that is compared changes, whatever else does.
    service = db.get_one(Service, first.id)
    actions.say_helped(db, service, Outcome.YES)
    correcting.changed(db, service)
    db.commit()
    finding.compare_waiting(database)
    assert "Nothing stands here twice" in text_of(desk.get("/desk/listings/pairs"))
    service.description = "Lawyers listen."
    correcting.changed(db, service)
    db.commit()
    finding.compare_waiting(database)
    assert "Legal aid centre Pikine" in text_of(desk.get("/desk/listings/pairs"))


def test_a_merge_loses_nothing_and_is_undone_exactly(
    desk: Browser, twice: tuple[Service, Service, ListingPair], database: Database, make: Make
) -> None:
    first, second, pair = twice
    kept, gone = (first, second) if pair.first_id == first.id else (second, first)
    before, looked = _dump(database, first.id, second.id), _seen(desk, first, second)
    desk.send(f"/desk/listings/pairs/{pair.ref}", {"verdict": "same", "stays": "first", "seen": "0"})
    with database.reading() as db:
        assert db.get_one(Service, gone.id).merged_into == kept.id
    led = desk.get(f"/help/{gone.ref}")
    assert led.status_code == 303
    assert led.headers["location"] == f"/help/{kept.ref}"
    page = text_of(desk.get(f"/help/{kept.ref}"))
    for part in (
        kept.name,
        "Lawyers listen and write letters",
        "Checked 18 Nov",
        "10:00",
        "Free",
        "Test list",
    ):
        assert part in page, part
    assert "9:00" not in page.replace("19:00", "")
    assert page.count("Call ") == 1
    moved = desk.client.get(f"/api/hsds/services/{gone.id}", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (307, f"/api/hsds/services/{kept.id}")
    public = desk.client.get(f"/api/hsds/services/{kept.id}").json()
    assert public["description"] == "Lawyers listen and write letters for you."
    assert sorted(public["needs"]) == ["papers", "work"]
    assert [hours["opens_at"] for hours in public["schedules"]] == ["10:00"]
    assert len(public["phones"]) == len(public["service_at_locations"]) == 1
    assert desk.client.get("/api/hsds/services").json()["total_items"] == 2
    assert text_of(desk.get("/help?need=papers")).count("Legal aid cent") == 1
    assert text_of(desk.get("/help?need=work")).count("Legal aid cent") == 1  # what only the other said
    # The address of the other takes what people say to the one that stands.
    desk.send(f"/help/{gone.ref}/helped", {"helped": "yes"})
    with database.reading() as db:
        assert [row.service_id for row in db.exec(select(ListingFeedback))] == [kept.id]
    assert "They stand as one" in text_of(desk.get(f"/desk/listings/pairs/{pair.ref}"))
    assert "one already" in text_of(desk.post(f"/desk/listings/pairs/{pair.ref}", {"verdict": "different", "seen": "1"}))
    desk.send(f"/desk/listings/pairs/{pair.ref}/apart", {"seen": "1"})
    assert _dump(database, first.id, second.id) == before
    assert _seen(desk, first, second) == looked
    assert "Legal aid centre" in text_of(desk.get("/desk/listings/pairs"))
    assert "two already" in text_of(desk.post(f"/desk/listings/pairs/{pair.ref}/apart", {"seen": "2"}))
    with database.reading() as db:
        said = [row.verdict for row in db.exec(select(ListingVerdict).order_by(ListingVerdict.id))]  # type: ignore[arg-type]
    assert said == [PairVerdict.SAME, PairVerdict.APART]


def test_what_stands_for_another_gives_its_place_back_when_its_own_list_drops_it(
    desk: Browser, twice: tuple[Service, Service, ListingPair], database: Database
) -> None:
    first, second, pair = twice
    kept, gone = (first, second) if pair.first_id == first.id else (second, first)
    desk.send(f"/desk/listings/pairs/{pair.ref}", {"verdict": "same", "stays": "first", "seen": "0"})
    from app.domain.directory.compiling import compile_services
    from app.domain.directory.ending import end_services
    from app.domain.directory.places import AreaBook

    with database.transaction() as db:
        end_services(db, [kept.id], TODAY.date())
        compile_services(db, [kept.id], AreaBook.load(db.connection()))
    assert desk.get(f"/help/{kept.ref}").headers["location"] == f"/help/{gone.ref}"
    assert desk.get(f"/help/{gone.ref}").status_code == 200
    with database.transaction() as db:  # its list has it again: nobody is asked anew
        row = db.get_one(Service, kept.id)
        row.defunct_on, row.status = None, "active"
        correcting.changed(db, row)
    assert desk.get(f"/help/{gone.ref}").headers["location"] == f"/help/{kept.ref}"


def test_what_a_person_ends_or_protects_holds_for_both(
    desk: Browser, twice: tuple[Service, Service, ListingPair], database: Database
) -> None:
    first, second, pair = twice
    kept, gone = (first, second) if pair.first_id == first.id else (second, first)
    desk.send(f"/desk/listings/{first.ref}/protect")
    answer = desk.post(f"/desk/listings/pairs/{pair.ref}", {"verdict": "same", "stays": "second", "seen": "0"})
    assert "Only one of them is protected" in text_of(answer)
    desk.send(f"/desk/listings/{second.ref}/protect")
    shown = text_of(desk.get(f"/desk/listings/pairs/{pair.ref}"))
    assert NUMBER not in shown
    assert "Protected: the way there" in shown
    desk.send(f"/desk/listings/pairs/{pair.ref}", {"verdict": "same", "stays": "first", "seen": "0"})
    assert "800" not in text_of(desk.get(f"/help/{kept.ref}"))
    assert "phones" not in desk.client.get(f"/api/hsds/services/{kept.id}").json()
    desk.send(f"/desk/listings/{gone.ref}/end")
    with database.reading() as db:
        assert all(db.get_one(Service, one.id).status == "defunct" for one in (first, second))


def test_protection_reaches_whatever_stands_for_what_is_protected(
    desk: Browser, twice: tuple[Service, Service, ListingPair], database: Database
) -> None:
    first, second, pair = twice
    kept, gone = (first, second) if pair.first_id == first.id else (second, first)
    desk.send(f"/desk/listings/pairs/{pair.ref}", {"verdict": "same", "stays": "first", "seen": "0"})
    with database.transaction() as db:  # as an import or a new rule does it: to the source's own row
        row = db.get_one(Service, gone.id)
        row.protected = True
        correcting.changed(db, row)
    for one in (kept, gone):
        assert "phones" not in str(desk.client.get(f"/api/hsds/services/{one.id}", follow_redirects=True).json())
    assert "800" not in text_of(desk.get(f"/help/{kept.ref}"))


def test_a_pair_tells_no_way_to_a_protected_listing(
    desk: Browser, twice: tuple[Service, Service, ListingPair], make: Make, database: Database
) -> None:
    first, _second, pair = twice
    desk.send(f"/desk/listings/{first.ref}/protect")
    ways = [words for code, words in wording.REASONS.items() if wording.is_way(code)]
    before = [text_of(desk.get(address)) for address in ("/desk/listings/pairs", f"/desk/listings/pairs/{pair.ref}")]
    assert "The same name" in before[0] or "Names that are alike" in before[0]
    finding.compare_waiting(database)
    # Whoever knows the name and guesses the rest is not told whether they are right, not by the score either.
    scores = []
    for point, number in (((14.75, -17.39), NUMBER), ((14.9, -17.1), "+221 33 800 99 99")):
        probe = make.service("Legal aid centre Pikine", make.area("Pikine"), f"probe {number}", phone=number, point=point)
        make.commit()
        finding.compare_waiting(database)
        with database.reading() as db:
            found = db.exec(
                select(ListingPair).where(
                    ListingPair.first_id == min(first.id, probe.id), ListingPair.second_id == max(first.id, probe.id)
                )
            ).one()
            scores.append((found.score, found.reasons))
    after = [text_of(desk.get(address)) for address in ("/desk/listings/pairs", f"/desk/listings/pairs/{pair.ref}")]
    for words in ways:
        assert words not in " ".join([*before, after[1]])
    assert scores[0][1]
    assert scores[0] == scores[1]
    with database.reading() as db:
        pairs = db.exec(
            select(ListingPair).where(sa.or_(ListingPair.first_id == first.id, ListingPair.second_id == first.id))
        ).all()
    assert not [code for one in pairs for code, _adds in one.reasons if wording.is_way(code)]


def test_all_together_finds_what_one_by_one_finds(twice: tuple[Service, Service, ListingPair], database: Database) -> None:
    before = twice[2]
    with database.transaction() as db:
        db.execute(sa.delete(finding.PAIR))
        db.execute(sa.delete(finding.KEY))
        db.execute(sa.delete(finding.PRINT))
    assert comparing_all.compare_all(database) == 3
    with database.reading() as db:
        after = db.exec(select(ListingPair)).one()
        assert db.execute(sa.select(sa.func.count()).select_from(finding.KEY)).scalar_one() > 30
    names = ("first_id", "second_id", "score", "band", "reasons", "prints")
    assert [getattr(after, n) for n in names] == [getattr(before, n) for n in names]


def test_every_reason_has_words() -> None:
    codes = {*evidence.WEIGHTS, "opposed", "rivals"} - {""}
    for module in (saying, scoring):
        codes |= set(re.findall(r'"((?:name|text)_[a-z]+)"', Path(module.__file__).read_text(encoding="utf-8")))
    assert codes == set(wording.REASONS)
