"""Find help: a need and a place, the service, telling that something is wrong; searching as people type."""

import re
from typing import Any

import pytest

from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.walking import path_of, words_of

pytestmark = pytest.mark.journey
CARDS = "main .cards > .card"
TYPED = {"en": "Irbid", "fr": "irb", "ar": "اربد"}
OTHER = {"fr": "anglais", "ar": "الإنجليزية"}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_need_and_a_place_lead_to_a_service(phone: OpenPhone, language: str, scripts: bool) -> None:
    page = phone(language, scripts)
    page.goto("/")
    page.locator("nav.tabs a[href='/help']").click()
    page.wait_for_url("**/help")
    page.locator("main .tile[href='/help?need=food']").click()
    page.wait_for_url("**/help?need=food")
    page.locator("main a.pill[href^='/help/places']").click()
    page.wait_for_url("**/help/places*")
    page.locator("#f-named").fill(TYPED[language])
    page.locator("main form button:not([type=button])").click()
    page.wait_for_url("**named=*")
    page.locator("main .cards a.opt").first.click()
    page.wait_for_url("**area=*")
    if "/places" in page.url:
        page.locator("main a.btn").first.click()
        page.wait_for_url(re.compile(r"/help\?"))
    cards = page.locator(CARDS)
    assert 1 <= cards.count() <= 7
    assert page.locator(f"{CARDS} .badge").count() >= cards.count()
    page.locator(f"{CARDS} a").first.click()
    page.wait_for_url(re.compile(r"/help/[0-9a-z]+$"))
    assert page.locator("main h1").inner_text()
    assert page.locator("main a[href^='/flag/service/']").is_visible()
    assert page.locator("main h1 ~ .meta .badge").first.is_visible()


def test_a_place_is_found_by_its_arabic_name_as_people_type_it(phone: OpenPhone) -> None:
    page = phone("ar", scripts=False)
    page.goto("/help/places?named=عمان")  # without the doubling mark of عمّان
    assert "عمّان" in words_of(page)


def service_with(house: House, *marks: str) -> str:
    """Return the path of a service whose page has all of this."""
    rows = house.sql("""
        SELECT ref FROM service WHERE id IN (SELECT owner_id FROM schedule) OR id IN (SELECT owner_id FROM phone)
        OR id IN (SELECT service_id FROM service_at_location WHERE location_id IN (SELECT owner_id FROM phone)) ORDER BY ref
    """)
    for (ref,) in rows:
        body = house.fetch(f"/help/{ref}")[2].decode()
        if all(mark in body for mark in marks):
            return f"/help/{ref}"
    raise AssertionError(f"no service with {marks}")


def test_a_service_says_how_to_call_come_and_who_checked(phone: OpenPhone, house: House) -> None:
    page = phone(scripts=False)
    page.goto(service_with(house, "<h2>Hours</h2>"))
    assert page.locator("main dl dd bdi").count() + page.locator("main h2 + p").count() > 0
    page.goto(service_with(house, 'href="tel:', 'href="geo:', "Licence:"))  # of a list; what a partner says itself has none
    assert page.locator("main a.btn[href^='tel:']").first.is_visible()
    assert page.locator("main a[href^='geo:']").first.is_visible()
    assert page.locator("main svg[role=img]").count() == 1
    assert "The way" in page.locator("main h2").all_inner_texts()
    words = words_of(page)
    assert "What it costs" in words
    assert "Source:" in words
    assert "Licence:" in words
    assert "checked" in words.lower()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_something_is_wrong_and_the_receipt_leads_back(phone: OpenPhone, house: House, language: str, scripts: bool) -> None:
    page = phone(language, scripts)
    page.goto(service_with(house, 'href="tel:'))
    page.locator("main a[href^='/flag/service/']").click()
    page.wait_for_url("**/flag/service/*")
    page.locator("main form button.btn").click()  # without a reason: told, not lost
    page.locator("main .err").wait_for()
    page.locator("main input[value=closed]").check()
    page.locator("#f-note").fill("The door was shut for a month.")
    page.locator("main form button.btn").click()
    page.wait_for_url("**/flag/done*")
    groups = page.locator("ol.key li").all_inner_texts()
    assert re.fullmatch(r"(\d{4} ){3}\d{4}", " ".join(groups))
    page.goto("/back")
    page.locator("#f-number").fill("1111222233334444")
    page.locator("main form button.btn").click()
    page.locator("main .err").wait_for()
    assert page.locator("#f-number").input_value().replace(" ", "") == "1111222233334444"
    page.locator("#f-number").fill("-".join(groups))
    page.locator("main form button.btn").click()
    page.locator("main .btn.bad").wait_for()  # what was written can be deleted
    assert page.locator("main .err").count() == 0
    assert page.context.cookies() == [] or "hearth" not in [cookie["name"] for cookie in page.context.cookies()]


