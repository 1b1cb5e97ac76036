"""Opening hours: what the clock on the wall says, on every night of the year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.directory.hours import DAYS, Now, open_now, rule_of, week

WEEKDAYS = {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}
NIGHTS = {"freq": "WEEKLY", "byday": ",".join(DAYS), "opens_at": "22:00", "closes_at": "06:00"}


def at(text: str, zone: str = "UTC") -> datetime:
    """Return a moment from local time of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20T09:30", Now(True, time(17))),
        ("2026-11-20T08:59", Now(False, None, date(2026, 11, 20), time(9))),
        ("2026-11-20T17:00", Now(False, None, date(2026, 11, 23), time(9))),
        ("2026-11-21T12:00", Now(False, None, date(2026, 11, 23), time(9))),
    ],
)
def test_weekdays(moment: str, expected: Now) -> None:
    assert open_now([WEEKDAYS], at(moment), "UTC") == expected


def test_the_time_zone_is_that_of_the_place() -> None:
    moment = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # 18:30 in Amman, 10:30 in New York
    assert open_now([WEEKDAYS], moment, "Asia/Amman").open is False
    assert open_now([WEEKDAYS], moment, "America/New_York").open is True


def test_hours_from_utc_count_where_no_zone_is_known() -> None:
    moment = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert open_now([{**WEEKDAYS, "timezone": 3}], moment, None).open is False
    assert open_now([WEEKDAYS], moment, None).open is None


def test_past_midnight_belongs_to_the_day_before() -> None:
    friday_night = {"freq": "WEEKLY", "byday": "FR", "opens_at": "20:00", "closes_at": "02:00"}
    assert open_now([friday_night], at("2026-11-21T01:59"), "UTC") == Now(True, time(2))
    assert open_now([friday_night], at("2026-11-21T02:00"), "UTC").open is False
    assert open_now([friday_night], at("2026-11-20T01:00"), "UTC").open is False


@pytest.mark.parametrize("local", ["2026-03-29T01:30", "2026-03-29T03:30", "2026-10-25T02:30", "2026-10-25T05:59"])
def test_a_night_shelter_is_open_through_the_nights_when_clocks_change(local: str) -> None:
    for fold in (0, 1):
        moment = at(local, "Europe/Warsaw").replace(fold=fold)
        assert open_now([NIGHTS], moment, "Europe/Warsaw") == Now(True, time(6))


def test_open_day_and_night_has_no_end() -> None:
    always = {**NIGHTS, "opens_at": "00:00", "closes_at": "24:00"}
    assert open_now([always], at("2026-11-20T09:30"), "UTC") == Now(True, None)


def test_joined_intervals_close_at_the_last() -> None:
    morning = {**WEEKDAYS, "closes_at": "12:00"}
    afternoon = {**WEEKDAYS, "opens_at": "12:00", "closes_at": "18:00"}
    assert open_now([morning, afternoon], at("2026-11-20T11:00"), "UTC") == Now(True, time(18))


def test_the_second_tuesday_and_every_other_week() -> None:
    second = {"freq": "MONTHLY", "byday": "2TU", "opens_at": "10:00", "closes_at": "11:00"}
    last = {"freq": "MONTHLY", "byday": "-1FR", "opens_at": "10:00", "closes_at": "11:00"}
    fortnight = {"freq": "WEEKLY", "interval": 2, "dtstart": "2026-11-03", "byday": "TU", "opens_at": "10:00", "closes_at": "11:00"}
    day = {"freq": "MONTHLY", "bymonthday": "-1", "opens_at": "10:00", "closes_at": "11:00"}
    assert open_now([second], at("2026-11-10T10:30"), "UTC").open
    assert not open_now([second], at("2026-11-17T10:30"), "UTC").open
    assert open_now([last], at("2026-11-27T10:30"), "UTC").open
    assert not open_now([last], at("2026-11-20T10:30"), "UTC").open
    assert open_now([fortnight], at("2026-11-17T10:30"), "UTC").open
    assert not open_now([fortnight], at("2026-11-10T10:30"), "UTC").open
    assert open_now([day], at("2026-11-30T10:30"), "UTC").open


