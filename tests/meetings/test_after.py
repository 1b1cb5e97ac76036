"""After and around a meeting: minutes, how many came, a body that holds it too, and the calendar of a member."""

from datetime import timedelta
from typing import Any

import icalendar
import vobject
from sqlmodel import select

from app.core.clock import now
from app.domain.accounts import actions as accounts
from app.domain.meetings import calendars, measures, standing
from app.models.accounts import Answer, Erasure, MemberStatus
from app.models.groups import GroupState, Visibility
from app.models.meetings import (
    CalendarFeed,
    Cohosting,
    Meeting,
    MeetingAttendance,
    MeetingComing,
    MeetingMinutes,
    MeetingPlan,
    PlaceFor,
    PlanState,
)
from tests.browse import text_of
from tests.groups.conftest import Circle
from tests.groups.test_talk import SCAM
from tests.meetings.conftest import said


def _at(circle: Circle, meeting: Meeting) -> str:
    return f"{circle.path}/m/{meeting.ref}"


def test_minutes_are_read_by_members_and_by_nobody_else(circle: Circle) -> None:
    meeting, ahead = (
        circle.make.meeting(circle.group, circle.awa, days=-1, open=True),
        circle.make.meeting(circle.group, circle.awa),
    )
    awa, path = circle.browse(circle.awa), f"{_at(circle, meeting)}/minutes"
    for browser in (circle.browse(circle.omar), circle.browse(circle.lina)):
        assert browser.get(path).status_code == 404
        assert browser.post(path, {"words": "Mine", "row_version": "0"}).status_code == 404
    assert awa.post(f"{_at(circle, ahead)}/minutes", {"words": "Too early", "row_version": "0"}).status_code == 403
    awa.send(path, {"words": "We bring forms on Friday.", "row_version": "0"})
    assert "We bring forms" in circle.browse(circle.omar).get(_at(circle, meeting)).text
    for browser in (circle.browse(), circle.browse(circle.lina)):
        page = browser.get(_at(circle, meeting))
        assert (page.status_code, "We bring forms" in page.text) == (200, False)
    late = awa.post(path, {"words": "Typed too late", "row_version": "0"})
    assert (late.status_code, "Typed too late" in late.text, "We bring forms" in late.text) == (409, True, True)
    held = awa.post(path, {"words": SCAM, "row_version": "1"})
    assert (held.status_code, "cannot stand here" in text_of(held), "Visa guaranteed" in held.text) == (422, True, True)
    assert circle.one(select(MeetingMinutes)).words == "We bring forms on Friday."
    assert standing.export(circle.make.db, circle.awa.id)["minutes that I wrote"][0]["text"] == "We bring forms on Friday."


def test_how_many_came_goes_to_the_numbers_and_to_nobody(circle: Circle) -> None:
    meeting = circle.make.meeting(circle.group, circle.awa, days=-1)
    awa, path = circle.browse(circle.awa), f"{_at(circle, meeting)}/count"
    assert circle.browse(circle.omar).post(path, {"women": "4"}).status_code == 404
    for wrong, sentence in (
        ({}, "Write how many came."),
        ({"women": "-1"}, "too large or too small"),
        ({"women": "600"}, "too large or too small"),
        ({"men": "some"}, "Write a number."),
    ):
        answer = awa.post(path, wrong)
        assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    awa.send(path, {"women": "٤٣", "men": "17", "others": "1"})
    awa.send(path, {"women": "43", "men": "18", "others": "1"})  # what was entered again takes its place
    assert circle.one(select(MeetingAttendance)).counts == {"women": 43, "men": 18, "others": 1}
    for browser in (awa, circle.browse(circle.omar)):
        for page in (path, _at(circle, meeting)):
            assert "43" not in text_of(browser.get(page)).replace("18:43", "")
    first, last = meeting.starts_at.date() - timedelta(days=1), meeting.starts_at.date() + timedelta(days=1)
    counted = {"visits": {"women": 43, "men": 18, "another or not said": 1}}
    assert measures.attended(circle.make.db, first, last) == counted
    assert sum(measures.attended(circle.make.db, last, last + timedelta(days=9))["visits"].values()) == 0
    for of, field, value in ((circle.group, "visibility", Visibility.UNLISTED), (circle.group, "women_only", True)):
        before = getattr(of, field)
        setattr(of, field, value)
        circle.make.commit()
        assert sum(measures.attended(circle.make.db, first, last)["visits"].values()) == 0
        setattr(of, field, before)
    circle.make.commit()


def _link(circle: Circle, meeting: Meeting, body: str = "Town library") -> str:
    page = circle.browse(circle.awa).send(f"{_at(circle, meeting)}/cohost", {"body": body})
    return "/agree/" + page.text.split("/agree/")[1][:12]


def test_a_body_says_yes_once_and_stands_on_the_page_only_then(circle: Circle) -> None:
    meeting, guest = circle.make.meeting(circle.group, circle.awa, open=True), circle.browse()
    link = _link(circle, meeting)
    assert "Town library" not in circle.browse(circle.omar).get(_at(circle, meeting)).text
    assert circle.browse(circle.awa).get(link).status_code == 403  # not by those who ask
    asked = guest.get(link)
    assert ("Town library" in asked.text, "Tea at the market" in asked.text, "Rue 9" in asked.text) == (True, True, False)
    assert guest.post(link, {}).status_code == 404
    guest.send(link, {"do": "yes"})
    assert circle.one(select(MeetingPlan)).cohosting == Cohosting.CONFIRMED
    assert "Held together with Town library" in text_of(circle.browse(circle.omar).get(_at(circle, meeting)))
    assert [guest.get(link).status_code, guest.post(link, {"do": "no"}).status_code] == [404, 404]
    assert "said yes" in circle.one(select(Answer).where(Answer.member_id == circle.awa.id)).sentence
    awa = circle.browse(circle.awa)
    awa.send(f"{_at(circle, meeting)}/change", said(row_version="1", about="", title="Tea at the market", open="1"))
    assert circle.one(select(MeetingPlan)).cohost == ""  # nobody said yes to this hour


