"""Days and hours in time zones, by table: what does not exist, what comes twice, and the days of a series."""

from datetime import UTC, date, datetime, time

import pytest

from app.core.errors import Invalid
from app.domain.meetings import clocks

PARIS, DAKAR, CAIRO = "Europe/Paris", "Africa/Dakar", "Africa/Cairo"


@pytest.mark.parametrize(
    ("day", "hour", "zone", "fold", "moment"),
    [
        (date(2026, 12, 3), time(18), DAKAR, "", datetime(2026, 12, 3, 18, tzinfo=UTC)),
        (date(2026, 12, 3), time(18), PARIS, "", datetime(2026, 12, 3, 17, tzinfo=UTC)),
        (date(2027, 7, 1), time(18), PARIS, "", datetime(2027, 7, 1, 16, tzinfo=UTC)),
        (date(2027, 10, 31), time(2, 30), PARIS, "0", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (date(2027, 10, 31), time(2, 30), PARIS, "1", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        (date(2028, 2, 29), time(9), "UTC", "", datetime(2028, 2, 29, 9, tzinfo=UTC)),
    ],
)
def test_a_day_and_hour_is_one_moment_and_can_be_turned_back(
    day: date, hour: time, zone: str, fold: str, moment: datetime
) -> None:  # fmt: skip
    assert clocks.moment_of(day, hour, zone, fold) == moment
    again = clocks.said(moment, zone)
    assert (again.date(), again.time().replace(fold=0)) == (day, hour)
    assert again.fold == int(fold or "0")


@pytest.mark.parametrize(
    ("day", "hour", "zone", "fold", "field", "says"),
    [
        (date(2027, 3, 28), time(2, 30), PARIS, "", "hour", "There is no 02:30 on 28 March 2027"),
        (date(2027, 3, 28), time(2, 30), PARIS, "1", "hour", "There is no 02:30"),
        (date(2027, 4, 30), time(0, 30), CAIRO, "", "hour", "There is no 00:30"),
        (date(2027, 10, 31), time(2, 30), PARIS, "", "fold", "02:30 comes twice on 31 October 2027"),
    ],
)
def test_a_night_when_clocks_change_is_said(day: date, hour: time, zone: str, fold: str, field: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        clocks.moment_of(day, hour, zone, fold)
    assert refused.value.field == field
    assert says in refused.value.sentence


@pytest.mark.parametrize(
    ("first", "rhythm", "until", "days"),
    [
        (date(2026, 12, 3), "weekly", date(2026, 12, 17), ["12-03", "12-10", "12-17"]),
        (date(2026, 12, 3), "fortnightly", date(2026, 12, 30), ["12-03", "12-17"]),
        (date(2027, 1, 31), "monthly", date(2027, 4, 30), ["01-31", "02-28", "03-31", "04-30"]),
        (date(2026, 12, 31), "monthly", date(2027, 1, 30), ["12-31"]),
        (date(2026, 12, 3), "monthly", date(2026, 12, 3), ["12-03"]),
    ],
)
def test_the_days_of_a_series(first: date, rhythm: str, until: date, days: list[str]) -> None:
    assert [f"{d:%m-%d}" for d in clocks.days_of(first, rhythm, until)] == days


def test_zones_are_those_of_the_countries() -> None:
    assert clocks.zones_of(("SN", "GM")) == ("Africa/Banjul", "Africa/Dakar", "UTC")
    assert {"Africa/Dakar", "Europe/Paris", "UTC"} <= set(clocks.zones_of(()))
    assert not clocks.known("Mars/Base")
