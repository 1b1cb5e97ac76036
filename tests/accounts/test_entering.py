"""Coming in: nobody can be found out, guessing is slow, sessions end when they should, a stolen table opens nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core import clock, crypto
from app.core.settings import Settings
from app.domain.accounts import entering, keys
from app.domain.accounts.keys import new_digits, new_words, read_key
from app.models.accounts import Answer, MemberKey, PhoneMode, RecoveryCode, Role, SignIn
from app.web import devices
from tests.accounts.people import with_key
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

Browse = Callable[..., Browser]
Peek = Callable[..., list[Any]]
WORDS = new_words("en")


def same_body(text: str, typed: str) -> str:
    """Return a page without what was typed and without what is random in every form."""
    return re.sub(r'name="once" value="[^"]*"', "", text.replace(typed, "TYPED"))


def test_known_and_unknown_locators_answer_alike(browse: Browse, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with_key(make, "Slow Lantern", key=WORDS)
    calls: list[str] = []
    verify = keys.verify_secret
    monkeypatch.setattr(keys, "verify_secret", lambda hashed, secret: calls.append(hashed) or verify(hashed, secret))
    known = " ".join([*WORDS.shown[:2], *new_words("en").shown[2:]])
    unknown = " ".join(new_words("en").shown)
    answers = [browse().post("/enter", {"key": typed}) for typed in (known, unknown)]
    assert [a.status_code for a in answers] == [422, 422]
    assert same_body(answers[0].text, known) == same_body(answers[1].text, unknown)
    headers = [{k: v for k, v in a.headers.items() if k != "content-length"} for a in answers]
    assert headers[0] == headers[1]
    assert len(calls) == 2  # one Argon2 computation each, with the same parameters
    assert calls[1] == keys.DUMMY
    assert calls[0].split("$")[:4] == calls[1].split("$")[:4]


def test_the_number_of_statements_does_not_tell(
    browse: Browse, app: "object", make: Make, count_queries: Callable[..., object]
) -> None:
    with_key(make, "Slow Lantern", key=WORDS)
    engines = (app.state.house.database.write_engine, app.state.house.database.read_engine)  # type: ignore[attr-defined]
    seen = []
    for typed in (" ".join([*WORDS.shown[:2], *new_words("en").shown[2:]]), " ".join(new_words("en").shown)):
        guest = browse()
        guest.get("/enter")
        with count_queries(*engines) as statements:  # type: ignore[attr-defined]
            guest.post("/enter", {"key": typed})
        seen.append(len(statements))
    assert seen[0] == seen[1] > 0


def test_a_stolen_database_with_the_server_key_opens_nothing(browse: Browse, make: Make, peek: Peek, settings: Settings) -> None:
    member, typed = with_key(make, "Slow Lantern", key=WORDS)
    browser = browse(member)
    row = peek(select(MemberKey))[0]
    session = peek(select(SignIn))[0]
    assert row.locator_hash == keys.locator_hash(WORDS.locator, settings.secret)  # the thief can test locators …
    assert row.secret_hash.startswith("$argon2id$")  # … and pays Argon2 for every guess of the rest
    for stolen in (row.locator_hash, row.secret_hash, f"{WORDS.locator} {row.secret_hash}", WORDS.locator):
        assert browse().post("/enter", {"key": stolen}).status_code == 422
    thief = browse()
    for cookie in (session.token_hash, crypto.token_hash(session.token_hash)):
        thief.client.cookies.set("hearth", cookie)
        assert "without an account" in text_of(thief.get("/me"))
    dump = " ".join(map(str, peek("SELECT * FROM member_key")))
    assert not [word for word in WORDS.shown if word in dump]
    assert browser.client.cookies["hearth"] not in str(peek("SELECT * FROM sign_in"))
    part = read_key(typed)
    assert part
    assert not keys.verify_secret(row.secret_hash, " ".join(part.secret.split()[:-1]))
    assert keys.verify_secret(row.secret_hash, part.secret)


def test_a_new_token_at_every_sign_in_and_proof(browse: Browse, make: Make, peek: Peek) -> None:
    _member, typed = with_key(make, "Slow Lantern")
    guest = browse()
    guest.client.cookies.set("hearth", "planted-by-somebody-else")
    guest.post("/enter", {"key": typed})
    first = guest.client.cookies.get("hearth", domain="127.0.0.1")
    assert first != "planted-by-somebody-else"
    assert peek(select(SignIn).where(SignIn.token_hash == crypto.token_hash("planted-by-somebody-else"))) == []
    fresh = browse()
    fresh.client.cookies.set("hearth", first)
    assert fresh.post("/enter/prove", {"key": typed, "next": "/me"}).status_code == 303
    old = browse()
    old.client.cookies.set("hearth", first)
    assert "without an account" in text_of(old.get("/me"))


def test_one_changed_letter_in_the_token_is_a_guest(browse: Browse, make: Make) -> None:
    member, _typed = with_key(make, "Slow Lantern")
    browser = browse(member)
    token = browser.client.cookies["hearth"]
    browser.client.cookies.set("hearth", token[:-1] + ("a" if token[-1] != "a" else "b"))
    assert "without an account" in text_of(browser.get("/me"))


def test_shared_phones_end_after_half_an_hour(browse: Browse, make: Make) -> None:
    _member, typed = with_key(make, "Slow Lantern")
    guest = browse()
    guest.post("/enter", {"key": typed, "mode": "shared"})
    with clock.at(TODAY + timedelta(minutes=29)):
        assert "Slow Lantern" in text_of(guest.get("/me"))  # moves the end
    with clock.at(TODAY + timedelta(minutes=58)):
        assert "Slow Lantern" in text_of(guest.get("/me"))
    with clock.at(TODAY + timedelta(minutes=89)):
        assert "without an account" in text_of(guest.get("/me"))


def test_twelve_hours_are_the_end_on_a_shared_phone(browse: Browse, make: Make) -> None:
    _member, typed = with_key(make, "Slow Lantern")
    guest = browse()
    guest.post("/enter", {"key": typed})
    for minutes in range(25, 12 * 60, 25):
        with clock.at(TODAY + timedelta(minutes=minutes)):
            assert "Slow Lantern" in text_of(guest.get("/me"))
    with clock.at(TODAY + timedelta(hours=12, minutes=1)):
        assert "without an account" in text_of(guest.get("/me"))


def test_own_phones_last_30_days_idle_and_180_in_all(browse: Browse, make: Make, peek: Peek) -> None:
    _member, typed = with_key(make, "Slow Lantern")
    guest = browse()
    answer = guest.post("/enter", {"key": typed, "mode": "only_me"})
    assert "Max-Age=2592000" in answer.headers["set-cookie"]
    row = peek(select(SignIn))[0]
    assert (row.idle_until - TODAY, row.ends_at - TODAY) == (timedelta(days=30), timedelta(days=180))
    with clock.at(TODAY + timedelta(days=31)):
        assert "without an account" in text_of(guest.get("/me"))


def test_people_with_power_get_the_short_session(make: Make, db: Session, peek: Peek, settings: Settings) -> None:
    member, _typed = with_key(make, "Green Kettle", Role.COORDINATOR)
    opened = entering.open_session(db, member, PhoneMode.ONLY_ME, "phone")
    db.commit()
    row = peek(select(SignIn))[0]
    assert opened.mode == row.mode == PhoneMode.SHARED
    assert (row.idle_until - TODAY, row.ends_at - TODAY) == (timedelta(minutes=30), timedelta(hours=12))


@pytest.mark.parametrize(
    ("agent", "word"),
    [
        ("Mozilla/5.0 (Linux; Android 10; itel A16) Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X)", "tablet"),
        ("Mozilla/5.0 (Linux; Android 9; SM-T510) Safari/537.36", "tablet"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0", "computer"),
        ("Opera/9.80 (J2ME/MIDP; Opera Mini/9)", "phone"),
        ("", "computer"),
    ],
)
def test_devices_are_one_coarse_word(browse: Browse, make: Make, peek: Peek, agent: str, word: str) -> None:
    _member, typed = with_key(make, "Slow Lantern")
    browse().post("/enter", {"key": typed}, headers={"User-Agent": agent})
    assert peek(select(SignIn))[0].device == word


def test_one_time_codes_open_once_and_say_so(browse: Browse, make: Make, peek: Peek) -> None:
    member, _typed = with_key(make, "Slow Lantern")
    own = browse(member)
    page = own.post("/me/codes")
    codes = re.findall(r"<b>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</b>", page.text)
    assert len(set(codes)) == 8
    assert not [c for c in codes if c in str(peek("SELECT * FROM recovery_code"))]
    assert browse().post("/enter", {"key": codes[0].lower().replace("-", "")}).status_code == 303
    assert browse().post("/enter", {"key": codes[0]}).status_code == 422
    assert "one-time codes was used" in peek(select(Answer))[0].sentence
    again = own.post("/me/codes")
    assert codes[1] not in again.text
    assert browse().post("/enter", {"key": codes[1]}).status_code == 422
    assert len(peek(select(RecoveryCode))) == 8


def test_somebody_elses_code_proves_nothing_and_is_not_spent(browse: Browse, make: Make) -> None:
    mine, _k = with_key(make, "Slow Lantern")
    other, _k2 = with_key(make, "Early Bus")
    codes = re.findall(r"<b>([0-9A-Z-]{19})</b>", browse(other).post("/me/codes").text)
    assert browse(mine, proven=False).post("/enter/prove", {"key": codes[0]}).status_code == 422
    assert browse().post("/enter", {"key": codes[0]}).status_code == 303


def test_proof_takes_only_the_key_of_this_account(browse: Browse, make: Make) -> None:
    mine, typed = with_key(make, "Slow Lantern")
    _other, foreign = with_key(make, "Early Bus")
    browser = browse(mine, proven=False)
    asked = browser.get("/me/key")
    assert (asked.status_code, asked.headers["location"]) == (303, "/enter/prove?next=%2Fme%2Fkey")
    assert browser.post("/enter/prove", {"key": foreign, "next": "/me/key"}).status_code == 422
    assert browser.post("/enter/prove", {"key": typed, "next": "/me/key"}).headers["location"] == "/me/key"
    assert browser.get("/me/key").status_code == 200
    with clock.at(TODAY + timedelta(minutes=11)):
        assert browser.get("/me/key").status_code == 303


def test_guessing_one_account_stops_but_its_owner_on_a_known_phone_comes_in(browse: Browse, make: Make) -> None:
    _member, typed = with_key(make, "Slow Lantern", key=WORDS)
    own = browse()
    own.post("/enter", {"key": typed, "mode": "only_me"})
    own.client.cookies.delete("hearth")  # signed out, the mark of the phone is still there
    stranger = browse()
    guesses = [" ".join([*WORDS.shown[:2], *new_words("en").shown[2:]]) for _n in range(devices.ENTER_HERE.times + 1)]
    codes = [stranger.post("/enter", {"key": guess}).status_code for guess in guesses]
    assert codes == [422] * (devices.ENTER_HERE.times - 1) + [429, 429]  # the owner came in once from here
    assert browse().post("/enter", {"key": typed}).status_code == 429
    assert own.post("/enter", {"key": typed}).status_code == 303


def test_a_shared_phone_gets_no_mark(browse: Browse, make: Make) -> None:
    _member, typed = with_key(make, "Slow Lantern")
    guest = browse()
    guest.post("/enter", {"key": typed, "mode": "shared"})
    assert "hearth_known" not in guest.client.cookies


@pytest.mark.parametrize(("mode", "said"), [("shared", '"storage"'), ("only_me", None)])
def test_coming_in_on_a_shared_phone_removes_what_was_kept_on_it(browse: Browse, make: Make, mode: str, said: str | None) -> None:
    """ "Nothing is kept on the phone" is true for what somebody kept before, too."""
    _member, typed = with_key(make, "Slow Lantern")
    answer = browse().post("/enter", {"key": typed, "mode": mode})
    assert answer.status_code == 303
    assert answer.headers.get("clear-site-data") == said
    guest = browse()
    answer = guest.post("/enter", {"key": typed, "mode": "only_me"})
    assert guest.post("/me/phone", {"mode": mode}).headers.get("clear-site-data") == said


def test_keys_are_hashed_anew_when_parameters_grow(make: Make, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_digits()
    with_key(make, "Slow Lantern", key=key)
    found = entering.find_key(db, key)
    entering.renew_hash(db, found, key)
    assert entering.find_key(db, key).secret_hash == found.secret_hash
    monkeypatch.setattr(keys, "needs_rehash", lambda _hashed: True)
    entering.renew_hash(db, found, key)
    assert (fresh := entering.find_key(db, key)).secret_hash != found.secret_hash
    assert entering.check_key(fresh, key) == found.member_id


def test_wrong_key_keeps_what_was_typed(browse: Browse) -> None:
    answer = browse().post("/enter", {"key": "one two", "mode": "only_me", "next": "/me"})
    assert answer.status_code == 422
    assert 'value="one two"' in answer.text
    assert re.search(r'value="only_me" checked', answer.text)
    assert 'name="next" value="/me"' in answer.text


def test_old_sessions_are_cleared(browse: Browse, make: Make, db: Session, peek: Peek) -> None:
    member, _typed = with_key(make, "Slow Lantern")
    browse(member)
    with clock.at(TODAY + timedelta(hours=1)):
        assert entering.clear_sessions(db) == 1
        db.commit()
    assert peek(select(SignIn)) == []
