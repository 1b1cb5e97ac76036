"""Join in three screens, come back, codes, the phone that others use, and the way back through two organisers."""

import re
import time
from typing import Any

import pytest

from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.walking import come_in, follow, forgotten, path_of, tap, words_of

pytestmark = pytest.mark.journey
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
WORDS = iter("Apricot Bramble Clover Dandelion Elder Fennel Ginger Hazel Iris Juniper Kelp Lichen Mallow Nettle Oregano".split())


def take_name(page: Any, name: str, adult: str = "yes") -> None:
    """Fill in the first screen; a warning is read and the name kept."""
    page.goto("/join")
    page.locator("#f-name").fill(name)
    page.locator(f"input[name=adult][value={adult}]").check()
    with page.expect_navigation():
        page.locator("main form button.btn").click()


def join(page: Any, kind: str = "words", mode: str = "shared") -> tuple[str, str]:
    """Walk through the three screens and return the name and the key."""
    name = f"Slow {next(WORDS)}"
    take_name(page, name)
    page.wait_for_url("**/join/key")
    if kind == "digits":
        page.locator("button[name=do][value=digits]").click()
        page.locator("button[name=do][value=words]").wait_for()
    key = " ".join(page.locator("ol.key li").all_inner_texts())
    page.locator("button[name=do][value=kept]").click()
    page.wait_for_url("**/join/phone")
    page.locator(f"input[name=mode][value={mode}]").check()
    page.locator("main form button.btn").click()
    page.wait_for_url(re.compile(r"//[^/]+/$"))
    return name, key


def session(page: Any) -> dict[str, Any]:
    """Return the cookie of the session."""
    return next(cookie for cookie in page.context.cookies() if cookie["name"] == "hearth")


def leave(page: Any) -> None:
    """Press Leave."""
    page.locator("header form[action='/leave'] button").click()
    page.wait_for_url("http://neutral.test/")


@pytest.mark.parametrize(
    ("language", "scripts", "kind", "mode", "dark"),
    [("en", True, "words", "shared", True), ("fr", False, "digits", "only_me", False), ("ar", True, "words", "only_me", False),
     ("en", False, "digits", "shared", False)],
)  # fmt: skip
def test_three_screens_and_back_with_the_key(
    phone: OpenPhone, house: House, language: str, scripts: bool, kind: str, mode: str, dark: bool
) -> None:
    page = phone(language, scripts, dark)
    name, key = join(page, kind, mode)
    assert len(key.split()) == (6 if kind == "words" else 4)
    assert house.sql("SELECT language FROM member WHERE name = ?", name) == [(language,)]
    days = (session(page)["expires"] - time.time()) / 86_400
    assert (days < 0) if mode == "shared" else (29 < days < 31)
    assert session(page)["httpOnly"]
    leave(page)
    assert forgotten(page)
    come_in(page, "1234 5678 1234 5678" if kind == "digits" else "lamp river stone")
    assert page.locator("#f-key").input_value() == ("1234 5678 1234 5678" if kind == "digits" else "lamp river stone")
    assert page.locator("#e-key").is_visible()
    typed = key.replace(" ", "-").translate(ARABIC_DIGITS) if kind == "digits" else key.upper().replace(" ", ", ")
    come_in(page, typed)
    page.goto("/me")
    assert name in words_of(page)


def test_the_card_says_nothing_about_us(phone: OpenPhone) -> None:
    page = phone()
    take_name(page, f"Slow {next(WORDS)}")
    words = page.locator("ol.key li").all_inner_texts()
    follow(page, "Print a card")
    assert page.title() == "…"
    assert page.locator("ol.key li").all_inner_texts() == words
    shown = page.locator("body").inner_text()
    assert "Doorstep" not in shown
    assert "Hearth" not in shown
    assert page.locator("link[rel=icon]").count() == 0
    assert page.get_by_role("button", name="Print").is_visible()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_under_18_is_a_friendly_page_and_nothing_is_kept(phone: OpenPhone, language: str) -> None:
    page = phone(language, scripts=False)
    take_name(page, "Small Comet", adult="no")
    assert path_of(page) == "join/young"
    assert page.locator("main .btn[href='/help']").is_visible()
    assert [cookie["name"] for cookie in page.context.cookies() if cookie["name"] == "hearth"] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_look_alike_is_refused_and_stays_typed(phone: OpenPhone, scripts: bool) -> None:
    page = phone(scripts=scripts)
    take_name(page, "Quiet Rivеr")  # with a Cyrillic letter
    assert path_of(page) == "join"
    assert page.title().startswith("Error:")
    assert page.locator("#f-name").input_value() == "Quiet Rivеr"
    assert page.locator("input[name=adult][value=yes]").is_checked()
    assert page.locator("#e-name").is_visible()
    if scripts:
        assert page.evaluate("document.activeElement.className") == "err"


def test_a_number_as_a_name_is_not_taken_silently(phone: OpenPhone) -> None:
    page = phone(scripts=False)
    take_name(page, "Awa 77 123 45 67")
    assert path_of(page) == "join"
    assert page.locator("#f-name").input_value() == "Awa 77 123 45 67"


def test_a_one_time_code_opens_once(phone: OpenPhone) -> None:
    page = phone(scripts=False)
    name, _key = join(page)
    page.goto("/me/codes")
    tap(page, "Show me eight codes")
    codes = page.locator("ol.codes li").all_inner_texts()
    assert len(set(codes)) == 8
    leave(page)
    come_in(page, codes[0])
    page.goto("/me")
    assert name in words_of(page)
    leave(page)
    come_in(page, codes[0])
    assert page.locator("#e-key").is_visible()
    page.goto("/me")
    assert name not in words_of(page)


def test_two_organisers_bring_somebody_back_after_48_hours(phone: OpenPhone, house: House) -> None:
    page = phone("fr", scripts=False)
    name, old = join(page)
    leave(page)
    page.goto("/enter/back")
    page.locator("#f-name").fill(name)
    page.locator("main form button.btn").click()
    page.locator("ol.key").wait_for()
    number = " ".join(page.locator("ol.key li").all_inner_texts())
    for organiser in ("Lantern", "Baobab du Soir"):
        assert waiting(page, number)
        other = phone(who=organiser, scripts=False)
        other.goto("/me/vouch")
        other.locator("#f-receipt").fill(number)
        other.locator("#f-name").fill(name)
        other.locator("#f-sure").check()
        with other.expect_navigation():
            other.locator("main form button.btn").click()
        assert other.locator(".err").count() == 0
    assert waiting(page, number)
    house.sql("UPDATE way_back SET ready_at = datetime(ready_at, '-49 hours') WHERE ready_at IS NOT NULL")
    assert not waiting(page, number)
    key = " ".join(page.locator("ol.key li").all_inner_texts())
    assert len(key.split()) == 6
    with page.expect_navigation():
        page.locator("main form[action='/enter/back/key'] button.btn").click()
    page.goto("/me")
    assert name in words_of(page)
    leave(page)
    come_in(page, old)
    assert page.locator("#e-key").is_visible()
    come_in(page, key)
    page.goto("/me")
    assert name in words_of(page)


def waiting(page: Any, number: str) -> bool:
    """Look up the number; tell whether there is still something to wait for."""
    page.goto("/enter/back/number")
    page.locator("#f-receipt").fill(number)
    with page.expect_navigation():
        page.locator("main form button.btn").click()
    return bool(page.locator("ol.key").count() == 0)