def found(page: Any, typed: str) -> list[str]:
    """Search and return the addresses of what was found."""
    page.goto("/help")
    page.locator("#f-q").fill(typed)
    page.locator("main form[role=search] button").click()
    page.wait_for_url("**q=*")
    return [card.get_attribute("href") for card in page.locator(f"{CARDS} a[href^='/help/']").all()]


def test_typing_mistakes_and_accents_do_not_matter(phone: OpenPhone) -> None:
    page = phone(scripts=False)
    right = found(page, "lawyer")
    assert right
    assert set(found(page, "lawer")) & set(right)
    french = phone("fr", scripts=False)
    with_accents = found(french, "santé")
    assert with_accents
    assert found(french, "sante") == with_accents


@pytest.mark.parametrize(("language", "typed"), [("fr", "logement"), ("ar", "سكن")])
def test_a_listing_in_another_language_is_found_and_said_to_be(phone: OpenPhone, language: str, typed: str) -> None:
    page = phone(language, scripts=False)
    assert found(page, typed)
    english = page.locator(f"{CARDS}:has(a[lang=en])")
    assert english.count() > 0
    assert OTHER[language] in english.first.inner_text()
    english.first.locator("a").click()
    page.wait_for_url(re.compile(r"/help/[0-9a-z]+$"))
    assert OTHER[language] in words_of(page)


def test_arabic_is_found_as_it_is_typed(phone: OpenPhone) -> None:
    page = phone("ar", scripts=False)
    plain = found(page, "مدرسه")  # taa marbuta typed as haa
    assert plain
    assert set(plain) & set(found(page, "مَدرسة"))


def test_nothing_found_says_what_to_do(phone: OpenPhone) -> None:
    page = phone(scripts=False)
    assert found(page, "xylophonequartz") == []
    assert page.get_by_role("link", name="See all needs").is_visible()
    assert path_of(page) == "help"


IRBID = {"latitude": 32.555432, "longitude": 35.854321}
TAPPED = """() => {
  window.asked = [];
  const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
  navigator.geolocation.getCurrentPosition = (...all) => { window.asked.push(1); real(...all); };
}"""
NEAR = {"en": "Near where I am", "ar": "قرب مكاني"}


@pytest.mark.parametrize("language", NEAR)
def test_near_where_i_am_is_asked_on_a_tap_and_leaves_no_trace(phone: OpenPhone, house: House, language: str) -> None:
    page = phone(language, dark=language == "ar", geolocation=IRBID, permissions=["geolocation"])
    page.add_init_script(f"({TAPPED})()")
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.goto("/help?need=food")
    page.locator("main a.pill[href^='/help/places']").click()
    page.wait_for_url("**/help/places*")
    address, entries = page.url, page.evaluate("history.length")
    assert page.evaluate("window.asked.length") == 0
    page.get_by_role("button", name=NEAR[language]).click()
    page.locator(f"{CARDS} bdi", has_text="km" if language == "en" else "كم").first.wait_for()
    assert page.evaluate("window.asked.length") == 1
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert (page.url, page.evaluate("history.length")) == (address, entries)
    assert sent[0].post_data.endswith("need=food&lat=32.56&lon=35.85")
    first = page.locator(f"{CARDS} h2").all_inner_texts()
    page.locator("main form.pager button[value='2']").click()
    page.locator("main form.pager button[value='1']").wait_for()
    assert not set(first) & set(page.locator(f"{CARDS} h2").all_inner_texts())
    assert (page.url, page.evaluate("history.length")) == (address, entries)
    assert len(sent) == 2
    page.goto("/help")
    page.go_back()  # from memory or from the network: the address is that of the list of places
    assert path_of(page) == "help/places"
    log = (house.folder / "demo.log").read_text(errors="replace")
    assert "POST /help/places 200" in log
    assert not re.search(r"l(at|on)=|(?<![:\d])(32[.]56?|35[.]85?)\b", log)  # not the seconds of a time: 07:04:35.8


def test_a_phone_that_does_not_tell_gets_a_sentence_and_the_list_serves(phone: OpenPhone) -> None:
    page = phone(permissions=[])
    page.goto("/help/places?need=health")
    page.get_by_role("button", name="Near where I am").click()
    page.get_by_text("Your phone does not tell us where it is. Choose a place from the list.").wait_for()
    page.evaluate("""() => {
      const late = { code: 3, PERMISSION_DENIED: 1, POSITION_UNAVAILABLE: 2, TIMEOUT: 3 };
      navigator.geolocation.getCurrentPosition = (_found, failed) => failed(late);
    }""")
    page.get_by_role("button", name="Near where I am").click()
    page.get_by_text("Your phone could not find out where it is.").wait_for()
    page.locator("main .cards a.opt").first.click()
    page.wait_for_url("**area=*")


def test_without_scripts_there_is_no_button_that_does_nothing(phone: OpenPhone) -> None:
    page = phone(scripts=False)
    page.goto("/help/places")
    assert page.get_by_role("button", name="Near where I am").count() == 0
    assert page.locator("main .cards a.opt").count() > 3
