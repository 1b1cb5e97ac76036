"""Files that are too big, with scripts and without: no word is lost; with scripts pictures are made small on the phone first."""

import io
import os
from typing import Any

import pytest
from PIL import Image

from tests.journeys.conftest import OpenPhone
from tests.journeys.house import House
from tests.journeys.test_tell import begin, press
from tests.journeys.walking import until, words_of

pytestmark = pytest.mark.journey
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
MEGABYTE = 1024 * 1024
ALT, SUMMARY = "A goat on a roof", "What I say in it."


def photo(width: int, height: int, turned: bool = False) -> bytes:
    """Return a photograph as heavy as a phone's: noise, with a place in its EXIF, turned by EXIF where asked."""
    picture = Image.frombytes("RGB", (width // 4, height // 4), os.urandom(width * height // 16 * 3)).resize((width, height))
    exif = Image.Exif()
    exif[0x010F] = "PlantedMaker"
    if turned:
        exif[0x0112] = 6
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=97, exif=exif)
    return target.getvalue()


def choose(page: Any, house: House, ref: str, what: str, content: bytes, name: str = "IMG_2031.jpg") -> None:
    """Open the page, type what belongs to the file, and choose the file."""
    page.goto(f"/my/stories/{ref}/{what}")
    if what == "pictures":
        page.locator("#f-alt").fill(ALT)
        page.locator("input[name=faces][value=none]").check()
    else:
        page.locator("#f-summary").fill(SUMMARY)
    target = house.folder / name
    target.write_bytes(content)
    page.locator(f"#f-{'picture' if what == 'pictures' else 'voice'}").set_input_files(target)


def sent(page: Any) -> list[int]:
    """Return a list that collects how many bytes each form brings."""
    sizes: list[int] = []
    page.on("request", lambda r: sizes.append(int(r.headers.get("content-length", "0"))) if r.method == "POST" else None)
    return sizes


@pytest.mark.parametrize(
    ("what", "field", "typed", "sentence"),
    [
        ("pictures", "picture", ("#f-alt", ALT), "This picture is too big (30 MB). Up to 8 MB works."),
        ("voice", "voice", ("#f-summary", SUMMARY), "This recording is too big (30 MB). Up to 15 MB works."),
    ],
)
@BOTH
def test_a_file_of_30_megabytes_loses_no_word(
    phone: OpenPhone, house: House, scripts: bool, what: str, field: str, typed: tuple[str, str], sentence: str
) -> None:
    page = phone(scripts=scripts, who="Lantern", allowed=("413", "422"))
    ref = begin(page)
    sizes = sent(page)
    choose(page, house, ref, what, b"\xff\xd8\xff\xe0" + bytes(30 * MEGABYTE - 4))
    if scripts:  # said at the field, at once, and nothing is sent
        page.locator("#too-big").get_by_text(sentence).wait_for()
        assert page.locator(f"#f-{field}").evaluate("input => input.files.length") == 0
        page.locator(f"main form[action$='/{what}'] button.btn").first.click()  # leads nowhere
        assert sizes == []
        assert page.locator(f"#f-{field}").evaluate("input => document.activeElement === input")
        assert "too-big" in page.locator(f"#f-{field}").get_attribute("aria-describedby")
    else:
        press(page, f"/{what}")
        assert sentence in page.locator(f"#e-{field}").inner_text()
    assert page.locator(typed[0]).input_value() == typed[1]
    if what == "pictures":
        assert page.locator("input[name=faces][value=none]").is_checked()
        choose_small(page, house)
        press(page, "/pictures")
        page.locator("main img[src$='.webp']").wait_for()
        assert ALT in words_of(page)


def choose_small(page: Any, house: House) -> None:
    """Choose another picture on the page at hand; a sentence about the one before goes."""
    target = house.folder / "small.jpg"
    target.write_bytes(photo(640, 480))
    page.locator("#f-picture").set_input_files(target)
    assert not page.locator("#too-big").is_visible()


def test_a_heavy_picture_is_made_small_on_the_phone(phone: OpenPhone, house: House) -> None:
    page = phone(who="Lantern")
    ref = begin(page)
    sizes = sent(page)
    heavy = photo(4800, 3600, turned=True)
    assert len(heavy) > 8 * MEGABYTE  # more than we take: without scripts it gets a sentence
    choose(page, house, ref, "pictures", heavy, "Lantern at home.jpg")
    press(page, "/pictures")  # pressed at once: it waits until the picture is small
    page.locator("main img[src$='.webp']").wait_for()
    assert len(sizes) == 1
    assert sizes[0] <= 2_000_000 + 2_000
    kept = page.locator("main img[src$='.webp']")
    assert int(kept.get_attribute("height")) > int(kept.get_attribute("width"))  # upright, as the camera meant it
    assert b"PlantedMaker" not in house.fetch(kept.get_attribute("src"))[2]


def test_what_leaves_the_phone_tells_neither_place_nor_name(phone: OpenPhone, house: House) -> None:
    page = phone(who="Lantern")
    ref = begin(page)
    choose(page, house, ref, "pictures", photo(3200, 2400), "Lantern at home.jpg")
    until(page, "() => document.querySelector('#f-picture').files[0].name === 'picture.jpg'")
    inside = page.evaluate(
        """async () => {
          const [file] = document.querySelector('#f-picture').files;
          return [file.size, new TextDecoder('latin1').decode(await file.arrayBuffer()).includes('PlantedMaker')];
        }"""
    )
    assert inside[0] <= 2_000_000
    assert inside[1] is False


def test_a_picture_that_a_careful_browser_would_spoil_is_sent_as_it_is(phone: OpenPhone, house: House) -> None:
    """Tor Browser hands out noise in place of what was drawn: then nothing is drawn."""
    page = phone(who="Lantern")
    page.add_init_script(
        "CanvasRenderingContext2D.prototype.getImageData = () => ({ data: new Uint8ClampedArray([7, 91, 200, 30]) });"
    )
    ref = begin(page)
    small = photo(1600, 1200)
    assert 400_000 < len(small) < 8 * MEGABYTE
    choose(page, house, ref, "pictures", small)
    press(page, "/pictures")
    page.locator("main img[src$='.webp']").wait_for()


@BOTH
def test_more_words_than_can_be_sent_come_back_to_be_copied(phone: OpenPhone, house: House, scripts: bool) -> None:
    page = phone(scripts=scripts, who="Lantern", allowed=("413",))
    ref = begin(page)
    page.locator("#f-title").fill("The long way")
    many = "ব" * 130_000
    if scripts:  # the page itself stops at its limits; a paste by a program does not
        page.locator("#f-body").evaluate("(area, words) => { area.value = words; }", many)
    else:
        page.locator("#f-body").evaluate("(area, words) => { area.removeAttribute('maxlength'); area.value = words; }", many)
    press(page, "/write")
    shown = [area.input_value() for area in page.locator("main textarea").all()]
    assert "The long way" in shown
    assert max(map(len, shown)) > 100_000
    page.get_by_role("link", name="Back to the page").click()
    page.wait_for_url(f"**/my/stories/{ref}/write")
