"""The way back: two organisers, 48 hours, a stop, and nothing that tells whether a name exists."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlmodel import select

from app.core import clock
from app.models.accounts import Answer, Member, MemberStatus, RecoveryCode, Role, SignIn, Vouch, WayBack
from tests.accounts.people import with_key
from tests.accounts.test_journey import shown_key
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

Browse = Callable[..., Browser]
Peek = Callable[..., list[Any]]
LATER = TODAY + timedelta(hours=48, minutes=1)


def ask(browse: Browse, name: str = "Slow Lantern") -> str:
    """Ask to come back and return the number."""
    page = browse().post("/enter/back", {"name": name})
    assert page.status_code == 200
    number = shown_key(page.text)
    assert re.fullmatch(r"\d{4}( \d{4}){3}", number)
    return number


def say_yes(browser: Browser, number: str, name: str = "Slow Lantern") -> int:
    """Vouch and return the status."""
    return browser.post("/me/vouch", {"receipt": number, "name": name, "sure": "1"}).status_code


@pytest.fixture
def lost(make: Make) -> Member:
    """Somebody who lost the key."""
    return with_key(make, "Slow Lantern")[0]


@pytest.fixture
def helpers(browse: Browse, make: Make) -> list[Browser]:
    """An organiser and a coordinator, signed in."""
    one = with_key(make, "Green Kettle", Role.ORGANISER)[0]
    two = with_key(make, "Early Bus", Role.COORDINATOR)[0]
    return [browse(one), browse(two)]


def test_two_yeses_and_48_hours(browse: Browse, make: Make, lost: Member, helpers: list[Browser], peek: Peek) -> None:
    make.db.add(RecoveryCode(member_id=lost.id, code_hash="c" * 64))
    make.commit()
    elsewhere = browse(lost)
    number = ask(browse)
    assert say_yes(helpers[0], number) == 303
    assert "1 of 2" in text_of(browse().post("/enter/back/number", {"receipt": number}))
    assert say_yes(helpers[0], number) == 403  # once each
    assert say_yes(helpers[1], number.replace(" ", "-")) == 303
    assert "Not yet" in text_of(browse().post("/enter/back/number", {"receipt": number}))
    assert [a.sentence[:41] for a in peek(select(Answer))] == ["Somebody asks to come back to your accoun"] * 2

    guest = browse()
    with clock.at(TODAY + timedelta(hours=47, minutes=59)):
        assert "Not yet" in text_of(guest.post("/enter/back/number", {"receipt": number}))
    with clock.at(LATER):
        page = guest.send("/enter/back/number", {"receipt": number})
        page = guest.send("/enter/back/digits")
        key = shown_key(page.text)
        assert guest.post("/enter/back/key", {"mode": "shared"}).headers["location"] == "/me"
        assert "Slow Lantern" in text_of(guest.get("/me"))
        assert "without an account" in text_of(elsewhere.get("/me"))
        assert len(peek(select(SignIn).where(SignIn.member_id == lost.id))) == 1
        assert peek(select(RecoveryCode)) == []
        assert browse().post("/enter", {"key": key}).status_code == 303
        assert browse().post("/enter/back/number", {"receipt": number}).status_code == 422  # once


def test_one_organiser_alone_cannot(browse: Browse, lost: Member, helpers: list[Browser], peek: Peek) -> None:
    number = ask(browse)
    say_yes(helpers[0], number)
    say_yes(helpers[0], number)
    with clock.at(TODAY + timedelta(days=20)):
        page = browse().post("/enter/back/number", {"receipt": number})
        assert "1 of 2" in text_of(page)
        assert browse().get("/enter/back/key").headers["location"] == "/enter/back/number"
    assert peek(select(WayBack))[0].ready_at is None


def test_nobody_vouches_for_themselves(browse: Browse, make: Make, peek: Peek) -> None:
    member, _key = with_key(make, "Green Kettle", Role.ORGANISER)
    number = ask(browse, "Green Kettle")
    assert say_yes(browse(member), number, "Green Kettle") == 403
    assert peek(select(Vouch)) == []


def test_only_organisers_and_coordinators_see_the_page(browse: Browse, make: Make, lost: Member, helpers: list[Browser]) -> None:
    outsider = browse(lost)
    assert outsider.get("/me/vouch").status_code == 404
    assert say_yes(outsider, ask(browse)) == 404
    assert browse().get("/me/vouch").headers["location"].startswith("/enter?next=")
    assert [h.get("/me/vouch").status_code for h in helpers] == [200, 200]


def test_the_account_can_stop_it(browse: Browse, lost: Member, helpers: list[Browser]) -> None:
    number = ask(browse)
    here = browse(lost)
    assert "without the key" not in text_of(here.get("/me"))  # nobody has said yes yet: anybody can ask
    say_yes(helpers[0], number)
    assert "asks to come back to your account without the key" in text_of(here.get("/me"))
    assert here.post("/me/back/stop").status_code == 303
    assert "asks to come back" not in text_of(here.get("/me"))
    assert say_yes(helpers[1], number) == 422
    with clock.at(LATER):
        assert "has stopped this" in text_of(browse().post("/enter/back/number", {"receipt": number}))


def test_a_stop_in_the_last_moment_wins(browse: Browse, lost: Member, helpers: list[Browser]) -> None:
    number = ask(browse)
    own = browse(lost)
    for helper in helpers:
        say_yes(helper, number)
    guest = browse()
    with clock.at(LATER):
        guest.send("/enter/back/number", {"receipt": number})
        own_again = browse(lost)
        assert own_again.post("/me/back/stop").status_code == 303
        assert guest.post("/enter/back/key", {"mode": "shared"}).status_code == 409
    assert own.client.cookies


def test_unknown_names_get_the_same_page(browse: Browse, lost: Member, peek: Peek) -> None:
    pages = [browse().post("/enter/back", {"name": name}) for name in ("Slow Lantern", "Nobody Here")]
    bodies = [re.sub(r"<li>\d{4}</li>", "<li>…</li>", p.text) for p in pages]
    assert pages[0].status_code == pages[1].status_code == 200
    assert bodies[0] == bodies[1]
    assert len(peek(select(WayBack))) == 2
    waiting = [text_of(browse().post("/enter/back/number", {"receipt": shown_key(p.text)})) for p in pages]
    assert waiting[0] == waiting[1]


def test_number_and_name_have_to_belong_together(browse: Browse, make: Make, lost: Member, helpers: list[Browser]) -> None:
    with_key(make, "Calm Umbrella")
    number = ask(browse)
    page = helpers[0].post("/me/vouch", {"receipt": number, "name": "Calm Umbrella", "sure": "1"})
    assert page.status_code == 422
    assert "do not belong together" in text_of(page)
    assert 'value="Calm Umbrella"' in page.text
    assert say_yes(helpers[0], "1234 5678 9012 3456") == 422
    assert helpers[0].post("/me/vouch", {"receipt": number, "name": "Slow Lantern"}).status_code == 422  # not sure


def test_a_second_step_stays(browse: Browse, make: Make, helpers: list[Browser]) -> None:
    secret = pyotp.random_base32()
    with_key(make, "Slow Lantern", totp_secret=secret)
    number = ask(browse)
    for helper in helpers:
        say_yes(helper, number)
    guest = browse()
    with clock.at(LATER):
        guest.send("/enter/back/number", {"receipt": number})
        assert guest.post("/enter/back/key", {"mode": "shared"}).headers["location"] == "/enter/second"
        assert "without an account" in text_of(guest.get("/me"))
        assert guest.post("/enter/second", {"code": pyotp.TOTP(secret).at(LATER)}).headers["location"] == "/me"


def test_a_number_is_over_after_30_days(browse: Browse, lost: Member, helpers: list[Browser]) -> None:
    number = ask(browse)
    for helper in helpers:
        say_yes(helper, number)
    with clock.at(TODAY + timedelta(days=31)):
        assert browse().post("/enter/back/number", {"receipt": number}).status_code == 422


def test_the_yes_of_somebody_who_was_stopped_since_does_not_count(
    browse: Browse, make: Make, lost: Member, helpers: list[Browser], peek: Peek
) -> None:
    number = ask(browse)
    assert [say_yes(helper, number) for helper in helpers] == [303, 303]
    voucher = make.db.exec(select(Member).where(Member.name == "Green Kettle")).one()
    voucher.status = MemberStatus.SUSPENDED
    make.db.add(voucher)
    make.commit()
    with clock.at(LATER):
        browser = browse()
        browser.send("/enter/back/number", {"receipt": number})
        assert browser.post("/enter/back/key", {"mode": "shared"}).status_code == 409
    assert peek(select(WayBack.used_at)) == [None]
