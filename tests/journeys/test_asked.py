"""A group chooses in secret, and a teller is asked from abroad: without scripts, on a small phone, in Arabic too."""

import re
from typing import Any

import pytest

from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.walking import come_in, follow, path_of, tap, words_of

pytestmark = pytest.mark.journey
SHEEP = "Some sheep, and a lot of weather"


def _fits(page: Any) -> None:
    """Nothing is wider than the phone (scripts are off: the browser's own words for its size are asked outside the page)."""
    size = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")
    assert size["cssContentSize"]["width"] <= 360


def _story(house: House, title: str) -> str:
    [[ref]] = house.sql("SELECT s.ref FROM story s JOIN story_text t ON t.story_id = s.id WHERE t.title = ?", title)
    return str(ref)


def test_somebody_abroad_asks_a_teller_and_reads_the_answer(phone: OpenPhone, house: House) -> None:
    story = _story(house, SHEEP)
    guest = phone(language="ar", scripts=False)
    guest.goto(f"/stories/{story}")
    tap(guest, re.compile("Amber"), "link")
    assert path_of(guest) == "ask"
    assert guest.locator(f"input[value='story-{story}']").is_checked()
    _fits(guest)
    guest.locator("#f-words").fill("كم كان ثمن أول خروف؟")
    with guest.expect_navigation():
        guest.locator("main form[action='/ask'] button[type=submit]").click()
    number = "".join(guest.locator("main ol.key li").all_inner_texts())
    assert len(number) == 16
    amber = phone(scripts=False)
    come_in(amber, house.key("Amber"))
    amber.goto("/my/answers")
    assert "Somebody abroad has a question about one of your stories." in words_of(amber)
    amber.goto(f"/my/stories/{story}")
    follow(amber, "Questions from people still abroad")
    with amber.expect_navigation():
        amber.locator("main .cards a", has_text="كم كان").click()
    assert "somebody who knows you" in words_of(amber)
    amber.locator("#f-words").fill("A month of bread. We paid it back in cheese.")
    tap(amber, "Send the answer")
    _fits(amber)
    guest.goto("/back")
    guest.locator("#f-number").fill(number)
    with guest.expect_navigation():
        guest.locator("main form button[type=submit]").first.click()
    read = words_of(guest)
    assert "We paid it back in cheese." in read
    assert "Amber" not in read
    amber.goto(f"/my/stories/{story}/questions")
    tap(amber, "No more questions, please")
    guest.goto(f"/stories/{story}")
    assert guest.locator("main a[href^='/ask?story=']").count() == 0
    amber.goto(f"/my/stories/{story}/questions")
    tap(amber, "Yes, they may ask")


def test_a_vote_is_once_and_shown_to_nobody(phone: OpenPhone, house: House) -> None:
    [[group, election]] = house.sql(
        "SELECT g.ref, e.ref FROM group_election e JOIN member_group g ON g.id = e.group_id WHERE e.outcome IS NULL AND g.name = ?",
        "Thursday tea",
    )
    amber = phone(language="ar", scripts=False)
    come_in(amber, house.key("Amber"))
    amber.goto(f"/g/{group}/elections/{election}")
    ballot = amber.locator("main form[action$='/vote']")
    assert ballot.locator("input[name=once]").count() == 0
    _fits(amber)
    ballot.locator("label.opt").first.click()
    with amber.expect_navigation():
        ballot.locator("button[type=submit]").click()
    assert amber.locator("main form[action$='/vote']").count() == 0
    amber.goto(f"/g/{group}/elections/{election}")
    assert amber.locator("main form[action$='/vote']").count() == 0
    other = phone(scripts=False)
    come_in(other, house.key("Seven Beads"))
    other.goto(f"/g/{group}/elections/{election}")
    assert "You have voted." in words_of(other)
    assert not re.search(r"Votes, rounded", words_of(other)), "nobody sees a count while the vote runs"
    assert house.sql("SELECT count(*) FROM once_key WHERE location LIKE '%/elections/%'") == [(0,)]


def test_an_organiser_says_a_point_of_the_passport_and_prints_its_sheet(phone: OpenPhone, house: House) -> None:
    [[group]] = house.sql("SELECT ref FROM member_group WHERE name = ?", "Thursday tea")
    cares = phone(scripts=False)
    come_in(cares, house.key("Open Door"))
    cares.goto(f"/g/{group}/care")
    follow(cares, "Passport of the group")
    _fits(cares)
    card = cares.locator("main .cards > .card", has_text="What we write down about people")
    with cares.expect_navigation():
        card.get_by_role("button").click()
    with cares.expect_navigation():
        cares.locator("main .cards > .card", has_text="What we write down about people").get_by_role("link").first.click()
    assert "no photographs of papers" in words_of(cares)
    reader = phone(scripts=False)
    come_in(reader, house.key("Quiet River"))
    reader.goto(f"/g/{group}/passport")
    assert "We have done this" not in words_of(reader)
    assert reader.locator("main .cards a").count() >= 3
