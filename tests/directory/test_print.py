"""The guide for paper: everything that somebody needs of a place, nothing that has to stay hidden."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from app.domain.directory import printing
from app.models.places import AreaKind
from tests.browse import Browser, text_of
from tests.factories import Make

Browse = Callable[..., Browser]
MORNING = {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}


def test_a_place_is_printed_by_need_without_what_is_protected(
    make: Make, browse: Browse, app: FastAPI, count_queries: Any, monkeypatch: Any
) -> None:
    country = make.area("Senegal", kind=AreaKind.COUNTRY, lat=14.5, lon=-14.45)
    town = make.area("Pikine", parent_id=country.id, lat=14.75, lon=-17.39)
    make.service(
        "Legal help",
        town,
        hours=[MORNING],
        fees_description="Free of charge",
        phone="+221 33 800 00 01",
        status="temporarily closed",
        alert="Ring twice",
        open_to=["women"],
        eligibility_description="Women with children",
    )
    make.service("A room for a start", town, needs=["housing"])
    make.service("Women's shelter", country, needs=["housing"], protected=True, phone="+221 33 999 99 99")
    make.service("Legal help far away", make.area("Accra", "GH"))
    make.commit()
    guest = browse()
    answer = guest.get(f"/help/print?place={country.id}")
    words = text_of(answer)
    told = (
        "Help in Senegal", "Papers and rights", "Legal help", "+221 33 800 00 01", "Monday: 9:00", "Free", "Checked 20 Nov",
        "Closed for some time", "Ring twice", "For women · Women with children", "A room for a start", "20 November 2026",
    )  # fmt: skip
    assert [part for part in told if part not in words] == []
    for hidden in ("shelter", "999", "far away"):
        assert hidden not in words
    one = text_of(guest.get(f"/help/print?place={town.id}&need=housing"))
    assert "A room for a start" in one
    assert "Legal help" not in one
    assert "For paper" in text_of(guest.get(f"/help?area={town.id}"))
    for path in ("place=1", f"place={town.id}&need=nothing", "place=00000000-0000-0000-0000-000000000000"):
        assert guest.get(f"/help/print?{path}").status_code in (404, 422)
    assert 'dir="rtl"' in browse(language="ar").get(f"/help/print?place={town.id}").text
    monkeypatch.setattr(printing, "MOST", 1)
    with count_queries(app.state.house.database.read_engine) as statements:
        assert "Choose one need" in text_of(
            browse(language="fr").get(f"/help/print?place={town.id}&x=1", headers={"Accept-Language": "en"})
        )
    assert len(statements) <= 5
    assert f"/help/print?place={country.id}&amp;need=housing" in guest.get(f"/help/print?place={country.id}&x=2").text
    full = text_of(guest.get(f"/help/print?place={country.id}&need=housing"))
    assert "Choose one need" not in full
