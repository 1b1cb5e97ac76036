"""A protected place cannot be found by what the software gives away: page, search, export, kept copies."""

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.core.db import Database
from app.domain.actor import Actor
from app.domain.directory import actions
from app.domain.directory.exporting import FILES, export_hsds
from app.domain.directory.protecting import without_traces
from app.models.accounts import Role
from app.models.directory import Location, Organization, Service
from app.models.directory_parts import Phone
from app.models.engine import SearchDocument
from tests.browse import Browser
from tests.factories import Make

TOLD = (
    "We listen to you, day and night. Call +221 77 123 45 67. Write to help@house.example. "
    "We are at 12 Baobab Street, second floor. Rue Lamine Gueye, next to the market.\n"
    "Our house is at 14.7512, -17.3921. See www.house.example. You may bring your children."
)


@pytest.fixture
def house(db: Session, make: Make) -> Service:
    """A shelter whose source wrote the way to it into every text."""
    service = make.service("House by the river", protected=True, description=TOLD, alert=TOLD, phone="+221 77 123 45 67")
    organization = Organization(
        name="River women", description="A network.", email="a@river.example", website="https://river.example",
        feed_id=service.feed_id, foreign_id="o", content_hash="", last_modified=0,
    )  # fmt: skip
    db.add(organization)
    db.flush()
    service.organization_id = organization.id
    db.add(Phone(owner_id=organization.id, organization_id=organization.id, number="+221 33 999 88 77"))
    db.add(Location(
        location_type="physical", name="Yellow gate", latitude=14.75, longitude=-17.39, organization_id=organization.id,
        feed_id=service.feed_id, foreign_id="l", content_hash="",
    ))  # fmt: skip
    db.flush()
    coordinator = Actor(member_id=make.member("", Role.COORDINATOR).id, roles=frozenset({Role.COORDINATOR}), second_factor=True)
    actions.update_contact(db, coordinator, service, phone="+221 70 444 55 66", hours="Ring twice after 19:00")
    make.commit()
    return service


SECRETS = (
    "77 123",
    "444 55",
    "999 88",
    "@",
    "Baobab Street",
    "Lamine",
    "14.75",
    "www.",
    "river.example",
    "Ring twice",
    "Yellow gate",
)


def test_texts_on_the_page_lead_nowhere(house: Service, browse: Callable[..., Browser]) -> None:
    main = browse().get(f"/help/{house.ref}").text.split("<main")[1].split("</main")[0]
    assert "We listen to you, day and night." in main
    assert "You may bring your children." in main
    assert [secret for secret in SECRETS if secret in main] == []


def test_search_knows_no_street(house: Service, db: Session, browse: Callable[..., Browser]) -> None:
    body = db.exec(select(SearchDocument.body).where(SearchDocument.subject_id == house.id)).one()
    assert "children" in body
    assert "baobab" not in body
    assert "lamine" not in body
    assert "House by the river" not in browse().get("/help?q=lamine").text


def test_the_export_gives_neither_changes_nor_the_organisation_away(house: Service, database: Database, tmp_path: Path) -> None:
    export_hsds(database, tmp_path)
    whole = "".join((tmp_path / name).read_text(encoding="utf-8") for name in FILES.values())
    assert {s["name"] for s in json.loads((tmp_path / "services.json").read_text())} == {"House by the river"}
    kept_out = ("444 55", "999 88", "river.example", "Ring twice", "Yellow gate")
    assert [secret for secret in kept_out if secret in whole] == []


def test_an_organisation_that_offers_more_keeps_its_number(house: Service, make: Make, database: Database, tmp_path: Path) -> None:
    make.service("Sewing course", organization_id=house.organization_id)
    make.commit()
    export_hsds(database, tmp_path)
    assert "999 88" in (tmp_path / "organizations.json").read_text(encoding="utf-8")


def test_a_kept_copy_goes_when_the_place_becomes_protected(make: Make, browse: Callable[..., Browser]) -> None:
    service = make.service("Open house")
    make.commit()
    guest = browse()
    assert f'data-ref="help/{service.ref}"' in guest.get(f"/help/{service.ref}").text
    assert guest.get(f"/saved/check?refs=help/{service.ref}").json() == {"gone": []}
    service.protected = True
    make.db.add(service)
    make.commit()
    assert guest.get(f"/saved/check?refs=help/{service.ref}").json() == {"gone": [f"help/{service.ref}"]}


def test_a_name_that_becomes_a_shelters_closes_the_listing(make: Make, db: Session) -> None:
    service = make.service("House by the river")
    coordinator = Actor(member_id=make.member("", Role.COORDINATOR).id, roles=frozenset({Role.COORDINATOR}), second_factor=True)
    actions.update_contact(db, coordinator, service, name="Women's shelter by the river")
    assert service.protected


@pytest.mark.parametrize("text", ["Open 24 hours, for women from 18 to 60.", "The first 3 nights are free.", "نفتح كل يوم."])
def test_harmless_sentences_stay(text: str) -> None:
    assert without_traces(text) == text


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert len(without_traces(text)) <= len(text)


@pytest.mark.parametrize("hostile", ["1 " * 20_000, "a." * 20_000, "12 " + "x " * 20_000, "." * 40_000, "1-" * 20_000])
def test_no_text_holds_it_up(hostile: str) -> None:
    def too_slow(*_: Any) -> None:
        raise AssertionError("too slow")

    before = signal.signal(signal.SIGALRM, too_slow)
    signal.alarm(3)
    try:
        without_traces(hostile)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
