"""A protected place cannot be found by what the software gives away: page, search, export, kept copies."""

import json
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.core.db import Database
from app.core.settings import Settings
from app.domain import versions
from app.domain.actor import Actor
from app.domain.directory import actions, traces
from app.domain.directory.exporting import FILES, export_hsds
from app.domain.directory.looking_again import look_again
from app.domain.directory.traces import without_traces
from app.domain.directory.wordlists import WordLists
from app.jobs import periodic
from app.models.accounts import Role
from app.models.directory import Location, Organization, Service, ServiceText
from app.models.directory_parts import Attribute, Phone
from app.models.engine import AuditEvent, JobRun, SearchDocument
from tests.browse import Browser
from tests.factories import Make

TRACES = Path(traces.__file__).with_name("traces.yaml")
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


@pytest.mark.parametrize("text", [
    "Open 24 hours, for women from 18 to 60.", "The first 3 nights are free.", "نفتح كل يوم.", "Open 24/7.", "24h/24 et 7j/7.",
    "Girls under 18.", "18-year-olds are welcome.", "We speak 4 languages.", "Depuis 2015, nous accueillons des femmes.",
    "نستقبل النساء فوق 18 سنة.", "You may stay up to 6 months.", "A safe place to stay.", "It costs 5 JOD.",
    "Il s'adresse aux femmes.",
    "Most of us came as you do.", "المبيت دون مقابل.", "نقف إلى جانب النساء.", "We go with you to the police station.",
])  # fmt: skip
def test_harmless_sentences_stay(text: str) -> None:
    assert without_traces(text) == text


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert len(without_traces(text)) <= len(text)


@pytest.mark.parametrize("text", [
    "Message us on t.me/safehousedakar", "wa.me/221", "IG safehouse.dakar", "Facebook: Safe House Dakar", "Call 911 22",
    "Ring 8 9 1 2 3", "behind the Great Mosque of Medina, blue gate", "Villa 12 Sicap", "Bus 12, stop Liberté 6",
    "Call seven, seven, one, two.", "Write to house (at) example dot org", "Ask for us on Signal", "Our page is house․example",
    "It is five minutes from the station.", "Ocean Drive, second floor", "Open from 9 to 17.", "Room B of the yellow building",
    "Derrière la grande mosquée.", "Tout près de l’hôpital", "À côté du marché", "En face de la gare, porte bleue",
    "Au rond-point Liberté",
    "Sur WhatsApp : Maison Yaye", "خلف المسجد الكبير", "قرب السوق", "بجانب المستشفى", "مقابل البريد", "في شارع الأمل", "على واتساب",
    "Detrás de la iglesia", "Junto al mercado", "Calle Mayor", "Em frente à igreja", "Rua da Paz", "Obok kościoła", "Ulica Nowa",
    "Біля церкви", "Навпроти вокзалу", "Рядом с рынком", "Пишите в телеграм", "মসজিদের পাশে", "Masallacin da ke kusa da kasuwa",
    "Numéro ７７１", "اتصلي ٧٧١",
])  # fmt: skip
def test_no_sentence_leads_to_the_door(text: str) -> None:
    assert without_traces(f"We listen. {text} You are not alone.".replace("..", ".")) in (
        "We listen.",
        "We listen. You are not alone.",
    )


LISTS = WordLists(TRACES)


@pytest.mark.parametrize("section", ["near", "landmarks", "buildings", "streets", "net"])
def test_every_word_of_the_lists_is_a_trace(section: str) -> None:
    left = [e for e in LISTS.expressions(section) if without_traces(f"You find us so: {e.replace('*', '')} of us")]
    assert left == []


@pytest.mark.parametrize("hostile", ["1 " * 20_000, "a." * 20_000, "12 " + "x " * 20_000, "." * 40_000, "1-" * 20_000,
    "a-" * 20_000, "24 a" * 10_000, "women, from " * 4_000, "7 sur " * 7_000, "one " * 10_000, "безпечн " * 5_000, "و" * 40_000,
    "1 000 " * 8_000, " " * 40_000, "st. " * 10_000, "12 to " * 8_000,
])  # fmt: skip
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


def test_listings_of_an_older_release_are_judged_again_without_an_import(
    make: Make, database: Database, db: Session, browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an upgrade leaves them: stored by rules that did not know the words."""
    named = make.service("Casa Refugio para Mujeres", phone="+221 77 123 45 67", verify_due=date(2027, 5, 1))
    labelled, translated = make.service("House by the river"), make.service("House of hope")
    db.add(Attribute(owner_id=labelled.id, link_id=labelled.id, link_entity="service", label="Abrigo para mulheres"))
    db.add(ServiceText(service_id=translated.id, language="ar", name="مركز إيواء النساء"))
    already = make.service("Yellow house", protected=True, description="We listen.")
    other = make.service("Sewing school", phone="+221 77 765 43 21")
    refs = {s.ref for s in (named, labelled, translated)}
    make.commit()
    guest = browse()
    assert "77 123 45 67" in guest.get(f"/help/{named.ref}").text
    assert look_again(database) == 3
    assert look_again(database) == 0
    db.expire_all()
    assert {s.ref for s in db.exec(select(Service).where(col(Service.protected)))} == {*refs, already.ref}
    assert "77 123 45 67" not in guest.get(f"/help/{named.ref}?again=1").text  # PostgreSQL asks once a second what moved
    assert "77 765 43 21" in guest.get(f"/help/{other.ref}").text
    row = db.get_one(Service, named.id)
    assert row.short_term
    assert row.verify_due == date(2027, 1, 19)  # within 60 days, never before today
    db.commit()
    assert look_again(database, version=1) == 0  # another change: nothing new to close, nothing opened
    assert versions.one(db.connection(), versions.PROTECTING) == 1


def test_the_worker_judges_again_and_says_so(make: Make, database: Database, db: Session, settings: Settings) -> None:
    make.service("Refugio para mujeres")
    make.commit()
    periodic.run_due(database, settings, tuple(j for j in periodic.JOBS if j.name == "protecting"))
    assert '"count": 1' in db.get_one(JobRun, "protecting").result
    assert db.exec(select(AuditEvent.verb).where(AuditEvent.verb == "protect_listings")).all() == ["protect_listings"]


def test_search_finds_no_other_name_with_a_way(make: Make, db: Session) -> None:
    service = make.service("House by the river", protected=True, alternate_name="Villa Baobab 12")
    make.commit()
    assert "baobab" not in db.exec(select(SearchDocument.body).where(SearchDocument.subject_id == service.id)).one()
