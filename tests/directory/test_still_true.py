"""A link asks whoever offers a service whether it is still true: no account, one tap, over once somebody answered."""

import re
from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session, select

from app.core import clock
from app.domain.directory import still_true
from app.domain.directory.correcting import put_right
from app.domain.partners import looking_after
from app.models.accounts import Answer
from app.models.directory import Service
from app.models.partners import PartnerRecord, RecordState
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make


def seen_in(page: str) -> str:
    """Return what the form of the page says that it showed."""
    return re.findall(r'name="seen" value="([0-9a-f]*)"', page)[0]


def test_a_tap_confirms_once_and_for_some_days_only(make: Make, browse: Callable[..., Browser], db: Session) -> None:
    late = make.service("Legal help", phone="+221 33 800 00 00", verify_due=TODAY.date() - timedelta(days=1))
    shelter = make.service("Safe house", protected=True, phone="+221 77 999 99 99")
    make.commit()
    path, closed = f"/still/{still_true.token(late)}", f"/still/{still_true.token(shelter)}"
    make.commit()
    guest = browse()
    page_with = guest.get(path)
    page = text_of(page_with)
    assert "Is this still true?" in page
    assert "800 00 00" in page
    shut = guest.get(closed)
    assert (shut.status_code, "Safe house" in shut.text, "999" in shut.text) == (200, True, False)
    assert db.get_one(Service, late.id, populate_existing=True).verify_due < TODAY.date()  # looking changes nothing
    make.commit()
    assert guest.get(path[:-1] + ("0" if path[-1] != "0" else "1")).status_code == 410
    with clock.at(TODAY + timedelta(days=15)):
        assert guest.get(path).status_code == 410
    assert guest.post(path, {"seen": seen_in(page_with.text)}).status_code == 303
    row = db.get_one(Service, late.id, populate_existing=True)
    assert (row.verify_due > TODAY.date(), row.verified_by_role) == (True, "partner")
    make.commit()
    assert guest.post(path, {"seen": seen_in(page_with.text)}).status_code == 410
    assert "Whoever offers it confirmed it" in text_of(guest.get(f"/help/{row.ref}/history"))


def test_what_changed_between_page_and_tap_is_not_confirmed(make: Make, browse: Callable[..., Browser], db: Session) -> None:
    service = make.service("Legal help", phone="+221 33 800 00 00")
    make.commit()
    guest, path = browse(), f"/still/{still_true.token(service)}"
    seen = seen_in(guest.get(path).text)
    with Session(db.get_bind()) as other:
        put_right(other, other.get_one(Service, service.id), "coordinator", phone="+221 33 811 11 11")
        other.commit()
    make.commit()
    for sent in ({"seen": seen}, {}):
        again = guest.post(path, sent)
        assert (again.status_code, "811 11 11" in again.text) == (409, True)
        assert "has changed meanwhile" in text_of(again)
    assert db.get_one(Service, service.id, populate_existing=True).verified_by_role != "partner"
    make.commit()
    assert guest.post(path, {"seen": seen_in(again.text)}).status_code == 303


def test_a_check_by_somebody_else_on_the_same_day_ends_the_link(make: Make, browse: Callable[..., Browser], db: Session) -> None:
    service = make.service("Legal help", verified_on=TODAY.date(), verify_method="partner")
    path = f"/still/{still_true.token(service)}"
    service.verify_method = "phone"
    make.commit()
    assert browse().get(path).status_code == 410


def test_those_who_look_after_listings_are_told_once_a_month(make: Make, db: Session) -> None:
    keeper, awa = make.member("Blue Thread"), make.member("Awa Lantern")
    partner, group = make.partner(looked_after_by=keeper), make.group(by=awa)
    offers = make.partner("group one")
    offers.group_id = group.id
    for whose, late in ((partner, 1), (offers, 1)):
        service = make.service(f"Help of {whose.name}", verify_due=TODAY.date() - timedelta(days=late))
        db.add(PartnerRecord(
            partner_id=whose.id, kind="service", foreign_id="s1", object_id=service.id, name="Help", content_hash="",
            state=RecordState.TAKEN, sent_at=TODAY,
        ))  # fmt: skip
    make.commit()
    assert [looking_after.remind(db) for _round in range(2)] == [2, 0]
    told = {row.member_id: row.link for row in db.exec(select(Answer))}
    assert told == {keeper.id: "/partner", awa.id: f"/g/{group.ref}/services"}
    with clock.at(TODAY + timedelta(days=31)):
        assert looking_after.remind(db) == 2
