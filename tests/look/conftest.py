"""A browser for the looks: every request is answered from memory, so there is no server and no network."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.look.preview import serve_into
from tests.services.chromium import LAUNCH_ARGS, chromium_path

OpenPage = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for the module; without one the tests say so loudly, and fail where CI promises it."""
    path = chromium_path()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium is not on this machine: the look was not tried.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        running = p.chromium.launch(
            executable_path=path, args=[*LAUNCH_ARGS, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        )
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[OpenPage]:
    """Open a sample page: open_page("home", width=320, dark=True); console errors fail the test at its end."""
    contexts, problems = [], []

    def opened(path: str, width: int = 360, height: int = 780, dark: bool = False, **options: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            service_workers="block",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        serve_into(page)
        page.goto(f"http://localhost/{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []
