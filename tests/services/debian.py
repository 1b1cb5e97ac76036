"""Install what the tests need beyond Python, where we may: Debian's Chromium, fonts and PostgreSQL, as root."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.services.chromium import chromium_path, has_fonts
from tests.services.postgres import postgres_bin

CLUSTERS = Path("/etc/postgresql-common/createcluster.conf")


class CannotInstall(RuntimeError):
    """Not root, not Debian, or the package server is out of reach."""


def missing() -> list[str]:
    """List the Debian packages whose programs are not on this machine."""
    have = {
        "chromium": chromium_path() is not None,
        "fonts-noto-core": has_fonts(),
        "postgresql": postgres_bin() is not None,
    }
    return [package for package, there in have.items() if not there]


def install_missing() -> list[str]:
    """Install the missing packages and list them. Raises CannotInstall with the reason."""
    wanted = missing()
    if not wanted:
        return []
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise CannotInstall(f"not installed, and only root on Debian can: {' '.join(wanted)}")
    print(f"\n=== installing {' '.join(wanted)} (Debian packages) ===", flush=True)
    _apt_get("update")
    if "postgresql" in wanted and not CLUSTERS.exists():
        _without_a_server_of_its_own()
    _apt_get("install", *wanted)
    return wanted


def _without_a_server_of_its_own() -> None:
    """Keep Debian from making and starting a database server at once: the tests start their own and stop it."""
    _apt_get("install", "postgresql-common")
    CLUSTERS.write_text(CLUSTERS.read_text() + "\ncreate_main_cluster = false\n")


def _apt_get(*words: str) -> None:
    command = ["apt-get", "--quiet", "--quiet", "--yes", "--no-install-recommends", *words]
    done = subprocess.run(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout[-2000:], file=sys.stderr)
        raise CannotInstall(f"{' '.join(command)} failed")
