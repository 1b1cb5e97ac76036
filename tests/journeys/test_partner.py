"""A partner's own page on a phone without scripts: one tap, a spreadsheet with mistakes, a key, an address to be told."""

from typing import Any

import pytest

from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.test_appeal import TOO_WIDE
from tests.journeys.walking import tap, words_of
from tests.partners.test_sheets import ROWS, packed

pytestmark = pytest.mark.journey
HEADINGS = "Your reference,Name,Town,Number to call"


def _send(page: Any, name: str, data: bytes) -> str:
    page.goto("/partner/sheet")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})
    tap(page, "Send")
    assert not page.evaluate(TOO_WIDE), name
    return str(page.locator("body").inner_text())  # what was done is said above the main part


def test_a_partner_keeps_its_listings_without_a_script(phone: OpenPhone, house: House) -> None:
    page = phone(scripts=False, who="Fil Bleu")

    def there() -> list[str]:
        return [
            str(key) for (key,) in house.sql("SELECT foreign_id FROM partner_record WHERE kind = 'service' ORDER BY foreign_id")
        ]

    before = there()
    page.goto("/partner")
    assert not page.evaluate(TOO_WIDE)
    name = page.locator("main .case h3").first.inner_text()
    with page.expect_navigation():  # one tap
        page.locator("main .case form[action$='/confirm'] button").first.click()
    assert "Nothing here" in words_of(page)
    page.goto("/partner?view=fresh")
    assert name in words_of(page)

    wrong = f"{HEADINGS}\nr1,Sewing room,Dakar,33 800 00 01\nr2,,Dakar,\nr3,=HYPERLINK(1),Dakar,\n".encode()
    said = _send(page, "mine.csv", wrong)
    assert "Nothing of it was taken in" in said
    assert "Row 3 · Name" in said
    assert "Row 4 · Name" in said
    assert there() == before
    assert "New: 1" in _send(page, "mine.csv", f"{HEADINGS}\nr1,Sewing room,Dakar,33 800 00 01\n".encode())
    assert "New: 1" in _send(page, "mine.xlsx", packed(ROWS, ("Your reference", "Name", "Job centre")))
    assert there() == sorted([*before, "7", "r1"])
    page.goto("/partner?view=waiting")
    assert "Sewing room" in words_of(page)

    page.goto("/partner/keys")
    page.locator("main details summary").last.click()
    page.locator("#f-label").fill("Our program")
    with page.expect_navigation():
        page.locator("main form[action='/partner/keys'] button.btn").click()
    key = page.locator("main code").first.inner_text().strip()
    status, _headers, body = house.fetch("/api/partner/v1/services", Authorization=f"Bearer {key}")
    assert status == 200
    assert b"Sewing room" in body
    page.goto("/partner/keys")
    assert key not in words_of(page)

    page.goto("/partner/hooks")
    page.locator("#f-address").fill("https://maison.example/hearth")
    tap(page, "Keep")
    assert "We cannot show it again" in words_of(page)
    with page.expect_navigation():
        page.locator("main form[action$='/try'] button").click()
    assert not page.evaluate(TOO_WIDE)
    assert house.sql("SELECT event FROM partner_delivery")[-1] == ("trial",)
    page.goto("/partner/agreement")
    assert "To be looked at again on" in words_of(page)
