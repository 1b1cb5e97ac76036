"""The commands of the Makefile: what they call is there, and what they promise in `make help` is all of them."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()


def would_run(*words: str) -> str:
    """Return what make would do, without doing it."""
    done = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_demo_sets_up_and_serves_on_the_agreed_port() -> None:
    assert would_run("demo").splitlines() == [
        "scripts/setup run",
        'exec .venv/bin/hearth demo --data "var/demo" --port "8000"',
    ]


def test_demo_takes_another_port_and_folder() -> None:
    assert '--data "/somewhere else" --port "8123"' in would_run("demo", "PORT=8123", "DATA=/somewhere else")


def test_test_sets_up_and_runs_every_check() -> None:
    assert would_run("test").splitlines() == ["scripts/setup dev", "exec .venv/bin/python scripts/test"]


def test_ci_only_calls_make_test_and_is_strict() -> None:
    lines = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[-1] == "CI=true exec make test"
    assert len(lines) == 3


@pytest.mark.parametrize("name", ["scripts/setup", "scripts/test", "scripts/lock", "scripts/catalogues", ".ci/run"])
def test_scripts_can_be_started(name: str) -> None:
    path = ROOT / name
    assert path.stat().st_mode & 0o111
    assert path.read_text().startswith("#!")


@pytest.mark.parametrize("name", ["scripts/setup", "scripts/lock", "deploy/postgres-init.sh"])
def test_shell_scripts_parse_in_a_plain_shell_and_stop_at_errors(name: str) -> None:
    subprocess.run(["sh", "-n", ROOT / name], check=True)
    assert "set -eu" in (ROOT / name).read_text()


def test_every_target_is_explained_and_phony() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    explained = set(re.findall(r"^([a-z-]+):.*## \S", MAKEFILE, re.MULTILINE))
    phony = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split())  # type: ignore[index]
    assert targets == explained == phony


def test_setup_refuses_an_unknown_wish() -> None:
    done = subprocess.run([ROOT / "scripts/setup", "everything"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "run|dev" in done.stderr
