"""What must hold for every address of the program: headers, methods, origins, odd ids, reading without a trace."""

import hashlib
import re
from collections.abc import Iterator

import pytest
from fastapi.routing import iter_route_contexts

from app.core.ids import new_ref
from app.jobs import copying
from app.models.accounts import PhoneMode, Role
from app.web.origin import WITHOUT_TOKEN
from tests.conftest import POSTGRES

ALLOWED_TO_CHANGE = {"sign_in", "tries", "job_run", "once_key"}
ODD = (
    "1_000",
    "+5",
    "%205",
    "9" * 26,
    "..",
    "%2e%2e%2f",
    "'",
    "%EF%BF%BD",
    "null",
    "ABCDEFGHJKMN",
    "a" * 5_000,
    "<b>",
    "%0d%0aX-Evil: 1",
)
OF_AN_ENGINE = ("9" * 26, "'", "%EF%BF%BD", "a" * 5_000)  # the rest is stopped above the database, or is words to it
FOREIGN = (
    ("guest", {}), ("worker", {}), ("member", {}), ("member", {"Origin": "https://evil.example"}), ("member", {"Origin": "null"}),
    ("worker", {"Sec-Fetch-Site": "cross-site"}), ("guest", {"Sec-Fetch-Site": "same-site"}),
)  # fmt: skip
SILENT = ({}, {"Origin": "null"})
HTML_ONLY = re.compile(r"text/html")


def addresses(app, *methods: str) -> Iterator[tuple[str, str]]:
    """Yield (method, path with its braces) of every route."""
    for context in iter_route_contexts(app.routes):
        for method in sorted(context.methods or ()):
            if context.path and method in methods:
                yield method, context.path


def filled(path: str, value: str) -> str:
    return re.sub(r"\{[^}]*\}", value, path)


@pytest.fixture
def people(make, browse):
    """A guest, a member and somebody with every power; a published story to find."""
    member, worker = make.member(), make.member("", *Role)
    story = make.story(member)
    make.commit()
    browsers = {"guest": browse(), "member": browse(member, mode=PhoneMode.ONLY_ME), "worker": browse(worker)}
    return browsers, story.ref


def checksum(database) -> dict[str, str]:
    """Return a digest per table of everything that is kept."""
    with database.read_engine.connect() as connection:
        return {
            table.name: hashlib.sha256("\n".join(copying.dump(connection, table)).encode()).hexdigest()
            for table in copying.tables()
            if table.name not in ALLOWED_TO_CHANGE
        }


def test_there_is_something_to_sweep(app):
    assert len(list(addresses(app, "GET"))) > 15
    assert len(list(addresses(app, "POST"))) > 10


def test_every_get_has_its_headers_is_no_mistake_of_ours_and_leaves_no_trace(app, people, database):
    browsers, ref = people
    before, wrong, read = checksum(database), [], 0
    for _method, path in addresses(app, "GET"):
        for who, browser in browsers.items():
            answer = browser.get(filled(path, ref))
            read += answer.status_code == 200
            wrong += [f"{who} {path}: {fault}" for fault in faults(answer)]
            wrong += [f"{who} {path}: may be stored"] * (who != "guest" and may_be_stored(answer))
        if "{" in path:
            wrong += [f"nothing there {path}: {fault}" for fault in faults(browsers["member"].get(filled(path, new_ref())))]
    assert not wrong
    assert read > 40
    after = checksum(database)
    assert {name for name in after if after[name] != before[name]} == set()


def may_be_stored(answer) -> bool:
    """Say whether a browser may keep a page that is one person's."""
    control = answer.headers.get("cache-control", "")
    return bool(HTML_ONLY.match(answer.headers.get("content-type", ""))) and "no-store" not in control and "public" not in control


def faults(answer) -> Iterator[str]:
    """Yield what an answer lacks."""
    if answer.status_code >= 500:
        yield f"status {answer.status_code}"
    headers = answer.headers
    if "server" in headers:
        yield "tells its server"
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy", "cache-control",
                 "cross-origin-opener-policy", "cross-origin-resource-policy", "x-frame-options", "x-robots-tag"):  # fmt: skip
        if name not in headers:
            yield f"no {name}"
    if "unsafe" in headers.get("content-security-policy", ""):
        yield "policy allows unsafe"
    kind = headers.get("content-type", "")
    if kind.startswith("text/") and "charset=utf-8" not in kind:
        yield f"no charset: {kind}"
    if HTML_ONLY.match(kind) and not {"cookie", "accept-language"} <= {
        v.strip().lower() for v in headers.get("vary", "").split(",")
    }:
        yield "no Vary"


