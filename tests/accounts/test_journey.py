"""From the door to Leave by forms alone, as a browser without JavaScript sends them."""

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.routing import BaseRoute

from app.core import crypto
from app.core.settings import Settings
from app.main import create_app
from app.models.accounts import Member, MemberKey, MemberStatus, PhoneMode, SignIn
from tests.accounts.people import invitation, with_key
from tests.browse import Browser, text_of
from tests.factories import Make

Browse = Callable[..., Browser]
Peek = Callable[..., list[Any]]


def shown_key(page: str) -> str:
    """Return the words or digits on a key page."""
    block = re.search(r'<ol class="key".*?</ol>', page, re.DOTALL)
    assert block
    return " ".join(re.findall(r"<li>(.*?)</li>", block[0]))


def join(guest: Browser, name: str = "Slow Lantern", mode: str = "shared", do: str = "", **first: str) -> str:
    """Walk through the three screens and return the key."""
    page = guest.send("/join", {"name": name, "adult": "yes", **first})
    if do:
        page = guest.send("/join/key", {"do": do})
    key = shown_key(page.text)
    assert guest.send("/join/key", {"do": "kept"}).status_code == 200
    home = guest.post("/join/phone", {"mode": mode})
    assert home.status_code == 303, text_of(home)
    assert home.headers["location"] == "/"
    return key


@pytest.fixture
def open_app(routes: list[BaseRoute], templates_compiled_once: None, settings: Settings) -> Iterator[Callable[..., FastAPI]]:
    """The application with other settings on the same database."""
    made: list[FastAPI] = []

    def build(**changes: object) -> FastAPI:
        made.append(create_app(settings.model_copy(update=changes)))
        made[-1].router.routes[:] = routes
        return made[-1]

    yield build
    for app in made:
        app.state.house.database.dispose()


