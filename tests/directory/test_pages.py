"""The Help pages as people see them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from app.core import clock
from app.domain.directory import actions
from app.models.accounts import Role
from app.models.directory import FeedForm, ListingFeedback, Service, ServiceText
from app.models.places import AreaKind
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

WEEKDAYS = {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}

OLD = "Old test data, not current help. Do not call these numbers."


@pytest.fixture
def dakar(make: Make) -> Any:
    """A town in a region in a country."""
    country = make.area("Senegal", kind=AreaKind.COUNTRY, names={"fr": "Sénégal"}, lat=14.5, lon=-14.45)
    region = make.area("Dakar region", kind=AreaKind.REGION, parent_id=country.id, lat=14.72, lon=-17.47)
    return make.area("Pikine", parent_id=region.id, lat=14.75, lon=-17.39)


def found(answer: Any) -> list[str]:
    """Return the names on the cards, in order."""
    return re.findall(r'<li class="card"><h2><a [^>]*>([^<]*)</a>', answer.text)


def test_start_shows_twelve_needs_and_asks_for_nothing(browse: Callable[..., Browser]) -> None:
    answer = browse().get("/help")
    assert answer.status_code == 200
    assert len(re.findall(r'href="/help\?need=[a-z]+"', answer.text)) == 12
    assert "<title>Help – " in answer.text


def test_a_need_in_a_place(make: Make, browse: Callable[..., Browser], dakar: Any) -> None:
    make.service("Legal help at the market", dakar, hours=[WEEKDAYS], fees_description="Free of charge")
    make.service("A room for a start", dakar, needs=["housing"])
    make.service("Legal help far away", make.area("Accra", "GH"))
    make.commit()
    answer = browse().get(f"/help?need=papers&area={dakar.id}")
    assert found(answer) == ["Legal help at the market"]
    words = text_of(answer)
    for part in ("Open until 5:00", "Pikine", "Free", "Checked 20 Nov", "Papers and rights"):
        assert part in words
    assert "km" not in words
    for wider in (dakar.parent_id, None):
        query = f"&area={wider}" if wider else ""
        assert "Legal help at the market" in found(browse().get(f"/help?need=papers{query}"))


def test_the_badge_says_how_fresh(make: Make, browse: Callable[..., Browser]) -> None:
    today = TODAY.date()
    make.service("Due", verified_on=today - timedelta(days=170), verify_due=today + timedelta(days=10))
    make.service("Old", verified_on=today - timedelta(days=200), verify_due=today - timedelta(days=20))
    make.service("Never", verified_on=None)
    make.commit()
    words = text_of(browse().get("/help?need=papers"))
    for part in ("Checked 3 Jun, to be checked again", "Not confirmed since 4 May", "Not checked yet"):
        assert part in words


def test_what_nobody_confirmed_leaves_the_results_but_keeps_its_address(
    make: Make, browse: Callable[..., Browser], db: Any
) -> None:
    service = make.service("Long ago", verified_on=TODAY.date() - timedelta(days=270), verify_due=TODAY.date() - timedelta(days=90))
    make.commit()
    assert found(browse().get("/help?need=papers")) == ["Long ago"]
    with clock.at(TODAY + timedelta(days=1)):
        assert actions.age_listings(db) == 1
        assert actions.age_listings(db) == 0
        db.commit()
        assert found(browse().get("/help?need=papers")) == []
        assert "Not confirmed since" in text_of(browse().get(f"/help/{service.ref}"))


def test_words_with_a_mistake_are_put_right_and_said(make: Make, browse: Callable[..., Browser]) -> None:
    make.service("Legal help at the market", description="A solicitor listens.")
    make.commit()
    answer = browse().get("/help?q=solicitr")
    assert found(answer) == ["Legal help at the market"]
    assert "Nothing for “solicitr”. Showing results for “solicitor”." in text_of(answer)


def test_signs_of_direction_in_typed_words_turn_no_sentence_around(make: Make, browse: Callable[..., Browser]) -> None:
    make.service("Legal help at the market", description="A solicitor listens.")
    make.commit()
    for typed in ("\u202elegal", "نهر legal", "<b>legal"):
        said = browse().get("/help", params={"q": typed}).text.split('<p role="status">')[1].split("</p>")[0]
        inside = said.split("“<bdi>")[1].split("</bdi>”")[0]
        assert "<" not in inside
        assert "\u202e" not in said.replace(inside, "")


def test_a_french_reader_finds_an_english_listing_and_is_told(make: Make, browse: Callable[..., Browser]) -> None:
    make.service("A lawyer on Thursdays")
    make.commit()
    answer = browse(language="fr").get("/help?q=avocat")
    assert found(answer) == ["A lawyer on Thursdays"]
    assert 'lang="en" dir="auto">A lawyer on Thursdays' in answer.text


@pytest.mark.parametrize(
    ("language", "typed", "names", "said"),
    [
        ("fr", "avocat gratuit", ["Lawyer at no charge", "Lawyer on Mondays", "Registry"],
         "D’abord ce qui répond à tous les mots, puis ce qui répond sans «\xa0gratuit\xa0»."),
        ("ar", "أحتاج إلى محامي رخيص", ["Lawyer on Mondays", "Lawyer at no charge", "Registry"],
         "لا شيء يناسب كل الكلمات. هذه نتائج من دون «رخيص»."),
        ("en", "nationality", ["Registry", "Lawyer on Mondays", "Lawyer at no charge"],
         "Nothing fits all words. This comes nearest."),
        ("en", "I need a lawyer", ["Lawyer on Mondays", "Lawyer at no charge", "Registry"], "For “I need a lawyer”"),
    ],
)  # fmt: skip
def test_words_that_were_left_out_are_said(
    make: Make, browse: Callable[..., Browser], language: str, typed: str, names: list[str], said: str
) -> None:
    make.service("Lawyer at no charge", fees_description="No fee", description="At the market")
    make.service("Lawyer on Mondays", description="At the market")
    make.service("Registry", description="First floor")
    make.service("Football", needs=["children"])
    make.commit()
    answer = browse(language=language).get("/help", params={"q": typed})
    assert sorted(found(answer)) == sorted(names)
    assert found(answer)[0] == names[0]
    assert " ".join(said.split()) in text_of(answer)
    assert ("words" in text_of(answer).split("Search in your")[0]) == (said.startswith("Nothing fits"))


def test_a_translation_is_shown_in_its_language(make: Make, browse: Callable[..., Browser], db: Any) -> None:
    service = make.service("A lawyer on Thursdays")
    db.add(ServiceText(service_id=service.id, language="ar", name="محام يوم الخميس", description="الاستماع إليك"))
    db.flush()
    from app.domain.directory.compiling import compile_services
    from app.domain.directory.places import AreaBook

    compile_services(db, [service.id], AreaBook.load(db.connection()))
    make.commit()
    assert found(browse(language="ar").get("/help?need=papers")) == ["محام يوم الخميس"]
    page = browse(language="ar").get(f"/help/{service.ref}")
    assert '<h1 lang="ar" dir="auto">محام يوم الخميس</h1>' in page.text
    assert found(browse().get("/help?need=papers")) == ["A lawyer on Thursdays"]


def test_nothing_found_is_no_dead_end(make: Make, browse: Callable[..., Browser], dakar: Any) -> None:
    make.commit()
    answer = browse().get(f"/help?need=health&area={dakar.id}&q=xylophone")
    assert answer.status_code == 200
    words = text_of(answer)
    for part in ("Nothing here yet", "Look in all of Dakar region", "Show all: Health", "See all needs"):
        assert part in words
    assert f"area={dakar.parent_id}" in answer.text


def test_near_a_place_shows_distances_and_the_nearest_first(make: Make, browse: Callable[..., Browser], dakar: Any) -> None:
    make.service("Far", dakar, point=(14.9, -17.2))
    make.service("Near", dakar, point=(14.751, -17.391))
    make.commit()
    answer = browse().get(f"/help?need=papers&area={dakar.id}&near=1")
    assert found(answer) == ["Near", "Far"]
    words = text_of(answer)
    assert "0.2 km" in words
    assert "Distances are counted from the middle of the place you chose." in words


def test_seven_on_a_page_and_earlier_later(make: Make, browse: Callable[..., Browser]) -> None:
    for n in range(9):
        make.service(f"Service {n}")
    make.commit()
    first = browse().get("/help?need=papers")
    second = browse().get("/help?need=papers&page=2")
    assert len(found(first)) == 7
    assert len(found(second)) == 2
    assert not set(found(first)) & set(found(second))
    assert 'rel="next" href="/help?need=papers&amp;page=2"' in first.text
    assert 'rel="prev" href="/help?need=papers"' in second.text


@pytest.mark.parametrize(
    "path",
    ["/help?need=papers&page=-1", "/help?need=papers&page=0", "/help?need=papers&page=99999999999999999999",
     "/help?need=papers&page=3",
     "/help?need=nothing", "/help?area=1", "/help/12345678901234567890123456", "/help/2222222222222", "/help/222222222222",
     "/help?area=0190aaaa-0000-7000-8000-000000000001",
     "/help/places?area=0190aaaa-0000-7000-8000-000000000002", "/help?near=2", "/help/222222222222/helped?helped=no"],
)  # fmt: skip
def test_bad_addresses_are_not_here(browse: Callable[..., Browser], path: str) -> None:
    answer = browse().get(path)
    assert answer.status_code == 404
    assert "This page is not here" in text_of(answer)


def test_too_many_words_get_a_sentence(browse: Callable[..., Browser]) -> None:
    answer = browse().get("/help?q=" + "a" * 2_000)
    assert answer.status_code == 422
    assert "Write a few words only" in text_of(answer)


@pytest.mark.parametrize("q", ['"', "a AND (", "' OR 1=1 --", "💔", "مساعدة", "NEAR(", "*", "%%%"])
def test_no_words_break_the_search(make: Make, browse: Callable[..., Browser], q: str) -> None:
    make.service()
    make.commit()
    assert browse().get("/help", params={"q": q}).status_code == 200


def test_places_lead_from_countries_to_towns(make: Make, browse: Callable[..., Browser], dakar: Any) -> None:
    make.commit()
    guest = browse()
    assert (
        f'href="/help/places?need=papers&amp;area={dakar.parent_id}"'
        in guest.get(f"/help/places?need=papers&area={_country(make, dakar)}").text
    )
    assert f'href="/help?area={dakar.id}"' in guest.get("/help/places?named=PIK").text
    assert "We know no place that begins like this" in text_of(guest.get("/help/places?named=zz"))


def _country(make: Make, area: Any) -> Any:
    from app.models.places import Area

    return make.db.get(Area, area.parent_id).parent_id


def test_a_service_page_says_what_one_needs_to_know(make: Make, browse: Callable[..., Browser], dakar: Any) -> None:
    service = make.service(
        "Legal help at the market", dakar, hours=[WEEKDAYS], verify_method="phone", phone="+221 77 123 45 67",
        eligibility_description="Everybody", minimum_age=18,
    )  # fmt: skip
    make.commit()
    answer = browse().get(f"/help/{service.ref}")
    words = text_of(answer)
    assert 'href="tel:+221771234567"' in answer.text
    for part in (
        "Open until 5:00", "For people of 18 years and older", "Friday today 9:00", "Sunday closed",
        "A coordinator checked it by phone",
        "Next check: 19 May 2027", "Source: Test list", "Did this help?", "Something is wrong",
    ):  # fmt: skip
        assert part in re.sub(r"[\u202f\xa0]", " ", words)
    assert f'href="/flag/service/{service.ref}"' in answer.text
    assert 'href="geo:14.75000,-17.39000"' in answer.text
    assert "<svg viewBox" in answer.text
    assert (
        "http" not in re.sub(r'xmlns="[^"]*"', "", re.sub(r'content="[^"]*"', "", answer.text)).split("<main")[1].split("</main")[0]
    )


def test_a_protected_place_shows_no_way_to_find_it(make: Make, browse: Callable[..., Browser], dakar: Any) -> None:
    service = make.service(
        "House by the river", dakar, protected=True, hours=[WEEKDAYS], phone="+221 77 123 45 67", email="a@b.example"
    )
    make.commit()
    for path in (f"/help/{service.ref}", "/help?need=papers", "/help?need=papers&view=map"):
        answer = browse().get(path)
        assert "House by the river" in answer.text
        for secret in ("77123", "77 123", "geo:", "14.75", "Pikine", "a@b.example", "5:00"):
            assert secret not in answer.text
    assert "A coordinator of this network brings you together" in text_of(browse().get(f"/help/{service.ref}"))
    assert found(browse().get(f"/help?area={dakar.id}")) == []


def test_the_note_of_the_source_stands_on_every_listing(make: Make, browse: Callable[..., Browser], db: Any) -> None:
    from app.models.directory import Feed

    db.add(
        Feed(
            name="old",
            title="A list of 2015",
            licence="MIT",
            note=OLD,
            form=FeedForm.MAPPED,
        )
    )
    db.flush()
    service = make.service(feed="old")
    make.commit()
    words = text_of(browse().get(f"/help/{service.ref}"))
    assert OLD in words
    assert "Licence: MIT" in words


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "Vieilles données d’essai, pas une aide actuelle."), ("ar", "بيانات تجربة قديمة، ليست مساعدة حالية.")],
)  # fmt: skip
def test_that_a_demo_listing_must_not_be_called_is_said_in_every_language(
    make: Make, browse: Callable[..., Browser], db: Any, language: str, sentence: str
) -> None:
    from app.models.directory import Feed

    db.add(Feed(name="old", title="A list", note=OLD, form=FeedForm.MAPPED))
    db.add(Feed(name="own", title="A list", note="Only on Mondays.", form=FeedForm.MAPPED))
    db.flush()
    services = [make.service(feed=feed) for feed in ("old", "own")]
    make.commit()
    old, own = (text_of(browse(language=language).get(f"/help/{s.ref}")) for s in services)
    assert sentence in old
    assert "Only on Mondays." in own  # the words of a source stay as they are


@pytest.mark.parametrize("checked", [True, False])
def test_a_sentence_ends_with_one_full_stop(make: Make, browse: Callable[..., Browser], checked: bool) -> None:
    fields = {} if checked else {"verified_on": None}
    service = make.service(verify_method="phone", **fields)
    make.commit()
    words = text_of(browse(language="fr").get(f"/help/{service.ref}"))
    assert "20 novembre 2026" in words
    assert ".." not in words


def test_did_this_help(make: Make, browse: Callable[..., Browser], db: Any) -> None:
    service = make.service()
    make.commit()
    guest = browse()
    assert "Thank you." in text_of(guest.send(f"/help/{service.ref}/helped", {"helped": "yes"}))
    why = guest.send(f"/help/{service.ref}/helped", {"helped": "no"})
    assert "What was the reason?" in text_of(why)
    guest.send(f"/help/{service.ref}/helped", {"helped": "no", "told": "1", "why": "money"})
    guest.send(f"/help/{service.ref}/helped", {"helped": "partly", "told": "1"})
    wrong = guest.post(f"/help/{service.ref}/helped", {"helped": "no", "told": "1", "why": "because"})
    assert wrong.status_code == 422
    rows = db.execute(sa.select(ListingFeedback.helped, ListingFeedback.why)).all()  # type: ignore[call-overload]
    assert sorted((h.value, w.value if w else None) for h, w in rows) == [("no", "money"), ("partly", None), ("yes", None)]
    assert set(ListingFeedback.model_fields) == {"id", "service_id", "helped", "why", "on"}


def test_what_is_gone_says_so(make: Make, browse: Callable[..., Browser]) -> None:
    service = make.service(defunct_on=TODAY.date(), status="defunct")
    make.commit()
    assert browse().get(f"/help/{service.ref}").status_code == 410
    assert browse().post(f"/help/{service.ref}/helped", {"helped": "yes"}).status_code == 410
    assert found(browse().get("/help?need=papers")) == []


@pytest.mark.parametrize("things", [1, 3])
def test_statements_of_a_page(
    make: Make, browse: Callable[..., Browser], app: FastAPI, count_queries: Any, dakar: Any, things: int
) -> None:
    for n in range(things):
        service = make.service(f"Service {n}", dakar, hours=[WEEKDAYS])
    member = make.member()
    make.commit()
    reader = app.state.house.database.read_engine
    for person, most, search, page in ((None, 5, 3, 2), (member, 7, 2, 1)):  # the guest's search and map are remembered
        browser = browse(person)
        for path, expected in ((f"/help?need=papers&area={dakar.id}", search), (f"/help/{service.ref}", page), ("/help", 0)):
            with count_queries(reader) as statements:
                assert browser.get(path).status_code == 200
            own = [s for s in statements if "content_version" not in s and "sign_in" not in s and "role_grant" not in s]
            assert len(own) == expected
            assert len(statements) <= most


def test_only_a_coordinator_sees_what_is_due(make: Make, browse: Callable[..., Browser]) -> None:
    today = TODAY.date()
    late = make.service("Late", verified_on=today - timedelta(days=181), verify_due=today - timedelta(days=1))
    make.service("In time")
    coordinator, member = make.member("Amina", Role.COORDINATOR), make.member()
    make.commit()
    desk = browse(coordinator)
    words = text_of(desk.get("/desk/listings"))
    assert "Late" in words
    assert "In time" not in words
    for browser in (browse(member), browse()):
        assert browser.get("/desk/listings").status_code in (303, 401, 404)
        assert browser.post(f"/desk/listings/{late.ref}/confirm", {"method": "phone"}).status_code in (303, 401, 404)
    assert "Late" in text_of(desk.get("/desk/listings"))
    after = text_of(desk.send(f"/desk/listings/{late.ref}/confirm", {"method": "visit"}))
    assert "All checked" in after
    assert "Checked 20 Nov" in text_of(browse().get("/help?need=papers"))


def test_a_coordinator_puts_a_listing_right(make: Make, browse: Callable[..., Browser], db: Any) -> None:
    service = make.service("Legal hlep", hours=[WEEKDAYS])
    coordinator = make.member("Amina", Role.COORDINATOR)
    make.commit()
    desk = browse(coordinator)
    form = desk.get(f"/desk/listings/{service.ref}")
    assert 'value="Legal hlep"' in form.text
    desk.send(f"/desk/listings/{service.ref}", {"name": "Legal help", "phone": "+221 33 800 00 00", "hours": ""})
    words = text_of(browse().get(f"/help/{service.ref}"))
    assert "Legal help" in words
    assert "+221 33 800 00 00" in words
    assert "Open until" not in words or "5:00" in words  # hours that nobody touched stay
    empty = desk.post(f"/desk/listings/{service.ref}", {"name": "", "phone": "1", "hours": "Mornings"})
    assert empty.status_code == 422
    assert "Mornings" in empty.text
    desk.send(f"/desk/listings/{service.ref}/end")
    assert browse().get(f"/help/{service.ref}").status_code == 410
    db.expire_all()
    assert db.get(Service, service.id).corrected == ["name", "phones", "status"]


def test_open_now_moves_with_the_clock_of_the_place(make: Make, browse: Callable[..., Browser]) -> None:
    amman = make.area("Amman", "JO", lat=31.95, lon=35.93)
    make.service("Clinic", amman, hours=[WEEKDAYS])
    make.commit()
    assert "Open until" in text_of(browse().get("/help?need=papers"))  # 12:30 in Amman
    with clock.at(TODAY.replace(hour=14, minute=30)):  # 17:30 there
        assert "Closed now, opens Mon" in text_of(browse().get("/help?need=papers"))
