"""The demo network, made once for all processes of a run, and what is left out where the engine does not matter."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.core import clock, crypto, i18n
from app.core.settings import Settings
from app.domain import wiring
from app.jobs import demo
from app.main import create_app
from tests.browse import Browser
from tests.conftest import POSTGRES, TODAY

# Nothing here but migrations and the walks over rows differs between engines: the PostgreSQL round needs only those.
if POSTGRES:
    collect_ignore_glob = [
        "test_[b-eg-l]*.py", "test_models.py", "test_[n-z]*.py",
    ]  # fmt: skip


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of the demo; the first process makes it, the others wait and copy."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if base.name.startswith("popen-") else base) / "demo-network"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with clock.at(TODAY), i18n.speaking("en"):
            settings = demo.settings_for(shared, 8000)
            crypto.set_seal_keys(settings.seals)
            wiring.connect()
            demo.prepare(settings, lambda _line: None)
    mine = tmp_path_factory.mktemp("demo")
    shutil.copytree(shared, mine, dirs_exist_ok=True)
    yield mine
    shutil.rmtree(mine, ignore_errors=True)


@pytest.fixture(scope="session")
def demo_settings(demo_folder: Path) -> Settings:
    """The demo's settings."""
    return demo.settings_for(demo_folder, 8000)


@pytest.fixture(scope="session")
def demo_app(demo_settings: Settings) -> Iterator[FastAPI]:
    """The running demo network."""
    with clock.at(TODAY):
        app = create_app(demo_settings)
        yield app
        app.state.house.database.dispose()


@pytest.fixture(scope="session")
def demo_accounts(demo_folder: Path, demo_settings: Settings) -> dict[str, list[dict[str, str]]]:
    """The demo's accounts by role."""
    found: dict[str, list[dict[str, Any]]] = {}
    for account in demo.prepare(demo_settings, lambda _line: None)["accounts"]:
        found.setdefault(account["role"], []).append(account)
    return found


@pytest.fixture(scope="session")
def visit(demo_app: FastAPI, demo_accounts: dict[str, list[dict[str, str]]]) -> Callable[..., Browser]:
    """``visit("guest", "fr")`` is a browser in the demo; for a role, one that came in with that account's key."""

    def come_in(role: str = "guest", language: str = "en") -> Browser:
        browser = Browser(demo_app, language)
        if role != "guest":
            answer = browser.post("/enter", {"key": demo_accounts[role][0]["key"], "mode": "shared", "next": "/me"})
            assert answer.status_code == 303, answer.status_code
        browser.client.cookies.set("hearth_language", language)
        return browser

    return come_in
