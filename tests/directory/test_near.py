"""Near where I am: the phone is asked only on that page, its place is coarse, and nothing of it stays with us."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import SQLModel

from tests.browse import Browser, text_of
from tests.directory.test_pages import found
from tests.factories import Make

HERE = {"lat": "14.75", "lon": "-17.39"}
HTMX = {"HX-Request": "true"}
Browse = Callable[..., Browser]


@pytest.fixture
def around(make: Make) -> None:
    """Two services at some distance, and one on another continent."""
    area = make.area("Pikine")
    make.service("Far", area, point=(14.9, -17.2))
    make.service("Near", area, point=(14.751, -17.391))
    make.service("A room near", area, point=(14.76, -17.4), needs=["housing"])
    make.service("A house that hides", area, protected=True, point=(14.75, -17.39))
    make.service("Elsewhere", area, point=(52.2, 21.0))
    make.commit()


def test_the_nearest_comes_first_and_what_is_asked_for_counts(around: None, browse: Browse) -> None:
    guest = browse()
    assert found(guest.post("/help/places", HERE)) == ["Near", "A room near", "Far"]
    only = guest.post("/help/places", {**HERE, "need": "housing"})
    assert found(only) == ["A room near"]
    assert "Housing" in text_of(only)
    assert 'href="/help/places?need=housing"' in only.text
    typed = guest.post("/help/places", {**HERE, "q": "room"})
    assert found(typed) == ["A room near"]
    assert "1.5 km" in text_of(typed)


def test_far_away_there_is_nothing_and_a_way_on(around: None, browse: Browse) -> None:
    answer = browse().post("/help/places", {"lat": "-40", "lon": "100", "need": "papers"})
    assert answer.status_code == 200
    assert "No one has told us of this kind of help near you." in text_of(answer)
    assert 'href="/help?need=papers"' in answer.text


def test_a_part_for_the_page_and_a_page_for_everybody_else_are_the_same(around: None, browse: Browse) -> None:
    guest = browse()
    part, whole = guest.post("/help/places", HERE, headers=HTMX), guest.post("/help/places", HERE)
    assert "<html" not in part.text
    assert part.text.strip() in whole.text
    assert guest.get("/help/places").status_code == 200  # its address is that of the list of places: it can be opened again


def test_further_pages_carry_the_place_in_their_form_and_in_no_address(make: Make, browse: Browse) -> None:
    area = make.area("Pikine")
    for n in range(9):
        make.service(f"Service {n}", area, point=(14.75 + n / 100, -17.39))
    make.commit()
    guest = browse()
    first = guest.post("/help/places", {**HERE, "need": "papers"}, headers=HTMX)
    assert found(first) == [f"Service {n}" for n in range(7)]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', first.text))
    assert fields == {"csrf": "", "lat": "14.75", "lon": "-17.39", "need": "papers", "q": "", "language": ""}
    second = guest.post("/help/places", {**fields, "page": "2"}, headers=HTMX)
    assert found(second) == ["Service 7", "Service 8"]
    assert 'name="page" value="1"' in second.text
    for answer in (first, second):
        assert not re.search(r'(?:href|action|hx-post)="[^"]*(?:14|17)\.', answer.text)


def test_what_is_finer_than_a_kilometre_is_rounded_here_as_well(around: None, browse: Browse) -> None:
    for _time in range(6):
        browse().post("/help/places", HERE)
    fine = browse().post("/help/places", {"lat": "14.7512345", "lon": "-17.3887654"})
    assert fine.text == browse().post("/help/places", HERE).text
    assert "7512" not in fine.text


@pytest.mark.parametrize(
    "sent",
    [{}, {"lat": "14.75"}, {**HERE, "lat": "91"}, {**HERE, "lon": "-181"}, {**HERE, "lat": "nan"}, {**HERE, "lon": "inf"},
     {**HERE, "lat": "here"}, {**HERE, "need": "nothing"}, {**HERE, "q": "x" * 201}, {**HERE, "page": "0"}, {**HERE, "page": "71"}],
)  # fmt: skip
def test_what_is_no_place_gets_a_sentence(around: None, browse: Browse, sent: dict[str, str]) -> None:
    answer = browse().post("/help/places", sent)
    assert answer.status_code == 422
    assert "What your phone told us is not a place that we can use." in text_of(answer)


def test_nothing_of_it_stays(
    around: None, browse: Browse, app: FastAPI, make: Make, db: Any, caplog: pytest.LogCaptureFixture
) -> None:
    member = make.member()
    make.commit()
    browsers = [browse(), browse(member)]

    def rows() -> dict[str, list[Any]]:
        with app.state.house.database.reading() as reading:
            return {t.name: [tuple(r) for r in reading.execute(sa.select(t))] for t in SQLModel.metadata.sorted_tables}

    before = rows()
    with caplog.at_level(logging.DEBUG):
        for browser in browsers:
            answer = browser.post("/help/places", HERE, headers=HTMX)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "no-store"
            assert "etag" not in answer.headers
            assert "set-cookie" not in answer.headers
            assert not {"hx-push-url", "hx-replace-url", "location"} & set(answer.headers)
    assert rows() == before
    told = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert "/help/places" in told
    assert "14.7" not in told
    assert "17.3" not in told


def test_the_memory_of_searches_does_not_learn_it(around: None, browse: Browse, app: FastAPI) -> None:
    guest, memory = browse(), app.state.house.searches
    guest.get("/help?need=papers")
    before = list(memory._known)
    assert len(before) == 1
    guest.post("/help/places", {**HERE, "need": "papers"})
    assert list(memory._known) == before


def test_only_the_page_with_the_button_may_ask_the_phone(make: Make, browse: Browse) -> None:
    area = make.area("Pikine", lat=14.75, lon=-17.39)
    service = make.service("Near", area)
    make.commit()
    guest = browse()
    for _time in range(2):  # made now, and kept
        page = guest.get("/help/places")
        assert page.headers["permissions-policy"] == "camera=(), geolocation=(self), microphone=()"
        assert "js/near.js" in page.text
    for path in ("/help", "/help?need=papers", f"/help/places?area={area.id}", f"/help/{service.ref}", "/"):
        page = guest.get(path)
        assert page.headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"
        assert "js/near.js" not in page.text
    answer = guest.post("/help/places", HERE)
    assert "geolocation=()" in answer.headers["permissions-policy"]


def test_the_button_waits_for_a_script_and_carries_what_is_looked_for(browse: Browse) -> None:
    page = browse().get("/help/places?need=housing&q=room&language=ar").text
    form = re.search(r"<form [^>]*data-near.*?</form>", page, re.DOTALL)
    assert form
    assert "<button" not in form[0].split("<template>")[0]
    for name, value in (("need", "housing"), ("q", "room"), ("language", "ar")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in form[0]


def test_a_failure_shows_no_place_to_whoever_looks_over_the_shoulder() -> None:
    from starlette.datastructures import FormData

    from app.web.typed import typed_in

    typed = typed_in(FormData([*HERE.items(), ("q", "A room, 12.5 square metres")]))
    assert typed.words == ["A room, 12.5 square metres"]
