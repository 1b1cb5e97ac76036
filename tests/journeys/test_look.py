"""Just look: from Home to a story in two taps, in every language, with and without scripts; keep it; leave."""

import re
from typing import Any

import pytest

from tests.journeys.conftest import OpenPhone
from tests.journeys.house import NEUTRAL, House
from tests.journeys.walking import forgotten, path_of, tap, until, words_of

pytestmark = pytest.mark.journey

KEPT = "async () => (await (await caches.open('kept-1')).keys()).map((one) => new URL(one.url).pathname)"
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"


def first_story(page: Any) -> str:
    """Take the two taps and return the path of the story."""
    page.goto("/")
    page.locator("main a[href='/look']").click()
    page.wait_for_url("**/look")
    page.locator("main .card h3 a[href^='/stories/']").first.click()
    page.wait_for_url(re.compile("/stories/[^/]+$"))
    return "/" + path_of(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_first_story_is_two_taps_away(phone: OpenPhone, language: str, scripts: bool) -> None:
    page = phone(language, scripts)
    first_story(page)
    html = page.locator("html")
    assert html.get_attribute("lang") == language
    assert html.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert page.locator("main article h1").inner_text()
    assert page.locator("main article .said").count() + page.locator("main audio").count() > 0
    assert page.locator("main form[action='/leave'] button").is_visible()
    assert page.locator("main button[data-keep]").is_visible() is scripts
    assert page.context.cookies() == []


def story_with(house: House, what: str) -> str:
    """Return the path of a public story that has this in its page."""
    _status, _headers, atom = house.fetch("/stories.atom")
    for path in dict.fromkeys(re.findall(r"/stories/[0-9a-z]+", atom.decode(), re.IGNORECASE)):
        if what in house.fetch(path)[2].decode():
            return path
    raise AssertionError(f"No public story has {what}.")


def test_a_voice_is_asked_for_only_when_it_is_played_and_comes_in_parts(phone: OpenPhone, house: House) -> None:
    page = phone()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/media/" in request.url else None)
    page.goto(story_with(house, "<audio"))
    audio = page.locator("main audio")
    assert audio.get_attribute("preload") == "none"
    assert asked == []
    source = audio.locator("source").first.get_attribute("src")
    status, headers, body = house.fetch(source, Range="bytes=100-299")
    assert (status, len(body)) == (206, 200)
    assert re.fullmatch(r"bytes 100-299/\d+", headers["content-range"])
    page.locator("[data-voice] button.go").click()
    until(page, "() => document.querySelector('main audio').currentTime > 0.2")
    assert asked


def test_a_story_leads_to_the_services_that_it_mentions(phone: OpenPhone, house: House) -> None:
    page = phone(scripts=False)
    page.goto(story_with(house, 'href="/help/'))
    card = page.locator("main .card a[href^='/help/']").first
    name = card.inner_text()
    assert page.locator("main .card .badge").count() > 0
    card.click()
    assert page.locator("h1").inner_text() == name


def test_kept_on_this_phone_only_after_the_tap_and_gone_when_taken_back(phone: OpenPhone, house: House) -> None:
    page = phone(allowed=("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "410"))
    path = story_with(house, "<audio")
    page.goto(path)
    title = page.locator("main h1").inner_text()
    assert page.evaluate(WORKERS) == 0
    page.locator("button[data-keep]").click()
    page.get_by_role("button", name="Kept on this phone").wait_for()
    assert page.evaluate(WORKERS) == 1
    assert path in page.evaluate(KEPT)
    page.context.set_offline(True)
    page.reload()
    assert page.locator("main h1").inner_text() == title
    for elsewhere in ("/help", "/saved"):
        page.goto(elsewhere)
        page.get_by_role("link", name=title).click()
        page.wait_for_url(f"**{path}")
        assert page.locator("main h1").inner_text() == title
    page.context.set_offline(False)
    page.goto("/saved")
    page.get_by_role("link", name=title).wait_for()
    page.get_by_role("button", name=f"Remove: {title}").click()
    page.get_by_text("Nothing kept on this phone.").wait_for()
    assert path not in page.evaluate(KEPT)
    page.goto(path)
    page.locator("button[data-keep]").click()
    page.get_by_role("button", name="Kept on this phone").wait_for()
    ref = path.rsplit("/", 1)[1]
    teller = house.sql("SELECT name FROM member JOIN story ON member.id = author_id WHERE story.ref = ?", ref)[0][0]
    other = phone(who=teller, scripts=False)
    other.goto(f"/my/stories/{ref}")
    tap(other, "Take back this story", "link")
    tap(other, "Take back")
    page.goto(path)  # the next contact
    assert title not in words_of(page)
    until(page, f"async (path) => !(await ({KEPT})()).includes(path)", path)
    page.context.set_offline(True)
    page.goto(path)
    assert title not in words_of(page)
    page.context.set_offline(False)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_leave_forgets_and_shows_another_page(phone: OpenPhone, house: House, scripts: bool) -> None:
    page = phone(scripts=scripts, who="Quiet River")
    page.goto("/me")
    page.goto("/my/stories")
    assert "My stories" in words_of(page)
    page.get_by_role("button", name="Leave").first.click()
    page.wait_for_url(NEUTRAL)
    assert page.title() == "Weather"
    assert forgotten(page)
    if scripts:
        assert page.evaluate("document.referrer") == ""
    page.go_back()
    page.wait_for_load_state()
    assert "My stories" not in page.locator("body").inner_text()
    page.goto("/me")
    assert "without an account" in words_of(page)
