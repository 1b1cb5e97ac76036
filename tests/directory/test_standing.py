"""Which listings stand as one: what the words in force say, no more and no less."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core.db import Database
from app.core.errors import Invalid
from app.domain.actor import Actor
from app.domain.directory.compiling import compile_services
from app.domain.directory.correcting import changed
from app.domain.directory.ending import end_services
from app.domain.directory.exporting import FILES, export_hsds
from app.domain.directory.importing import import_directory
from app.domain.directory.pairs import deciding, finding
from app.domain.directory.places import AreaBook
from app.domain.directory.removing import remove_gone
from app.models.accounts import Role, RoleGrant
from app.models.directory import Location, Service
from app.models.listing_pairs import ListingPair, PairVerdict
from tests.conftest import TODAY
from tests.factories import Make

NUMBER = "+221 33 800 00 07"
Three = tuple[Service, Service, Service]


@pytest.fixture
def three(make: Make, database: Database) -> Three:
    """One service in three lists, compared; the words are those of a coordinator."""
    town = make.area("Pikine", lat=14.75, lon=-17.39)
    names = [(f"Legal aid cent{end} Pikine", f"list {end}") for end in ("re", "er", "ar")]
    a, b, c = (make.service(name, town, source, phone=NUMBER) for name, source in names)
    make.member("Open Door", Role.COORDINATOR)
    make.commit()
    finding.compare_waiting(database)
    return a, b, c


def _pair(db: Session, a: Service, b: Service) -> ListingPair:
    first, second = sorted((a.id, b.id))
    return db.exec(select(ListingPair).where(ListingPair.first_id == first, ListingPair.second_id == second)).one()


def actor_of(db: Session) -> Actor:
    """Return the coordinator whose word it is."""
    return Actor(db.exec(select(RoleGrant.member_id)).first(), roles=frozenset({Role.COORDINATOR}))


def _say(db: Session, a: Service, b: Service, stays: Service | None, verdict: PairVerdict = PairVerdict.SAME) -> None:
    pair = _pair(db, a, b)
    deciding.decide(db, actor_of(db), pair, verdict, seen=pair.said, first_stays=stays is None or pair.first_id == stays.id)


def _back(db: Session, a: Service, b: Service) -> None:
    pair = _pair(db, a, b)
    deciding.take_apart(db, actor_of(db), pair, seen=pair.said)


def _stand(db: Session, three: Three) -> str:
    """Return for A, B and C which of them stands for each: "AAC"."""
    db.expire_all()
    names = {one.id: name for one, name in zip(three, "ABC", strict=True)}
    return "".join(names[db.get_one(Service, one.id).merged_into or one.id] for one in three)


def _compile(db: Session, *several: Service) -> None:
    compile_services(db, [one.id for one in several], AreaBook.load(db.connection()))


def test_taking_one_word_back_leaves_what_the_others_say(three: Three, db: Session) -> None:
    a, b, c = three
    _say(db, a, b, stays=a)
    assert _stand(db, three) == "AAC"
    _say(db, b, c, stays=c)
    assert _stand(db, three) == "CCC"
    for verdict in PairVerdict.SAME, PairVerdict.DIFFERENT:
        with pytest.raises(Invalid, match="the same as a third"):
            _say(db, a, c, None, verdict)
    _back(db, a, b)
    assert _stand(db, three) == "ACC"
    _say(db, a, b, stays=b)
    assert _stand(db, three) == "CCC"
    _back(db, b, c)
    assert _stand(db, three) == "BBC"
    _back(db, a, b)
    assert _stand(db, three) == "ABC"
    # What somebody said of two is not undone by what is said of others.
    _say(db, a, c, None, PairVerdict.DIFFERENT)
    _say(db, a, b, stays=a)
    with pytest.raises(Invalid, match="somebody said that they are two"):
        _say(db, b, c, stays=b)
    assert _stand(db, three) == "AAC"


def test_who_ends_and_comes_back_changes_nothing_of_what_was_said(three: Three, db: Session, database: Database) -> None:
    a, b, c = three
    _say(db, a, b, stays=a)
    _say(db, a, c, stays=a)
    end_services(db, [a.id], TODAY.date())
    _compile(db, a)
    assert _stand(db, three) == "BBB"
    row = db.get_one(Service, a.id)
    row.defunct_on, row.status = None, "active"
    changed(db, row)
    assert _stand(db, three) == "AAA"
    # Has the one between left the database, so have the words about it: the others stand for themselves, and wait for a person.
    end_services(db, [a.id], TODAY.date() - timedelta(days=200))
    _compile(db, a)
    assert remove_gone(db) == 1
    db.expire_all()
    assert db.get_one(Service, c.id).merged_into is None
    assert _pair(db, b, c).verdict is None


def test_a_copy_hides_the_others_only_while_they_are_one(three: Three, db: Session) -> None:
    a, b, _c = three
    _say(db, a, b, stays=a)
    row = db.get_one(Service, b.id)
    row.protected = True
    changed(db, row)
    db.expire_all()
    assert db.get_one(Service, a.id).protected
    _compile(db, a, b)
    _back(db, a, b)
    db.expire_all()
    assert [(one.protected, one.protected_by_copy) for one in (db.get_one(Service, a.id), db.get_one(Service, b.id))] == [
        (False, False), (True, False),
    ]  # fmt: skip
    own = db.execute(sa.select(Location.protected).where(Location.foreign_id == a.foreign_id)).scalars().all()
    assert own == [False]


def test_what_was_said_goes_out_and_comes_in(
    three: Three, db: Session, database: Database, empty: Database, tmp_path: Path
) -> None:
    a, b, c = three
    _say(db, a, b, stays=b)
    _say(db, a, c, None, PairVerdict.RELATED)
    _say(db, b, c, None, PairVerdict.DIFFERENT)
    db.commit()
    assert export_hsds(database, tmp_path / "out")["service"] == 3  # both copies, each as its own list sent it
    for _time in range(2):  # twice is as once
        assert import_directory(empty, tmp_path / "out", feed_name="out").held_count == 0
        finding.compare_waiting(empty)
        with empty.transaction() as new:
            assert {one.id: one.merged_into for one in new.exec(select(Service))} == {a.id: b.id, b.id: None, c.id: None}
            verdicts = {frozenset((row.first_id, row.second_id)): row.verdict for row in new.exec(select(ListingPair))}
    assert verdicts == {
        frozenset((a.id, b.id)): PairVerdict.SAME, frozenset((a.id, c.id)): PairVerdict.RELATED,
        frozenset((b.id, c.id)): PairVerdict.DIFFERENT,
    }  # fmt: skip
    assert export_hsds(empty, tmp_path / "again")["service"] == 3
    for name in FILES.values():
        assert (tmp_path / "again" / name).read_text() == (tmp_path / "out" / name).read_text(), name
    with empty.transaction() as new:
        pair = new.exec(select(ListingPair).where(ListingPair.verdict == PairVerdict.SAME)).one()
        deciding.take_apart(new, actor_of(db), pair, seen=pair.said)
        assert [one.merged_into for one in new.exec(select(Service))] == [None] * 3
