"""The demo shows two published releases that tell something, on every day of a month."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from app.core import clock
from app.core.db import Database
from app.core.settings import Settings
from app.domain import wiring
from app.domain.accounts import queries
from app.domain.reporting.measuring.counting import last_ended
from app.domain.reporting.releasing.releases import LOOKED_OVER
from app.jobs import demo_numbers
from app.models.accounts import Member, Role
from app.models.reporting import NumberRelease
from tests.factories import Make


def test_no_day_of_a_year_makes_anything_ahead_of_its_time() -> None:
    for n in range(366 * 4):
        with clock.at(datetime(2026, 11, 30, 1, tzinfo=UTC) + timedelta(hours=6 * n)):
            latest = last_ended(clock.now().date())
            first = last_ended(demo_numbers._end(latest).replace(day=1))
            assert demo_numbers._end(first) < demo_numbers._end(latest) < clock.now().date()
            for period in (first, latest):
                made, shown = demo_numbers._after(period), demo_numbers._after(period, LOOKED_OVER)
                assert demo_numbers._end(period) < made.date() or made == clock.now()
                assert made <= shown <= clock.now()


@pytest.mark.parametrize("today", [(2026, 12, 1, 1), (2027, 3, 31, 23)])
def test_two_months_are_published_and_tell_something(
    make: Make, database: Database, settings: Settings, today: tuple[int, int, int, int]
) -> None:
    wiring.connect()
    make.member(demo_numbers.ANALYST, Role.ANALYST)
    make.commit()
    with clock.at(datetime(*today, tzinfo=UTC)):
        demo_numbers.release_twice(database, settings)
        with database.reading() as db:
            releases = db.exec(select(NumberRelease).order_by(col(NumberRelease.period))).all()
            people = db.exec(select(Member)).all()
            assert [held.name for held in queries.holders(db)] == [demo_numbers.ANALYST]  # the crowd's terms are over
        assert len(releases) == 2
        assert all(r.published_at is not None and r.published_at <= clock.now() for r in releases)
        assert all(p.seen_on <= clock.now().date() for p in people)
    kinds: dict[str, Any] = {f["of"]: f["kind"] for f in releases[-1].body["metrics"] if f["metric"] == "women_share"}
    assert (kinds["joined"], kinds["active"], kinds["leads"]) == ("share", "share", "band")  # rounding can move a share of so few
    assert kinds["mentors"] in ("band", "none")
    drop = next(f for f in releases[-1].body["metrics"] if f["metric"] == "largest_drop")
    assert drop["of"] == "active"  # a band is no share, so the step to those who lead is not compared
    assert releases[-1].promises
    assert not releases[0].promises
