"""Partners are told of listings that are wrong or due: signed, tried again, never into private networks, never in anybody's way."""

import hashlib
import hmac
import ipaddress
import json
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.db import Database
from app.core.settings import Settings
from app.domain.actor import Actor
from app.domain.partners import people, webhooks
from app.jobs import egress, retention
from app.jobs.webhooks import send_due
from app.models.directory import Service
from app.models.engine import DeliveryState
from app.models.partners import HookEvent, Partner, PartnerAnswer, PartnerDelivery, PartnerHook, PartnerRecord
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make
from tests.partners.conftest import Program, service
from tests.partners.receiver import closed_port, receiving, way_to

Peek = Callable[[Any], list[Any]]


@pytest.fixture
def listed(trusted: Partner, program: Callable[..., Program]) -> Program:
    """A partner's program that has sent one listing."""
    mine = program(trusted, until=TODAY.date() + timedelta(days=366))
    mine.put("s1", service())
    return mine


@pytest.fixture
def hook(db: Session, make: Make, trusted: Partner) -> Callable[[str], PartnerHook]:
    """``hook(address)``: an address that is told, as if the form had taken it."""

    def keep(address: str) -> PartnerHook:
        row = PartnerHook(partner_id=trusted.id, address=address, secret="a secret of theirs", made_on=now().date())
        db.add(row)
        make.commit()
        return row

    return keep


