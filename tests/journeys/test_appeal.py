"""A flag without an account, a decision, its statement of reasons, an appeal, another person, and the story is shown again."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.test_tell import decide, newest_answer
from tests.journeys.walking import tap, words_of

pytestmark = pytest.mark.journey
TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"


def keep(page: Any, name: str) -> None:
    """Look whether the page fits the phone; keep a picture of it where JOURNEY_PICTURES names a folder."""
    assert not page.evaluate(TOO_WIDE), name
    if folder := os.environ.get("JOURNEY_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"appeal_{name}.png"), full_page=True)


def open_case(page: Any, kind: str, ref: str) -> None:
    """Open a case from the desk."""
    page.goto(f"/desk?kind={kind}")
    page.goto(f"/desk/cases/{ref}")
    with page.expect_navigation():
        page.locator("main form[action$='/open'] button").click()


def test_from_a_flag_without_an_account_to_a_story_that_is_shown_again(phone: OpenPhone, house: House) -> None:
    title, teller_id, ref, story_id = house.sql(
        "SELECT title, author_id, story.ref, story.id FROM story JOIN story_text ON story_id = story.id "
        "WHERE status = 'published' AND audience = 'everyone' AND original AND story_text.language = 'en' LIMIT 1"
    )[0]
    teller_name = house.sql("SELECT name FROM member WHERE id = ?", teller_id)[0][0]
    roles = dict(house.sql("SELECT role, name FROM role_grant JOIN member ON member.id = member_id"))

    guest = phone("ar", scripts=False, dark=True)
    guest.goto(f"/flag/story/{ref}")
    keep(guest, "1_flag_ar_dark")
    guest.locator("input[name=reason][value=recognised]").check()
    with guest.expect_navigation():
        guest.locator("main form button.btn").click()
    number = "".join(guest.locator("ol.key li").all_inner_texts())
    keep(guest, "2_receipt_ar_dark")

    case = house.sql("SELECT ref FROM moderation_case WHERE kind = 'flag' AND subject_id = ?", story_id)[0][0]
    desk = phone(scripts=False, who=roles["coordinator"])
    open_case(desk, "flag", case)
    keep(desk, "3_case")
    assert "house" in decide(desk, "hide", "A house number can be read.", rule="3") or title
    guest.goto(f"/stories/{ref}")
    assert title not in words_of(guest)
    guest.goto("/back")
    guest.locator("#f-number").fill(number)
    with guest.expect_navigation():
        guest.locator("main form button.btn").click()
    keep(guest, "4_outcome_ar_dark")

    teller = phone(scripts=False, who=teller_name)
    assert "A house number can be read." in newest_answer(teller)
    keep(teller, "5_answers")
    with teller.expect_navigation():
        teller.locator("main .cards > .card").first.locator("a[href^='/my/decisions/']").click()
    assert "A house number can be read." in words_of(teller)
    keep(teller, "6_statement")
    teller.locator("#f-words").fill("It is the number of a bus.")
    tap(teller, "Send")
    assert "It is the number of a bus." in words_of(teller)
    keep(teller, "7_seen_differently")
    statement = teller.url

    appeal = house.sql("SELECT ref FROM moderation_case WHERE kind = 'appeal' ORDER BY id DESC LIMIT 1")[0][0]
    desk.goto(f"/desk/cases/{appeal}")
    assert desk.locator("main form[action$='/open']").count() == 0
    keep(desk, "8_not_for_whoever_decided")
    other = phone(scripts=False, who=roles["safeguarding"])
    open_case(other, "appeal", appeal)
    keep(other, "9_appeal")
    assert "everything is as it was" in decide(other, "overturn", "You are right, it is a bus.")

    guest.goto(f"/stories/{ref}")
    assert title in words_of(guest)
    teller.goto(statement)
    assert "You are right, it is a bus." in words_of(teller)
    keep(teller, "10_answer")
    arabic = phone("ar", who=teller_name, dark=True)
    arabic.goto(statement)
    keep(arabic, "11_answer_ar_dark")
