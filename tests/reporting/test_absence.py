"""Why people do not come: one tap without an account, counted by month, published as every number is."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import clock
from app.core.settings import Settings
from app.domain.network import absence
from app.jobs import retention
from app.models.accounts import Role
from app.models.network import NotComing
from app.schemas.network import SayAbsent
from tests.browse import text_of
from tests.conftest import TODAY
from tests.factories import Make
from tests.reporting.test_releases import by_id, made, people


def test_one_tap_is_counted_and_nothing_else_is_kept(db: Session, browse: Any) -> None:
    guest = browse()
    page = guest.get("/why")
    assert [page.text.count(f'value="{reason}"') for reason in absence.REASONS] == [1] * len(absence.REASONS)
    assert set(SayAbsent.model_fields["reason"].annotation.__args__) == set(absence.REASONS)  # type: ignore[union-attr]
    for reason in ("children", "children", "only_men"):
        assert "Thank you" in text_of(guest.send("/why", {"reason": reason}))
    assert guest.post("/why", {"reason": "weather"}).status_code == guest.post("/why").status_code == 422
    kept = NotComing.__table__  # type: ignore[attr-defined]
    rows = db.execute(sa.select(kept.c.month, kept.c.reason, kept.c["count"]).order_by(kept.c["count"].desc())).all()
    month = TODAY.date().replace(day=1)
    assert [tuple(row) for row in rows] == [(month, "children", 2), (month, "only_men", 1)]
    db.commit()
    answers = [guest.post("/why", {"reason": "other"}).status_code for _n in range(9)]
    assert (answers[0], answers[-1]) == (303, 429)


def test_it_is_published_protected_and_goes_after_two_years(browse: Any, make: Make, app: Any, settings: Settings) -> None:
    people(make, 60, 60, 20)
    analyst = make.member("", Role.ANALYST)
    with clock.at(TODAY - timedelta(days=TODAY.day)):  # the last day of the month before
        for reason, many in (("children", 31), ("hours", 24), ("safety", 4)):
            for _n in range(many):
                absence.say(make.db, reason)
    make.commit()
    release = made(app.state.house.database, settings)
    table = by_id(release, "absent")
    shown = dict(zip(table["cols"], table["cells"][0], strict=True))
    assert (shown["children"], shown["safety"], shown["only men"]) == (30, None, None)
    words = text_of(browse(analyst).get("/desk/numbers"))
    assert "I have children or others to look after: about 30" in words
    assert "I would not feel safe" not in words
    with clock.at(TODAY + timedelta(days=800)):
        retention.remove_old(make.db, clock.now())
    assert make.db.exec(select(NotComing.id)).all() == []
