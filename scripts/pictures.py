"""Take the pictures in docs/pictures from the demo: ``.venv/bin/python scripts/pictures.py``."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tests.services.chromium import LAUNCH_ARGS, chromium_path  # noqa: E402

TARGET = ROOT / "docs" / "pictures"
SIZE = {"width": 360, "height": 780}
# name, path ("{story}" and "{service}" are the first ones found), language, who, options
GUEST = [
    ("home", "/", "en"), ("home_fr", "/", "fr"), ("home_ar", "/", "ar"), ("home_dark", "/", "en"), ("look", "/look", "en"),
    ("stories", "/stories", "en"), ("stories_ar", "/stories", "ar"), ("story", "{story}", "en"), ("story_fr", "{story}", "fr"),
    ("story_dark", "{story}", "en"), ("help", "/help", "en"), ("help_ar", "/help", "ar"), ("services", "/help?need=health", "en"),
    ("services_fr", "/help?q=logement", "fr"), ("service", "{service}", "en"), ("service_ar", "{service}", "ar"),
    ("flag", "{flag}", "en"), ("back", "/back", "en"), ("join", "/join", "en"), ("join_ar", "/join", "ar"),
    ("enter", "/enter", "en"), ("leave", "/leave", "en"), ("language", "/language", "en"), ("safe", "/safe", "en"),
    ("about", "/about", "en"), ("rules", "/rules", "fr"), ("privacy", "/privacy", "en"), ("groups", "/groups", "en"),
    ("numbers", "/numbers", "en"), ("numbers_ar", "/numbers", "ar"), ("numbers_dark", "/numbers", "en"),
    ("groups_ar", "/groups", "ar"), ("group_about", "{group}", "en"),
    ("ask", "/ask", "en"), ("ask_ar", "/ask", "ar"), ("money", "/money", "en"), ("call", "{call}", "en"),
    ("deciding", "/numbers/deciding", "en"), ("service_history", "{service}/history", "en"),
    ("saved", "/saved", "en"), ("not_here", "/nothing", "en"),
]  # fmt: skip
MEMBER = [
    ("me", "/me"), ("me_name", "/me/name"), ("me_phone", "/me/phone"), ("me_key", "/me/key"), ("me_codes", "/me/codes"),
    ("me_sessions", "/me/sessions"), ("me_second_step", "/me/second-step"), ("me_data", "/me/data"), ("me_pause", "/me/pause"),
    ("me_delete", "/me/delete"), ("me_question", "/me/question"),
    ("my_stories", "/my/stories"), ("my_answers", "/my/answers"), ("my_agreements", "/my/agreements"),
    ("tell_why", "/my/stories/new"), ("tell_write", "{mine}/write"), ("tell_voice", "{mine}/voice"),
    ("tell_pictures", "{mine}/pictures"), ("tell_services", "{mine}/services?q=law"), ("tell_look", "{mine}/look"),
    ("tell_who", "{mine}/who"), ("tell_agree", "{mine}/agree"), ("tell_preview", "{mine}/preview"), ("tell_send", "{mine}/send"),
    ("my_story", "{mine}"), ("my_translations", "/my/translations"), ("translate", "{story}/translate"),
    ("translate_words", "{story}/translate?language=fr"),
    ("mentoring", "/my/mentoring"), ("mentoring_ask", "/my/mentoring/ask/needs"), ("mentoring_check", "/my/mentoring/ask/check"),
    ("mentoring_when", "/my/mentoring/offer/when"),
    ("my_groups", "/groups"), ("group", "{mine_group}"), ("group_topic", "{topic}"), ("group_new_topic", "{mine_group}/new"),
    ("group_me", "{mine_group}/me"), ("group_join", "{group}/join"), ("group_start", "/groups/new"),
    ("group_new", "/groups/new?template=tea"), ("group_code", "/g/code"),
    ("board", "{mine_group}/board"), ("meetings", "{mine_group}/meetings"), ("voice", "{topic}/voice"),
    ("group_questions", "{mine_group}/questions"), ("calendar", "/me/calendar"), ("lessons", "/my/mentoring/lessons"),
    ("messages", "/my/between"), ("circles", "/my/mentoring/circles"), ("group_passport", "{mine_group}/passport"),
    ("group_elections", "{mine_group}/elections"),
]  # fmt: skip
MENTORED = [
    ("mentoring_talk", ""),
    ("mentoring_goals", "/goals"),
    ("mentoring_meetings", "/meetings"),
    ("mentoring_reviews", "/reviews"),
]
WORK = {
    "coordinator": [
        ("desk", "/desk"),
        ("people", "/desk/people"),
        ("listings", "/desk/listings"),
        ("vouch", "/me/vouch"),
        ("desk_numbers", "/desk/numbers"),
        ("desk_mentoring", "/desk/mentoring"),
        ("desk_supervision", "/desk/supervision"),
        ("desk_questions", "/desk/questions"),
        ("desk_money", "/desk/money"),
        ("desk_accounts", "/desk/accounts"),
        ("desk_pause", "/desk/pause"),
        ("desk_care", "/desk/care"),
        ("desk_balance", "/desk/balance"),
    ],
    "organiser": [("group_care", "{care}"), ("group_kind", "{care}/kind"), ("group_words", "{care}/words")],
    "operator": [("audit", "/desk/audit"), ("ops", "/ops")],
}
WORDS = "My cousin Fatima Haddad met me at the station in Irbid. Call her at +962 79 123 4567 if you come."
OVERVIEW = ("home", "home_ar", "stories", "story", "services", "service", "desk", "home_dark")


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def context(browser: Browser, language: str = "en", dark: bool = False) -> BrowserContext:
    """Return a phone's browser."""
    scheme: Any = "dark" if dark else "light"
    return browser.new_context(viewport=SIZE, locale=language, color_scheme=scheme)  # type: ignore[arg-type]


