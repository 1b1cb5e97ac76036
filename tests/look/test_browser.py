"""The sample pages in a real browser: targets, overflow, focus, contrast by axe, and what the small scripts do."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.look.conftest import OpenPage
from tests.look.preview import PAGES

pytestmark = pytest.mark.journey

ARABIC = ["ar/home", "ar/services", "ar/name"]
# Links in running text are exempt (WCAG 2.5.8); a link that covers its card is measured as the card.
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary, label.opt')]
  .filter((e) => e.checkVisibility() && !e.closest('.skip') && !e.closest('label.opt input') && !e.matches('label.opt input'))
  .map((e) => {
    const card = e.closest('.card h2, .card h3') && e.tagName === 'A' && e.closest('.card');
    const box = (card || e).getBoundingClientRect();
    return [e.outerHTML.slice(0, 90), Math.round(box.width), Math.round(box.height)];
  })
  .filter(([, w, h]) => w < 47.5 || h < 47.5)"""


def faults(page: Any) -> list[Any]:
    """Return what axe finds."""
    return [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("path", [*PAGES, *ARABIC])
def test_a_page_can_be_tapped_read_and_narrowed(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    assert page.evaluate(SMALL_TARGETS) == []
    assert faults(page) == []
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate("getComputedStyle(document.querySelector('.tabs') || document.body).position") == "static"
    page.add_style_tag(content="html{font-size:200%}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", ["home", "name", "components/living", "ar/services"])
def test_axe_finds_nothing_in_the_dark(open_page: OpenPage, path: str) -> None:
    assert faults(open_page(path, dark=True)) == []


def test_the_bar_never_covers_what_has_the_focus(open_page: OpenPage) -> None:
    page = open_page("components/living", height=600)
    covered = page.evaluate("""async () => {
      const bar = document.querySelector('.tabs');
      const bad = [];
      for (const e of document.querySelectorAll('main a, main button, main input:not([type=hidden]), main textarea')) {
        if (!e.checkVisibility()) continue;
        e.focus();
        const box = e.getBoundingClientRect();
        if (box.top >= bar.getBoundingClientRect().top) bad.push(e.outerHTML.slice(0, 80));
      }
      return bad;
    }""")
    assert covered == []


def test_focus_can_be_seen(open_page: OpenPage) -> None:
    page = open_page("home")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    style = page.evaluate("(s => [s.outlineStyle, s.outlineWidth])(getComputedStyle(document.activeElement))")
    assert style == ["solid", "3px"]


def test_the_page_is_mirrored_in_arabic(open_page: OpenPage) -> None:
    starts = "['.brand', '.art'].map((what) => document.querySelector(what).getBoundingClientRect().x)"
    left, right = [open_page(path).evaluate(starts) for path in ("home", "ar/home")]
    assert left[0] < 180 < left[1]
    assert right[1] < 180 < right[0]


def test_arabic_lines_have_more_room(open_page: OpenPage) -> None:
    size = (
        """(s => [s.fontSize, (parseFloat(s.lineHeight) / parseFloat(s.fontSize)).toFixed(2)])(getComputedStyle(document.body))"""
    )
    assert open_page("home").evaluate(size) == ["17px", "1.55"]
    assert open_page("ar/home").evaluate(size) == ["18px", "1.80"]


def test_a_table_becomes_cards_and_stays_a_table_for_screen_readers(open_page: OpenPage) -> None:
    narrow, wide = [open_page("queue", width=width) for width in (360, 1000)]
    assert narrow.evaluate("getComputedStyle(document.querySelector('.fold tr:last-child')).display") == "block"
    assert wide.evaluate("getComputedStyle(document.querySelector('.fold tr:last-child')).display") == "table-row"
    assert narrow.get_by_role("cell", name="Dakar").count() == 1


def test_pages_stay_small_and_do_not_shift(open_page: OpenPage) -> None:
    page = open_page("services")
    assert page.evaluate("document.querySelectorAll('*').length") <= 300
    shift = """new Promise((done) => {
      let sum = 0;
      const seen = (list) => { for (const e of list.getEntries()) sum += e.value; };
      new PerformanceObserver(seen).observe({ type: 'layout-shift', buffered: true });
      requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
    })"""
    assert page.evaluate(shift) == 0


def test_works_without_scripts(open_page: OpenPage) -> None:
    page = open_page("story", java_script_enabled=False)
    assert page.locator("audio").is_visible()
    assert page.locator("[data-keep]").is_hidden()
    assert page.locator(".go").is_hidden()


def test_the_printed_card_is_a5(open_page: OpenPage) -> None:
    page = open_page("card")
    page.emulate_media(media="print")
    assert page.locator("[data-print]").is_hidden()
    pdf = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 420" in pdf or b"/MediaBox [0 0 419" in pdf


def posts(page: Any, path: str, status: int = 200) -> list[str]:
    """Answer POSTs to a path and return the list that their bodies go to."""
    bodies: list[str] = []

    def fulfil(route: Any) -> None:
        if route.request.method == "POST":
            bodies.append(route.request.post_data or "")
            route.fulfill(status=status, body="")
        else:
            route.fallback()

    page.route(f"**{path}", fulfil)
    return bodies


@pytest.mark.parametrize(
    ("status", "words"), [(200, "Kept. You can go on later."), (500, "Not kept yet: no network. Keep this page open.")]
)
def test_a_draft_is_kept_two_seconds_after_the_last_word(open_page: OpenPage, status: int, words: str) -> None:
    page = open_page("home")
    page.clock.install(time=0)
    page.goto("http://localhost/components/living")
    page.clock.pause_at(60_000)
    bodies = posts(page, "/my/stories/a/draft", status)
    page.get_by_label("What was hard").fill("The rent.")
    page.clock.run_for(1900)
    page.get_by_label("What was hard").fill("The rent & the bus.")
    page.clock.run_for(1900)
    assert bodies == []
    page.clock.run_for(200)
    page.locator("[data-autosave-status]").get_by_text(words).wait_for()
    assert len(bodies) == 1
    assert "text=The+rent+%26+the+bus." in bodies[0]
    assert "csrf=token" in bodies[0]


def test_two_taps_send_once(open_page: OpenPage) -> None:
    page = open_page("name")
    bodies = posts(page, "/join", 204)
    page.get_by_role("button", name="Continue").dblclick()
    page.wait_for_function("document.querySelector('main form').dataset.sent === '1'")
    assert len(bodies) == 1


def test_leave_blanks_at_once_ends_the_session_and_replaces_the_page(open_page: OpenPage) -> None:
    page = open_page("home")
    page.goto("http://localhost/story")
    bodies = posts(page, "/leave", 303)
    page.evaluate("document.querySelector('[data-leave]').dataset.leave = 'http://neutral.test/'")
    before = page.evaluate("history.length")
    page.route("http://neutral.test/", lambda route: route.fulfill(content_type="text/html", body="<title>Weather</title>"))
    page.get_by_role("button", name="Leave").click()
    page.wait_for_url("http://neutral.test/")
    assert page.evaluate("history.length") == before
    assert bodies == ["csrf=token"]


def test_leave_without_a_neutral_address_posts_the_form(open_page: OpenPage) -> None:
    page = open_page("story")
    bodies = posts(page, "/leave", 200)
    page.get_by_role("button", name="Leave").click()
    page.wait_for_url("**/leave")
    assert bodies == ["csrf=token"]


def test_the_big_button_takes_the_place_of_the_player(open_page: OpenPage) -> None:
    page = open_page("story")
    assert page.locator("audio").is_hidden()
    assert page.get_by_role("button", name="Listen: The first month I only slept, 2:10, 210 kB").is_visible()


def test_the_error_summary_has_the_focus(open_page: OpenPage) -> None:
    assert open_page("name").evaluate("document.activeElement.className") == "err"


def test_a_recording_lands_in_the_file_field(open_page: OpenPage) -> None:
    page = open_page("components/living", permissions=["microphone"])
    page.get_by_role("button", name="Start to record").click()
    page.locator("[data-recorder] [role=status]").filter(has_text="Recording: 0:").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Record again").wait_for()
    file = "document.querySelector('[data-recorder] input').files[0]"
    name, kind, size = page.evaluate(f"(f => [f.name, f.type, f.size])({file})")
    assert (name, kind) == ("voice.webm", "audio/webm")
    assert size > 0
    assert page.locator("[data-recorder] [role=status]").inner_text().startswith("Ready: 0:0")


def test_without_a_microphone_a_recording_can_still_be_chosen(open_page: OpenPage) -> None:
    page = open_page("components/living", permissions=[])
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Start to record").click()
    page.get_by_text("The phone does not allow the microphone here.").wait_for()
    assert page.locator("[data-recorder] input").is_enabled()
