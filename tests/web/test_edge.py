"""The outermost layer: host, bodies, HEAD, request number, language, headers; once with the real server."""

import logging
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import Request
from starlette.responses import PlainTextResponse, Response

from app.core.settings import Settings
from app.main import create_app
from app.web.body import BODY_LIMIT, UPLOAD_LIMIT
from app.web.edge import permissions
from app.web.locale import choose
from tests.inside import client


@pytest.fixture
def strict(settings):
    """The application as it runs for people: production, https, one host."""
    app = create_app(
        Settings(
            mode="production", base_url="https://network.example", data_dir=settings.data_dir, database_url=settings.database_url,
            secret_key="s" * 40, seal_keys="A" * 43, countries="SN",
        )
    )  # fmt: skip
    yield client(app, "https://network.example")
    app.state.house.database.dispose()


def test_every_answer_carries_the_security_headers(browse):
    for path in ("/healthz", "/nothing-here", "/static/x/none.css"):
        answer = browse().get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_script_carries_only_the_headers_that_mean_something_on_it(browse, app):
    answer = browse().get(app.state.house.static.url("js/hearth.js"))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "content-security-policy" not in answer.headers
    assert "content-security-policy" in browse().get("/sw.js").headers  # a worker's own policy binds what it fetches
    assert "content-security-policy" in browse().get(app.state.house.static.url("icons/door.svg")).headers


def test_a_page_that_is_not_here_is_a_friendly_page(browse):
    answer = browse(language="en").get("/nothing-here")
    assert answer.status_code == 404
    assert "This page is not here" in answer.text


@pytest.mark.parametrize("host", ["evil.example", "network.example.evil.example", "", "127.0.0.1", "network.example:81"])
def test_another_host_is_not_answered(strict, host):
    answer = strict.get("/stories", headers={"Host": host})
    assert answer.status_code == 421
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["network.example", "Network.Example", "network.example:443"])
def test_our_host_is_answered_however_it_is_written(strict, host):
    assert strict.get("/about", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_watchers_on_the_machine_may_ask_by_any_name(strict, path):
    assert strict.get(path, headers={"Host": "127.0.0.1:8000"}).status_code != 421


def test_https_says_so(strict):
    assert "max-age=" in strict.get("/about").headers["strict-transport-security"]


def test_a_body_over_the_limit_is_refused_by_its_length(browse):
    answer = browse().post("/language", {"language": "fr", "next": "x" * (BODY_LIMIT + 10)})
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


def test_a_body_without_length_is_refused_while_it_is_read(browse):
    def endless():
        for _part in range(100):
            yield b"language=fr&x=" + b"y" * 16_384

    answer = browse().client.post(
        "/language", content=endless(),
        headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "This is too big" in answer.text


@pytest.mark.parametrize("length", ["-1", "1_0", "abc", "٣", "9" * 5_000])
def test_a_length_that_is_no_number_is_refused(app, length):
    sent = ask(app, [(b"content-length", length.encode("utf-8"))])
    assert sent[0]["status"] in (400, 413)


def ask(app, headers, method="GET", path="/about", query=b""):
    """Speak ASGI without a client, so that odd headers arrive as they are."""
    import anyio

    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": query, "root_path": "", "headers": [(b"host", b"127.0.0.1:8000"), *headers],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000), "state": {},
    }  # fmt: skip
    anyio.run(app, scope, receive, send)
    return sent


def test_the_servers_own_scope_is_left_alone(app):
    """The server strips the body of an answer to HEAD by looking at its scope: it must still say HEAD there."""
    seen = {}

    async def outer(scope, receive, send):
        await app(scope, receive, send)
        seen["method"] = scope["method"]

    ask(outer, [], method="HEAD")
    assert seen["method"] == "HEAD"


@pytest.mark.parametrize("where", ["/about\0", "/stories/\0"])
def test_nul_in_an_address_is_refused(app, where):
    assert ask(app, [], path=where)[0]["status"] == 400


def test_nul_in_a_query_is_refused(app):
    assert ask(app, [], query=b"q=a%00b")[0]["status"] == 400


def test_private_answers_are_not_stored_whatever_they_are(app, browse):
    @app.get("/test-download")
    def download(request: Request) -> Response:
        return Response(b"{}", media_type="application/zip")

    assert browse().get("/test-download").headers["cache-control"] == "no-store"


def test_a_page_uses_nothing_of_the_phone_but_what_it_names(app, browse):
    @app.get("/test-recorder")
    def recorder() -> Response:
        return PlainTextResponse("speak", headers={"Permissions-Policy": permissions("microphone")})

    assert browse().get("/test-recorder").headers["permissions-policy"] == "camera=(), geolocation=(), microphone=(self)"
    assert browse().get("/about").headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"


def test_the_log_tells_neither_what_was_read_nor_by_whom(make, browse, caplog):
    story = make.story(make.member("Canary Name"))
    make.commit()
    with caplog.at_level(logging.INFO, logger="hearth.access"):
        browse().get(f"/stories/{story.ref}?q=canaryword")
        browse().get("/about")
        browse().get("/about")
    lines = [r.getMessage() for r in caplog.records if r.name == "hearth.access"]
    assert len(lines) == 3
    told = "\n".join(lines)
    assert story.ref not in told
    assert "canary" not in told.lower()
    assert "testclient" not in told
    assert "/stories/{ref}" in told


@pytest.mark.parametrize(
    ("cookie", "accept", "chosen"),
    [
        ("ar", "fr", "ar"), ("xx", "fr;q=0.5, ar", "ar"), ("", "fr-CA,en;q=0.1", "fr"), ("", "de, fr; q=0.4", "fr"), ("", "", "en"),
        ("", "fr;q=0, ar;q=0.1", "ar"), ("", "fr;q=nan", "en"), ("", "," * 500, "en"), ("", "*", "en"), ("", "FR", "fr"),
    ],
)  # fmt: skip
def test_the_language_is_chosen(cookie, accept, chosen):
    assert choose(cookie, accept, ("en", "fr", "ar")) == chosen


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen) -> None:
    for _try in range(3_600):  # three minutes, on a machine that does much else
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            assert process.poll() is None
            time.sleep(0.05)
    raise AssertionError("the server did not come up")


