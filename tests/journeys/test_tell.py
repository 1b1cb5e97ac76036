"""Tell a story to its end: with and without scripts, voice and picture, the second reader, the answer, taking back."""

import re
from datetime import timedelta
from typing import Any

import pytest

from app.core.clock import now
from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.walking import follow, jpeg, path_of, ref_of, tap, until, wav, words_of

pytestmark = pytest.mark.journey
NUMBER = "+221 77 123 45 67"


def press(page: Any, form: str, button: str = "button.btn") -> None:
    """Send the form whose action ends like this."""
    with page.expect_navigation():
        page.locator(f"main form[action$='{form}'] {button}").first.click()


def begin(page: Any) -> str:
    """Take the first step and return the random name of the draft."""
    page.goto("/my/stories/new")
    press(page, "/my/stories")
    page.wait_for_url("**/write")
    return ref_of(page)


def write(page: Any, ref: str, language: str, title: str, body: str) -> None:
    """Save the words; they lead to the look-over."""
    page.goto(f"/my/stories/{ref}/write")
    page.locator("#f-language").select_option(language)
    page.locator("#f-title").fill(title)
    page.locator("#f-body").fill(body)
    press(page, "/write")
    page.wait_for_url("**/look")


def add_picture(page: Any, ref: str) -> None:
    """Upload a picture."""
    page.goto(f"/my/stories/{ref}/pictures")
    page.locator("#f-picture").set_input_files({"name": "IMG_2031.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    page.locator("#f-alt").fill("Yellow stones on a green field")
    page.locator("input[name=faces][value=none]").check()
    press(page, "/pictures")
    page.locator("main img[src$='.webp']").wait_for()


def add_voice(page: Any, ref: str, record: bool) -> None:
    """Upload a voice, or record one with the microphone of the browser (a tone)."""
    page.goto(f"/my/stories/{ref}/voice")
    if record:
        button = page.locator(".rec button.go")
        button.click()
        until(page, "() => /0:0[2-9]/.test(document.querySelector('.rec [role=status]').textContent)")
        button.click()
        until(page, "() => document.querySelector('#f-voice').files.length === 1")
    else:
        page.locator("#f-voice").set_input_files({"name": "memo.wav", "mimeType": "audio/wav", "buffer": wav()})
    page.locator("#f-summary").fill("I say how the first winter was.")
    press(page, "/voice")
    page.locator("main audio").first.wait_for(state="attached")
    assert page.locator("main form[action$='/remove']").count() == 1


def use_the_suggestion(page: Any) -> None:
    """The planted number is underlined with a reason; take what is suggested."""
    assert NUMBER in page.locator("mark").all_inner_texts()[0] or any(
        NUMBER in marked for marked in page.locator("mark").all_inner_texts()
    )
    finding = page.locator(".finding", has_text=NUMBER).first
    assert len(finding.inner_text()) > len(NUMBER) + 20
    with page.expect_navigation():
        finding.locator("button[value=use]").click()
    assert page.locator(".finding", has_text=NUMBER).count() == 0


def agree_and_send(page: Any, audience: str = "everyone") -> None:
    """From the look-over to the second reader."""
    press(page, "/look")
    page.wait_for_url("**/who")
    page.locator(f"input[name=audience][value={audience}]").check()
    page.locator("input[name=name_form][value=letter]").check()
    press(page, "/who")
    page.wait_for_url("**/agree")
    assert page.locator("input[name=purposes]:checked").count() == 0  # nobody's yes is ticked for them
    for box in page.locator("fieldset").first.locator("input[name=purposes]").all():
        box.check()
    page.locator("input[name=lasts][value=year]").check()
    page.locator("input[name=helper][value=alone]").check()
    press(page, "/agree")
    page.wait_for_url("**/preview")
    page.locator("main a.btn[href$='/send']").click()
    page.wait_for_url("**/send")
    press(page, "/send")


def case_of(house: House, ref: str) -> str:
    """Return the random name of the open case about a story."""
    return str(house.sql(
        "SELECT moderation_case.ref FROM moderation_case JOIN story ON story.id = subject_id "
        "WHERE story.ref = ? AND state = 'open'", ref,
    )[0][0])  # fmt: skip


def open_case(page: Any, case: str) -> None:
    """Find the case on the desk, page by page, and open it; its text stays closed until then."""
    page.goto("/desk")
    link = page.locator(f"main a[href='/desk/cases/{case}']")
    while not link.count():
        with page.expect_navigation():
            page.locator("main a[rel=next]").click()
    link.first.click()
    page.wait_for_url(f"**/desk/cases/{case}")
    assert page.locator("main article").count() == 0
    press(page, "/open")
    page.locator("main details.heavy summary").first.click()


def decide(page: Any, outcome: str, words: str = "", rule: str = "") -> str:
    """Decide and return what the teller will read."""
    page.locator(f"input[name=outcome][value={outcome}]").check()
    if rule:
        page.locator("#f-rule").select_option(rule)
    page.locator("#f-words").fill(words)
    with page.expect_navigation():
        page.locator("button[name=step][value=look]").click()
    letter = str(page.locator("main article").first.inner_text())
    page.locator("button[name=step][value=send]").click()
    page.wait_for_url("**/desk")
    return letter


def newest_answer(page: Any) -> str:
    """Return the newest of my answers."""
    page.goto("/my/answers")
    return str(page.locator("main .cards > .card").first.inner_text())


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_story_is_told_shown_and_taken_back(phone: OpenPhone, house: House, scripts: bool) -> None:
    title = f"The kettle and the {'script' if scripts else 'plain'} door"
    page = phone(scripts=scripts, who="Quiet River", dark=not scripts, permissions=["microphone"] if scripts else [])
    page.goto("/")
    follow(page, "Tell my story")
    ref = begin(page)
    write(page, ref, "en", title, f"The first winter was long. Call me at {NUMBER} if you come. My neighbour had a kettle.")
    add_picture(page, ref)
    add_voice(page, ref, record=scripts)
    page.goto(f"/my/stories/{ref}/look")
    use_the_suggestion(page)
    agree_and_send(page)
    page.goto(f"/my/stories/{ref}")
    assert "24 hours to think are left" in words_of(page)

    desk = phone(who="Open Door", scripts=scripts)
    desk.goto("/")
    follow(desk, "Work")
    open_case(desk, case_of(house, ref))
    assert "The first winter was long" in desk.locator("main details.heavy").first.inner_text()
    decide(desk, "publish")

    guest = phone(scripts=scripts, allowed=("404",))
    assert guest.goto(f"/stories/{ref}").status == 404  # still time to think
    house.publish_due(now() + timedelta(hours=31))
    assert guest.goto(f"/stories/{ref}").status == 200
    assert guest.locator("main h1").inner_text() == title
    assert "Told by Q." in words_of(guest)
    assert "Quiet River" not in guest.content()
    assert NUMBER not in guest.content()
    guest.locator("main details.picture summary").click()
    picture = guest.locator("main img").get_attribute("src")
    assert b"PlantedMaker" not in house.fetch(picture)[2]
    voice = guest.locator("main audio source").first.get_attribute("src")
    assert house.fetch(voice, Range="bytes=0-9")[0] == 206
    assert title in house.fetch("/stories.atom")[2].decode()
    assert newest_answer(page)

    page.goto("/my/stories")
    page.locator(f"main a[href='/my/stories/{ref}/take-back']").click()
    page.wait_for_url("**/take-back")
    press(page, "/take-back")
    assert guest.goto(f"/stories/{ref}").status == 410
    for address in (picture, voice):
        assert house.fetch(address)[0] in (404, 410)
    assert title not in house.fetch("/stories.atom")[2].decode()
    assert all(title not in house.fetch(f"/stories?page={number}")[2].decode() for number in range(1, 15))
    assert ref not in house.fetch("/sitemap.xml")[2].decode()
    assert house.sql("SELECT count(*) FROM search_document WHERE title = ?", title) == [(0,)]


def test_a_teller_reads_the_answers_in_french(phone: OpenPhone, house: House) -> None:
    page = phone("fr", scripts=False, who="Fil Bleu")
    ref = begin(page)
    write(page, ref, "fr", "Le fil et l’aiguille", f"Appelez-moi au {NUMBER}. Le premier hiver était long.")
    use_the_suggestion(page)
    agree_and_send(page, "members")

    desk = phone(who="Open Door")
    open_case(desk, case_of(house, ref))
    letter = decide(desk, "ask_change", "Merci d’enlever le nom de la ville.")
    assert "enlever le nom de la ville" in letter
    answer = newest_answer(page)
    assert letter.split("\n")[0] in answer
    assert "enlever le nom de la ville" in answer
    assert not re.search(r"\b(the|your|story|change)\b", answer)

    page.goto(f"/my/stories/{ref}/write")
    page.locator("#f-body").fill("Le premier hiver était long.")
    press(page, "/write")
    page.goto(f"/my/stories/{ref}/send")
    press(page, "/send")
    desk = phone("fr", who="Thé à la Menthe")
    open_case(desk, case_of(house, ref))
    assert "Le premier hiver" in desk.locator("main details.heavy").first.inner_text()
    letter = decide(desk, "decline", "C’est de la publicité.", rule="1")
    assert letter.split("\n")[0] in newest_answer(page)
    page.goto(f"/my/stories/{ref}")
    assert page.locator("main form[action$='/way/rework'] button").is_visible()
    assert house.fetch(f"/stories/{ref}")[0] == 404


def test_what_is_typed_is_kept_when_the_page_is_closed(phone: OpenPhone) -> None:
    page = phone(who="Amber")
    ref = begin(page)
    page.locator("#f-title").press_sequentially("A title nobody sent")
    page.locator("#f-hard").fill("The stairs.")
    page.locator("[data-autosave-status]").get_by_text("Kept. You can go on later.").wait_for()
    again = page.context.new_page()
    page.close()
    again.goto(f"/my/stories/{ref}/write")
    assert again.locator("#f-title").input_value() == "A title nobody sent"
    assert again.locator("#f-hard").input_value() == "The stairs."
    assert "We kept what you typed." in words_of(again)
    again.goto(f"/my/stories/{ref}")
    follow(again, "Delete this draft")
    tap(again, "Delete for good")
    assert path_of(again) == "my/stories"
