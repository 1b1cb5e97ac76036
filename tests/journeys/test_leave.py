"""Leave in a hurry: from a browser that says nothing, after the session has ended, with two taps; with and without scripts."""

from typing import Any

import pytest

from app.core import crypto
from tests.journeys.conftest import OpenPhone
from tests.journeys.house import NEUTRAL, House
from tests.journeys.silent import silent_line
from tests.journeys.walking import forgotten

pytestmark = pytest.mark.journey
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


def leave(page: Any, taps: int = 1) -> None:
    """Tap Leave at the top of the page and wait for the neutral page."""
    page.locator("header form[action='/leave'] button").click(click_count=taps, no_wait_after=True)
    page.wait_for_url(NEUTRAL)
    assert page.title() == "Weather"


def ended(page: Any, house: House, token: str) -> bool:
    """Wait for the end of this session: with scripts the house is told of it behind the neutral page."""
    for _look in range(200):
        if not house.sql("SELECT 1 FROM sign_in WHERE token_hash = ?", crypto.token_hash(token)):
            return True
        page.wait_for_timeout(50)
    return False


@BOTH
def test_a_browser_that_says_nothing_leaves(phone: OpenPhone, house: House, scripts: bool) -> None:
    with silent_line(house.base) as base:
        guest = phone(scripts=scripts, allowed=("other host",))
        guest.goto(f"{base}/about")
        leave(guest)
        member = phone(scripts=scripts, who="Quiet River", allowed=("other host",))
        token = member.context.cookies()[0]["value"]
        member.goto(f"{base}/my/stories")
        leave(member)
        assert ended(member, house, token)


@BOTH
def test_leave_after_the_session_has_ended(phone: OpenPhone, house: House, scripts: bool) -> None:
    with silent_line(house.base) as base:
        page = phone(scripts=scripts, who="Quiet River", allowed=("other host",))
        page.goto(f"{base}/my/stories")
        house.sql("DELETE FROM sign_in")
        leave(page)
        assert forgotten(page)


@BOTH
def test_two_taps_on_leave(phone: OpenPhone, house: House, scripts: bool) -> None:
    page = phone(scripts=scripts, who="Quiet River")
    token = page.context.cookies()[0]["value"]
    page.goto("/my/stories")
    leave(page, taps=2)
    assert ended(page, house, token)
