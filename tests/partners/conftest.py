"""A partner with a key, and a program of theirs."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.core.clock import now
from app.core.db import Database
from app.domain import wiring
from app.domain.actor import Actor
from app.domain.partners import people
from app.models.accounts import Role
from app.models.partners import Partner, Scope
from app.schemas.partners import Agree, MakeKey
from tests.factories import Make
from tests.inside import client

PREFIX = "/api/partner/v1"


def place(key: str = "w1", **changes: Any) -> dict[str, Any]:
    """Return an HSDS place with an address."""
    address = {"id": "b1", "address_1": "Rue 1", "city": "Pikine", "state_province": "Dakar", "postal_code": "10000",
               "country": "SN", "address_type": "physical"}  # fmt: skip
    return {"id": key, "location_type": "physical", "name": "Market hall", "latitude": 14.75, "longitude": -17.39,
            "addresses": [address], **changes}  # fmt: skip


def service(**changes: Any) -> dict[str, Any]:
    """Return an HSDS service as a partner sends it."""
    return {
        "name": "Legal help", "status": "active", "description": "A lawyer listens.", "email": "help@house.example",
        "organization": {"id": "o1", "name": "House of Law", "description": "Lawyers."},
        "phones": [{"id": "p1", "number": "+221 33 800 00 00"}],
        "schedules": [{"id": "h1", "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "12:00"}],
        "service_at_locations": [{"id": "l1", "location": place()}], **changes,
    }  # fmt: skip


class Program:
    """A partner's program: no cookies, a key."""

    def __init__(self, app: FastAPI, key: str) -> None:
        self.client = client(app)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """Ask for an address below /api/partner/v1."""
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.request(method, f"{PREFIX}{path}", headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        """Read."""
        return self.ask("GET", path, **options)

    def put(self, key: str, data: Any, kind: str = "services", **options: Any) -> Any:
        """Send an object."""
        return self.ask("PUT", f"/{kind}/{key}", json=data, **options)

    def batch(self, *items: Any, **options: Any) -> Any:
        """Send several things; return the results."""
        answer = self.ask("POST", "/batch", json={"items": list(items)}, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]


@pytest.fixture
def peek(database: Database) -> Callable[[Any], list[Any]]:
    """``peek(select(…))``: what is stored now, read without keeping anybody from writing."""

    def look(statement: Any) -> list[Any]:
        with database.reading() as session:
            return list(session.exec(statement).all())

    return look


@pytest.fixture
def coordinator(make: Make) -> Actor:
    """Somebody who makes partners."""
    wiring.connect()
    member = make.member("Open Door", Role.COORDINATOR)
    return Actor(member.id, member.name, roles=frozenset({Role.COORDINATOR}), proven_at=now(), second_factor=True)


@pytest.fixture
def partner(db: Session, make: Make, coordinator: Actor) -> Partner:
    """A new partner."""
    found = people.make_partner(db, coordinator, "House of Law", "en", "SN")
    make.commit()
    return found


@pytest.fixture
def trusted(db: Session, make: Make, partner: Partner) -> Partner:
    """A partner whose first listings were let in."""
    partner.accepted = 20
    db.add(partner)
    make.commit()
    return partner


def agreed(**changes: Any) -> Agree:
    """Return what was agreed."""
    values = {"responsibilities": "They keep it true.", "contact": "Front desk", "answer_days": 3, "data_agreed": "Name and need.",
              "review_on": date(2027, 11, 20)}  # fmt: skip
    return Agree(**{**values, **changes})


@pytest.fixture
def program(app: FastAPI, db: Session, make: Make, coordinator: Actor) -> Callable[..., Program]:
    """``program(partner)``: a program with a fresh key; ``program(None)`` one without."""

    def start(whose: Partner | None, *scopes: Scope, until: date | None = None) -> Program:
        if whose is None:
            return Program(app, "")
        wish = MakeKey(label="Sync", scopes=list(scopes) or [Scope.LISTINGS], until=until or now().date() + timedelta(days=90))
        key = people.make_key(db, coordinator, whose, wish)
        make.commit()
        return Program(app, key)

    return start
