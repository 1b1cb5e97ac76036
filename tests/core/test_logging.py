"""One event is one line, and no line holds anything of a person."""

import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.logging import JsonLines

CANARIES = (
    "Canary Amina",
    "canary-key one two",
    "my canary story",
    "196.12.34.56",
    "2001:db8:0:1::7",
    "amina@canary.example",
    "23456789abcd",
)


def line_of(message: object, *arguments: object, error: Exception | None = None) -> str:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("test.lines")
    logger.handlers[:], logger.propagate = [], False
    logger.addHandler(handler)
    logger.error(message, *arguments, exc_info=error)
    return out.getvalue()


@given(st.text())
def test_one_event_is_one_line(text):
    written = line_of("event %s", text)
    assert len(written.splitlines()) == 1
    assert json.loads(written)["level"] == "error"


def test_addresses_mail_and_refs_are_hidden():
    written = line_of("from 196.12.34.56 and 2001:db8:0:1::7 by amina@canary.example at /stories/23456789abcd")
    assert not [c for c in CANARIES if c in written]


def test_an_exception_tells_its_type_and_place_never_its_words():
    try:
        raise ValueError("Canary Amina wrote: my canary story")
    except ValueError as error:
        written = line_of("failed", error=error)
    assert "ValueError" in written
    assert "anary" not in written
    assert "tests.core.test_logging" in written or "test_logging" in written


@pytest.mark.parametrize("logger", ["hearth.errors", "hearth.access", "sqlalchemy", "asyncio", "uvicorn.error"])
def test_a_run_with_canaries_leaves_none_in_the_log(logger, app, make, browse, monkeypatch, caplog):
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    watched = logging.getLogger(logger)
    monkeypatch.setattr(watched, "handlers", [handler])
    caplog.set_level(logging.INFO, logger=logger)
    member = make.member("Canary Amina")
    story = make.story(member, "my canary story")
    make.commit()

    @app.get("/test-broken/{ref}")
    def broken(ref: str) -> None:
        raise RuntimeError(f"Canary Amina {ref} my canary story")

    guest = browse()
    guest.get(f"/stories/{story.ref}", headers={"X-Forwarded-For": "196.12.34.56", "User-Agent": "Canary Amina"})
    guest.post("/enter", {"key": "canary-key one two", "next": "/my canary story"})
    guest.get(f"/test-broken/{story.ref}?q=Canary Amina")
    browse(member).get("/me")
    written = out.getvalue()
    assert story.ref not in written
    assert not [c for c in CANARIES if c in written]
    if logger in ("hearth.errors", "hearth.access"):
        assert len(written.splitlines()) >= 1
