"""The demo's partner: its key works, some of its listings are in, one waits, and somebody looks after it."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from sqlmodel import Session

from app.domain import wiring
from app.jobs import demo_partner
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.partners.conftest import Program, service


def test_its_key_works_at_once(app: FastAPI, db: Session, make: Make, browse: Callable[..., Browser]) -> None:
    wiring.connect()
    contact = make.member("Fil Bleu")
    key = demo_partner.partner(db)
    make.commit()
    mine = Program(app, key)
    listed: list[Any] = mine.get("/services").json()["services"]
    assert {one["id"]: one["state"] for one in listed} == {"couture": "fresh", "papiers": "never", "pieces": "waiting"}
    assert mine.put("new", service()).json()["state"] == "waiting"
    assert mine.get("/me").json()["receives_referrals"] is True
    page = text_of(browse(contact).get("/partner"))
    assert "To confirm · 1" in page
    assert "Fresh · 1" in page
