"""Find the browser that the journeys drive."""

import shutil
from pathlib import Path

LAUNCH_ARGS = (
    "--no-sandbox",  # the sandbox needs rights that root in a container does not give; pages come from loopback only
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("~/.local/share/fonts").expanduser())

JOURNEYS = ("tests/journeys", "tests/look/test_browser.py", "tests/look/test_keep.py")
"""Where the tests with a browser are (a test elsewhere that is marked as a journey is an error): nothing else is read for them."""


def chromium_path() -> str | None:
    """Say where Chromium (or Chrome) is, or None; Playwright drives it as `executable_path`."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


def has_fonts(folders: tuple[Path, ...] = FONT_FOLDERS) -> bool:
    """Say whether Arabic and Ethiopic letters can be drawn: without them layout tests look at empty boxes."""
    wanted = ("NotoSansArabic*", "NotoSansEthiopic*")
    return all(any(True for folder in folders for _ in folder.rglob(pattern)) for pattern in wanted)
