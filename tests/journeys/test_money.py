"""Money that the network decides: a draft is sent, one scores, another takes no part, a decision is read, an appeal answered."""

from typing import Any

import pytest

from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.walking import come_in, follow, path_of, tap, words_of

pytestmark = pytest.mark.journey


def _fits(page: Any) -> None:
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_from_a_draft_to_an_appeal(phone: OpenPhone, house: House) -> None:
    guest = phone(scripts=False)
    guest.goto("/money?view=over")
    follow(guest, "Une table pour tout le quartier")
    assert "1,400 EUR" in words_of(guest)
    assert "3 people decided, at least one woman and one man among them." in words_of(guest)
    _fits(guest)
    decided = path_of(guest)
    guest.goto("/money?view=over")
    follow(guest, "Seeds and boxes")
    seeds = path_of(guest).split("/")[1]
    asks = phone(scripts=False)
    come_in(asks, house.key("Baobab du Soir"))
    asks.goto("/money")
    follow(asks, "Small help for first meetings")
    asks.locator("main a.btn").first.click()
    asks.locator("main .card a").first.click()
    for number in range(2, 7):
        asks.locator(f"#f-q{number}").fill(f"Réponse {number}")
    asks.locator("#f-wants").fill("120,50")
    _fits(asks)
    with asks.expect_navigation():
        asks.locator("main button[value=send]").click()
    assert asks.locator("#f-q2").input_value() == "Réponse 2"
    assert asks.locator("main .badge.fresh").count() == 1
    reads = phone(scripts=False)
    come_in(reads, house.key("New Leaf"))
    reads.goto(f"/panel/{seeds}")
    follow(reads, "A kitchen by night")
    for choice in reads.locator("select[name=points]").all():
        choice.select_option("7")
    reads.locator("#f-reason").fill("It feeds people every week.")
    _fits(reads)
    tap(reads, "Keep my score")
    assert "Scored by you" in words_of(reads)
    tied = phone(scripts=False)
    come_in(tied, house.key("Quiet River"))
    tied.goto(f"/panel/{seeds}")
    assert "You take no part in this call." in words_of(tied)
    assert "A kitchen by night" not in words_of(tied)
    desk = phone(scripts=False)
    come_in(desk, house.key("Open Door"))
    desk.goto(f"/desk/money/{decided.split('/')[1]}/panel")
    follow(desk, "An appeal waits")
    desk.locator("input[name=do][value=change]").check()
    desk.locator("#f-amount").fill("500")
    desk.locator("#f-reason").fill("They had written it.")
    _fits(desk)
    tap(desk, "Send")
    guest.goto(f"/{decided}")
    assert "They had written it." in words_of(guest)