def test_a_link_of_a_group_that_not_everybody_finds_tells_only_when(circle: Circle) -> None:
    meeting, guest = circle.make.meeting(circle.group, circle.awa), circle.browse()
    circle.group.visibility = Visibility.HIDDEN
    link = _link(circle, meeting)
    asked = guest.get(link).text
    assert ("Town library" in asked, "Tea at the market" in asked, "Round of tea" in asked) == (True, False, False)
    second = _link(circle, meeting, "Another body")
    assert (guest.get(link).status_code, guest.get(second).status_code) == (404, 200)
    circle.browse(circle.awa).send(f"{_at(circle, meeting)}/cohost/end")
    assert guest.get(second).status_code == 404
    third = _link(circle, meeting)
    circle.one(select(MeetingPlan))
    circle.make.db.get_one(Meeting, meeting.id).cancelled_at = now()
    circle.make.commit()
    assert guest.post(third, {"do": "yes"}).status_code == 404


def _feed(circle: Circle, member: Any, tells: str = "times") -> str:
    page = circle.browse(member).send("/me/calendar", {"tells": tells})
    return "/calendar/" + page.text.split("/calendar/")[1][:43]


def test_the_calendar_tells_what_was_chosen_and_is_gone_when_it_is_ended(circle: Circle) -> None:
    shown = circle.make.meeting(circle.group, circle.awa, title="Tea", place_for=PlaceFor.COMING)
    circle.make.meeting(circle.group, circle.awa, days=9, title="Held", state=PlanState.WAITS)
    circle.make.meeting(circle.group, circle.awa, days=-40, title="Long ago")
    secret = circle.make.group(by=circle.omar, name="Night", visibility=Visibility.HIDDEN)
    circle.make.meeting(secret, circle.omar, title="Nobody knows")
    guest, omar = circle.browse(), circle.browse(circle.omar)
    times = _feed(circle, circle.omar)
    told = guest.get(times)
    assert told.headers["content-type"] == "text/calendar; charset=utf-8"
    assert [str(e["SUMMARY"]) for e in icalendar.Calendar.from_ical(told.content).walk("VEVENT")] == ["Appointment"]
    titles = _feed(circle, circle.omar, "titles")
    assert guest.get(times).status_code == 410  # another one was made
    omar.send(f"{_at(circle, shown)}/coming", {"do": "yes"})
    body = guest.get(titles).content
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    other = vobject.readOne(body.decode()).vevent
    assert str(event["SUMMARY"]) == other.summary.value == "Tea"
    assert str(event["LOCATION"]) == other.location.value == "Rue 9, blue door"
    for words in (b"Held", b"Long ago", b"Nobody knows", b"Night", b"Round of tea", b"/g/"):
        assert words not in body
    omar.send(f"{_at(circle, shown)}/coming", {"do": "no"})
    assert b"Rue 9" not in guest.get(titles).content
    circle.group.state = GroupState.HIDDEN
    circle.make.commit()
    assert b"VEVENT" not in guest.get(titles).content
    circle.group.state = GroupState.SHOWN
    assert titles.removeprefix("/calendar/") in omar.get("/me/calendar").text
    omar.send("/me/calendar/end")
    assert guest.get(titles).status_code == 410
    assert titles.removeprefix("/calendar/") not in omar.get("/me/calendar").text
    assert guest.get(f"/calendar/{'a' * 43}").status_code == 404
    assert len(circle.all(select(Erasure).where(Erasure.kind == calendars.ENDED))) == 2


def test_a_calendar_ends_with_the_standing_of_whose_it_is(circle: Circle, database: Any) -> None:
    meeting = circle.make.meeting(circle.group, circle.awa)
    circle.make.db.add(MeetingComing(meeting_id=meeting.id, member_id=circle.omar.id))
    address, guest = _feed(circle, circle.omar), circle.browse()
    assert b"VEVENT" in guest.get(address).content
    for standing_ in (MemberStatus.SUSPENDED, MemberStatus.LEAVING):
        circle.omar.status = standing_
        circle.make.commit()
        assert b"VEVENT" not in guest.get(address).content
    (feed,) = circle.all(select(CalendarFeed))
    with database.transaction() as db:
        accounts.purge_member(db, circle.omar.id)
    assert guest.get(address).status_code == 410
    assert circle.all(select(MeetingComing)) == []
    assert circle.fresh(feed).member_id is None
    with database.transaction() as db:
        assert standing.erase_again(db, calendars.ENDED, feed.id) is False
    with database.transaction() as db:
        row = db.get_one(CalendarFeed, feed.id)
        row.ended_on, row.member_id = None, circle.lina.id
    with database.transaction() as db:  # as after a restore of an older copy
        assert standing.erase_again(db, calendars.ENDED, feed.id) is True
    assert guest.get(address).status_code == 410
