"""Mentoring on the smallest phone without scripts: an offer, a pair from proposal to goodbye, and the wrong person."""

import re
from datetime import timedelta
from typing import Any

import pytest

from app.core.clock import now
from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.walking import follow, path_of, tap, words_of

pytestmark = pytest.mark.journey


def _choose(page: Any, name: str, value: str) -> None:
    page.locator(f"main input[name={name}][value='{value}']").check()


def test_an_offer_becomes_a_mentor(phone: OpenPhone, house: House) -> None:
    amber = phone(scripts=False, who="Amber")
    amber.goto("/my/mentoring")
    follow(amber, "Offer to be a mentor")
    amber.locator("#f-business").select_option("3")
    tap(amber, "Continue")
    amber.locator("#f-language1").select_option("en")
    tap(amber, "Continue")
    amber.locator("main input[name=slots]").first.check()
    _choose(amber, "first", "chat")
    tap(amber, "Continue")
    amber.locator("#f-capacity").select_option("1")
    tap(amber, "Continue")
    amber.locator("#f-why").fill("I opened a shop after I came back, and nobody told me about the tax.")
    tap(amber, "Continue")  # the rules are not agreed to: said at once, and nothing typed is lost
    assert "shop after I came back" in amber.locator("#f-why").input_value()
    amber.locator("#f-agreed").check()
    tap(amber, "Continue")
    tap(amber, "Send my offer")
    for _word in range(2):
        amber.goto("/my/mentoring")
        tap(amber, "Make a link")
        knows = phone(scripts=False)
        knows.goto(amber.locator("main .said").inner_text().strip())
        assert "Amber" not in knows.content()
        knows.locator("main input[name=known]").first.check()
        _choose(knows, "trust", "yes")
        tap(knows, "Send")
    second = phone(scripts=False, who="Thé à la Menthe")
    second.goto("/desk/mentoring")
    follow(second, "Amber")
    for _word in range(2):  # whoever decides later makes sure of none
        with second.expect_navigation():
            second.locator("main button[name=do][value=confirm]").first.click()
    desk = phone(scripts=False, who="Open Door")
    desk.goto("/desk/mentoring")
    follow(desk, "Amber")
    _choose(desk, "outcome", "accept")
    desk.locator("#f-panel").fill("3")
    desk.locator("#f-both").check()
    desk.locator("#f-untied").check()
    desk.locator("#f-supervisor").select_option(label="Calm Harbour")
    desk.locator("#f-until").fill((now().date() + timedelta(days=200)).isoformat())
    desk.locator("#f-note").fill("You listen before you speak.")
    tap(desk, "Write the decision down")
    amber.goto("/my/answers")
    assert "You listen before you speak." in words_of(amber)
    amber.goto("/my/mentoring")
    assert "Before somebody is proposed to you, you go through the lessons." in words_of(amber)
    follow(amber, "What mentors learn")
    amber.locator("main ol.cards h2 a").first.click()
    amber.wait_for_url(re.compile(r"/lessons/"))
    for question in amber.locator("main fieldset").all():
        question.locator("input").first.check()
    tap(amber, "Look at my answers")
    assert re.search("All right|Not all of it yet", words_of(amber))


def test_from_a_proposal_to_a_goodbye(phone: OpenPhone, house: House) -> None:
    desk = phone(scripts=False, who="Open Door")
    desk.goto("/desk/mentoring")
    pair = desk.locator("main .cards > .card", has_text="Quiet River · Needle and Thread")
    with desk.expect_navigation():
        pair.get_by_role("button", name="Ask them").click()
    mentee, mentor = phone(scripts=False, who="Quiet River"), phone(scripts=False, who="Needle and Thread")
    mentor.goto("/my/mentoring")
    assert "Quiet River" not in words_of(mentor)  # before the mentee's yes, the mentor hears of nobody
    for page in (mentee, mentor):
        page.goto("/my/mentoring")
        tap(page, "Yes, I would like to")
    mentee.goto("/my/mentoring")
    follow(mentee, "Write to each other")
    talk = path_of(mentee)
    mentee.locator("#f-body").fill("Thank you for saying yes. I would like to sell what I sew.")
    tap(mentee, "Send")
    mentor.goto("/" + talk)
    assert "sell what I sew" in words_of(mentor)
    follow(mentor, "Our meetings")
    mentor.locator("#f-next").fill("Bring the green dress.")
    tap(mentor, "Keep it")
    mentee.goto(f"/{talk}/meetings")
    assert "Bring the green dress." in words_of(mentee)
    mentee.goto("/my/mentoring")
    assert "You go together until" in words_of(mentee)
    tap(mentee, "We are done: goodbye")
    mentee.goto("/my/mentoring")
    assert "You go together until" not in words_of(mentee)
    mentor.goto("/" + talk)
    assert "Quiet River" not in words_of(mentor)  # after the end, no name


def test_the_wrong_person_is_left_with_two_taps(phone: OpenPhone, house: House) -> None:
    page = phone(scripts=False, who="New Leaf")
    page.goto("/my/mentoring")
    assert "Needle and Thread" in words_of(page)
    page.locator("main summary", has_text="This is not the right one").click()
    tap(page, "End it")
    page.goto("/my/mentoring")
    assert "Needle and Thread" not in words_of(page)
    assert "Asked on" in words_of(page)  # the wish waits on since the same day
