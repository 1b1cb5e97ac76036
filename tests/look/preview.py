"""Renders the sample pages with invented data, and can take their pictures: ``python -m tests.look.preview FOLDER``."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup

from app.core import i18n
from app.web.pages import minify_css
from app.web.templating import FoldingEnvironment, make_environment

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "app" / "static"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

ENGLISH = {
    "title": "People who know the road, here for each other.", "lead": "Ask, listen, find a place to start. You choose what you say.",
    "need": "What do you need today?", "talk": "Talk to someone", "room": "A room, a home", "work": "Work and skills",
    "papers": "Papers and rights", "stories": "Stories, in their own words", "join": "Join – no e-mail, no phone number",
    "look": "I am still abroad: just look",
}  # fmt: skip
ARABIC = {
    "title": "ناس جرّبوا الطريق، وهم هنا لبعضهم.", "lead": "سؤال، استماع، بداية من مكان ما. القرار لك: ماذا يقال.",
    "need": "ما المطلوب اليوم؟", "talk": "التحدث مع شخص", "room": "غرفة أو بيت", "work": "عمل ومهارات", "papers": "أوراق وحقوق",
    "stories": "قصص بكلمات أصحابها", "join": "انضمام – بدون بريد وبدون رقم هاتف", "look": "ما زلت في الخارج: نظرة فقط",
}  # fmt: skip
STORY = {
    "ref": "a", "title": "“The first month I only slept.”", "teller": "Ndeye", "language": "en", "language_name": "Wolof, French",
    "listen_seconds": 130, "listen_kb": 210, "area": "", "time": "Spring 2026", "themes": [], "note": "",
}  # fmt: skip
VOICE = {
    "url": "/static/v/voice.opus", "type": "audio/ogg; codecs=opus", "fallback_url": "/static/v/voice.mp3", "fallback_type": "audio/mpeg",
    "length_text": "2:10", "kb": 210, "title": "The first month I only slept",
}  # fmt: skip
CASES = [
    {"ref": "a", "title": "Report: asks for money", "kind_text": "Group post", "due_text": "due today, 18:00", "late": True, "heavy": False,
     "summary": "“Send 20 000 first and I get you the contract.”", "shape": "shield", "tone": "c2", "href": "/desk/cases/a"},
    {"ref": "b", "title": "Story waits for a second look", "kind_text": "2 possible place names found", "due_text": "due in 2 days",
     "late": False, "heavy": True, "summary": "", "shape": "book", "tone": "c3", "href": "/desk/cases/b"},
]  # fmt: skip
SERVICES = [
    {"ref": "a", "name": "Open house for a first room", "organisation": "Maison du Fleuve", "needs": ["A room, a home"], "town": "Dakar",
     "distance_km": 2.4, "freshness": "fresh", "freshness_text": "Checked 3 May", "cost_text": "Free", "language_names": ["Wolof", "French"],
     "open_text": "Open until 17:00", "open_now": True, "other_language_text": None, "language": "en"},
    {"ref": "b", "name": "Bureau d'accueil et d'orientation", "organisation": "Commune de Thiès", "needs": [], "town": "Thiès",
     "distance_km": None, "freshness": "due", "freshness_text": "Not confirmed since 4 January", "cost_text": "", "language_names": ["French"],
     "open_text": "Opens Monday 9:00", "open_now": False, "other_language_text": "Text in French", "language": "fr"},
    {"ref": "c", "name": "دليل السكن", "organisation": "", "needs": ["A room, a home", "Money"], "town": "Touba", "distance_km": 140,
     "freshness": "old", "freshness_text": "Old: call first", "cost_text": "500 CFA", "language_names": [], "open_text": "", "open_now": None,
     "other_language_text": "Text in Arabic", "language": "ar"},
]  # fmt: skip
BAD_FORM = SimpleNamespace(
    values={"name": 'Amina <b>"x"</b>', "pick": ""},
    errors={"name": "Choose another name: someone here already has a name that looks like this", "": "One more thing."},
)
PAGES: dict[str, dict[str, Any]] = {
    "home": {"here": "home", "words": ENGLISH, "story": STORY},
    "story": {"here": "stories", "voice": VOICE},
    "key": {"here": "me"},
    "name": {"here": "me", "form": BAD_FORM},
    "queue": {"here": "me", "cases": CASES},
    "services": {"here": "help", "services": SERVICES},
    "service": {"here": "help"},
    "components/living": {"here": "stories", "flash": "Kept. You can go on later."},
    "card": {},
}


def environment(language: str = "en") -> FoldingEnvironment:
    """Return the environment of the application with the sample pages beside its templates and static files under /static/v/."""
    globals_: dict[str, Any] = {
        "_": i18n._, "ngettext": i18n.ngettext, "lang": language, "dir": i18n.direction(language), "site_name": "Hearth",
        "csp_css": Markup(minify_css((STATIC / "css" / "core.css").read_text())),  # noqa: S704 - our own file
        "demo": False, "static": lambda name: f"/static/v/{name}", "once": lambda: "fixed-for-samples", "languages": [], "leave_to": "",
    }  # fmt: skip
    made = make_environment(language, globals_)
    assert made.loader is not None
    made.loader = ChoiceLoader([made.loader, FileSystemLoader(HERE / "samples")])
    made.globals["icon"] = made.get_template("components/icon.html").module.icon  # type: ignore[attr-defined]
    return made


def render(name: str, language: str = "en", **more: Any) -> str:
    """Return the HTML of one sample page; ``more`` overrides its data."""
    context = {"actor": None, "here": "", "csrf": "token", "path": "/", "noindex": True, "flash": "", **PAGES[name], **more}
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
    arabic = {"words": ARABIC} if path.startswith("/ar/") else {}
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
        browser = p.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        for scheme in ("light", "dark"):
            page = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=1.5, color_scheme=scheme).new_page()
            serve_into(page)
            for name in (*PAGES, "ar/home", "ar/story", "ar/services", "ar/name"):
                page.goto(f"http://sample.test/{name}")
                stem = f"{name.replace('/', '-')}-{scheme}"
                page.screenshot(path=folder / f"{stem}.png")
                page.screenshot(path=folder / f"{stem}-long.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]))
