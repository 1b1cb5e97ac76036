"""A server process that is gone when the test ends, and a browser for an application of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.core import crypto
from app.core.clock import days, now
from app.core.settings import Settings
from app.models.accounts import Member, PhoneMode, SignIn
from tests.browse import Browser
from tests.faults.running import Server


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[Server]:
    """`hearth serve` on the database of the test; not started yet."""
    result = Server(settings, tmp_path / "server.log")
    yield result
    result.kill()


@pytest.fixture
def sign_in() -> Callable[[FastAPI, Member], Browser]:
    """``sign_in(app, member)``: a browser at an application that the test made itself."""

    def open_browser(app: FastAPI, member: Member) -> Browser:
        browser, token, moment = Browser(app), f"token-{member.id}", now()
        with app.state.house.database.transaction() as session:
            session.add(SignIn(
                token_hash=crypto.token_hash(token), member_id=member.id, device="phone", mode=PhoneMode.ONLY_ME, since=moment,
                seen_at=moment, idle_until=moment + days(1), ends_at=moment + days(1), proven_at=moment, second_factor_at=moment,
            ))  # fmt: skip
        browser.client.cookies.set("hearth", token)
        return browser

    return open_browser
