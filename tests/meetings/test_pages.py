"""Meetings as people meet them: planning, coming, changing, cancelling, what outsiders learn, the desk, the file for calendars."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from sqlmodel import select

from app.core.clock import now
from app.domain.accounts import actions as accounts
from app.domain.groups import belonging
from app.domain.groups.rules import Seat
from app.domain.meetings import coming
from app.domain.meetings.wording import CHANGED
from app.jobs import retention
from app.models.accounts import Answer, MemberStatus, Role
from app.models.groups import GroupRole, GroupState, Visibility
from app.models.meetings import Meeting, MeetingComing, MeetingPlan, PlaceFor, PlanState
from app.models.moderation import Case, CaseKind, Outcome
from tests.browse import text_of
from tests.factories import spoken
from tests.groups.conftest import Circle
from tests.groups.test_mended import _decide, _known
from tests.groups.test_talk import SCAM
from tests.meetings.conftest import said

PLACE = "Rue 9, blue door"


def _at(circle: Circle, meeting: Meeting) -> str:
    return f"{circle.path}/m/{meeting.ref}"


def _told(circle: Circle, member: Any) -> list[str]:
    return [one.sentence for one in circle.all(select(Answer).where(Answer.member_id == member.id))]


def test_a_meeting_is_planned_seen_and_come_to(circle: Circle) -> None:
    awa, omar = circle.browse(circle.awa), circle.browse(circle.omar)
    page = awa.send(f"{circle.path}/meetings", said(childcare="1", bus_money="1", access=["toilet", "nonsense"], languages=["fr"]))
    assert "Tea at the market" in page.text
    assert PLACE in page.text  # whoever cares for the group reads it
    meeting = circle.one(select(Meeting))
    assert (meeting.starts_at.hour, meeting.starts_at.tzinfo) == (18, UTC)
    assert meeting.ends_at - meeting.starts_at == timedelta(minutes=90)
    listed = omar.get(f"{circle.path}/meetings")
    assert "Tea at the market" in listed.text
    assert f"{circle.path}/meetings" in omar.get(circle.path).text
    seen = text_of(omar.get(_at(circle, meeting)))
    for words in (
        "18:00–19:30",
        "Time of Dakar",
        "Somebody looks after children",
        "Bus money",
        "A toilet for wheelchairs",
        "Français",
    ):
        assert words in seen
    assert PLACE not in seen
    assert "How many come is told from 10 on, and roughly." in seen
    assert PLACE in omar.send(f"{_at(circle, meeting)}/coming", {"do": "yes"}).text
    omar.send(f"{_at(circle, meeting)}/coming", {"do": "yes"})
    assert len(circle.all(select(MeetingComing))) == 1
    assert "You come" in text_of(omar.get(f"{circle.path}/meetings"))
    assert "Omar" not in awa.get(_at(circle, meeting)).text
    assert PLACE not in omar.send(f"{_at(circle, meeting)}/coming", {"do": "no"}).text
    assert circle.all(select(MeetingComing)) == []


@pytest.mark.parametrize("items", [1, 3])
def test_pages_cost_the_same_for_any_number(circle: Circle, app: Any, count_queries: Any, items: int) -> None:
    for n in range(items):
        meeting = circle.make.meeting(circle.group, circle.awa, days=n + 1, open=True)
    database = app.state.house.database
    for member, listed, one in ((circle.omar, 3, 2), (None, 2, 1)):
        browser = circle.browse(member)
        for path, statements in ((f"{circle.path}/meetings", listed), (_at(circle, meeting), one)):
            browser.get(path)
            with count_queries(database.read_engine, database.write_engine) as seen:
                page = browser.get(path)
            seen = [one for one in seen if member or "content_version" not in one]  # asked at most once a second of guests
            assert len(seen) == statements, (path, member, seen)
            assert page.text.count("Tea at the market") == (items if path.endswith("/meetings") else 1)


def test_the_list_goes_on_and_leads_to_what_is_over(circle: Circle) -> None:
    for n in range(22):
        circle.make.meeting(circle.group, circle.awa, days=n + 1, title=f"Meeting {n}.")
    circle.make.meeting(circle.group, circle.awa, days=-2, title="Last week.")
    omar = circle.browse(circle.omar)
    first = omar.get(f"{circle.path}/meetings")
    assert ("Meeting 19." in first.text, "Meeting 20." in first.text, "Last week." in first.text) == (True, False, False)
    twentieth = circle.all(select(Meeting).where(Meeting.starts_at > now()).order_by(Meeting.starts_at))[19]  # type: ignore[arg-type]
    further = omar.get(f"{circle.path}/meetings?after={twentieth.ref}").text
    assert ("Meeting 20." in further, "Meeting 21." in further, "Meeting 19." in further) == (True, True, False)
    assert "Last week." in omar.get(f"{circle.path}/meetings?over=1").text


def test_what_outsiders_learn(circle: Circle) -> None:
    shut = circle.make.meeting(circle.group, circle.awa, title="For us.")
    opened = circle.make.meeting(circle.group, circle.awa, title="For all.", open=True, link="https://meet.example/a")
    for browser in (circle.browse(), circle.browse(circle.lina)):
        assert browser.get(_at(circle, shut)).status_code == 404
        assert browser.get(f"{_at(circle, shut)}/calendar").status_code == 404
        listed, page = browser.get(f"{circle.path}/meetings"), browser.get(_at(circle, opened))
        assert ("For us." in listed.text, "For all." in listed.text) == (False, True)
        assert page.headers["cache-control"] == "no-store"
        assert "For all." not in page.text.split("</title>")[0]
        assert PLACE not in page.text
        assert "meet.example" not in page.text
        assert "others come" not in page.text
        assert PLACE.encode() not in browser.get(f"{_at(circle, opened)}/calendar").content
    assert circle.browse(circle.lina).post(f"{_at(circle, opened)}/coming", {"do": "yes"}).status_code == 404
    circle.group.visibility = Visibility.HIDDEN
    for browser in (circle.browse(), circle.browse(circle.lina)):
        for path in (f"{circle.path}/meetings", _at(circle, opened), f"{_at(circle, opened)}/calendar"):
            assert browser.get(path).status_code == 404
    told = circle.browse(circle.omar).get(f"{_at(circle, opened)}/calendar").text  # only the time leaves
    assert "SUMMARY:Appointment" in told
    assert "For all." not in told
    circle.group.visibility, circle.group.state = Visibility.LISTED, GroupState.WAITS
    assert circle.browse().get(_at(circle, opened)).status_code == 404
    assert circle.browse(circle.omar).get(_at(circle, opened)).status_code == 200
    circle.group.state = GroupState.HIDDEN
    assert circle.browse(circle.omar).get(_at(circle, opened)).status_code == 404


def test_bad_input_gets_a_sentence_and_nothing_typed_is_lost(circle: Circle) -> None:
    awa = circle.browse(circle.awa)
    wrong = [
        (said(days=-1), "This is in the past."),
        (said(days=500), "more than a year ahead"),
        (said(zone="Europe/Paris", day="2027-03-28", hour="02:30"), "There is no 02:30 on 28 March 2027"),
        (said(zone="Europe/Paris", day="2027-10-31", hour="02:30"), "comes twice on 31 October 2027"),
        (said(zone="Mars/Base"), "Choose one of these."),
        (said(place="", link=""), "Write where it is, or give a link."),
        (said(link="http://meet.example"), "begins with https://"),
        (said(minutes="9999"), "too large or too small"),
        (said(hour="noon"), "This cannot be used here."),
        (said(title="\u200b"), "Something is missing here."),
        (said(rhythm="weekly"), "until which day"),
        (said(rhythm="weekly", until="2031-01-01"), "to a year later"),
        (said(languages=["en"] * 40), "This is too long."),
    ]
    for form, sentence in wrong:
        answer = awa.post(f"{circle.path}/meetings", form)
        assert (answer.status_code, sentence in text_of(answer)) == (422, True), (sentence, text_of(answer)[:300])
        assert "We talk about papers." in answer.text
    assert circle.all(select(Meeting)) == []
    assert "The second time" in awa.post(f"{circle.path}/meetings", wrong[3][0]).text
    awa.send(f"{circle.path}/meetings", wrong[3][0] | {"fold": "1"})
    assert circle.one(select(Meeting)).starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert 'value="1" checked' in awa.get(f"{_at(circle, circle.one(select(Meeting)))}/change").text


def test_a_series_is_changed_and_cancelled_one_or_all_that_follow(circle: Circle) -> None:
    awa, omar = circle.browse(circle.awa), circle.browse(circle.omar)
    until = (now() + timedelta(days=28)).date().isoformat()
    awa.send(f"{circle.path}/meetings", said(rhythm="weekly", until=until))
    every = circle.all(select(Meeting).order_by(Meeting.starts_at))  # type: ignore[arg-type]
    assert len(every) == 4
    began = [one.starts_at for one in every]
    assert len(circle.all(select(MeetingPlan))) == 1
    for one in every[1:]:
        omar.send(f"{_at(circle, one)}/coming", {"do": "yes"})
    form = said(14, title="Tea in the garden", hour="19:00", row_version="1", scope="one")
    awa.send(f"{_at(circle, every[1])}/change", form)
    stale = awa.post(f"{_at(circle, every[1])}/change", form | {"title": "Typed too late"})
    assert stale.status_code == 409
    assert "Typed too late" in stale.text
    awa.send(f"{_at(circle, every[2])}/change", said(22, place="Hall 2", row_version="1", scope="following"))
    after = circle.all(select(Meeting, MeetingPlan).join(MeetingPlan).order_by(Meeting.starts_at))  # type: ignore[arg-type]
    assert [plan.title for _m, plan in after] == [
        "Tea at the market",
        "Tea in the garden",
        "Tea at the market",
        "Tea at the market",
    ]
    assert [plan.place for _m, plan in after] == [PLACE, PLACE, "Hall 2", "Hall 2"]
    moved = [later.starts_at - before for before, (later, _p) in zip(began, after, strict=True)]
    assert moved == [timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=1)]
    assert len(_told(circle, circle.omar)) == 2  # once for each change, however many meetings
    awa.send(f"{_at(circle, every[2])}/cancel", {"scope": "following"})
    gone = circle.all(select(Meeting).order_by(Meeting.starts_at))  # type: ignore[arg-type]
    assert [one.cancelled_at is not None for one in gone] == [False, False, True, True]
    assert len(_told(circle, circle.omar)) == 3
    page = text_of(omar.get(_at(circle, every[3])))
    assert "This meeting is cancelled." in page
    assert "Cancelled" in text_of(omar.get(f"{circle.path}/meetings"))
    assert awa.post(f"{_at(circle, every[3])}/change", said(30, row_version="3")).status_code == 403
    awa.send(f"{_at(circle, every[3])}/cancel", {"scope": "one"})  # sent twice: nothing more happens
    assert len(_told(circle, circle.omar)) == 3
    assert omar.post(f"{_at(circle, every[3])}/coming", {"do": "yes"}).status_code == 403


def test_a_series_is_not_longer_than_a_group_can_have(circle: Circle) -> None:
    awa, until = circle.browse(circle.awa), (now() + timedelta(days=366)).date().isoformat()
    for _n in range(2):
        awa.send(f"{circle.path}/meetings", said(1, rhythm="weekly", until=until))
    answer = awa.post(f"{circle.path}/meetings", said(1, rhythm="weekly", until=until))
    assert (answer.status_code, "120 meetings ahead" in text_of(answer)) == (422, True)


def test_only_those_who_care_for_the_group_plan(circle: Circle) -> None:
    meeting = circle.make.meeting(circle.group, circle.awa)
    for member, status in ((circle.omar, 404), (circle.lina, 404), (None, 303)):
        browser = circle.browse(member)
        assert browser.get(f"{circle.path}/meetings/new").status_code == status
        for path in (f"{circle.path}/meetings", f"{_at(circle, meeting)}/change", f"{_at(circle, meeting)}/cancel"):
            assert browser.post(path, said(row_version="1")).status_code in (status, 401), (path, member)
    assert circle.fresh(meeting).cancelled_at is None
    assert len(circle.all(select(Meeting))) == 1


def test_a_meeting_for_women_asks_and_keeps_nothing(circle: Circle) -> None:
    meeting, omar = circle.make.meeting(circle.group, circle.awa, women_only=True), circle.browse(circle.omar)
    answer = omar.post(f"{_at(circle, meeting)}/coming", {"do": "yes"})
    assert (answer.status_code, "This meeting is for women." in text_of(answer)) == (422, True)
    assert PLACE in omar.send(f"{_at(circle, meeting)}/coming", {"do": "yes", "woman": "1"}).text


def test_how_many_come_is_rough_and_without_oneself(circle: Circle) -> None:
    meeting, path = circle.make.meeting(circle.group, circle.awa), ""
    people = [circle.make.member(f"Person {spoken(number)}") for number in range(16)]
    for number, one in enumerate(people):
        circle.make.seat(circle.group, one)
        if number < 10:
            circle.make.db.add(MeetingComing(meeting_id=meeting.id, member_id=one.id))
    path = _at(circle, meeting)
    assert "At least 10 others come." in text_of(circle.browse(circle.omar).get(path))
    assert "How many come is told from 10 on" in text_of(circle.browse(people[0]).get(path))  # nine others


def test_words_wait_are_hidden_and_shown_again(circle: Circle) -> None:
    _known(circle, circle.awa)
    awa, omar = circle.browse(circle.awa), circle.browse(circle.omar)
    awa.send(f"{circle.path}/meetings", said(about=SCAM))
    meeting = circle.one(select(Meeting))
    assert circle.one(select(MeetingPlan)).state == PlanState.WAITS
    assert omar.get(_at(circle, meeting)).status_code == 404
    assert "Tea at the market" not in omar.get(f"{circle.path}/meetings").text
    assert "It waits." in awa.get(_at(circle, meeting)).text
    _decide(circle, Outcome.PUBLISH)
    assert omar.get(_at(circle, meeting)).status_code == 200
    flagged = f"/flag/meeting/{meeting.ref}"
    assert flagged in omar.get(_at(circle, meeting)).text
    assert flagged not in awa.get(_at(circle, meeting)).text
    assert circle.browse().get(flagged).status_code == 404
    assert omar.post(flagged, {"reason": "recognised", "note": ""}).status_code == 303
    case = circle.one(select(Case).where(Case.kind == CaseKind.TALK))
    assert "Rue 9" in (case.snapshot or "")
    _decide(circle, Outcome.HIDE, rule=1, words="A name.")
    assert omar.get(_at(circle, meeting)).status_code == 404
    assert "hidden for now" in awa.get(_at(circle, meeting)).text
    assert "A name." in awa.get("/my/answers").text
    awa.send(f"{_at(circle, meeting)}/change", said(title="Tea", row_version="1"))
    assert circle.one(select(MeetingPlan)).state == PlanState.WAITS
    assert omar.get(_at(circle, meeting)).status_code == 404


def test_those_who_lead_learn_nothing_of_a_flag(circle: Circle) -> None:
    meeting = circle.make.meeting(circle.group, circle.awa)
    cares = circle.make.member("Second Hand", Role.COORDINATOR)
    circle.make.seat(circle.group, cares, GroupRole.ORGANISER)
    circle.browse(circle.omar).post(f"/flag/meeting/{meeting.ref}", {"reason": "other", "note": ""})
    case = circle.one(select(Case))
    assert circle.browse(cares).get(f"/desk/cases/{case.ref}").status_code == 404


def test_a_newcomers_meeting_for_everybody_waits(circle: Circle) -> None:
    awa = circle.browse(circle.awa)
    awa.send(f"{circle.path}/meetings", said(open="1"))
    meeting = circle.one(select(Meeting))
    assert circle.browse().get(_at(circle, meeting)).status_code == 404
    _decide(circle, Outcome.PUBLISH)
    assert circle.browse().get(_at(circle, meeting)).status_code == 200


def test_a_newcomers_meeting_waits_also_when_it_is_opened_later(circle: Circle) -> None:
    awa = circle.browse(circle.awa)
    awa.send(f"{circle.path}/meetings", said())
    meeting = circle.one(select(Meeting))
    assert circle.one(select(MeetingPlan)).state == PlanState.SHOWN
    awa.send(f"{_at(circle, meeting)}/change", said(open="1", row_version="1"))
    assert circle.browse().get(_at(circle, meeting)).status_code == 404


def test_the_file_for_calendars_is_read_by_two_parsers(circle: Circle) -> None:
    title = "Tea; with, signs\\ and أهلا " + "long " * 8
    meeting = circle.make.meeting(circle.group, circle.awa, title=title, place=f"{PLACE}; 2nd, floor")
    omar = circle.browse(circle.omar)
    before = omar.get(f"{_at(circle, meeting)}/calendar")
    assert before.headers["content-type"] == "text/calendar; charset=utf-8"
    assert before.headers["content-disposition"] == 'attachment; filename="calendar.ics"'
    assert b"LOCATION" not in before.content
    omar.send(f"{_at(circle, meeting)}/coming", {"do": "yes"})
    circle.make.db.get_one(Meeting, meeting.id).cancelled_at = now()
    circle.make.commit()
    file = omar.get(f"{_at(circle, meeting)}/calendar").content
    (event,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert not event.errors
    other = vobject.readOne(file.decode()).vevent
    assert str(event["SUMMARY"]) == other.summary.value == title
    assert str(event["LOCATION"]) == other.location.value == f"{PLACE}; 2nd, floor"
    assert event.start == other.dtstart.value == meeting.starts_at.replace(microsecond=0)
    assert event.end == other.dtend.value == meeting.ends_at.replace(microsecond=0)
    assert event["STATUS"] == other.status.value == "CANCELLED"
    assert b"Round of tea" not in file
    assert meeting.ref.encode() not in file
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))


def test_reminders_are_told_once_and_who_came_is_forgotten(circle: Circle, database: Any) -> None:
    soon, later = circle.make.meeting(circle.group, days=0.9), circle.make.meeting(circle.group, days=3)
    off, old = circle.make.meeting(circle.group, days=0.5), circle.make.meeting(circle.group, days=-15)
    off.cancelled_at = now()
    for meeting in (soon, later, off, old):
        circle.make.db.add(MeetingComing(meeting_id=meeting.id, member_id=circle.omar.id))
    circle.make.db.add(MeetingComing(meeting_id=soon.id, member_id=circle.lina.id))  # is not in the group
    away = circle.make.member("Far Away", status=MemberStatus.PAUSED)
    circle.make.seat(circle.group, away)
    circle.make.db.add(MeetingComing(meeting_id=soon.id, member_id=away.id))
    circle.make.commit()
    for expected in (1, 0):
        with database.transaction() as db:
            assert coming.remind_due(db, now()) == expected
    (answer,) = circle.all(select(Answer))
    assert (answer.member_id, answer.link) == (circle.omar.id, _at(circle, soon))
    assert "Tea" not in answer.sentence
    with database.transaction() as db:
        accounts.tell(db, circle.omar.id, CHANGED, link=_at(circle, old))
    with database.transaction() as db:
        assert retention.remove_old(db, now())["meeting_coming"] == 1
    assert [one.id for one in circle.all(select(Answer))] == [answer.id]  # what was told because somebody came goes too


def test_whoever_leaves_comes_no_more_and_a_restore_brings_nothing_back(circle: Circle, database: Any) -> None:
    meeting = circle.make.meeting(circle.group, circle.awa, place_for=PlaceFor.COMING)
    row = MeetingComing(meeting_id=meeting.id, member_id=circle.omar.id)
    circle.make.db.add(row)
    circle.make.commit()
    with database.transaction() as db:
        belonging.take_out(db, circle.group.id, circle.omar.id)
    assert circle.all(select(MeetingComing)) == []
    with database.transaction() as db:
        db.add(MeetingComing(id=row.id, meeting_id=meeting.id, member_id=circle.omar.id))
    with database.transaction() as db:
        assert coming.forget_again(db, row.id)
    assert not Seat().inside
