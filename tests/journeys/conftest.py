"""A phone for every journey: Chromium at 360 × 780 that reaches the demo on this machine and nothing else."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.journeys.house import House, neutral, running
from tests.services.chromium import LAUNCH_ARGS, chromium_path

SIZE = {"width": 360, "height": 780}
PATIENCE = 25_000  # milliseconds for one step on a busy machine
OpenPhone = Callable[..., Any]


@pytest.fixture(autouse=True)
def fixed_clock() -> None:
    """The demo is a program of its own with the time of the machine, so journeys live in that time too."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo, started once; HEARTH_JOURNEY_DEMO names a folder of a demo that was prepared before and is copied (faster)."""
    folder, prepared = tmp_path_factory.mktemp("demo"), os.environ.get("HEARTH_JOURNEY_DEMO")
    if prepared:
        shutil.copytree(prepared, folder / "data")
    with neutral() as port, running(folder, port) as house:
        yield house


@pytest.fixture
def house(demo: House) -> House:
    """The demo with nobody's tries counted: all journeys come from one address."""
    demo.sql("DELETE FROM tries")
    return demo


@pytest.fixture(scope="module")
def chromium(demo: House) -> Iterator[Any]:
    """One Chromium for the module; every other host than this machine does not exist, but the neutral one."""
    path = chromium_path()
    assert path, "Chromium is not on this machine: the journeys cannot be walked."
    from playwright.sync_api import sync_playwright

    rules = f"MAP neutral.test 127.0.0.1:{demo.neutral_port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    media = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=[*LAUNCH_ARGS, *media, f"--host-resolver-rules={rules}"])
        yield browser
        browser.close()


class Watch:
    """What must not happen on any page: script errors, policy violations, missing parts, other hosts."""

    def __init__(self, base: str) -> None:
        self.base = urlsplit(base).netloc
        self.problems: list[str] = []
        self.allowed: list[str] = []

    def follow(self, context: Any) -> None:
        """Listen to everything that this phone does."""
        context.on("weberror", lambda error: self._note(f"error: {error.error}"))
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("response", self._response)

    def _note(self, problem: str) -> None:
        self.problems.append(problem)

    def _console(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self._note(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme.startswith("http") and parts.netloc not in (self.base, "neutral.test"):
            self._note(f"other host: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self._note(f"{response.status}: {response.url}")

    def faults(self) -> list[str]:
        """Return what happened and was not expected."""
        return [problem for problem in self.problems if not any(words in problem for words in self.allowed)]


@pytest.fixture
def phone(chromium: Any, house: House) -> Iterator[OpenPhone]:
    """Open a phone: phone(language="fr", scripts=False, who="Amber"); what goes wrong behind a page fails the test."""
    contexts: list[Any] = []
    watches: list[Watch] = []

    def opened(
        language: str = "en", scripts: bool = True, dark: bool = False, who: str = "", size: dict[str, int] | None = None,
        allowed: tuple[str, ...] = (), **options: Any,
    ) -> Any:  # fmt: skip
        context = chromium.new_context(
            base_url=house.base, viewport=size or SIZE, locale=language, java_script_enabled=scripts, has_touch=True,
            color_scheme="dark" if dark else "light", **options,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        watch = Watch(house.base)
        watch.allowed.extend(allowed)
        watch.follow(context)
        if who:
            context.add_cookies([house.sign_in(who)])
        contexts.append(context)
        watches.append(watch)
        return context.new_page()

    yield opened
    folder = os.environ.get("JOURNEY_PICTURES")
    for number, context in enumerate(contexts):
        for page in context.pages if folder else ():
            page.screenshot(path=f"{folder}/end-{os.urandom(3).hex()}-{number}.png")
        context.close()
    assert [fault for watch in watches for fault in watch.faults()] == []
