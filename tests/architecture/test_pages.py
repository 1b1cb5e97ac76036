"""Every page of the demo that links lead to, read as a guest in three languages, as a member, as a coordinator."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import SQLModel

from app.core import clock
from app.core import settings as core_settings
from tests.architecture import crawling
from tests.architecture.crawling import Page, crawl
from tests.browse import Browser
from tests.conftest import TODAY

Visit = Callable[..., Browser]
READERS = [
    ("guest", "en"),
    ("guest", "fr"),
    ("guest", "ar"),
    ("member", "en"),
    ("organiser", "en"),
    ("coordinator", "en"),
    ("operator", "en"),
]
START = (
    "/",
    "/stories",
    "/help",
    "/groups",
    "/me",
    "/safe",
    "/rules",
    "/privacy",
    "/about",
    "/language",
    "/leave",
    "/saved",
    "/back",
)
AT_WORK = {"coordinator": ("/desk", "/desk/listings", "/desk/people"), "operator": ("/ops", "/desk/people", "/desk/audit")}
# The card to print: a key with nothing around it, so that a paper tells nothing.
WITHOUT_HEADING = ("/me/card", "/join/card")
_walks: dict[tuple[str, str], list[Page]] = {}


@pytest.fixture(scope="module", params=READERS, ids=lambda r: f"{r[0]}-{r[1]}")
def walk(request: pytest.FixtureRequest, visit: Visit, demo_app: FastAPI) -> tuple[list[Page], str]:
    """What one reader finds, each page once."""
    role, language = request.param
    if request.param not in _walks:
        core_settings.use(demo_app.state.house.settings)
        with clock.at(TODAY):
            before = _contents(demo_app)
            browser = visit(role, language)
            signed_in = _contents(demo_app)
            _walks[request.param] = crawl(browser, (*START, *AT_WORK.get(role, ())))
            assert before.keys() == signed_in.keys()
            assert _contents(demo_app) == signed_in, "a GET wrote something"
    return _walks[request.param], language


# Counts of tries, how long a session may still stay quiet, how far somebody has read: kept outside the request's own transaction.
MOVING = ("tries", "sign_in", "topic_read")


def _contents(app: FastAPI) -> dict[str, str]:
    """Return a hash of every table."""
    found = {}
    with app.state.house.database.read_engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in MOVING:
                plain = [sa.type_coerce(c, sa.LargeBinary()) if type(c.type).__name__ == "Sealed" else c for c in table.columns]
                rows = connection.execute(sa.select(*plain).order_by(*table.primary_key.columns))
                digest = hashlib.sha256()
                for row in rows:
                    digest.update(repr(tuple(row)).encode())
                found[table.name] = digest.hexdigest()
    return found


def _told(found: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in found.items() if v}


def test_there_is_a_network_to_walk(walk: tuple[list[Page], str]) -> None:
    pages, _language = walk
    kinds = {crawling.kind_of(p.address) for p in pages if p.answer.status_code == 200}
    assert len(kinds) >= 20
    assert {"/stories/{ref}?", "/help/{ref}?", "/join?"} & kinds >= {"/stories/{ref}?", "/help/{ref}?"}


def test_no_link_is_dead(walk: tuple[list[Page], str]) -> None:
    fine = (200, 303)
    assert [f"{p.address} on {p.found_on}: {p.answer.status_code}" for p in walk[0] if p.answer.status_code not in fine] == []


def test_every_page_parses(walk: tuple[list[Page], str]) -> None:
    pages = [p for p in walk[0] if p.is_page]
    assert all(p.tree is not None for p in pages)
    assert _told({p.address: p.problems[:3] for p in pages}) == {}


def test_every_page_has_one_heading_a_language_and_a_direction(walk: tuple[list[Page], str]) -> None:
    pages, language = walk
    direction = "rtl" if language == "ar" else "ltr"
    wrong = {}
    for page in (p for p in pages if p.is_page and p.answer.status_code == 200):
        root = page.all("html")[0]
        headings = len(page.all("h1"))
        wanted = 0 if page.address in WITHOUT_HEADING else 1
        if (root.get("lang"), root.get("dir"), headings) != (language, direction, wanted):
            wrong[page.address] = (root.get("lang"), root.get("dir"), headings)
    assert wrong == {}


def test_every_field_has_a_label_and_every_button_a_word(walk: tuple[list[Page], str]) -> None:
    pages = [p for p in walk[0] if p.is_page]
    assert _told({p.address: crawling.unlabelled(p) for p in pages}) == {}
    silent = {
        p.address: [b.attrib for b in p.all("button", "a") if not (crawling.words_of(b) or b.get("aria-label"))] for p in pages
    }
    assert _told(silent) == {}


def test_ids_are_unique_and_pointers_lead_somewhere(walk: tuple[list[Page], str]) -> None:
    pages = [p for p in walk[0] if p.is_page]
    assert _told({p.address: crawling.ids_twice(p) for p in pages}) == {}
    assert _told({p.address: crawling.broken_pointers(p) for p in pages}) == {}


def test_no_code_and_no_other_site_in_a_page(walk: tuple[list[Page], str], demo_app: FastAPI) -> None:
    pages = [p for p in walk[0] if p.is_page]
    style = str(demo_app.state.house.pages.environment("en").globals["csp_css"])
    assert _told({p.address: crawling.inline_code(p, style) for p in pages}) == {}
    assert _told({p.address: crawling.other_sites(p) for p in pages}) == {}


def test_unsafe_forms_go_by_post_and_carry_what_they_need(walk: tuple[list[Page], str]) -> None:
    wrong = []
    for page in (p for p in walk[0] if p.is_page):
        for form in page.all("form"):
            names = {e.get("name") for e in form.iter() if isinstance(e.tag, str)}
            post = form.get("method", "get").lower() == "post"
            if post != ("csrf" in names) or not (form.get("action") or "").startswith("/"):
                wrong.append((page.address, form.get("action"), form.get("method")))
    assert wrong == []


def test_private_pages_are_not_kept_by_anybody(walk: tuple[list[Page], str]) -> None:
    """Whatever a page is, no cache between us and the reader may hold it (ASVS 14.3.2, A22)."""
    wrong = []
    for page in (p for p in walk[0] if p.is_page):
        said = page.answer.headers.get("cache-control", "")
        private = page.address.startswith(("/me", "/my", "/desk", "/ops", "/enter"))
        if "public" in said and page.address != "/offline":
            wrong.append((page.address, said))
        if private and "no-store" not in said:
            wrong.append((page.address, said))
        if "Cookie" not in page.answer.headers.get("vary", ""):
            wrong.append((page.address, "vary"))
    assert wrong == []
