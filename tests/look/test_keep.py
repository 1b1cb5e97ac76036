"""Keeping a story on the phone: only after a tap, only what is public, gone when it is taken back."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.look.preview import STATIC, answer

pytestmark = pytest.mark.journey

KEPT = """async () => {
  const paths = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) paths.push(new URL(request.url).pathname);
  }
  return paths.sort();
}"""
# What lists the kept things when there is no network, with the scripts that it needs.
SHELL = ["/offline", "/static/v/js/hearth.js", "/static/v/js/saved.js"]
ASK = """(message) => new Promise(async (done) => {
  const port = new MessageChannel();
  port.port1.onmessage = (event) => done(event.data.ok);
  (await navigator.serviceWorker.ready).active.postMessage(message, [port.port2]);
})"""


@dataclass
class Site:
    """A small public site on loopback whose answers a test can change."""

    url: str = ""
    gone: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    private: bool = False
    check_status: int = 200

    def reply(self, path: str) -> tuple[int, str, bytes, str]:
        """Return status, content type, body and Cache-Control."""
        if path == "/sw.js":
            return 200, "text/javascript", (STATIC / "js" / "sw.js").read_bytes(), "no-cache"
        if path == "/saved/check":
            return self.check_status, "application/json", json.dumps({"gone": self.gone}).encode(), "no-store"
        if path == "/stories/a" and "stories/a" in self.gone:
            return 410, "text/html", b"<p>Taken back", "no-cache"
        found = answer({"/stories/a": "/story", "/offline": "/errors/offline"}.get(path, path))
        if found is None:
            return 404, "text/html", b"<p>Not here", "no-cache"
        return 200, found[0], found[1], "no-store" if self.private and path == "/stories/a" else "no-cache"


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve the sample pages on a free port of loopback."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path == "/stories/a":
                site.cookies.append(self.headers.get("Cookie", ""))
            status, kind, body, cache = site.reply(path)
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", cache)):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(browser: Any, site: Site) -> Iterator[Any]:
    """A page that may have a service worker."""
    context = browser.new_context(viewport={"width": 360, "height": 780})
    context.add_cookies([{"name": "session", "value": "secret", "url": site.url}])
    yield context.new_page()
    context.close()


def keep(page: Any, site: Site, words: str = "Kept on this phone") -> None:
    """Open the story and tap the button."""
    page.goto(f"{site.url}/stories/a")
    page.locator("[data-keep]").click()
    page.locator("[data-keep]").get_by_text(words).wait_for()


def test_nothing_is_stored_before_the_tap(page: Any, site: Site) -> None:
    page.goto(f"{site.url}/stories/a")
    assert page.evaluate(KEPT) == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_a_kept_story_can_be_read_without_network_and_nothing_else_is_stored(page: Any, site: Site) -> None:
    keep(page, site)
    page.goto(f"{site.url}/home")
    assert page.evaluate(KEPT) == [*SHELL, "/stories/a"]
    page.context.set_offline(True)
    page.goto(f"{site.url}/stories/a")
    assert page.locator("h1").inner_text() == "“The first month I only slept.”"
    page.goto(f"{site.url}/home")
    assert "You can read what is kept on this phone." in page.inner_text("main")


@pytest.mark.parametrize("path", ["/saved", "/home"])
def test_without_network_what_is_kept_can_be_found_opened_and_removed(page: Any, site: Site, path: str) -> None:
    keep(page, site)
    page.context.set_offline(True)
    page.goto(site.url + path)
    page.get_by_role("link", name="The first month I only slept").click()
    page.get_by_role("heading", name="“The first month I only slept.”").wait_for()
    page.locator("audio").wait_for(state="hidden")  # the scripts of the page are there, too: the big button stands in its place
    page.goto(site.url + path)
    page.get_by_role("button", name="Remove: The first month I only slept").click()
    page.get_by_text("Nothing kept on this phone.").wait_for()
    assert page.evaluate(KEPT) == SHELL


def test_what_an_older_release_needed_goes_with_the_next_thing_kept(page: Any, site: Site) -> None:
    keep(page, site)
    page.evaluate("caches.open('kept-1').then((store) => store.put('/static/old/js/saved.js', new Response('')))")
    assert page.evaluate(ASK, {"keep": {"url": "/stories/a", "ref": "stories/a", "title": "A", "lang": "en", "extra": []}})
    assert page.evaluate(KEPT) == [*SHELL, "/stories/a"]


def test_the_kept_copy_is_what_a_stranger_sees(page: Any, site: Site) -> None:
    keep(page, site)
    assert site.cookies == ["session=secret", ""]


def test_a_private_page_cannot_be_kept(page: Any, site: Site) -> None:
    site.private = True
    keep(page, site, "Not kept: no network. Try again.")
    assert "/stories/a" not in page.evaluate(KEPT)


def test_a_story_taken_back_is_gone_at_the_next_contact(page: Any, site: Site) -> None:
    keep(page, site)
    site.gone = ["stories/a"]
    assert page.evaluate(ASK, {}) is True
    assert page.evaluate(KEPT) == SHELL


def test_the_list_asks_at_once_and_shows_only_what_is_still_there(page: Any, site: Site) -> None:
    """Pages ask once a minute; the page that promises "at the next contact" does not wait for that minute."""
    keep(page, site)
    assert page.evaluate(ASK, {}) is True
    site.gone = ["stories/a"]
    page.goto(f"{site.url}/saved")
    page.wait_for_function("caches.open('kept-1').then((store) => store.match('/stories/a')).then((found) => !found)")
    page.locator("[data-saved] .card").wait_for(state="detached")
    page.get_by_text("Nothing kept on this phone.").wait_for()
    assert page.evaluate(KEPT) == SHELL


@pytest.mark.parametrize("status", [500, 503])
def test_a_question_without_an_answer_is_asked_again_with_the_next_page(page: Any, site: Site, status: int) -> None:
    keep(page, site)
    site.check_status, site.gone = status, ["stories/a"]
    assert page.evaluate(ASK, {}) is False
    site.check_status = 200
    page.goto(f"{site.url}/home")
    page.wait_for_function("caches.open('kept-1').then((store) => store.match('/stories/a')).then((found) => !found)")


def test_a_visit_to_a_story_taken_back_drops_it_too(page: Any, site: Site) -> None:
    keep(page, site)
    site.gone, site.check_status = ["stories/a"], 500
    assert page.goto(f"{site.url}/stories/a").status == 410
    page.wait_for_function("caches.open('kept-1').then((store) => store.match('/stories/a')).then((found) => !found)")
    assert page.evaluate(KEPT) == SHELL


@pytest.mark.parametrize("status", [404, 410])
def test_a_site_that_no_longer_knows_them_drops_all(page: Any, site: Site, status: int) -> None:
    keep(page, site)
    site.check_status = status
    page.evaluate(ASK, {})
    assert page.evaluate(KEPT) == SHELL


def test_after_thirty_days_it_is_gone(page: Any, site: Site) -> None:
    keep(page, site)
    page.evaluate("""async () => {
      const store = await caches.open('kept-1');
      const old = await store.match('/stories/a');
      const headers = new Headers(old.headers);
      headers.set('X-Kept-At', String(Date.now() - 31 * 86400e3));
      await store.put('/stories/a', new Response(await old.blob(), { headers }));
    }""")
    page.evaluate(ASK, {"drop": []})
    assert page.evaluate(KEPT) == SHELL


def test_the_list_shows_what_is_kept_and_removes_it(page: Any, site: Site) -> None:
    keep(page, site)
    page.goto(f"{site.url}/saved")
    page.get_by_role("link", name="The first month I only slept").wait_for()
    assert page.get_by_text("Nothing kept on this phone.").is_hidden()
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4} · \d+ kB", page.locator("[data-about]").inner_text())
    page.get_by_role("button", name="Remove: The first month I only slept").click()
    page.get_by_text("Nothing kept on this phone.").wait_for()
    assert page.evaluate(KEPT) == SHELL