def test_join_enter_leave(browse: Browse, peek: Peek) -> None:
    guest = browse()
    key = join(guest)
    assert len(key.split()) == 6
    assert "Slow Lantern" in text_of(guest.get("/me"))
    session = guest.client.cookies["hearth"]

    gone = guest.post("/leave")
    assert gone.status_code == 303
    assert gone.headers["location"] == "https://www.wikipedia.org/"
    assert gone.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert gone.headers["referrer-policy"] == "no-referrer"
    guest.client.cookies.set("hearth", session)  # the old cookie opens nothing any more
    assert "without an account" in text_of(guest.get("/me"))
    assert peek(select(SignIn)) == []

    again = browse()
    answer = again.post("/enter", {"key": key.upper().replace(" ", ", "), "next": "/me"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert "Slow Lantern" in text_of(again.get("/me"))


def test_sixteen_digits_in_any_script(browse: Browse) -> None:
    key = join(browse(), do="digits")
    assert re.fullmatch(r"\d{4}( \d{4}){3}", key)
    eastern = key.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")).replace(" ", "-")
    assert browse().post("/enter", {"key": eastern}).status_code == 303


def test_nothing_is_stored_before_the_last_screen(browse: Browse, peek: Peek) -> None:
    guest = browse()
    guest.send("/join", {"name": "Slow Lantern", "adult": "yes"})
    guest.send("/join/key", {"do": "kept"})
    assert peek(select(Member)) == []
    guest.post("/join/phone", {"mode": "only_me"})
    member, key = peek(select(Member))[0], peek(select(MemberKey))[0]
    assert (member.status, member.adult, key.member_id) == (MemberStatus.ACTIVE, True, member.id)
    assert peek(select(SignIn))[0].mode == PhoneMode.ONLY_ME


def test_under_18_gets_a_friendly_page_and_leaves_nothing(browse: Browse, peek: Peek) -> None:
    guest = browse()
    page = guest.send("/join", {"name": "Fatou", "adult": "no"})
    assert page.status_code == 200
    assert "children and young people" in text_of(page)
    assert peek(select(Member)) == []
    assert not [c for c in guest.client.cookies.jar if "join" in c.name]
    assert guest.get("/join/phone").headers["location"] == "/join"


def test_age_has_to_be_answered_and_typed_words_stay(browse: Browse) -> None:
    answer = browse().post("/join", {"name": "Slow Lantern"})
    assert answer.status_code == 422
    assert 'value="Slow Lantern"' in answer.text
    assert "<title>Error:" in answer.text


def test_the_same_key_is_shown_after_a_mistake_and_on_the_card(browse: Browse, make: Make) -> None:
    guest = browse()
    key = shown_key(guest.send("/join", {"name": "Slow Lantern", "adult": "yes"}).text)
    assert shown_key(guest.get("/join/key").text) == key
    assert guest.post("/join/key", {"do": "nonsense"}).status_code == 422
    assert shown_key(guest.get("/join/card").text) == key
    assert "Hearth" not in guest.get("/join/card").text.split("</style>")[1]
    with_key(make, "Slow Lantern")  # somebody else took the name meanwhile
    guest.send("/join/key", {"do": "kept"})
    refused = guest.post("/join/phone", {"mode": "shared"})
    assert refused.status_code == 422
    assert "someone here already has a name that looks like this" in text_of(refused)
    assert shown_key(guest.send("/join", {"name": "Early Bus", "adult": "yes"}).text) == key
    assert guest.post("/join/phone", {"mode": "shared"}).status_code == 303


def test_look_alikes_are_refused(browse: Browse, make: Make) -> None:
    with_key(make, "Slow Lantern")
    for twin in ("slow lantern", "SIow Lantern", "Slow  Lаntern"):  # a capital i, a Cyrillic a
        answer = browse().post("/join", {"name": twin, "adult": "yes"})
        assert answer.status_code == 422, twin
        assert "someone here already has a name that looks like this" in text_of(answer)


def test_a_real_name_is_warned_about_once_and_may_be_kept(browse: Browse) -> None:
    guest = browse()
    warned = guest.post("/join", {"name": "Fatou Diallo", "adult": "yes"})
    assert warned.status_code == 422
    assert "looks like a real name" in text_of(warned)
    sent = {"name": "Fatou Diallo", "adult": "yes", "warned": "Fatou Diallo", "keep": "1"}
    assert guest.post("/join", sent).headers["location"] == "/join/key"
    other = guest.post("/join", {**sent, "name": "Moussa Traoré"})  # the yes was about another name
    assert other.status_code == 422


def test_a_suggestion_can_be_taken(browse: Browse) -> None:
    guest = browse()
    offered = re.findall(r'name="pick"[^>]*value="([^"]+)"', guest.get("/join").text)
    assert len(offered) == 2
    guest.send("/join", {"name": "", "pick": offered[0], "adult": "yes"})
    guest.post("/join/phone", {"mode": "shared"})
    assert offered[0] in text_of(guest.get("/me"))


def test_a_form_sent_twice_makes_one_account(browse: Browse, peek: Peek) -> None:
    guest = browse()
    guest.send("/join", {"name": "Slow Lantern", "adult": "yes"})
    cookies = dict(guest.client.cookies)
    first = guest.post("/join/phone", {"mode": "shared", "once": "abc"})
    guest.client.cookies.clear()
    guest.client.cookies.update(cookies)
    second = guest.post("/join/phone", {"mode": "shared", "once": "abc"})
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(peek(select(Member))) == 1


def test_closed_takes_nobody(open_app: Callable[..., FastAPI], peek: Peek) -> None:
    guest = Browser(open_app(registration="closed"))
    assert "takes no new members" in text_of(guest.get("/join"))
    assert guest.post("/join", {"name": "Slow Lantern", "adult": "yes"}).status_code == 403
    assert peek(select(Member)) == []


@pytest.mark.parametrize("name", ["Doorstep", "D00r-step", "Doorstep Team", "Police", "Ministère"])
def test_nobody_takes_the_name_of_the_network_or_of_an_authority(
    open_app: Callable[..., FastAPI], make: Make, peek: Peek, name: str
) -> None:
    guest = Browser(open_app(site_name="Doorstep"))
    refused = guest.post("/join", {"name": name, "adult": "yes"})
    assert (refused.status_code, "speaks for the network or an authority" in text_of(refused)) == (422, True)
    join(guest)
    refused = guest.post("/me/name", {"name": name})
    assert (refused.status_code, "speaks for the network or an authority" in text_of(refused)) == (422, True)
    assert peek(select(Member.name)) == ["Slow Lantern"]


def test_apply_waits_for_a_coordinator(open_app: Callable[..., FastAPI], peek: Peek) -> None:
    guest = Browser(open_app(registration="apply"))
    guest.send("/join", {"name": "Slow Lantern", "adult": "yes"})
    assert guest.post("/join/phone", {"mode": "shared", "text": ""}).status_code == 422
    assert guest.post("/join/phone", {"mode": "shared", "text": "I sew."}).status_code == 303
    member = peek(select(Member))[0]
    assert (member.status, member.application) == (MemberStatus.APPLIED, "I sew.")
    sealed = peek("SELECT application FROM member")[0][0]
    assert b"sew" not in bytes(sealed)
    assert "coordinator looks at your request first" in text_of(guest.get("/me"))


def test_invitation_is_needed_and_spent(open_app: Callable[..., FastAPI], make: Make, peek: Peek) -> None:
    app = open_app(registration="invite")
    host, _key = with_key(make, "Green Kettle")
    code = invitation(make, host, uses=1)
    guest = Browser(app)
    for wrong in ("", "ABCD-EFGH-JKMN-PQRS", "x"):
        assert guest.post("/join", {"name": "Slow Lantern", "adult": "yes", "code": wrong}).status_code == 422
    join(guest, code=code.lower().replace("-", " "))
    assert peek(select(Member).where(Member.name == "Slow Lantern"))[0].cohort_id is not None
    late = Browser(app)
    assert late.post("/join", {"name": "Early Bus", "adult": "yes", "code": code}).status_code == 422


def test_no_key_or_token_in_any_address_or_log(browse: Browse, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    guest = browse()
    key = join(guest, mode="only_me")
    guest.post("/leave")
    back = browse()
    wrong = back.post("/enter", {"key": "river copper ninety basket lantern mango"})
    right = back.post("/enter", {"key": key})
    token = back.client.cookies["hearth"]
    said = caplog.text + right.headers["location"] + wrong.text + back.get("/me").text + back.get("/nowhere").text
    assert len(caplog.records) > 10
    for secret in (token, crypto.token_hash(token), key, key.split()[0] + " " + key.split()[1]):
        assert secret not in said


@pytest.mark.parametrize("bad", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_next_stays_here(browse: Browse, bad: str) -> None:
    key = join(browse())
    guest = browse()
    assert guest.post("/enter", {"key": key, "next": bad}).headers["location"] == "/"
    assert guest.post("/language", {"language": "fr", "next": bad}).headers["location"] == "/"


def test_language_is_remembered_for_members(browse: Browse, make: Make, peek: Peek) -> None:
    _member, key = with_key(make, "Slow Lantern", language="ar")
    guest = browse()
    guest.post("/enter", {"key": key})
    assert guest.client.cookies["hearth_language"] == "ar"
    assert '<html lang="ar" dir="rtl">' in guest.get("/safe").text
    chosen = guest.post("/language", {"language": "fr", "next": "/me"})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/me")
    assert peek(select(Member.language)) == ["fr"]
    assert guest.post("/language", {"language": "xx", "next": "/me"}).status_code == 422


def test_leave_works_for_guests_and_refuses_other_sites(browse: Browse, make: Make) -> None:
    assert browse().post("/leave").status_code == 303
    assert browse().post("/leave", headers={"Sec-Fetch-Site": "none"}).status_code == 303
    member, _key = with_key(make, "Slow Lantern")
    signed_in = browse(member)
    assert signed_in.post("/leave", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert "Slow Lantern" in text_of(signed_in.get("/me"))
    assert signed_in.get("/leave").status_code == 200  # opening the page ends nothing
    assert "Slow Lantern" in text_of(signed_in.get("/me"))
