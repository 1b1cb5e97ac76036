"""Every kind of page as a guest, a member, a coordinator: axe, targets, narrow and magnified screens, neutral titles."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.journeys.conftest import OpenPhone
from tests.look.test_browser import SMALL_TARGETS

pytestmark = pytest.mark.journey
GUEST = (
    "/", "/look", "/stories", "/stories?page=2", "/stories/{story}", "/help",
    "/help?need=health", "/help?q=lawer", "/help?q=zzzzzz",
    "/help?need=papers&view=map", "/help/places", "/help/{service}", "/flag/service/{service}", "/flag/story/{story}",
    "/back", "/join", "/enter",
    "/enter/back", "/enter/back/number", "/me", "/leave", "/language", "/safe", "/about", "/rules", "/privacy", "/groups", "/saved",
    "/money", "/numbers", "/offline", "/nothing",
)  # fmt: skip
MEMBER = (
    "/", "/me", "/me/name", "/me/phone", "/me/codes", "/me/sessions", "/me/second-step", "/me/data", "/me/delete", "/me/pause",
    "/my/stories", "/my/stories/new", "/my/answers", "{mine}", "{mine}/write", "{mine}/voice", "{mine}/pictures",
    "{mine}/services?q=law", "{mine}/look", "{mine}/who", "{mine}/agree", "{mine}/preview", "{mine}/send", "{mine}/delete",
    "/my/translations", "{story}/translate", "{story}/translate?language=fr", "{story}/translate?language=ar",
)  # fmt: skip
DESK = ("/", "/me", "/desk", "{case}", "/desk/care", "/desk/balance", "/desk/listings", "/desk/people")
# What a title may say: it stands in the list of visited pages and on the edge of the screen.
TELLING = re.compile(r"return|abroad|migra|asyl|deport|health|lawyer|retour|عودة", re.IGNORECASE)
# Links in running text are exempt from the size of targets (WCAG 2.5.8).
IN_TEXT = """() => [...document.querySelectorAll('main a:not([class])')]
  .filter((e) => getComputedStyle(e).display === 'inline' && e.closest('p, li, dd, .note')).map((e) => e.outerHTML.slice(0, 90))"""
WIDTH = "() => [document.documentElement.scrollWidth, innerWidth]"


def card_of(page: Any, listing: str, start: str) -> str:
    """Return the address of the first card of a list."""
    page.goto(listing)
    return str(page.locator(f"main .card a[href^='{start}']").first.get_attribute("href"))


def look_at(page: Any, path: str) -> list[Any]:
    """Return what is wrong with a page, at 360, at 320 and at 320 with letters twice as big (as when magnified to 400 %)."""
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(path)
    in_text = page.evaluate(IN_TEXT)
    wrong: list[Any] = [("target", *small) for small in page.evaluate(SMALL_TARGETS) if small[0] not in in_text]
    wrong += [(found["id"], node["html"][:140]) for found in Axe().run(page).response["violations"] for node in found["nodes"]]
    if TELLING.search(page.title()):
        wrong.append(("title", page.title()))
    page.set_viewport_size({"width": 320, "height": 256})
    for size in ("100%", "200%"):
        page.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)
        inside, screen = page.evaluate(WIDTH)
        if inside > screen:
            wrong.append(("overflow", size, inside))
    return [(path, *one) for one in wrong]


def sweep(page: Any, paths: tuple[str, ...], **found: str) -> list[Any]:
    """Look at every page and return everything that is wrong."""
    return [wrong for path in paths for wrong in look_at(page, path.format(**found))]


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("ar", False), ("fr", True)], ids=["en", "ar", "fr-dark"])
def test_guests_pages(phone: OpenPhone, language: str, dark: bool) -> None:
    page = phone(language, dark=dark)
    story, service = card_of(page, "/stories", "/stories/"), card_of(page, "/help?need=health", "/help/")
    assert sweep(page, GUEST, story=story.rsplit("/", 1)[1], service=service.rsplit("/", 1)[1]) == []


@pytest.mark.parametrize(("language", "dark"), [("en", True), ("ar", False)], ids=["en-dark", "ar"])
def test_a_members_pages(phone: OpenPhone, language: str, dark: bool) -> None:
    page = phone(language, dark=dark, who="أمّ الريحان" if language == "ar" else "Amber", permissions=["microphone"])
    story = card_of(page, "/stories?language=es", "/stories/")
    page.goto("/my/stories/new")
    page.locator("main form[action='/my/stories'] button").click()
    page.wait_for_url("**/write")
    mine = "/my/stories/" + page.url.split("/")[-2]
    page.locator("#f-title").fill("Basil")
    page.locator("#f-body").fill("Call Fatima Haddad at +962 79 123 4567 in Irbid, Main Street 5.")
    page.locator("main form[action$='/write'] button.btn").click()
    page.wait_for_url("**/look")
    assert sweep(page, MEMBER, mine=mine, story=story) == []


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("fr", True)], ids=["en", "fr-dark"])
def test_a_coordinators_pages(phone: OpenPhone, language: str, dark: bool) -> None:
    page = phone(language, dark=dark, who="Open Door" if language == "en" else "Thé à la Menthe")
    page.goto("/desk")
    case = str(page.locator("main .case a.btn").first.get_attribute("href"))
    assert sweep(page, DESK, case=case) == []
    page.goto(case)
    if page.locator("main form[action$='/open']").count():
        with page.expect_navigation():
            page.locator("main form[action$='/open'] button").click()
    assert sweep(page, ("{case}",), case=case) == []
    page.goto("/desk?kind=translation")
    waits = str(page.locator("main .case a.btn").first.get_attribute("href"))
    page.goto(waits)
    if page.locator("main form[action$='/open']").count():
        with page.expect_navigation():
            page.locator("main form[action$='/open'] button").click()
    assert sweep(page, ("{case}", "{case}/translate", "{case}/translate?language=fr"), case=waits) == []
    page.goto(waits)
    with page.expect_navigation():  # for whoever comes next
        page.locator("main details", has=page.locator(f"form[action='{waits}/break']")).locator("summary").click()
        page.locator(f"main form[action='{waits}/break'] button").click()
