"""Steps that several journeys take."""

import io
import math
import re
import struct
import wave
from typing import Any

from PIL import Image


def words_of(page: Any) -> str:
    """Return the words of the main part, white space folded."""
    return " ".join(page.locator("main").inner_text().split())


def tap(page: Any, name: str | re.Pattern[str], role: str = "button", exact: bool = True) -> None:
    """Press a button or follow a link of the main part and wait for what it leads to."""
    with page.expect_navigation():
        page.locator("main").get_by_role(role, name=name, exact=exact and isinstance(name, str)).first.click()


def follow(page: Any, name: str | re.Pattern[str]) -> None:
    """Follow a link of the main part by its words."""
    tap(page, name, "link")


def come_in(page: Any, key: str, only_me: bool = False) -> None:
    """Come in with a key."""
    page.goto("/enter")
    page.locator("#f-key").fill(key)
    page.locator(f"input[name=mode][value={'only_me' if only_me else 'shared'}]").check()
    with page.expect_navigation():
        page.locator("main form button.btn").click()


def path_of(page: Any) -> str:
    """Return the path of the page at hand."""
    return str(page.url).split("//", 1)[1].partition("/")[2].partition("?")[0].partition("#")[0]


def ref_of(page: Any) -> str:
    """Return the random name of the story at hand: /my/stories/REF/step."""
    return path_of(page).split("/")[2]


def until(page: Any, expression: str, argument: Any = None) -> None:
    """Wait until a function of the argument is true; our policy forbids Playwright's own way, which evaluates text."""
    page.evaluate(
        f"""async (argument) => {{
          const end = performance.now() + 40000;
          while (!(await ({expression})(argument))) {{
            if (performance.now() > end) throw new Error('it never became true');
            await new Promise((next) => setTimeout(next, 40));
          }}
        }}""",
        argument,
    )


def forgotten(page: Any) -> bool:
    """Wait until the browser holds no cookie: after Leave the house answers behind the neutral page that is shown already."""
    for _look in range(200):
        if not page.context.cookies():
            return True
        page.wait_for_timeout(50)
    return False


def jpeg() -> bytes:
    """Return a small picture with a place in its EXIF."""
    picture = Image.new("RGB", (640, 480), "#0E5A54")
    for x in range(0, 640, 40):
        picture.paste("#F0B03C", (x, x * 3 // 4, x + 20, x * 3 // 4 + 60))
    exif = Image.Exif()
    exif[0x010F] = "PlantedMaker"
    target = io.BytesIO()
    picture.save(target, "JPEG", exif=exif)
    return target.getvalue()


def wav(seconds: int = 3) -> bytes:
    """Return a tone as a WAV file."""
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(
            b"".join(struct.pack("<h", int(9000 * math.sin(n * 440 * math.tau / 16_000))) for n in range(16_000 * seconds))
        )
    return target.getvalue()
