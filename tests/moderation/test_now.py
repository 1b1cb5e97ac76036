"""Whom to call when somebody is in danger now: one tap from every form, honest about who has checked it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.core.i18n import speaking
from app.core.settings import Settings
from app.domain.network import crisis
from tests.browse import Browser
from tests.moderation.conftest import Desk

TODAY = date(2026, 11, 20)


def test_the_page_and_the_way_to_it(desk: Desk, browse: Callable[..., Browser]) -> None:
    story = desk.story()
    desk.make.commit()
    guest = browse()
    page = guest.get("/safe/now").text
    assert 'href="tel:1515"' in page
    assert "Nobody here has called it yet." in page
    assert "github.com" in page
    for path in (f"/flag/story/{story.ref}", "/flag/person", "/safe"):
        assert 'href="/safe/now"' in guest.get(path).text
    sent = guest.post("/flag/person", {"reason": "harm", "who": "Somebody"})
    assert 'href="/safe/now"' in guest.get(sent.headers["location"]).text
    assert guest.get("/safe/now?country=sn").text.count("<details open") == 1
    assert guest.get("/safe/now?country=<script>").status_code in (400, 404, 422)


def test_what_we_ship_is_whole() -> None:
    assert crisis.fault(crisis.SHIPPED) is None
    for language in ("en", "fr", "ar"):
        with speaking(language):
            found, source = crisis.numbers(Path("nowhere"), ["SN", "GH", "XX"], TODAY)
            assert source
            assert [bool(country.numbers) for country in found].count(False) == 1, "a country without numbers says so"
    assert all(one.checked is None for country in found for one in country.numbers), "nobody has called them"
    assert crisis.overdue(Path("nowhere"), ["SN", "XX"], TODAY) == ["SN", "XX"]


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("countries: {SN: [{what: police, number: '9 99', checked: 2026-11-01}]}", True),
        ("countries: {SN: [{what: police, number: 999}]}", False),
        ("countries: {SN: [{what: police, number: 'javascript:1'}]}", False),
        ("countries: {SN: [{what: magic, number: '999'}]}", False),
        ("countries: {SN: [{what: police, number: '999', checked: yesterday}]}", False),
        ("countries: {SN: police}", False), ("countries: [", False), ("other: 1", False),
        ("{source: {title: A, url: 'javascript:1', read: 2026-01-01}, countries: {}}", False),
        ("{source: {title: {}, url: 'https://a.example', read: 2026-01-01}, countries: {}}", False),
        ("{source: {title: {fr: [A]}, url: 'https://a.example', read: 2026-01-01}, countries: {}}", False),
    ],
)  # fmt: skip
def test_the_networks_own_file_is_used_when_it_can_be(settings: Settings, text: str, used: bool) -> None:
    own = settings.data_dir / crisis.OWN
    own.write_text(text, encoding="utf-8")
    found, _source = crisis.numbers(settings.data_dir, ["SN"], TODAY)
    assert [one.dial for one in found[0].numbers] == (["999"] if used else ["17", "18", "1515"])
    assert (crisis.fault(own) is None) == used
    assert crisis.overdue(settings.data_dir, ["SN"], TODAY) == ([] if used else ["SN"])
    assert crisis.overdue(settings.data_dir, ["SN"], date(2027, 6, 1)) == ["SN"], "after 180 days it is old"


def test_a_title_in_one_language_serves_all(settings: Settings) -> None:
    source = "{title: {fr: Liste}, url: 'https://a.example', read: 2026-11-01}"
    own = settings.data_dir / crisis.OWN
    own.write_text(f"{{source: {source}, countries: {{SN: [{{what: any, number: '99', checked: 9999-12-31}}]}}}}", encoding="utf-8")
    for language in ("fr", "ar", "en"):  # whoever asks first decides nothing for the others
        with speaking(language):
            _found, shown = crisis.numbers(settings.data_dir, ["SN"], TODAY)
            assert shown
            assert shown.title == "Liste"
    assert crisis.overdue(settings.data_dir, ["SN"], TODAY) == []
