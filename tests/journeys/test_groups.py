"""Groups: ask to come in and hear back, talk, a code for a hidden circle, taking words back; without scripts and in Arabic too."""

import re
from typing import Any

import pytest

from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.walking import come_in, follow, jpeg, path_of, tap, words_of

pytestmark = pytest.mark.journey


def _fits(page: Any) -> None:
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def _send(page: Any, action: str) -> None:
    with page.expect_navigation():
        page.locator(f"main form[action$='{action}'] button[type=submit]").first.click()


def test_somebody_asks_to_come_in_talks_and_takes_words_back(phone: OpenPhone, house: House) -> None:
    guest = phone(scripts=False)
    guest.goto("/groups?q=thursday")
    guest.locator("main .cards a").first.click()
    guest.wait_for_url(re.compile(r"/g/[2-9a-z]{12}$"))
    group = path_of(guest)
    assert "Only members" not in words_of(guest)
    lina = phone(scripts=False)
    come_in(lina, house.key("Night Watch"))
    lina.goto("/" + group)
    follow(lina, "Ask to come in")
    lina.locator("#f-answer").fill("I know where cups are cheap.")
    tap(lina, "Send")
    assert "You have asked" in lina.locator("#status").inner_text()
    cares = phone(scripts=False)
    come_in(cares, house.key("Open Door"))
    cares.goto(f"/{group}/care")
    card = cares.locator("main .cards > .card", has_text="I know where cups are cheap.")
    with cares.expect_navigation():
        card.get_by_role("button", name="Let them in", exact=True).click()
    lina.goto("/" + group)
    follow(lina, "Write something new")
    lina.locator("#f-title").fill("Who has a kettle?")
    lina.locator("#f-body").fill("Mine is broken, and Thursday is near.")
    tap(lina, "Send")
    assert "Mine is broken" in words_of(lina)
    assert "Sent" in words_of(lina)
    topic = path_of(lina)
    cares.goto("/" + topic)
    cares.locator("#f-body").fill("I bring two.")
    tap(cares, "Send")
    lina.goto("/" + topic)
    assert "I bring two." in words_of(lina)
    lina.locator(".msg.me a.pill").first.click()
    tap(lina, "Delete it")
    assert "Taken back by whoever wrote it." in words_of(lina)
    assert "Mine is broken" not in words_of(lina)


def test_a_false_offer_waits_for_a_person(phone: OpenPhone, house: House) -> None:
    page = phone()
    come_in(page, house.key("Lantern"))
    page.goto("/groups")
    page.locator("main .cards a").first.click()
    page.wait_for_url(re.compile(r"/g/[2-9a-z]{12}$"))
    follow(page, "Write something new")
    page.locator("#f-title").fill("Work abroad")
    page.locator("#f-body").fill("Work in Dubai! Visa guaranteed, pay the fee of 300 USD first. WhatsApp only, leave tomorrow.")
    tap(page, "Send")
    assert "Waits: somebody reads it first" in words_of(page)
    _fits(page)


def test_a_code_opens_a_hidden_circle_and_tells_nobody_else(phone: OpenPhone, house: House) -> None:
    cares = phone(scripts=False)
    come_in(cares, house.key("Calm Harbour"))
    cares.goto("/groups")
    follow(cares, "Night kitchen")
    group = path_of(cares)
    cares.goto(f"/{group}/care")
    cares.locator("main details summary", has_text="Make a code").click()
    tap(cares, "Make a code")
    assert "Night kitchen" not in words_of(cares)
    code = "-".join(cares.locator("ol.key li").all_inner_texts())
    guest = phone(scripts=False)
    guest.goto(f"/g/code/{code}")
    assert "Night kitchen" not in guest.content()
    assert house.fetch(f"/{group}")[0] == 404
    other = phone(scripts=False)
    come_in(other, house.key("Needle and Thread"))
    other.goto(f"/g/code/{code}")
    other.locator("#f-woman").check()
    tap(other, "Come in")
    assert "Soup on Sunday" in words_of(other)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_circle_talks_in_arabic_from_right_to_left(phone: OpenPhone, house: House, scripts: bool) -> None:
    page = phone("ar", scripts)
    come_in(page, house.key("أمّ الريحان"))
    page.goto("/groups")
    page.locator("main .cards a[lang=ar]").first.click()
    page.wait_for_url(re.compile(r"/g/[2-9a-z]{12}$"))
    page.locator("main .cards a").first.click()
    page.wait_for_url(re.compile(r"/t/"))
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.locator("#f-body").fill("شكرًا لكنّ جميعًا")
    _send(page, "/posts")
    mine = page.locator(".msg.me").last
    assert "شكرًا لكنّ جميعًا" in mine.inner_text()
    if scripts:
        _fits(page)
        box = mine.bounding_box()
        assert box is not None
        assert box["x"] < 60  # one's own words stand at the end of the line: on the left


def test_a_group_is_started_from_a_template(phone: OpenPhone, house: House) -> None:
    page = phone(scripts=False)
    come_in(page, house.key("Quiet River"))
    page.goto("/groups/new")
    follow(page, "Papers and a room")
    assert "Who goes along?" in page.locator("#f-agenda").input_value()
    page.locator("#f-name").fill("Monday papers")
    tap(page, "Start the group")
    assert "Monday papers" in words_of(page)
    page.goto("/groups?q=monday")
    assert "Monday papers" in words_of(page)


def test_a_picture_is_sent_and_deleted_again(phone: OpenPhone, house: House) -> None:
    page = phone(scripts=False, who="Needle and Thread", allowed=("404",))
    page.goto("/groups")
    follow(page, "Thursday tea")
    follow(page, "Town hall on Friday")
    follow(page, "A picture")
    target = house.folder / "way.jpg"
    target.write_bytes(jpeg())
    page.locator("#f-picture").set_input_files(target)
    page.locator("#f-body").fill("The form, with its second page.")
    page.locator("input[name=faces][value=none]").check()
    tap(page, "Send")
    mine = page.locator(".msg.me", has_text="The form, with its second page.")
    shot = mine.locator("img")
    _fits(page)
    address = shot.get_attribute("src")
    assert page.request.get(address).headers["content-type"] == "image/webp"
    mine.locator("a.pill", has_text="More").click()
    tap(page, "Delete it")
    assert page.locator(".msg img").count() == 1  # the one that was there before
    assert page.goto(address).status == 404