@contextmanager
def serving(settings: Settings) -> Iterator[int]:
    """Run the program as a server of its own; what it logs holds no error and no address."""
    port = free_port()
    environment = {
        **os.environ, "HEARTH_MODE": "development", "HEARTH_DATA_DIR": str(settings.data_dir),
        "HEARTH_DATABASE_URL": settings.database_url, "HEARTH_BASE_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        _out, logged = process.communicate(timeout=40)
    assert '"level": "error"' not in logged
    assert "127.0.0.1 " not in logged
    assert all(line.startswith("{") for line in logged.splitlines())


def say(port: int, head: bytes, body: bytes) -> bytes:
    """Send everything before reading anything, as simple programs do; return the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(b"POST /language HTTP/1.1\r\nHost: x\r\n%s\r\nContent-Length: %d\r\n\r\n" % (head, len(body)))
        line.sendall(body)
        answer = b""
        while part := line.recv(65_536):
            answer += part
    return answer


def test_with_the_real_server_a_raw_client_gets_the_answer_and_no_reset(settings):
    """A connection that is closed on unread bytes is reset, and the answer is lost with it."""
    words, files = (b"Content-Type: application/x-www-form-urlencoded", b"Content-Type: multipart/form-data; boundary=x")
    cases = [
        (words, b"body=" + b"y" * 3_000_000, b"413"),
        (files, b"\xff" * (UPLOAD_LIMIT + 1), b"413"),
        (words + b"\r\nConnection: close\r\nSec-Fetch-Site: cross-site", b"x=" + b"y" * 800_000, b"403"),
    ]
    with serving(settings) as port:
        answers = [(say(port, head, body), status) for head, body, status in cases]
    for answer, status in answers:
        head, _, page = answer.partition(b"\r\n\r\n")
        assert status in head.split(b"\r\n")[0]
        assert page.endswith(b"</html>")
    assert b"y" * 1_000 in answers[0][0]
    assert len(answers[0][0]) < 2 * BODY_LIMIT


def test_with_the_real_server_head_keeps_its_length_and_the_connection(settings):
    with serving(settings) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(b"HEAD /about HTTP/1.1\r\nHost: x\r\n\r\n")
            first = read_head(line)
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            second = read_head(line)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/about", timeout=20) as page:
            length = len(page.read())
    assert b"200" in first.split(b"\r\n")[0]
    assert b"200" in second.split(b"\r\n")[0]
    assert f"content-length: {length}".encode() in first.lower()
    assert b"server:" not in first.lower()


def read_head(line: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        part = line.recv(1)
        if not part:
            break
        data += part
    return data
