"""The second step: codes work once, a key alone opens nothing, passkeys answer this question on this site only."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.core import clock
from app.core.settings import Settings
from app.domain.accounts import second_step
from app.domain.accounts.second_step import fitting_step
from app.main import create_app
from app.models.accounts import Member, Passkey, Role, SignIn
from tests.accounts.authenticator import SoftKey
from tests.accounts.people import with_key
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

Browse = Callable[..., Browser]
Peek = Callable[..., list[Any]]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def options(page: str) -> str:
    """Return the question that a page holds for the browser."""
    found = re.search(r'data-options="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def test_the_key_alone_begins_no_session(browse: Browse, make: Make, peek: Peek) -> None:
    _member, key = with_key(make, "Green Kettle", Role.COORDINATOR, totp_secret=SECRET)
    guest = browse()
    assert guest.post("/enter", {"key": key, "next": "/my/answers"}).headers["location"] == "/enter/second"
    assert "without an account" in text_of(guest.get("/me"))
    assert peek(select(SignIn)) == []
    assert guest.post("/enter/second", {"code": "000000"}).status_code == 422
    code = pyotp.TOTP(SECRET).at(TODAY)
    eastern = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert guest.post("/enter/second", {"code": eastern}).headers["location"] == "/my/answers"
    assert peek(select(SignIn))[0].second_factor_at == TODAY
    assert guest.get("/desk/people").status_code == 200


def test_a_code_does_not_work_twice(browse: Browse, make: Make) -> None:
    _member, key = with_key(make, "Green Kettle", totp_secret=SECRET)
    code = pyotp.TOTP(SECRET).at(TODAY)
    for expected in (303, 422):
        guest = browse()
        guest.post("/enter", {"key": key})
        assert guest.post("/enter/second", {"code": code}).status_code == expected
    late = browse()
    late.post("/enter", {"key": key})
    assert late.post("/enter/second", {"code": pyotp.TOTP(SECRET).at(TODAY - timedelta(seconds=30))}).status_code == 422
    with clock.at(TODAY + timedelta(seconds=30)):
        assert late.post("/enter/second", {"code": pyotp.TOTP(SECRET).at(TODAY + timedelta(seconds=30))}).status_code == 303


def test_the_pause_between_key_and_code_is_ten_minutes(browse: Browse, make: Make) -> None:
    _member, key = with_key(make, "Green Kettle", totp_secret=SECRET)
    guest = browse()
    guest.post("/enter", {"key": key})
    late = TODAY + timedelta(minutes=11)
    with clock.at(late):
        assert guest.post("/enter/second", {"code": pyotp.TOTP(SECRET).at(late)}).headers["location"] == "/enter"
    assert browse().post("/enter/second", {"code": pyotp.TOTP(SECRET).at(TODAY)}).headers["location"] == "/enter"


def test_codes_cannot_be_guessed_for_long(browse: Browse, make: Make) -> None:
    _member, key = with_key(make, "Green Kettle", totp_secret=SECRET)
    right = pyotp.TOTP(SECRET).at(TODAY)
    seen = []
    for n in range(12):  # a fresh browser each time: the count hangs on the account
        guest = browse()
        if n < 9:
            guest.post("/enter", {"key": key})
            carried = dict(guest.client.cookies)
        guest.client.cookies.update(carried)
        seen.append(guest.post("/enter/second", {"code": "0" * 6 if right != "0" * 6 else "1" * 6}).status_code)
    assert seen == [422] * 10 + [429] * 2


def test_a_coordinator_is_led_to_the_second_step(browse: Browse, make: Make, peek: Peek) -> None:
    member, key = with_key(make, "Green Kettle", Role.COORDINATOR)
    guest = browse()
    assert guest.post("/enter", {"key": key}).headers["location"] == "/me/second-step"
    assert guest.get("/desk/people").headers["location"].startswith("/enter/prove?next=")
    page = guest.get("/me/second-step")
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
    assert secret
    plain = secret[1].replace(" ", "")
    before = guest.client.cookies["hearth"]
    assert guest.post("/me/second-step", {"code": "12"}).status_code == 422
    assert plain in guest.get("/me/second-step").text.replace(" ", "")  # the same picture after a mistake
    assert guest.post("/me/second-step", {"code": pyotp.TOTP(plain).at(TODAY)}).headers["location"] == "/me"
    assert guest.client.cookies["hearth"] != before
    assert guest.get("/desk/people").status_code == 200
    sealed = peek("SELECT totp_secret FROM member")[0][0]
    assert plain.encode() not in bytes(sealed)
    assert peek(select(Member.totp_secret).where(Member.id == member.id)) == [plain]


def test_demo_asks_for_none(settings: Settings, make: Make) -> None:
    _member, key = with_key(make, "Green Kettle", Role.COORDINATOR)
    app = create_app(settings.model_copy(update={"mode": "demo"}))
    guest = Browser(app)
    assert guest.post("/enter", {"key": key, "next": "/desk/people"}).headers["location"] == "/desk/people"
    assert guest.get("/desk/people").status_code == 200
    app.state.house.database.dispose()


def test_setting_up_and_removing_need_a_proof(browse: Browse, make: Make) -> None:
    member, _key = with_key(make, "Green Kettle", totp_secret=SECRET)
    stale = browse(member, proven=False)
    for path in ("/me/second-step", "/me/key", "/me/codes", "/me/delete", "/me/data/file"):
        assert stale.get(path).headers["location"].startswith("/enter/prove"), path
    for path in ("/me/second-step", "/me/second-step/remove", "/me/passkeys", "/me/passkeys/remove", "/me/key", "/me/codes",
                 "/me/data", "/me/delete"):  # fmt: skip
        assert stale.post(path, {"code": "1"}).status_code == 401, path


def test_the_app_can_be_removed(browse: Browse, make: Make, peek: Peek) -> None:
    member, _key = with_key(make, "Green Kettle", totp_secret=SECRET)
    browser = browse(member)
    assert browser.post("/me/second-step/remove").status_code == 303
    assert peek(select(Member.totp_secret)) == [None]


def test_somebody_with_power_keeps_one(browse: Browse, make: Make, db: Session, peek: Peek) -> None:
    member, _key = with_key(make, "Green Kettle", Role.COORDINATOR, totp_secret=SECRET)
    browser = browse(member)
    refused = browser.post("/me/second-step/remove")
    assert (refused.status_code, peek(select(Member.totp_secret))) == (403, [SECRET])
    assert "Set up another one first" in text_of(refused)
    db.add(Passkey(member_id=member.id, credential_id="x", public_key=b"x", added_on=TODAY.date()))
    db.commit()
    assert browser.post("/me/second-step/remove").status_code == 303
    key = peek(select(Passkey.id))[0]
    assert browser.post("/me/passkeys/remove", {"id": str(key)}).status_code == 403
    assert len(peek(select(Passkey))) == 1


def test_passkeys_from_making_to_removing(browse: Browse, make: Make, settings: Settings, peek: Peek) -> None:
    member, key = with_key(make, "Green Kettle", Role.COORDINATOR)
    soft = SoftKey(settings.base_url, "127.0.0.1")
    browser = browse(member, second_factor=False)
    made = soft.create(options(browser.get("/me/second-step").text))
    assert browser.post("/me/passkeys", {"passkey": made, "label": "My phone"}).status_code == 303
    assert browser.get("/desk/people").status_code == 200

    guest = browse()
    question = options(guest.send("/enter", {"key": key, "next": "/my/answers"}).text)
    stranger = SoftKey(settings.base_url, "127.0.0.1")
    stranger.id = soft.id
    wrong = guest.post("/enter/second", {"passkey": stranger.get(question)})
    assert wrong.status_code == 422
    assert "passkey did not work" in text_of(wrong)
    assert guest.post("/enter/second", {"passkey": soft.get(question)}).status_code == 422  # an old question
    phished = SoftKey("https://evil.example", "127.0.0.1")
    phished.id, phished._key, phished.count = soft.id, soft._key, soft.count
    assert guest.post("/enter/second", {"passkey": phished.get(options(guest.get("/enter/second").text))}).status_code == 422
    right = guest.post("/enter/second", {"passkey": soft.get(options(guest.get("/enter/second").text))})
    assert right.headers["location"] == "/my/answers"

    other = browse(with_key(make, "Early Bus")[0])
    row = peek(select(Passkey))[0]
    assert other.post("/me/passkeys/remove", {"id": str(row.id)}).status_code == 404
    assert browser.post("/me/passkeys/remove", {"id": str(row.id)}).status_code == 403  # the last one of a coordinator
    member.totp_secret = SECRET
    make.commit()
    assert browser.post("/me/passkeys/remove", {"id": str(row.id)}).status_code == 303
    assert peek(select(Passkey)) == []


@pytest.mark.parametrize("nonsense", ["", "x", "[]", "{}", '{"id": 3}', '{"id": "a"}', "null", '{"id":"a","response":{}}'])
def test_nonsense_is_no_passkey(browse: Browse, make: Make, nonsense: str) -> None:
    member, _key = with_key(make, "Green Kettle")
    browser = browse(member)
    browser.get("/me/second-step")
    assert browser.post("/me/passkeys", {"passkey": nonsense}).status_code == 422


@pytest.mark.parametrize("nonsense", ["x", "[]", "{}", '{"id": "a"}', "null"])
def test_nonsense_opens_nothing(make: Make, db: Session, settings: Settings, nonsense: str) -> None:
    member, _key = with_key(make, "Green Kettle")
    assert second_step.use_passkey(db, member.id, nonsense, "AAAA") is False


@given(st.text(max_size=30))
def test_only_the_code_of_the_moment_fits(typed: str) -> None:
    found = fitting_step(SECRET, typed, 0)
    fitting = {pyotp.TOTP(SECRET).at(TODAY + timedelta(seconds=30 * n)) for n in (-1, 0, 1)}
    assert (found is None) is (typed_digits(typed) not in fitting)


def typed_digits(text: str) -> str:
    """Return what digits a text holds, in any script."""
    import unicodedata

    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def test_the_operator_can_reset_a_lost_second_step(make: Make, db: Session) -> None:
    member, _key = with_key(make, "Green Kettle", totp_secret=SECRET)
    db.add(Passkey(member_id=member.id, credential_id="x", public_key=b"x", added_on=TODAY.date()))
    second_step.reset(db, member)
    assert (member.totp_secret, db.exec(select(Passkey)).all()) == (None, [])


def test_old_sessions_do_not_gain_power(app: FastAPI, browse: Browse, make: Make) -> None:
    member, _key = with_key(make, "Green Kettle", Role.COORDINATOR, totp_secret=SECRET)
    half = browse(member, second_factor=False)
    assert half.get("/desk/people").headers["location"].startswith("/enter/prove")
    assert half.post("/desk/people/invitations", {"label": "x", "uses": "1", "until": "2026-12-01"}).status_code == 401
