"""Many at the same moment: one use, one code, one name, one way back is one, on both engines."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Conflict, Invalid
from app.domain.accounts import entering, joining, keys, second_step, way_back
from app.domain.accounts.keys import new_digits
from app.models.accounts import Invitation, Member, RecoveryCode, Role, Vouch, WayBack
from tests.accounts.people import invitation, with_key
from tests.conftest import TODAY
from tests.factories import Make

MANY = 50


def at_once(database: Database, act: Callable[[Session, int], Any], times: int = MANY) -> list[Any]:
    """Run ``act`` in so many threads and transactions at once; return what each gave, or its error."""
    results: list[Any] = [None] * times
    start = threading.Barrier(times)

    def run(n: int) -> None:
        start.wait(timeout=20)
        try:
            with database.transaction() as db:
                results[n] = act(db, n)
        except Exception as error:
            results[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_one_use_lets_one_in(database: Database, make: Make, db: Session) -> None:
    host, _key = with_key(make, "Green Kettle")
    code = invitation(make, host, uses=1)
    results = at_once(database, lambda session, _n: joining.use_invitation(session, code))
    losers = [r for r in results if isinstance(r, Invalid)]
    assert len(losers) == MANY - 1, [r for r in results if not isinstance(r, Invalid)]
    db.expire_all()
    assert db.exec(select(Invitation.uses_left)).one() == 0


def test_three_uses_let_three_in(database: Database, make: Make) -> None:
    host, _key = with_key(make, "Green Kettle")
    code = invitation(make, host, uses=3)
    results = at_once(database, lambda session, _n: joining.use_invitation(session, code))
    assert sum(not isinstance(r, Exception) for r in results) == 3


def test_one_code_opens_once(database: Database, make: Make, db: Session) -> None:
    member, _key = with_key(make, "Slow Lantern")
    code = keys.new_recovery_codes(1)[0]
    from app.core.settings import current

    db.add(RecoveryCode(member_id=member.id, code_hash=keys.hash_code(code, current().secret)))
    db.commit()
    results = at_once(database, lambda session, _n: entering.use_code(session, code))
    assert results.count(member.id) == 1
    assert results.count(None) == MANY - 1


def test_one_name_is_one_members(database: Database, make: Make, db: Session) -> None:
    make.commit()
    fresh = [new_digits() for _n in range(12)]
    hashed = keys.hash_secret("x")
    results = at_once(database, lambda session, n: joining.create_member(session, "Slow Lantern", "en", fresh[n], hashed).id, 12)
    assert sum(isinstance(r, Invalid) for r in results) == 11, results
    assert len(db.exec(select(Member)).all()) == 1


def test_one_app_code_works_once(database: Database, make: Make) -> None:
    secret = pyotp.random_base32()
    member, _key = with_key(make, "Green Kettle", totp_secret=secret)
    code = pyotp.TOTP(secret).at(TODAY)
    results = at_once(database, lambda session, _n: second_step.use_totp(session, session.get_one(Member, member.id), code), 20)
    assert results.count(True) == 1
    assert results.count(False) == 19


def test_one_way_back_gives_one_key(database: Database, make: Make, db: Session) -> None:
    member, _key = with_key(make, "Slow Lantern")
    receipt = way_back.ask(db, "Slow Lantern")
    row = db.exec(select(WayBack)).one()
    row.ready_at = now() + timedelta(hours=48)
    for name in ("Green Kettle", "Early Bus"):
        helper, _k = with_key(make, name, Role.ORGANISER)
        db.add(Vouch(way_back_id=row.id, organiser_id=helper.id, at=now()))
    db.commit()
    fresh = [new_digits() for _n in range(20)]
    hashed = keys.hash_secret("x")
    with clock.at(TODAY + timedelta(hours=49)):
        results = at_once(database, lambda session, n: way_back.finish(session, receipt, fresh[n], hashed).id, 20)
    assert results.count(member.id) == 1
    assert sum(isinstance(r, Conflict) for r in results) == 19


@pytest.mark.parametrize("times", [8])
def test_two_organisers_at_once_start_one_wait(database: Database, make: Make, db: Session, times: int) -> None:
    from app.domain.actor import Actor

    with_key(make, "Slow Lantern")
    receipt = way_back.ask(db, "Slow Lantern")
    db.commit()
    helpers = [with_key(make, f"Kettle {word}", Role.ORGANISER)[0].id for word in "oak elm ash fir yew fig bay sal".split()]

    def say_yes(session: Session, n: int) -> int:
        helper = Actor(member_id=helpers[n], roles=frozenset({Role.ORGANISER}), second_factor=True)
        return way_back.vouch(session, helper, receipt, "Slow Lantern")

    assert sorted(at_once(database, say_yes, times)) == list(range(1, times + 1))
    db.expire_all()
    assert db.exec(select(WayBack)).one().ready_at == TODAY + timedelta(hours=48)
