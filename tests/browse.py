"""A browser without a browser: real requests to the application in this process, pages as people see them."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from jinja2.bccache import Bucket, BytecodeCache
from starlette.routing import BaseRoute

from app.core import crypto
from app.core.clock import now
from app.core.settings import Settings
from app.domain.accounts.sessions import WORK_LENGTH, idle_time
from app.main import create_app
from app.models.accounts import Member, PhoneMode, SignIn
from app.web import pages, templating
from app.web.sessions import cookie_name
from tests.inside import client

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


class Compiled(BytecodeCache):
    """Templates of one language, compiled once for all the applications of a test run (a changed source is compiled again)."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled before."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._code[bucket.key, bucket.checksum] = bucket.code


COMPILED: dict[str, Compiled] = {}


def make_environment(language: str, *args: Any, **options: Any) -> templating.FoldingEnvironment:
    """Make the environment of a language as the application does; what the run compiled before is not compiled again."""
    environment = templating.make_environment(language, *args, **options)
    environment.bytecode_cache = COMPILED.setdefault(language, Compiled())
    return environment


class Words(HTMLParser):
    """The text of a page as it is read, without head, scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Leave out what nobody reads."""
        self._skip += tag in ("head", "script", "style", "svg")

    def handle_endtag(self, tag: str) -> None:
        """End of a part that nobody reads."""
        self._skip -= tag in ("head", "script", "style", "svg")

    def handle_data(self, data: str) -> None:
        """Keep what is read."""
        if not self._skip:
            self.parts.append(data)


def text_of(answer: httpx.Response) -> str:
    """Return the words of a page, white space folded; words set apart inside a sentence stay in it."""
    words = Words()
    words.feed(answer.text.replace("<bdi>", "").replace("</bdi>", ""))
    return " ".join(" ".join(words.parts).split())


class Browser:
    """One person's browser; follows redirects only when asked."""

    def __init__(self, app: FastAPI, language: str = "en") -> None:
        self.client = client(app, headers={"Accept-Language": language})

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Open a page."""
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """Send a form from a page of ours."""
        headers = {**SAME_SITE, **options.pop("headers", {})}
        return self.client.post(path, data=data or {}, headers=headers, **options)

    def send(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """Send a form and open the page it leads to; fails when it does not lead on."""
        answer = self.post(path, data, **options)
        assert answer.status_code == 303, f"{answer.status_code}: {text_of(answer)[:500]}"
        return self.get(answer.headers["location"])


@pytest.fixture(scope="session")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[BaseRoute]:
    """The routes of an application: what they ask for is worked out once for a run, on the first request (a tenth of a second)."""
    folder = tmp_path_factory.mktemp("routes")
    return create_app(
        Settings(mode="development", data_dir=folder, database_url=f"sqlite:///{folder}/unused.sqlite3")
    ).router.routes


@pytest.fixture
def templates_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile the templates once for a run."""
    monkeypatch.setattr(pages, "make_environment", make_environment)


@pytest.fixture
def app(routes: list[BaseRoute], templates_compiled_once: None, settings: Settings) -> Iterator[FastAPI]:
    """The application on the fresh database."""
    result = create_app(settings)
    result.router.routes[:] = routes
    yield result
    result.state.house.database.dispose()


@pytest.fixture
def browse(app: FastAPI, settings: Settings) -> Callable[..., Browser]:
    """``browse()`` is a guest's browser, ``browse(member)`` one that is signed in (commit the member first: make.commit())."""

    def open_browser(
        member: Member | None = None, language: str = "en", mode: PhoneMode = PhoneMode.SHARED, second_factor: bool = True,
        proven: bool = True,
    ) -> Browser:  # fmt: skip
        browser = Browser(app, language)
        if member is not None:
            token = f"token-{member.id}-{now().timestamp()}"
            moment = now()
            with app.state.house.database.transaction() as session:
                session.add(SignIn(
                    token_hash=crypto.token_hash(token), member_id=member.id, device="phone", mode=mode, since=moment,
                    seen_at=moment, idle_until=moment + idle_time(mode), ends_at=moment + WORK_LENGTH,
                    proven_at=moment if proven else moment.replace(year=2020), second_factor_at=moment if second_factor else None,
                ))  # fmt: skip
            browser.client.cookies.set(cookie_name(settings.secure), token)
        return browser

    return open_browser
