"""What meetings once told, kept or lost, and do no more."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from app.core.clock import now
from app.domain.groups import belonging
from app.domain.meetings.wording import CHANGED, NOT_READ, READ_AGAIN
from app.domain.moderation import at_once, holding
from app.models.accounts import Answer, Member, Role
from app.models.groups import Visibility
from app.models.meetings import Cohosting, Meeting, MeetingComing, MeetingMinutes, MeetingPlan, PlanState
from app.models.moderation import Hold, Outcome
from tests.groups.conftest import Circle
from tests.groups.test_mended import _decide, _known
from tests.groups.test_talk import SCAM
from tests.meetings.conftest import said


def _at(circle: Circle, meeting: Meeting) -> str:
    return f"{circle.path}/m/{meeting.ref}"


def _every(circle: Circle) -> list[Meeting]:
    return circle.all(select(Meeting).order_by(col(Meeting.starts_at)))


def _told(circle: Circle, member: Any) -> list[str]:
    return [one.sentence for one in circle.all(select(Answer).where(Answer.member_id == member.id))]


def _series(circle: Circle, days: int, **more: Any) -> list[Meeting]:
    until = (now() + timedelta(days=days)).date().isoformat()
    circle.browse(circle.awa).send(f"{circle.path}/meetings", said(rhythm="weekly", until=until, **more))
    return _every(circle)


def test_a_stopped_account_gets_nothing_by_its_calendar_address(circle: Circle, database: Any) -> None:
    circle.make.meeting(circle.group, circle.awa)
    omar = circle.browse(circle.omar)
    omar.send("/me/calendar", {"tells": "titles"})
    path = "/calendar/" + re.findall(r"/calendar/([A-Za-z0-9_-]{43})", omar.get("/me/calendar").text)[0]
    assert "Tea at the market" in circle.browse().get(path).text
    circle.make.db.get_one(Member, circle.omar.id).stopped_until = now() + timedelta(days=20)
    circle.make.commit()
    answer = circle.browse().get(path)
    assert (answer.status_code, "VEVENT" in answer.text) == (200, False)


def test_for_women_later_asks_everybody_anew_before_they_read_the_new_place(circle: Circle) -> None:
    meeting, omar = circle.make.meeting(circle.group, circle.awa), circle.browse(circle.omar)
    omar.send(f"{_at(circle, meeting)}/coming", {"do": "yes"})
    circle.browse(circle.awa).send(f"{_at(circle, meeting)}/change", said(women_only="1", place="House 5", row_version="1"))
    assert circle.all(select(MeetingComing)) == []
    assert _told(circle, circle.omar) == [CHANGED]
    assert "House 5" not in omar.get(_at(circle, meeting)).text


def test_an_account_whose_words_are_read_first_publishes_nothing_by_meetings(circle: Circle) -> None:
    _known(circle, circle.awa)
    begun = circle.make.meeting(circle.group, circle.awa, days=-1)
    awa, writer = circle.browse(circle.awa), circle.make.db.get_one(Member, circle.awa.id)
    writer.held_until = now() + timedelta(days=20)
    circle.make.commit()
    awa.send(f"{circle.path}/meetings", said())
    assert circle.fresh(circle.one(select(MeetingPlan).where(MeetingPlan.id != begun.plan_id))).state == PlanState.WAITS
    answer = awa.post(f"{_at(circle, begun)}/minutes", {"words": "We met.", "row_version": "0"})
    assert (answer.status_code, "We met." in answer.text) == (422, True)
    ahead = _every(circle)[1]
    assert awa.post(f"{_at(circle, ahead)}/cohost", {"body": "Town hall"}).status_code == 422
    assert circle.all(select(MeetingMinutes)) == []
    writer.held_until, writer.no_topics_until = None, now() + timedelta(days=20)
    circle.make.commit()
    assert awa.post(f"{circle.path}/meetings", said()).status_code == 403


def test_a_decision_reaches_a_meeting_that_was_only_moved(circle: Circle) -> None:
    _known(circle, circle.awa)
    every, omar = _series(circle, 21), circle.browse(circle.omar)
    omar.post(f"/flag/meeting/{every[1].ref}", {"reason": "recognised", "note": ""})
    form = said(14, hour="18:05", row_version="1", scope="one")
    circle.browse(circle.awa).send(f"{_at(circle, every[1])}/change", form)
    assert omar.get(_at(circle, every[1])).status_code == 200  # nobody learns of the flag
    _decide(circle, Outcome.HIDE, rule=1, words="A name.")
    assert [omar.get(_at(circle, one)).status_code for one in every] == [404] * len(every)


def test_where_somebody_is_in_danger_it_is_hidden_at_once_and_their_own_again_where_nobody_decides(circle: Circle) -> None:
    every, omar = _series(circle, 21), circle.browse(circle.omar)
    omar.send(f"{_at(circle, every[1])}/coming", {"do": "yes"})
    zeno = circle.make.member("Zeno Stone", Role.MENTOR)
    circle.make.seat(circle.group, zeno)
    circle.make.commit()
    circle.browse(zeno).send(f"/flag/meeting/{every[1].ref}", {"reason": "recognised", "note": "Her house."})
    held = circle.one(select(Hold))
    assert held.about_id == circle.awa.id
    assert [omar.get(_at(circle, one)).status_code for one in every] == [404, 200, 404, 404][: len(every)]
    assert "Rue 9" not in omar.get(_at(circle, every[1])).text, "who comes reads when it is"
    assert _told(circle, circle.omar) == [NOT_READ]
    page = circle.browse(circle.awa).get(f"/my/decisions/{held.ref}").text
    assert "What you wrote about a meeting is hidden for now" in page
    assert "Show it again" not in page
    db = circle.make.db
    held = db.get_one(Hold, held.id, populate_existing=True)
    held.told_at, held.ends_at = now() - timedelta(days=9), now() - timedelta(days=1)
    circle.make.commit()
    assert at_once.end_due(db) == 1
    circle.make.commit()
    holding.show_again(db, circle.act(circle.awa), held.ref)
    circle.make.commit()
    assert [omar.get(_at(circle, one)).status_code for one in every] == [200] * len(every)
    assert _told(circle, circle.omar) == [NOT_READ, READ_AGAIN]


def test_all_that_follow_are_cancelled_also_those_changed_alone(circle: Circle) -> None:
    every, awa = _series(circle, 35), circle.browse(circle.awa)
    awa.send(f"{_at(circle, every[0])}/change", said(7, hour="19:00", row_version="1", scope="one"))
    assert "What do you change?" not in awa.get(f"{_at(circle, every[0])}/change").text
    assert "What do you change?" in awa.get(f"{_at(circle, every[1])}/change").text
    awa.send(f"{_at(circle, every[0])}/cancel", {"scope": "following"})
    assert all(one.cancelled_at for one in _every(circle))


def test_whoever_comes_reads_when_it_is_while_its_words_are_not_there(circle: Circle) -> None:
    _known(circle, circle.awa)
    meeting = circle.make.meeting(circle.group, circle.awa)
    awa, omar = circle.browse(circle.awa), circle.browse(circle.omar)
    omar.send(f"{_at(circle, meeting)}/coming", {"do": "yes"})
    awa.send(f"{_at(circle, meeting)}/change", said(title="A secret", about=SCAM, place="House 5", row_version="1"))
    for path in (f"{circle.path}/meetings", _at(circle, meeting)):
        page = omar.get(path)
        assert (page.status_code, "18:00–19:30" in page.text) == (200, True)
        assert "A secret" not in page.text
        assert "House 5" not in page.text
    _decide(circle, Outcome.DECLINE, rule=1, words="An offer.")
    assert NOT_READ in _told(circle, circle.omar)
    assert all(one.matter is None for one in circle.all(select(Answer).where(Answer.member_id == circle.omar.id)))
    awa.send(f"{_at(circle, meeting)}/cancel", {"scope": "one"})
    assert "This meeting is cancelled." in omar.get(_at(circle, meeting)).text
    gone = omar.send(f"{_at(circle, meeting)}/coming", {"do": "no"})
    assert "You do not come." in gone.text
    assert omar.get(_at(circle, meeting)).status_code == 404
    assert _told(circle, circle.omar) == []  # nothing is kept: also not what they were told because they came


def test_whoever_leaves_keeps_nothing_they_were_told_because_they_came(circle: Circle, database: Any) -> None:
    meeting = circle.make.meeting(circle.group, circle.awa)
    circle.browse(circle.omar).send(f"{_at(circle, meeting)}/coming", {"do": "yes"})
    circle.browse(circle.awa).send(f"{_at(circle, meeting)}/change", said(hour="19:00", row_version="1"))
    assert _told(circle, circle.omar) == [CHANGED]
    with database.transaction() as db:
        belonging.take_out(db, circle.group.id, circle.omar.id)
    assert _told(circle, circle.omar) == []


@pytest.mark.parametrize(("day", "zone"), [("9999-12-31", "America/New_York"), ("0001-01-01", "Asia/Amman")])
def test_a_day_far_away_is_bad_input(circle: Circle, day: str, zone: str) -> None:
    meeting = circle.make.meeting(circle.group, circle.awa)
    for path, more in ((f"{circle.path}/meetings", {}), (f"{_at(circle, meeting)}/change", {"row_version": "1"})):
        answer = circle.browse(circle.awa).post(path, said(day=day, hour="23:00", zone=zone, **more))
        assert (answer.status_code, "We talk about papers." in answer.text) == (422, True)


def test_whoever_comes_too_late_reads_what_the_other_wrote(circle: Circle) -> None:
    meeting, awa = circle.make.meeting(circle.group, circle.awa), circle.browse(circle.awa)
    awa.send(f"{_at(circle, meeting)}/change", said(about="The other wrote this.", row_version="1"))
    late = awa.post(f"{_at(circle, meeting)}/change", said(about="Mine.", row_version="1"))
    assert (late.status_code, "The other wrote this." in late.text, "Mine." in late.text) == (409, True, True)


def test_a_body_held_another_meeting_than_the_one_that_was_moved(circle: Circle) -> None:
    meeting, awa = circle.make.meeting(circle.group, circle.awa), circle.browse(circle.awa)
    plan = circle.make.db.get_one(MeetingPlan, meeting.plan_id)
    plan.cohost, plan.cohosting = "Town hall", Cohosting.CONFIRMED
    circle.make.commit()
    assert "Held together with" in awa.get(_at(circle, meeting)).text
    awa.send(f"{_at(circle, meeting)}/change", said(hour="19:00", row_version="1", title=plan.title, about=plan.about))
    assert "Held together with" not in awa.get(_at(circle, meeting)).text


def test_only_of_a_group_that_everybody_finds_everybody_sees_a_meeting(circle: Circle) -> None:
    circle.group.visibility = Visibility.UNLISTED
    circle.browse(circle.awa).send(f"{circle.path}/meetings", said(open="1"))
    assert not circle.one(select(MeetingPlan)).open