def say_moved(mine: Program, page: str) -> None:
    """Say, as a reader, that a listing has moved."""
    answer = mine.client.post(
        f"{page}/helped", data={"helped": "no", "why": "moved", "told": "1"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 303


def test_it_is_told_signed_and_once_a_week(
    listed: Program, hook: Callable[[str], PartnerHook], database: Database, peek: Peek, tmp_path: Path
) -> None:
    page = listed.get("/services/s1").json()["page"]
    with receiving(tmp_path) as receiver:
        hook(f"{receiver.address}/hearth?a=1")
        for _n in range(3):
            say_moved(listed, page)
        assert send_due(database, "w", way=way_to(tmp_path)) == 1
    [(headers, body)] = receiver.got
    told = json.loads(body)
    assert (told["event"], told["service"]["id"], told["service"]["reported"]) == ("listing.reported", "s1", ["moved"])
    assert (headers["Hearth-Event"], headers["Hearth-Delivery"], told["on"]) == ("listing.reported", told["id"], "2026-11-20")
    moment, mark = (part.partition("=")[2] for part in headers["Hearth-Signature"].split(","))
    assert mark == hmac.new(b"a secret of theirs", f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert int(moment) == int(TODAY.timestamp())
    [row] = peek(select(PartnerDelivery))
    assert (row.state, row.outcome, row.tries) == (DeliveryState.SENT, "200", 1)


def test_a_flag_tells_it_too(
    listed: Program, hook: Callable[[str], PartnerHook], browse: Callable[..., Browser], peek: Peek
) -> None:
    hook("https://house.example")
    ref = listed.get("/services/s1").json()["page"].rsplit("/", 1)[-1]
    browse().post(f"/flag/service/{ref}", {"reason": "unfriendly", "note": ""})
    assert peek(select(PartnerDelivery)) == []
    browse().post(f"/flag/service/{ref}", {"reason": "closed", "note": ""})
    assert [row.event for row in peek(select(PartnerDelivery))] == [HookEvent.REPORTED]


def test_what_is_due_is_told_once_for_each_check(
    listed: Program, hook: Callable[[str], PartnerHook], database: Database, db: Session, make: Make, peek: Peek
) -> None:
    hook("https://house.example")
    due = db.exec(select(Service)).one().verify_due
    make.commit()
    for day, owed in ((due - timedelta(15), 0), (due - timedelta(14), 1), (due, 0), (due + timedelta(9), 0)):
        with clock.at(TODAY + (day - TODAY.date())), database.transaction() as session:
            assert webhooks.owe_due(session) == owed, day
    with clock.at(TODAY + (due - TODAY.date())):
        listed.ask("POST", "/services/s1/verify")
    with clock.at(TODAY + (due - TODAY.date()) + timedelta(170)), database.transaction() as session:
        assert webhooks.owe_due(session) == 1
    assert len(peek(select(PartnerDelivery))) == 2


def test_nobody_is_told_after_the_end_of_the_partnership(
    listed: Program, hook: Callable[[str], PartnerHook], database: Database, db: Session, make: Make, peek: Peek, trusted: Partner,
    coordinator: Actor, tmp_path: Path,
) -> None:  # fmt: skip
    page = listed.get("/services/s1").json()["page"]
    with receiving(tmp_path) as receiver:
        row = hook(receiver.address)
        say_moved(listed, page)
        people.end_partner(db, coordinator, db.get_one(Partner, trusted.id))
        make.commit()
        assert [one.state for one in peek(select(PartnerDelivery))] == [DeliveryState.FAILED]
        assert [one.ended_on for one in peek(select(PartnerHook))] == [TODAY.date()]
        db.get_one(PartnerHook, row.id, populate_existing=True).ended_on = None  # as if it had been overlooked
        make.commit()
        owe(database, row)
        with clock.at(TODAY + timedelta(175)), database.transaction() as session:
            say_moved(listed, page)
            assert (webhooks.owe_due(session), webhooks.claim(session, "w")) == (0, None)
        assert send_due(database, "w", way=way_to(tmp_path)) == 0
    assert receiver.got == []
    assert len(peek(select(PartnerDelivery))) == 2


def test_retention_removes_a_listing_with_what_was_told_of_it(
    listed: Program, hook: Callable[[str], PartnerHook], database: Database, db: Session, make: Make, peek: Peek, settings: Settings
) -> None:
    row = hook("https://house.example")
    listed.put("s2", service(name="Two"))
    say_moved(listed, listed.get("/services/s1").json()["page"])
    owe(database, row)
    listed.client.cookies.clear()  # those of the reader
    gone = listed.ask("DELETE", "/services/s1")
    assert gone.status_code == 200, gone.text
    listed.put("s3", service(name="Three"), headers={"Idempotency-Key": "a"})
    with clock.at(TODAY + timedelta(91)):
        retention.run(database, settings)
    assert sorted(peek(select(PartnerRecord.foreign_id))) == ["s2", "s3"]
    assert [one.event for one in peek(select(PartnerDelivery))] == [HookEvent.TRIAL]
    assert peek(select(PartnerAnswer)) == []


def test_accounts_are_erased_even_if_rows_cannot_be(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    asked: list[str] = []
    monkeypatch.setattr(retention, "remove_old", lambda *_a: 1 / 0)
    monkeypatch.setattr(retention, "unused", lambda *_a: asked.append("yes") or [])
    with pytest.raises(RuntimeError, match="old rows"):
        retention.run(database, settings)
    assert asked == ["yes"]


def test_an_address_that_is_dead_is_given_up_with_all_that_is_owed_to_it(
    hook: Callable[[str], PartnerHook], database: Database, peek: Peek
) -> None:  # fmt: skip
    row = hook("https://house.example")
    for _n in range(3):
        owe(database, row)
    with database.transaction() as session:
        claimed = webhooks.claim(session, "w")
        assert claimed is not None
        claimed[0].tries = webhooks.LAST_TRY
        webhooks.note(session, claimed[0].id, "w", "no answer", arrived=False)
    assert [(one.state, one.outcome) for one in peek(select(PartnerDelivery))] == [(DeliveryState.FAILED, "no answer")] * 3


def test_it_is_tried_again_later_and_later_and_given_up(
    listed: Program, hook: Callable[[str], PartnerHook], database: Database, peek: Peek, tmp_path: Path
) -> None:
    with receiving(tmp_path, 500, 302, 200) as receiver:
        row = hook(receiver.address)
        for _n in range(2):
            owe(database, row)
        way = way_to(tmp_path)
        assert send_due(database, "w", way=way) == 0
        assert len(receiver.got) == 1  # the other one waits as long
        with clock.at(TODAY + timedelta(minutes=1)):
            assert send_due(database, "w", way=way) == 0
        assert len(receiver.got) == 1
        with clock.at(TODAY + timedelta(minutes=3)):
            assert send_due(database, "w", way=way) == 0
        assert sorted(peek(select(PartnerDelivery.outcome))) == ["", "302"]
        with clock.at(TODAY + timedelta(hours=1)):
            assert send_due(database, "w", way=way) == 2
        assert len(receiver.got) == 4  # nobody went where the redirect led
    moment = TODAY
    gone = hook(f"https://127.0.0.1:{closed_port()}")
    owe(database, gone)
    for _n in range(webhooks.LAST_TRY):
        moment += timedelta(days=2)
        with clock.at(moment):
            send_due(database, "w", way=way)
    [row] = peek(select(PartnerDelivery).where(PartnerDelivery.hook_id == gone.id))
    assert (row.state, row.tries, row.outcome) == (DeliveryState.FAILED, 8, "no answer")


def owe(database: Database, hook: PartnerHook) -> None:
    """Owe a message to try."""
    with database.transaction() as session:
        session.add(PartnerDelivery(hook_id=hook.id, event=HookEvent.TRIAL, next_try_at=now(), owed_at=now()))


def test_a_name_that_is_not_answered_takes_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [stop.wait(20)][:0])
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        egress.post("https://house.example", b"{}", {}, egress.Way(seconds=0.3))
    assert time.monotonic() - begun < 2
    stop.set()


@pytest.mark.parametrize("how", ["hang", "drip", "headers", "body"])
def test_a_receiver_that_hangs_is_left_after_its_time(
    how: str, hook: Callable[[str], PartnerHook], database: Database, peek: Peek, tmp_path: Path
) -> None:
    with receiving(tmp_path, how) as receiver:
        owe(database, hook(receiver.address))
        begun = time.monotonic()
        assert send_due(database, "w", way=way_to(tmp_path, seconds=0.5)) == (how == "body")
        assert time.monotonic() - begun < 2
    [row] = peek(select(PartnerDelivery))
    assert row.outcome in (("too slow",) if how != "body" else ("200",))


def test_one_that_hangs_holds_up_no_other(
    hook: Callable[[str], PartnerHook], database: Database, peek: Peek, tmp_path: Path
) -> None:
    for name in ("slow", "good"):
        (tmp_path / name).mkdir()
    with receiving(tmp_path / "slow", "hang") as slow, receiving(tmp_path / "good") as good:
        hung, fine = hook(slow.address), hook(good.address)
        for _n in range(3):
            owe(database, hung)
        owe(database, fine)
        import ssl

        trust = ssl.create_default_context(cafile=str(tmp_path / "slow" / "receiver.pem"))
        trust.load_verify_locations(cafile=str(tmp_path / "good" / "receiver.pem"))
        assert send_due(database, "w", way=egress.Way(lambda address: address.is_loopback, trust, 0.5)) == 1
        assert (len(slow.got), len(good.got)) == (1, 1)


def test_two_workers_never_send_to_one_address_at_a_time(
    hook: Callable[[str], PartnerHook], database: Database
) -> None:  # fmt: skip
    row = hook("https://house.example")
    for _n in range(2):
        owe(database, row)
    with database.transaction() as session:
        assert webhooks.claim(session, "a") is not None
        assert webhooks.claim(session, "b") is None
    with clock.at(TODAY + webhooks.LEASE * 2), database.transaction() as session:  # the first worker died
        assert webhooks.claim(session, "b") is not None


@pytest.mark.parametrize("address", [
    "http://house.example", "https://127.0.0.1:1", "https://localhost", "https://[::1]/", "https://10.0.0.1", "https://169.254.169.254/latest",
    "https://192.168.1.1", "https://[fd00::1]", "https://[::ffff:127.0.0.1]", "https://0.0.0.0", "https://user@house.example",
    "https://[64:ff9b::7f00:1]", "https://[2002:7f00:1::]", "https://100.64.0.1", "ftp://house.example", "https://",
])  # fmt: skip
def test_private_networks_are_never_reached(address: str) -> None:
    with pytest.raises(egress.Forbidden):
        egress.post(address, b"{}", {})


@pytest.mark.parametrize(("address", "public"), [
    ("8.8.8.8", True), ("2606:4700::1", True), ("224.0.0.1", False), ("ff02::1", False), ("fec0::1", False), ("192.0.0.8", False),
    ("2001:db8::1", False), ("64:ff9b::808:808", True), ("::127.0.0.1", False), ("::ffff:0:127.0.0.1", False),
    ("64:ff9b:1::7f00:1", False), ("5f00::1", False), ("3fff::1", False), ("192.31.196.1", False), ("192.52.193.1", False),
    ("192.175.48.1", False), ("2620:4f:8000::1", False), ("2001:4860:4860::8888", True), ("2002:808:808::1", True),
    ("2001:2::1", False), ("2a00:1450::1", True), ("::", False), ("::1", False),
])  # fmt: skip
def test_what_is_public(address: str, public: bool) -> None:
    assert egress.is_public(ipaddress.ip_address(address)) is public


def test_a_foreign_certificate_is_not_taken(
    hook: Callable[[str], PartnerHook], database: Database, peek: Peek, tmp_path: Path
) -> None:
    with receiving(tmp_path) as receiver:
        owe(database, hook(receiver.address))
        assert send_due(database, "w", way=egress.Way(lambda address: address.is_loopback)) == 0
    assert (receiver.got, peek(select(PartnerDelivery.outcome))) == ([], ["certificate"])


class TestPage:
    """What somebody who looks after a partner sees of it."""

    @pytest.fixture
    def keeper(self, browse: Callable[..., Browser], make: Make, db: Session, coordinator: Actor, trusted: Partner) -> Browser:
        """Their browser."""
        member = make.member("Blue Thread")
        people.add_member(db, coordinator, trusted, member.name)
        make.commit()
        return browse(member)

    def test_an_address_is_kept_tried_and_taken_out(self, keeper: Browser, peek: Peek, database: Database) -> None:
        shown = keeper.post("/partner/hooks", {"address": "https://house.example/hearth"})
        [row] = peek(select(PartnerHook))
        assert row.secret in shown.text
        assert row.secret not in keeper.get("/partner/hooks").text
        page = keeper.send("/partner/hooks/try", {"id": str(row.id)})
        assert "A message to try it" in text_of(page)
        assert "On its way" in text_of(page)
        assert "told nothing more" in text_of(keeper.send("/partner/hooks/end", {"id": str(row.id)}))
        send_due(database, "w")
        assert "The address was taken out." in text_of(keeper.get("/partner/hooks"))
        assert keeper.post("/partner/hooks/try", {"id": str(row.id)}).status_code == 404

    @pytest.mark.parametrize(
        "address", ["", "http://house.example", "house", "https://user:word@house.example", "https://127.0.0.1/x"]
    )
    def test_what_is_no_address_is_said(self, keeper: Browser, address: str) -> None:
        answer = keeper.post("/partner/hooks", {"address": address})
        assert answer.status_code == 422
        assert address in answer.text

    def test_two_addresses_at_a_time(self, keeper: Browser) -> None:
        for n, status in enumerate((200, 200, 422)):
            answer = keeper.post("/partner/hooks", {"address": f"https://house{n}.example"})
            assert answer.status_code == status
        assert "Take one out first" in text_of(answer)
