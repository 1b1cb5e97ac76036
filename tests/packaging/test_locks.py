"""The lock files: every file is pinned by its hash, and no package server is named."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-build.lock"]
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;\\]+)(?P<marker> ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def pins(lock: str) -> dict[str, set[str]]:
    """Return the versions of each package that a lock file names; every line must be of a known kind."""
    found: dict[str, set[str]] = {}
    hashes = 1
    for line in (ROOT / lock).read_text().splitlines():
        if pin := PIN.match(line):
            assert hashes, f"no hash before: {line}"
            found.setdefault(pin["name"], set()).add(pin["version"])
            hashes = 0
        elif HASH.match(line):
            hashes += 1
        else:
            assert line.lstrip().startswith("#"), f"{lock}: not a pin, hash or comment: {line}"
    assert hashes
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_each_package_is_pinned_with_hashes_and_no_address(lock: str) -> None:
    assert pins(lock)
    text = (ROOT / lock).read_text()
    for word in ("://", "--index-url", "--extra-index-url", "--find-links", "--trusted-host", "file:", " @ ", "/home/"):
        assert word not in text, f"{lock} holds {word}"


def test_the_tests_run_on_the_very_versions_of_the_program() -> None:
    program, tests = pins("requirements.lock"), pins("requirements-dev.lock")
    assert len(program) > 20
    assert program == {name: tests.get(name) for name in program}


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, declared in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", [*project["dependencies"], *project["optional-dependencies"]["dev"]]),
    ):
        names = {re.split(r"[\[<>=!~; ]", each)[0].lower().replace("_", "-") for each in declared}
        assert names - set(pins(lock)) == set()


def test_the_program_brings_no_tool_of_the_tests() -> None:
    assert not {"pytest", "playwright", "mypy", "ruff", "hypothesis"} & set(pins("requirements.lock"))