def shoot(page: Page, base: str, name: str, path: str) -> None:
    """Open a page and keep what the first screen shows."""
    answer = page.goto(base + path)
    page.screenshot(path=str(TARGET / f"{name}.png"))
    print(f"{answer.status if answer else '?'} {name} {path}")


def first(page: Page, base: str, listing: str, start: str) -> str:
    """Return the address of the first card of a list."""
    page.goto(base + listing)
    links = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
    return next(str(link) for link in links if link.startswith(start) and "?" not in link)


def enter(page: Page, base: str, key: str) -> None:
    """Come in with a key."""
    page.goto(base + "/enter")
    page.locator("main form input:not([type=hidden]), main form textarea").first.fill(key)
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def take(browser: Browser, base: str, accounts: dict[str, str]) -> None:
    """Take every picture."""
    with context(browser) as looking:
        page = looking.new_page()
        found = {"story": first(page, base, "/stories", "/stories/"), "service": first(page, base, "/help?need=health", "/help/")}
        found["group"] = first(page, base, "/groups?q=atelier", "/g/")
        found["call"] = first(page, base, "/money", "/money/")
        found["flag"] = found["service"].replace("/help/", "/flag/service/")
    for name, path, language in GUEST:
        with context(browser, language, dark=name.endswith("_dark")) as guest:
            shoot(guest.new_page(), base, name, path.format(**found))
    with context(browser) as joining:
        join(joining.new_page(), base)
    with context(browser) as signed_in:
        page = signed_in.new_page()
        enter(page, base, accounts["member"])
        mine, talk = begin_a_story(page, base), {"mine_group": first(page, base, "/groups?q=thursday", "/g/")}
        talk["topic"] = first(page, base, talk["mine_group"], talk["mine_group"] + "/t/")
        for name, path in MEMBER:
            shoot(page, base, name, path.format(mine=mine, **found, **talk))
        page.goto(base + "/me/name")
        page.locator("#f-name").fill("Coordinator")
        page.locator("main form button.btn").click()
        keep(page, "name_refused")
    with context(browser) as mentored:
        page = mentored.new_page()
        enter(page, base, accounts["newcomer"])
        pair = first(page, base, "/my/mentoring", "/my/mentoring/with/")
        for name, path in MENTORED:
            shoot(page, base, name, pair + path)
    for who, pages in WORK.items():
        with context(browser) as at_work:
            page = at_work.new_page()
            enter(page, base, accounts[who])
            care = first(page, base, "/groups", "/g/") + "/care"
            for name, path in pages:
                shoot(page, base, name, path.format(care=care))
            if who == "coordinator":
                page.goto(base + "/desk")
                page.locator("main article a, main article button").first.click()
                keep(page, "case")


def keep(page: Page, name: str) -> None:
    """Keep what the screen shows once it is there."""
    page.wait_for_load_state()
    page.screenshot(path=str(TARGET / f"{name}.png"))
    print(f"    {name}")


def join(page: Page, base: str) -> None:
    """Walk through the three screens of joining, up to the last."""
    page.goto(base + "/join")
    page.locator("input[name=adult][value=yes]").check()
    page.locator("#f-name").fill("Slow Lantern")
    page.locator("main form button.btn").first.click()
    keep(page, "join_key")
    shoot(page, base, "join_card", "/join/card")
    shoot(page, base, "join_phone", "/join/phone")


def begin_a_story(page: Page, base: str) -> str:
    """Begin a story with words that the look-over has something to say about; return its address."""
    page.goto(base + "/my/stories/new")
    page.locator("main form[action='/my/stories'] button").click()
    page.wait_for_url("**/write")
    page.locator("#f-title").fill("The station")
    page.locator("#f-body").fill(WORDS)
    page.locator("main form[action$='/write'] button.btn").click()
    page.wait_for_url("**/look")
    return "/my/stories/" + page.url.split("/")[-2]


def overview() -> None:
    """Put eight screens side by side."""
    width, height, gap = SIZE["width"] // 2, SIZE["height"] // 2, 12
    sheet = Image.new("RGB", (4 * (width + gap) + gap, 2 * (height + gap) + gap), "#D2CCC4")
    for number, name in enumerate(OVERVIEW):
        with Image.open(TARGET / f"{name}.png") as screen:
            small = screen.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
            sheet.paste(small, (gap + number % 4 * (width + gap), gap + number // 4 * (height + gap)))
    sheet.save(TARGET / "overview.png", optimize=True)


def shrink() -> None:
    """Keep the repository small: 128 colours are enough for screens."""
    for path in TARGET.glob("*.png"):
        with Image.open(path) as picture:
            picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    """Start the demo, take the pictures, end it."""
    import json

    TARGET.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "app", "demo", "--data", folder, "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
        try:
            base = f"http://127.0.0.1:{port}"
            wait(base)
            accounts = {a["role"]: a["key"] for a in reversed(json.loads((Path(folder) / "demo.json").read_text())["accounts"])}
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=chromium_path(), args=list(LAUNCH_ARGS))
                take(browser, base, accounts)
                browser.close()
        finally:
            server.terminate()
            server.wait(20)
    overview()
    shrink()


def wait(base: str) -> None:
    """Wait until the demo answers (a minute and a half at most)."""
    for _attempt in range(180):
        try:
            urllib.request.urlopen(base + "/healthz", timeout=2)  # noqa: S310 - loopback
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The demo did not start.")


if __name__ == "__main__":
    main()
