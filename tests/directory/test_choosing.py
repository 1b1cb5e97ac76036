"""What help must be, two services side by side, a page sent on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.core import clock
from app.domain.directory import choosing, for_whom, hours, open_slots
from app.domain.directory.reading.objects import cleaned
from app.domain.partners.checking import check
from app.models.places import AreaKind
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.directory.test_pages import found
from tests.factories import Make

Browse = Callable[..., Browser]
NIGHTS = {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "22:00", "closes_at": "06:00"}
DAYS = {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}


@pytest.mark.parametrize(
    ("open_to", "texts", "free", "access", "marks"),
    [
        ([], ["Legal help"], False, [], []),
        ([], ["Legal help"], True, [], ["free"]),
        (["women", "without_papers", "with_children"], [], False, [], ["women", "without_papers", "with_children"]),
        ([], ["Sewing for women", "Training"], False, [], ["women"]),
        ([], ["Sewing", "Women only, from 18 years"], False, [], ["women"]),
        ([], ["Sewing for women", "For women and men"], False, [], []),
        ([], ["Réservé aux femmes"], False, [], ["women"]),
        ([], ["جلسات للنساء فقط"], False, [], ["women"]),
        ([], ["Women’s rights library"], False, [], []),  # anybody may come and read
        ([], ["No papers needed", "sans papiers"], False, [], []),  # a source states it, or nobody is told so
        ([], ["Courses with childcare"], False, [], ["with_children"]),
        ([], ["Courses", "No childcare"], False, [], []),
        ([], ["Cours", "garde d'enfants"], False, [], ["with_children"]),
        ([], [], False, ["Ramp at the back door"], ["accessible"]),
        ([], [], False, ["No lift"], []),
        ([], [], False, ["Ramp", "Not accessible by wheelchair"], []),
        ([], [], False, ["None"], []),
        *(
            ([], [said], False, [], [])
            for said in (
                "Not only for women",
                "Open to all. For women we have a separate room",
                "For women as well as others",
                "For women and their partners",
                "Pas uniquement pour les femmes",
                "ليست للنساء فقط",
                "No nursery",
                "Nursery school teachers' union",
                "People living with children in care",
            )
        ),
        ([], ["Come with children"], False, [], ["with_children"]),
        *(
            ([], [], False, [said], ["accessible"])
            for said in (
                "Wheelchair accessible",
                "No steps",
                "Step-free entrance",
                "Lift to all floors",
                "Plain-pied",
                "Ascenseur",
                "Accessible en fauteuil roulant",
                "مدخل للكراسي المتحركة",
                "يوجد مصعد",
            )
        ),
        *(
            ([], [], False, [said], [])
            for said in (
                "Third floor",
                "Stairs to the entrance",
                "Steps",
                "Ramp broken",
                "two steps",
                "Hearing loop",
                "Parking behind the house",
                "Sign language on request",
                "Wheelchair access on request, two steps",
                "5 marches à l'entrée",
                "الطابق الثالث",
                "Not wheelchair accessible",
                "لا يوجد مصعد",
                "Pas d'ascenseur",
                "Lift out of order",
            )
        ),
    ],
)
def test_a_listing_is_found_by_what_it_says(
    open_to: list[str], texts: list[str], free: bool, access: list[str], marks: list[str]
) -> None:
    assert for_whom.marks(open_to, texts, free, access) == marks


@pytest.mark.parametrize(
    ("given", "kept"), [(["women", "x", "women"], ["women"]), ("women", []), ([["women"], None, 3], []), (None, [])]
)
def test_only_words_of_ours_are_taken_from_a_source(given: Any, kept: list[str]) -> None:
    assert for_whom.stated(given) == kept
    service = {"id": "a-service-1", "name": "A", "status": "active", "open_to": given}
    assert cleaned("service", service).data.get("open_to", []) == kept


def test_a_partner_is_told_which_words_there_are() -> None:
    sent = {"id": "a", "name": "A", "status": "active", "open_to": ["without_papers", ["x"]]}
    problem = check("service", sent, "a").problems[0]
    assert (problem.pointer, "without_papers" in problem.sentence) == ("/open_to", True)
    assert check("service", {**sent, "open_to": ["women"]}, "a").data["open_to"] == ["women"]


@pytest.mark.parametrize("zone", ["Africa/Dakar", "Europe/Warsaw", "Asia/Amman", "America/New_York", "Africa/Casablanca"])
@pytest.mark.parametrize(
    "schedule", [NIGHTS, DAYS, {"freq": "MONTHLY", "bymonthday": "1,15", "opens_at": "00:00", "closes_at": "24:00"}]
)
def test_whatever_is_open_stands_in_its_piece_of_the_week(zone: str, schedule: dict[str, Any]) -> None:
    pieces = set(open_slots.slots([schedule], zone, date(2026, 11, 30)))
    start = datetime(2026, 3, 1, tzinfo=ZoneInfo(zone))
    for step in range(0, 365 * 24, 7):
        moment = (start + timedelta(hours=step)).astimezone(UTC)
        if hours.open_now([schedule], moment, zone).open:
            assert open_slots.slot(moment) in pieces


def test_hours_that_nobody_can_read_stand_nowhere() -> None:
    assert open_slots.slots([{"description": "mornings"}], "Africa/Dakar", TODAY.date()) == []
    assert open_slots.slots([DAYS], None, TODAY.date()) == []


@pytest.fixture
def pikine(make: Make) -> Any:
    """A town in its country."""
    country = make.area("Senegal", kind=AreaKind.COUNTRY, lat=14.5, lon=-14.45)
    return make.area("Pikine", parent_id=country.id, lat=14.75, lon=-17.39)


def test_choices_narrow_what_is_found_and_can_be_taken_away(make: Make, browse: Browse, pikine: Any) -> None:
    make.service("Free and for women", pikine, fees_description="Free", open_to=["women"], hours=[DAYS])
    make.service("Free at night", pikine, fees_description="Free", hours=[NIGHTS], open_to=["without_papers"])
    make.service("Says nothing", pikine)
    make.commit()
    guest = browse()
    assert TODAY.weekday() < 5
    assert 9 <= TODAY.hour < 17
    assert len(found(guest.get("/help?need=papers"))) == 3
    assert set(found(guest.get("/help?need=papers&only=free"))) == {"Free and for women", "Free at night"}
    assert found(guest.get("/help?only=women&only=free")) == ["Free and for women"]
    assert found(guest.get(f"/help?need=papers&area={pikine.id}&only=open")) == ["Free and for women"]
    assert found(guest.get("/help?only=without_papers")) == ["Free at night"]
    with clock.at(TODAY.replace(hour=23)):
        assert found(guest.get("/help?need=papers&only=open")) == ["Free at night"]
        assert found(guest.post("/help/places", {"lat": "14.75", "lon": "-17.39", "only": ["open", "free"]})) == ["Free at night"]
    page = guest.get("/help?need=papers&only=free&only=women")
    assert 'href="/help?need=papers&amp;only=women"' in page.text
    assert 'href="/help/choices?need=papers&amp;only=free&amp;only=women"' in page.text
    none = guest.get("/help?need=papers&only=accessible")
    assert "Only what says so itself is shown" in text_of(none)
    assert 'href="/help?need=papers"' in none.text
    assert guest.get("/help?only=anything").status_code in (404, 422)


def test_choices_are_asked_for_on_a_page_of_their_own_that_forgets_nothing(browse: Browse) -> None:
    answer = browse().get("/help/choices?need=papers&q=lawyer&only=free&language=fr&view=map")
    assert answer.text.count('type="checkbox"') == len(choosing.CHOICES)
    assert 'value="free" checked' in answer.text
    assert '<option value="fr" selected>' in answer.text
    for kept in ('name="q" value="lawyer"', 'name="need" value="papers"', 'name="view" value="map"'):
        assert kept in answer.text


def test_two_stand_side_by_side_and_a_hidden_place_tells_nothing(make: Make, browse: Browse, pikine: Any) -> None:
    one = make.service("Legal help", pikine, hours=[DAYS], fees_description="Free", open_to=["women"])
    other = make.service("Law shop", pikine, fees_description="500 francs")
    hidden = make.service("A house that hides", pikine, protected=True, phone="+221 77 999 99 99")
    make.service("A room", pikine, needs=["housing"])
    make.commit()
    guest = browse()
    assert f'href="/help/{one.ref}/compare"' in guest.get(f"/help/{one.ref}").text
    beside = guest.get(f"/help/{one.ref}/compare")
    assert f'href="/help/{one.ref}/compare?with={other.ref}"' in beside.text
    assert "A room" not in beside.text
    words = text_of(guest.get(f"/help/{one.ref}/compare?with={other.ref}"))
    for part in ("Legal help", "Law shop", "For women", "Free", "500 francs", "says nothing", "Open until"):
        assert part in words
    told = guest.get(f"/help/{one.ref}/compare?with={hidden.ref}").text
    assert "A protected place." in told
    assert "999 99 99" not in told
    assert guest.get(f"/help/{one.ref}/compare?with={'z' * 12}").status_code == 404


def test_a_link_is_sent_on_that_says_nothing(make: Make, browse: Browse, pikine: Any) -> None:
    service = make.service("Legal help", pikine)
    hidden = make.service("A house that hides", pikine, protected=True)
    make.commit()
    answer = browse().get(f"/help/{service.ref}/share")
    assert f'value="http://127.0.0.1:8000/help/{service.ref}"' in answer.text or f'/help/{service.ref}"' in answer.text
    assert "Legal help" not in answer.text
    assert "sms:?" in answer.text
    assert browse().get(f"/help/{hidden.ref}/share").status_code == 404
