"""A story hidden for a time is shown again by itself; one that was taken out comes back by an appeal, or goes for good."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import now
from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.test_appeal import TOO_WIDE, open_case
from tests.journeys.test_tell import decide, newest_answer
from tests.journeys.walking import tap

pytestmark = pytest.mark.journey
STORY = (
    "SELECT member.name, story.ref, story.id FROM story JOIN story_text ON story_id = story.id "
    "JOIN member ON member.id = story.author_id WHERE story.status = 'published' AND audience = 'everyone' AND original "
    "AND story.id NOT IN (SELECT subject_id FROM moderation_case WHERE kind = 'flag') AND story_text.language = 'pt' "
    "AND author_id NOT IN (SELECT member_id FROM role_grant) LIMIT 1"
)


def keep(page: Any, name: str) -> None:
    """Look whether the page fits the phone; keep a picture of it where JOURNEY_PICTURES names a folder."""
    assert not page.evaluate(TOO_WIDE), name
    if folder := os.environ.get("JOURNEY_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"hidden_{name}.png"), full_page=True)


def flag(guest: Any, house: House, ref: str, story_id: Any) -> str:
    """Tell about a story without an account; return the address part of its case."""
    guest.goto(f"/flag/story/{ref}")
    guest.locator("input[name=reason][value=untrue]").check()
    with guest.expect_navigation():
        guest.locator("main form button.btn").click()
    return str(house.sql("SELECT ref FROM moderation_case WHERE kind = 'flag' AND subject_id = ?", story_id)[0][0])


def words_left(house: House, story_id: Any) -> bool:
    """Say whether any words of a story are still there."""
    return bool(house.sql("SELECT count(*) FROM story_text WHERE story_id = ? AND title != ''", story_id)[0][0])


def is_shown(guest: Any, ref: str) -> bool:
    """Say whether everybody reads a story, in whatever language."""
    return bool(guest.goto(f"/stories/{ref}").status == 200)


def test_what_is_hidden_for_a_time_is_shown_again_and_what_is_taken_out_can_come_back(phone: OpenPhone, house: House) -> None:
    teller_name, ref, story_id = house.sql(STORY)[0]
    roles = dict(house.sql("SELECT role, name FROM role_grant JOIN member ON member.id = member_id"))
    guest, desk = phone(scripts=False, allowed=("404",)), phone("ar", scripts=False, dark=True, who=roles["coordinator"])
    teller, other = phone(scripts=False, who=teller_name), phone(scripts=False, who=roles["safeguarding"])

    assert is_shown(guest, ref)
    case = flag(guest, house, ref, story_id)
    open_case(desk, "flag", case)
    keep(desk, "1_case_ar_dark")
    desk.locator("#f-days").select_option("3")
    decide(desk, "hide", "Somebody has to look whether it is so.", rule="3")
    assert not is_shown(guest, ref)
    assert "Somebody has to look whether it is so." in newest_answer(teller)
    keep(teller, "2_answers")
    assert house.end_decisions(now() + timedelta(days=2)) == (0, 0)
    assert house.end_decisions(now() + timedelta(days=3, hours=1)) == (1, 0)
    assert is_shown(guest, ref), "by itself"
    assert "over" in newest_answer(teller)

    assert flag(guest, house, ref, story_id) == case, "one case for one thing"
    open_case(desk, "flag", case)
    keep(desk, "3_case_again_ar_dark")
    decide(desk, "remove", "It is about somebody who said no.", rule="3")
    assert not is_shown(guest, ref)
    decision = house.sql("SELECT ref FROM moderation_decision WHERE outcome = 'remove' ORDER BY id DESC LIMIT 1")[0][0]
    teller.goto(f"/my/decisions/{decision}")
    keep(teller, "4_statement")
    teller.locator("#f-words").fill("They said yes, ask them.")
    tap(teller, "Send")
    appeal = house.sql("SELECT ref FROM moderation_case WHERE kind = 'appeal' ORDER BY id DESC LIMIT 1")[0][0]
    house.end_decisions(now() + timedelta(days=60))
    assert words_left(house, story_id), "nothing is deleted while somebody looks"
    open_case(other, "appeal", appeal)
    keep(other, "5_appeal")
    decide(other, "overturn", "They said yes.")
    assert is_shown(guest, ref)
    house.end_decisions(now() + timedelta(days=60))
    assert is_shown(guest, ref), "what came back stays"

    flag(guest, house, ref, story_id)
    open_case(desk, "flag", case)
    decide(desk, "remove", "It is about somebody who said no.", rule="3")
    assert words_left(house, story_id)
    house.end_decisions(now() + timedelta(days=60))
    assert not words_left(house, story_id)
    assert not is_shown(guest, ref)
    keep(guest, "6_gone")
