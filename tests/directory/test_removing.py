"""Services that ended long ago leave the database; younger ones stay."""

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import select

from app.core.clock import now
from app.domain.directory.removing import remove_gone
from app.domain.directory.rows import PART_TABLES
from app.models.directory import Service, ServiceAtLocation


def test_a_service_that_ended_91_days_ago_goes_with_everything_and_one_of_89_days_stays(db, make):
    today = now().date()
    area = make.area()
    old = make.service(
        "Closed long ago",
        area=area,
        phone="+221 33 000 00 00",
        hours=[{"opens_at": "09:00", "closes_at": "12:00"}],
        point=(14.7, -17.4),
    )
    young = make.service("Closed lately", area=area, phone="+221 33 000 00 01")
    kept = make.service("Still here", area=area, phone="+221 33 000 00 02")
    old.defunct_on, young.defunct_on = today - timedelta(days=91), today - timedelta(days=89)
    db.add_all([old, young])
    db.flush()
    old_id = old.id
    assert remove_gone(db) == 1
    assert set(db.exec(select(Service.id)).all()) == {young.id, kept.id}
    assert db.exec(select(ServiceAtLocation.id).where(ServiceAtLocation.service_id == old_id)).first() is None
    for table in PART_TABLES.values():
        assert not db.execute(sa.select(sa.func.count()).where(table.c.owner_id == old_id)).scalar(), table.name
    assert remove_gone(db) == 0
