"""The operator's commands as they are typed: import of each real set, backup, restore into a new house, doctor."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.core.crypto import new_key
from app.core.settings import new_secret

pytestmark = pytest.mark.journey
ROOT = Path(__file__).parents[2]
SETS = {"unhcr-jordan-2015": 50, "ifr-poland-2022": 50, "florida-legal-aid-2019": 20}  # at least so many services


@pytest.fixture(scope="module")
def secrets() -> dict[str, str]:
    """The secrets that an operator keeps apart from the backups."""
    return {"HEARTH_SECRET_KEY": new_secret(), "HEARTH_SEAL_KEYS": new_key()}


def hearth(folder: Path, secrets: dict[str, str], *words: str, code: int = 0) -> Any:
    """Run a command in production mode on a house of its own; return what its --json says."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEARTH_")}
    environment |= {"HEARTH_MODE": "production", "HEARTH_DATA_DIR": str(folder), "HEARTH_BASE_URL": "https://network.example",
                    "HEARTH_COUNTRIES": "JO,PL", "HEARTH_CONTACT": "mailto:keeper@network.example", **secrets}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "app", *words, "--json"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400,
        check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout) if code == 0 else done.stderr


@pytest.mark.parametrize("name", SETS)
def test_each_real_set_is_read_without_writing(tmp_path: Path, secrets: dict[str, str], name: str) -> None:
    hearth(tmp_path, secrets, "migrate")
    words = ("import", "hsds", str(ROOT / "data" / "demo" / name), "--mapping", str(ROOT / "data" / "mappings" / f"{name}.yaml"))
    told = hearth(tmp_path, secrets, *words, "--dry-run")
    assert told["dry_run"] is True
    assert services(told) >= SETS[name]
    again = hearth(tmp_path, secrets, *words, "--dry-run")
    assert services(again) == services(told)  # nothing was written: everything is still new


def services(told: dict[str, Any]) -> int:
    """Return how many services a report calls new."""
    return int(told["counts"]["service"]["new"])


def test_a_house_comes_back_from_its_backup(tmp_path: Path, secrets: dict[str, str]) -> None:
    old, new, copy = tmp_path / "old", tmp_path / "new", tmp_path / "copy.hearth"
    hearth(old, secrets, "migrate")
    key = hearth(old, secrets, "coordinator", "create", "--name", "Lantern of Tests")["key"]
    assert len(key.split()) == 6
    name = "florida-legal-aid-2019"
    mapping = str(ROOT / "data" / "mappings" / f"{name}.yaml")
    hearth(old, secrets, "import", "hsds", str(ROOT / "data" / "demo" / name), "--mapping", mapping)
    rows = hearth(old, secrets, "backup", str(copy))["rows"]
    assert rows > 100
    hearth(new, secrets, "migrate")
    assert hearth(new, secrets, "restore", str(copy), "--force")["rows"] == rows
    told = hearth(new, secrets, "doctor", "--audit")
    assert told["ok"] is True
    assert "no file" in hearth(new, secrets, "restore", str(tmp_path / "elsewhere"), code=1)
    people = hearth(new, secrets, "export", "hsds", str(tmp_path / "feed"))
    assert people
