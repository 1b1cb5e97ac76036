"""What goes wrong on real phones: the session ends, a finger taps twice, files are not what they seem."""

import re
from typing import Any

import pytest

from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.test_tell import begin, press
from tests.journeys.walking import words_of

pytestmark = pytest.mark.journey
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


@BOTH
def test_a_session_that_ends_while_typing_loses_no_word(phone: OpenPhone, house: House, scripts: bool) -> None:
    page = phone(scripts=scripts, who="Needle and Thread", allowed=("401", "403"))
    ref = begin(page)
    page.locator("#f-title").fill("Thread and rain")
    page.locator("#f-helped").fill("A neighbour with a lamp.")
    house.sql("DELETE FROM sign_in")
    press(page, "/write")
    assert "Thread and rain" in [area.input_value() for area in page.locator("main textarea").all()]
    assert "A neighbour with a lamp." in [area.input_value() for area in page.locator("main textarea").all()]
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Come in with your key").click()
    door = opened.value
    door.locator("#f-key").fill(house.key("Needle and Thread"))
    with door.expect_navigation():
        door.locator("main form button.btn").click()
    page.get_by_role("button", name="Send again").click()
    page.wait_for_url("**/look")
    page.goto(f"/my/stories/{ref}/write")
    assert page.locator("#f-title").input_value() == "Thread and rain"
    assert page.locator("#f-helped").input_value() == "A neighbour with a lamp."


@BOTH
def test_two_taps_are_one_effect(phone: OpenPhone, house: House, scripts: bool) -> None:
    page = phone(scripts=scripts, who="New Leaf")
    count = "SELECT count(*) FROM story JOIN member ON member.id = author_id WHERE name = 'New Leaf'"
    before = house.sql(count)[0][0]
    page.goto("/my/stories/new")
    page.locator("main form button.btn").dblclick(no_wait_after=True)
    page.wait_for_url("**/write")
    assert house.sql(count)[0][0] == before + 1


def send_file(page: Any, house: House, ref: str, what: str, name: str, content: bytes) -> str:
    """Upload something and return the words of the page that comes."""
    page.goto(f"/my/stories/{ref}/{what}")
    field = "picture" if what == "pictures" else "voice"
    target = house.folder / name
    target.write_bytes(content)
    page.locator(f"#f-{field}").set_input_files(target)
    if what == "pictures":
        page.locator("#f-alt").fill("A goat on a roof")
        page.locator("input[name=faces][value=none]").check()
    else:
        page.locator("#f-summary").fill("What I say in it.")
    press(page, f"/{what}")
    return words_of(page)


@BOTH
def test_files_that_are_not_what_they_seem_get_a_sentence(phone: OpenPhone, house: House, scripts: bool) -> None:
    page = phone(scripts=scripts, who="Lantern", allowed=("413", "422"))
    ref = begin(page)
    told = send_file(page, house, ref, "pictures", "photo.jpg", b"<!doctype html><script>alert(1)</script>" * 40)
    assert page.locator("#e-picture").is_visible()
    assert re.search(r"JPEG|picture", told)
    assert page.locator("#f-alt").input_value() == "A goat on a roof"
    send_file(page, house, ref, "voice", "memo.mp3", b"ID3 this is no sound at all" * 200)
    assert page.locator("#e-voice").is_visible()
    assert page.locator("#f-summary").input_value() == "What I say in it."
