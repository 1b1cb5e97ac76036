"""The image and the compose file: not root, health asked, nothing secret, only Caddy reachable."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
FINAL = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ["serve", "worker", "migrate"]


def test_the_image_runs_as_somebody_without_rights() -> None:
    users = re.findall(r"^USER (\S+)$", FINAL, re.MULTILINE)
    assert users
    assert users[-1] not in {"root", "0"}
    assert FINAL.index("USER ") < FINAL.index("ENTRYPOINT")


def test_the_image_says_how_it_is() -> None:
    health = re.search(r"^HEALTHCHECK (?:.*\\\n)*.*", FINAL, re.MULTILINE)
    assert health
    assert "/healthz" in health[0]
    assert "curl" not in health[0], "the slim base has no curl"


def test_only_checked_packages_go_into_the_image() -> None:
    installs = re.findall(r"pip[^&]*? install (?:.*\\\n)*.*", DOCKERFILE)
    assert installs
    for install in installs:
        assert "--require-hashes" in install or "--no-index" in install, install
    assert "requirements-dev" not in DOCKERFILE


def test_every_from_is_slim_and_has_a_version() -> None:
    for base in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE):
        assert re.fullmatch(r"python:3\.\d+-slim", base), base


def test_what_the_image_copies_is_let_through_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines, "everything is left out unless named"
    named = {line[1:] for line in lines if line.startswith("!")}
    for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        for source in words.split()[:-1]:
            assert source in named, f"{source} is copied but ignored"
    assert not [each for each in named if fnmatch(each, "*.env*") or each in {"data", "tests", "var", ".git"}]


def test_only_the_proxy_has_ports() -> None:
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["caddy"]
    assert COMPOSE["networks"]["back"]["internal"] is True
    assert SERVICES["database"]["networks"] == ["back"]
    assert "back" not in SERVICES["caddy"]["networks"]


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["image"] == SERVICES["serve"]["image"], "one image for all"
    assert service["mem_limit"]
    assert service["pids_limit"]


def test_the_proxy_that_is_believed_is_the_one_in_front() -> None:
    believed = SERVICES["serve"]["environment"]["HEARTH_TRUSTED_PROXIES"]
    assert believed == SERVICES["caddy"]["networks"]["front"]["ipv4_address"]


def test_the_database_role_of_the_program_is_not_the_administrator() -> None:
    assert "postgresql+psycopg://hearth:" in SERVICES["serve"]["environment"]["HEARTH_DATABASE_URL"]
    assert SERVICES["database"]["environment"]["POSTGRES_USER"] != "hearth"
    grants = (ROOT / "deploy/postgres-init.sh").read_text()
    for word in ("NOSUPERUSER", "NOCREATEDB", "NOCREATEROLE", "NOREPLICATION"):
        assert word in grants


def test_no_secret_is_written_down() -> None:
    """A password comes from the operator's own file, never from one in the repository."""
    for service in SERVICES.values():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY|TOKEN", key):
                assert value.startswith(("${", "/run/secrets/")), key
            assert not re.search(r"://[^/@$]*:(?!\$\{)[^/@]*@", value), f"{key} holds a password"
    for path in [ROOT / "Dockerfile", *sorted((ROOT / "deploy").iterdir())]:
        found = re.search(r"(PASSWORD|SECRET|SEAL_KEYS|TOKEN)\w*=[^$\s]", path.read_text(), re.IGNORECASE)
        assert not found, f"{path.name}: {found}"