def test_what_has_ended_is_closed_and_what_cannot_be_read_is_not_known() -> None:
    ended = {**WEEKDAYS, "valid_to": "2026-10-31"}
    words = {"description": "Mornings, call first"}
    assert open_now([ended], at("2026-11-20T09:30"), "UTC") == Now(False)
    assert open_now([ended, words], at("2026-11-20T09:30"), "UTC") == Now(None)
    assert open_now([WEEKDAYS, words], at("2026-11-20T09:30"), "UTC").open is True
    assert open_now([], at("2026-11-20T09:30"), "UTC") == Now(None)
    for strange in ({"byday": "WEEKDAYS"}, {"opens_at": "9am"}, {"opens_at": "25:00"}, {"byweekno": "41"}, {"count": 3}):
        assert rule_of({**WEEKDAYS, **strange}) is None


def test_a_day_without_a_rule_is_open_once() -> None:
    once = {"dtstart": "2026-11-20", "opens_at": "09:00", "closes_at": "10:00"}
    assert open_now([once], at("2026-11-20T09:30"), "UTC").open
    assert open_now([once], at("2026-11-27T09:30"), "UTC") == Now(False)


def test_the_week_as_a_table() -> None:
    days = week([WEEKDAYS, NIGHTS], date(2026, 11, 16))
    assert days[0] == [(time(9), time(17)), (time(22), time(6))]
    assert days[6] == [(time(22), time(6))]


MINUTES = st.integers(0, 1439)


@given(
    opens=MINUTES, closes=MINUTES, days=st.sets(st.sampled_from(DAYS), min_size=1),
    moment=st.integers(0, 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    zone=st.sampled_from(["Europe/Warsaw", "America/New_York", "Africa/Dakar", "Asia/Amman", "Australia/Lord_Howe"]),
)  # fmt: skip
def test_open_now_is_what_the_wall_clock_says(opens: int, closes: int, days: set[str], moment: datetime, zone: str) -> None:
    """Against a second way to say it: minutes of the week by the clock on the wall."""
    schedule = {"freq": "WEEKLY", "byday": ",".join(sorted(days)), "opens_at": _text(opens), "closes_at": _text(closes)}
    wall = moment.astimezone(ZoneInfo(zone))
    minute = wall.hour * 60 + wall.minute
    today, yesterday = DAYS[wall.weekday()], DAYS[wall.weekday() - 1]
    past_midnight = closes <= opens
    expected = (today in days and opens <= minute and (past_midnight or minute < closes)) or (
        yesterday in days and past_midnight and minute < closes
    )
    found = open_now([schedule], moment, zone)
    assert found.open is expected
    if not expected:
        assert found.next_day is not None
        assert found.next_day >= wall.date()


@given(st.dictionaries(
    st.sampled_from(["freq", "byday", "opens_at", "closes_at", "interval", "dtstart", "bymonthday", "valid_to", "count",
                     "timezone"]),
    st.one_of(st.text(max_size=12), st.integers(-5, 40), st.none()),
))  # fmt: skip
def test_no_schedule_breaks_it(schedule: dict[str, object]) -> None:
    found = open_now([schedule], datetime(2026, 11, 20, 9, 30, tzinfo=UTC), "Asia/Amman")
    assert found.open in (True, False, None)
    assert len(week([schedule], date(2026, 11, 16))) == 7


@given(st.dates(date(2020, 1, 1), date(2030, 12, 1)))
def test_a_monthly_rule_opens_once_a_month(day: date) -> None:
    rule = rule_of({"freq": "MONTHLY", "byday": "-1SU", "opens_at": "10:00", "closes_at": "11:00"})
    assert rule is not None
    first = day.replace(day=1)
    days = [first + timedelta(days=n) for n in range(31) if (first + timedelta(days=n)).month == first.month]
    assert sum(rule.on(d) for d in days) == 1


def _text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
