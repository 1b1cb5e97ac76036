"""Renders the sample pages with invented data, and can take their pictures: ``python -m tests.look.preview FOLDER``."""

import json
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup

from app.core import i18n
from app.domain.actor import GUEST
from app.web.pages import minify_css
from app.web.templating import FoldingEnvironment, make_environment
from tests.services.chromium import LAUNCH_ARGS, chromium_path

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "app" / "static"

DATA: dict[str, Any] = json.loads((HERE / "samples" / "data.json").read_text())
BAD_FORM = SimpleNamespace(
    values={"name": 'Amina <b>"x"</b>', "pick": ""},
    errors={"name": "Choose another name: someone here already has a name that looks like this", "": "One more thing."},
)
PAGES: dict[str, dict[str, Any]] = {
    "home": {"here": "home", "words": DATA["english"], "story": DATA["story"]},
    "story": {"here": "stories", "voice": DATA["voice"]},
    "key": {"here": "me"},
    "name": {"here": "me", "form": BAD_FORM},
    "queue": {"here": "me", "cases": DATA["cases"]},
    "services": {"here": "help", "services": DATA["services"]},
    "service": {"here": "help"},
    "components/living": {"here": "stories", "flash": "Kept. You can go on later."},
    "saved": {"here": "me"},
    "card": {},
    "errors/offline": {},
}


@cache
def environment(language: str = "en") -> FoldingEnvironment:
    """Return the environment of the application with the sample pages beside its templates and static files under /static/v/."""
    globals_: dict[str, Any] = {
        "_": i18n._, "ngettext": i18n.ngettext, "lang": language, "dir": i18n.direction(language), "site_name": "Hearth",
        "csp_css": Markup(minify_css((STATIC / "css" / "core.css").read_text())),
        "demo": False, "static": lambda name: f"/static/v/{name}", "once": lambda: "fixed-for-samples",
        "languages": [], "leave_to": "",
    }  # fmt: skip
    made = make_environment(language, globals_)
    assert made.loader is not None
    made.loader = ChoiceLoader([made.loader, FileSystemLoader(HERE / "samples")])
    made.globals["icon"] = made.get_template("components/icon.html").module.icon  # type: ignore[attr-defined]
    return made


def render(name: str, language: str = "en", **more: Any) -> str:
    """Return the HTML of one sample page; ``more`` overrides its data."""
    context = {"actor": GUEST, "here": "", "csrf": "token", "path": "/", "noindex": True, "flash": "", **PAGES[name], **more}
    return environment(language).get_template(f"{name}.html").render(context)


def answer(path: str) -> tuple[str, bytes] | None:
    """Return content type and body for a path of the sample site, or None: /home, /ar/home, /static/v/…"""
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    if path.startswith("/static/v/"):
        file = STATIC / path.removeprefix("/static/v/")
        return (kinds.get(file.suffix, "application/octet-stream"), file.read_bytes()) if file.is_file() else None
    name = path.removeprefix("/ar").lstrip("/")
    if name not in PAGES:
        return None
    arabic = {"words": DATA["arabic"]} if path.startswith("/ar/") else {}
    return "text/html; charset=utf-8", render(name, "ar" if arabic else "en", **arabic).encode()


def serve_into(page: Any) -> None:
    """Answer every request of a Playwright page from memory: no server, no network."""

    def fulfil(route: Any) -> None:
        found = answer("/" + route.request.url.split("/", 3)[3].split("?")[0])
        if found is None:
            route.fulfill(status=404, body="")
        else:
            route.fulfill(content_type=found[0], body=found[1])

    page.route("**/*", fulfil)


def take_pictures(folder: Path, width: int = 360, height: int = 780) -> None:
    """Write one picture per sample page: light, the home also in Arabic and dark, whole pages as *-long."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium_path(), args=list(LAUNCH_ARGS))
        for scheme in ("light", "dark"):
            page = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=1.5, color_scheme=scheme
            ).new_page()
            serve_into(page)
            for name in (*PAGES, "ar/home", "ar/story", "ar/services", "ar/name"):
                page.goto(f"http://localhost/{name}")
                stem = f"{name.replace('/', '-')}-{scheme}"
                page.screenshot(path=folder / f"{stem}.png")
                page.screenshot(path=folder / f"{stem}-long.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]))
