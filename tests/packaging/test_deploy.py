"""Proxies and units: the limits that uvicorn does not have are really written there."""

import configparser
import re
from pathlib import Path

import pytest

from app.web import body

DEPLOY = Path(__file__).parents[2] / "deploy"
CADDY = (DEPLOY / "Caddyfile").read_text()
NGINX = (DEPLOY / "nginx.conf").read_text()
UNITS = ["hearth.service", "hearth-worker.service"]


def unit(name: str) -> dict[str, str]:
    """Return the [Service] part; of a key that stands twice the last one counts."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string((DEPLOY / name).read_text())
    assert parser["Install"]["WantedBy"] == "multi-user.target"
    return dict(parser["Service"])


@pytest.mark.parametrize("text", [CADDY, NGINX])
def test_braces_close(text: str) -> None:
    plain = re.sub(r"#.*|\"[^\"]*\"|`[^`]*`|\^\S+", "", text)
    assert plain.count("{") == plain.count("}") > 3


@pytest.mark.parametrize("words", ["read_header 10s", "read_body ", "write ", "idle ", "max_header_size ", "max_size 40MB"])
def test_caddy_has_timeouts_and_limits(words: str) -> None:
    assert words in CADDY


@pytest.mark.parametrize(
    "words",
    [
        "client_header_timeout 10s",
        "client_body_timeout ",
        "send_timeout ",
        "client_max_body_size 40m",
        "server_tokens off",
    ],
)
def test_nginx_has_timeouts_and_limits(words: str) -> None:
    assert words in NGINX


def test_what_the_proxies_let_in_is_what_the_program_reads() -> None:
    assert body.UPLOAD_LIMIT == body.DRAINED == 40_000_000
    huge = re.search(r"@huge header_regexp Content-Length (\S+)", CADDY)
    assert huge
    for length in (body.UPLOAD_LIMIT, body.UPLOAD_LIMIT * 2, 10**12):
        assert re.search(huge[1], str(length))
    assert not re.search(huge[1], str(body.UPLOAD_LIMIT - 1))
    for proxy in (CADDY, NGINX):
        assert "A picture may have 8 MB, a voice 15 MB." in proxy
        assert "Une image peut faire 8 Mo" in proxy
        assert "للصورة 8" in proxy


def test_nginx_gives_every_server_the_header_timeout() -> None:
    """The timeout of the default server counts until the name is known: one server without it opens the door."""
    assert NGINX.count("client_header_timeout 10s;") == len(re.findall(r"^server \{", NGINX, re.MULTILINE))


def test_the_address_header_is_overwritten() -> None:
    assert "header_up X-Forwarded-For {http.request.remote.host}" in CADDY
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "proxy_add_x_forwarded_for" not in NGINX
    for header in ("X-Forwarded-Host", "X-Real-IP", "Forwarded"):
        assert f"header_up -{header}\n" in CADDY
        assert f'proxy_set_header {header} "";' in NGINX


def test_people_come_by_tls_and_stay() -> None:
    assert 'Strict-Transport-Security "max-age=31536000"' in CADDY
    assert 'Strict-Transport-Security "max-age=31536000" always' in NGINX
    protocols = re.findall(r"ssl_protocols ([^;]+);", NGINX)
    assert protocols == ["TLSv1.2 TLSv1.3"]


def test_nobody_writes_down_who_read_what() -> None:
    servers = len(re.findall(r"^server \{", NGINX, re.MULTILINE))
    assert NGINX.count("access_log off;") == servers
    assert re.search(r"^\tlog", CADDY, re.MULTILINE), "the global log is the filtered one"
    assert not re.search(r"^\tlog", CADDY[CADDY.index("{$HEARTH_DOMAIN}") :], re.MULTILINE), "a site log is an access log"
    for field in ("remote_ip", "client_ip", "headers", "uri"):
        assert f"request>{field} delete" in CADDY


def test_numbers_for_the_operator_stay_inside() -> None:
    assert "@inside path /metrics" in CADDY
    assert re.search(r"location /metrics \{\s+return 404;", NGINX)


@pytest.mark.parametrize("name", UNITS)
def test_units_are_confined(name: str) -> None:
    service = unit(name)
    assert service["User"] == "hearth"
    for key, value in {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "MemoryDenyWriteExecute": "yes",
        "RestrictSUIDSGID": "yes",
        "CapabilityBoundingSet": "",
        "UMask": "0077",
        "LimitCORE": "0",
    }.items():
        assert service[key] == value, key


def test_the_two_units_differ_only_in_what_they_run() -> None:
    pages, worker = unit("hearth.service"), unit("hearth-worker.service")
    differing = {key for key in pages | worker if pages.get(key) != worker.get(key)}
    assert differing == {"ExecStart", "TimeoutStopSec"}
    assert pages["ExecStart"].endswith("/hearth serve --host 127.0.0.1 --port 8000"), "never open to the network"
    assert worker["ExecStart"].endswith("/hearth worker")
