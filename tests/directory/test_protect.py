"""A coordinator protects a place by hand; after that it can be found nowhere."""

import pytest
from sqlmodel import select

from app.core.errors import Refused
from app.domain.actor import Actor
from app.domain.directory import actions
from app.models.accounts import Role
from app.models.directory import Service


def test_only_a_coordinator_protects_a_listing(db, make):
    service = make.service("Open house", area=make.area())
    member = make.member("Quiet River")
    with pytest.raises(Refused):
        actions.protect(db, Actor(member.id, member.name), service)
    assert not service.protected


def test_a_protected_listing_shows_no_number_and_no_street(make, browse):
    service = make.service("Open house", area=make.area(), phone="+221 33 800 11 22")
    worker = make.member("Open Door", Role.COORDINATOR)
    ref = service.ref
    make.commit()
    desk = browse(worker)
    assert desk.get(f"/desk/listings/{ref}").text.count(f"/desk/listings/{ref}/protect") == 1
    shown = desk.send(f"/desk/listings/{ref}/protect")
    assert shown.status_code == 200
    for reader in (desk, browse()):
        page = reader.get(f"/help/{ref}").text
        assert "800 11 22" not in page
        assert "8001122" not in page
    assert f"/desk/listings/{ref}/protect" not in desk.get(f"/desk/listings/{ref}").text


def test_protecting_twice_is_noted_once(db, make):
    service = make.service("Open house", area=make.area())
    worker = make.member("Open Door", Role.COORDINATOR)
    actor = Actor(worker.id, worker.name, roles=frozenset({Role.COORDINATOR}), second_factor=True)
    actions.protect(db, actor, service)
    before = service.last_modified
    actions.protect(db, actor, service)
    assert db.exec(select(Service).where(Service.id == service.id)).one().last_modified == before