def test_writing_needs_to_be_begun_on_our_own_pages(app, people, database):
    browsers, ref = people
    before, wrong, asked = checksum(database), [], 0
    for method, path in addresses(app, "POST", "PUT", "PATCH", "DELETE"):
        if path.startswith("/api/"):
            continue
        for who, headers in FOREIGN:
            if path in WITHOUT_TOKEN and headers in SILENT:
                continue  # Leave: test_leave.py
            answer = browsers[who].client.request(method, filled(path, ref), data={"text": "x"}, headers=headers)
            if answer.status_code != 403:
                wrong.append(f"{who} {method} {path} {headers}: {answer.status_code}")
            asked += 1
    assert asked > 200
    assert not wrong
    assert checksum(database) == before


def test_unknown_methods_are_refused(app, people):
    browsers, ref = people
    known: dict[str, set[str]] = {}
    for method, path in addresses(app, "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        known.setdefault(filled(path, ref), set()).add(method)
    wrong = []
    for path, methods in known.items():
        for method in {"DELETE", "PUT", "BREW"} - methods:
            status = browsers["member"].client.request(method, path, headers={"Sec-Fetch-Site": "same-origin"}).status_code
            if status not in (404, 405):
                wrong.append(f"{method} {path}: {status}")
    assert not wrong


def test_ids_that_we_never_made_are_not_there(app, people):
    browsers, _ref = people
    wrong = []
    for method, path in addresses(app, "GET", "POST"):
        if "{" not in path:
            continue
        for value in OF_AN_ENGINE if POSTGRES else ODD:
            browser = browsers["worker"]
            send = browser.get if method == "GET" else browser.post
            answer = send(filled(path, value))
            if answer.status_code >= 500 or (answer.status_code == 200 and value in answer.text and "<" in value):
                wrong.append(f"{method} {path} {value[:20]}: {answer.status_code}")
            assert "x-evil" not in answer.headers
    assert not wrong


def test_nul_and_halves_of_characters_are_never_our_mistake(app, people):
    browsers, ref = people
    wrong = []
    for _method, path in addresses(app, "GET"):
        for odd in ("?q=%00", "?q=%ED%A0%80", "?page=99999999999999999999", "?q=" + "%D8%A7" * 400 + "&lat=nan&lon=inf"):
            status = browsers["guest"].get(filled(path, ref) + odd).status_code
            if status >= 500 and path != "/readyz":
                wrong.append(f"GET {path}{odd[:20]}: {status}")
    for method, path in addresses(app, "POST"):
        status = browsers["member"].client.request(
            method, filled(path, ref), content=b"name=a%00b&title=%ED%A0%80&body=%FF&text=%00&key=%00&code=%00&q=%00",
            headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"},
        ).status_code  # fmt: skip
        if status >= 500:
            wrong.append(f"POST {path}: {status}")
    assert not wrong


def test_broken_multipart_is_a_friendly_400(app, people):
    browsers, ref = people
    wrong, asked = [], 0
    for method, path in addresses(app, "POST"):
        answer = browsers["member"].client.request(
            method, filled(path, ref), content=b"--x\r\nContent-Disposition: form-data; name=\"a\r\n\r\n",
            headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "multipart/form-data"},
        )  # fmt: skip
        asked += answer.status_code == 400
        if answer.status_code >= 500:
            wrong.append(f"{path}: {answer.status_code}")
    assert not wrong
    assert asked > 3


def test_head_answers_like_get_without_a_body(app, people):
    browsers, ref = people
    wrong = []
    for _method, path in addresses(app, "GET"):
        browser = browsers["guest"]
        whole, head = browser.get(filled(path, ref)), browser.client.head(filled(path, ref))
        if head.status_code != whole.status_code or head.content:
            wrong.append(f"{path}: {head.status_code} for {whole.status_code}, {len(head.content)} bytes")
    assert not wrong
