"""A member translates, the teller says yes, a second reader looks, somebody reads it in French; taken back, it is gone again."""

import pytest

from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.test_sweep import WIDTH
from tests.journeys.test_tell import decide, newest_answer, press
from tests.journeys.walking import follow, path_of, words_of

pytestmark = pytest.mark.journey
TITLE = "Je suis rentrée dans une maison sans clé."
BODY = "La serrure avait changé, et personne n’avait pensé à me le dire."
SAME_WIDTH = "() => document.documentElement.dir + (document.documentElement.scrollWidth <= innerWidth ? '' : ' too wide')"


def story_of(house: House, title: str) -> str:
    """Return the random name of a shown story by its title."""
    return str(house.sql(
        "SELECT story.ref FROM story JOIN story_text ON story.id = story_id WHERE title = ? AND status = 'published'", title
    )[0][0])  # fmt: skip


def test_from_an_arabic_story_to_a_french_reader(phone: OpenPhone, house: House) -> None:
    ref = story_of(house, "رجعتُ إلى بيتٍ بلا مفتاح.")
    guest = phone("fr", scripts=False)
    guest.goto(f"/stories/{ref}")
    assert "Elle n’est pas encore en français." in words_of(guest)
    assert guest.locator(f"main a[href$='{ref}/translate']").count() == 0

    # A member whose phone speaks French; the page is closed in the middle, the words are there again.
    member = phone("fr", who="Fil Bleu")
    member.goto(f"/stories/{ref}")
    follow(member, "Traduire cette histoire")
    member.locator("#f-language").select_option("fr")
    member.locator("main form button.btn").click()
    member.wait_for_url("**/translate?language=fr")
    own = member.locator("main .sides .said").first
    assert (own.get_attribute("lang"), own.evaluate("e => getComputedStyle(e).direction")) == ("ar", "rtl")
    assert member.locator("#f-title").evaluate("e => e.lang") == "fr"
    member.locator("#f-title").press_sequentially(TITLE)
    member.locator("[data-autosave-status]").get_by_text("Gardé.").wait_for()
    again = member.context.new_page()
    member.close()
    again.goto("/my/translations")
    assert "Commencée, pas encore envoyée." in words_of(again)
    with again.expect_navigation():
        again.locator(f"main a[href*='{ref}/translate']").first.click()
    assert again.locator("#f-title").input_value() == TITLE
    for field in again.locator("main .sides textarea").all():
        field.fill(BODY)
    again.locator("#f-named").check()
    press(again, "/translate")
    assert path_of(again) == f"stories/{ref}"
    guest.goto(f"/stories/{ref}")
    assert "Quelqu’un la traduit en français." in words_of(guest)
    assert TITLE not in guest.content()

    # The teller reads Arabic, without scripts, on a small phone.
    teller = phone("ar", scripts=False, who="أمّ الريحان")
    teller.goto("/my/stories")
    with teller.expect_navigation():
        teller.locator(f"main .card a[href='/my/stories/{ref}']").click()
    assert teller.evaluate(SAME_WIDTH) == "rtl"
    assert "Fil Bleu" in words_of(teller)
    teller.locator("main section.card", has=teller.locator("form[action$='/fr/yes']")).locator("summary").click()
    assert TITLE in words_of(teller)
    press(teller, "/fr/yes")
    guest.goto(f"/stories/{ref}")
    assert TITLE not in guest.content()

    desk = phone("fr", scripts=False, who="Thé à la Menthe")
    desk.goto("/desk?kind=translation")
    text = house.sql("SELECT id FROM story_text WHERE title = ?", TITLE)[0][0]
    case = house.sql("SELECT ref FROM moderation_case WHERE subject_id = ?", text)[0][0]
    card = desk.locator("main .case", has=desk.locator(f"a[href='/desk/cases/{case}']"))
    assert "Français" in card.inner_text()
    card.locator("a.btn").click()
    desk.wait_for_url(f"**/desk/cases/{case}")
    assert TITLE not in desk.content()
    press(desk, "/open")
    desk.locator("main details.heavy summary").first.click()
    assert BODY in words_of(desk)
    assert desk.evaluate(WIDTH)[0] <= desk.evaluate(WIDTH)[1]
    decide(desk, "publish")

    assert guest.goto(f"/stories/{ref}").status == 200
    assert guest.locator("main h1").inner_text() == TITLE
    assert guest.locator("main h1").get_attribute("lang") == "fr"
    assert "Traduite par une personne: Fil Bleu" in words_of(guest)
    assert TITLE in house.fetch("/stories?language=fr&q=maison+sans+cle", **{"Accept-Language": "fr"})[2].decode()
    assert "montrée avec l’histoire" in newest_answer(again)

    # The name goes at once; the words go with the story.
    again.goto("/my/translations")
    with again.expect_navigation():
        again.locator(f"main form[action*='{ref}/fr/unname'] button").click()
    guest.goto(f"/stories/{ref}")
    assert TITLE in guest.content()
    assert "Fil Bleu" not in guest.content()
    teller.goto(f"/my/stories/{ref}")
    press(teller, "/fr/no")
    guest.goto(f"/stories/{ref}")
    assert TITLE not in guest.content()
    assert house.sql("SELECT count(*) FROM search_document WHERE title = ?", TITLE) == [(0,)]
