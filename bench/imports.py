"""How fast a directory is read and stored, and with how much memory: our own export of the demo's services, many times over."""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from app.core import migrate
from app.core.db import Database
from app.domain import wiring
from app.domain.directory import exporting, importing
from bench import data, servers
from bench.report import Figure

_MANY = {False: 20_000, True: 2_000}
_POINTERS = ("organization_id", "location_id", "service_id", "program_id", "parent_organization_id")


def figures(quick: bool, say: data.Say) -> list[Figure]:
    """Import services with their organisations, places and parts into a new SQLite database, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        folder = Path(name)
        say(f"an HSDS export with {_MANY[quick]} services …")
        write_feed(folder / "feed", _MANY[quick], say)
        done = subprocess.run(
            [sys.executable, "-m", "bench.imports", str(folder)], cwd=servers.ROOT, capture_output=True, text=True, check=False,
            timeout=900,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        result = json.loads(done.stdout.strip().splitlines()[-1])
    return [
        Figure("–", "import: services read and compared", result["read"], unit="a second", more=True),
        Figure("–", "import: services read, stored, indexed", result["stored"], unit="a second", more=True),
        Figure("–", "import: memory of the process at most", result["memory"], unit="MB"),
    ]


def write_feed(folder: Path, many: int, say: data.Say) -> None:
    """Write an HSDS JSON folder with ``many`` services: the export of the demo, copied with other ids."""
    source = data.prepared(data.QUICK, say)
    database = Database(f"sqlite:///{source}")
    exporting.export_hsds(database, folder)
    database.dispose()
    (folder / exporting.OWN_FILE).unlink()  # somebody else's feed, not our own coming back
    files = {kind: json.loads((folder / name).read_text(encoding="utf-8")) for kind, name in exporting.FILES.items()}
    # Copies that the bulk inserts made have no parts; the feed is made of the listings that came through the importer.
    whole = [s for s in files["service"] if s.get("phones") or s.get("schedules") or s.get("cost_options") or s.get("languages")]
    kept = {s["id"] for s in whole}
    files["service"], files["service_at_location"] = whole, [k for k in files["service_at_location"] if k["service_id"] in kept]
    rounds = -(-many // len(whole))
    for kind, name in exporting.FILES.items():
        repeated = kind in ("service", "service_at_location", "location", "organization")
        rows = [_copied(row, n) for n in range(rounds) for row in files[kind]] if repeated else files[kind]
        (folder / name).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _copied(row: dict[str, Any], n: int) -> dict[str, Any]:
    changed = {"id": f"{row['id']}-{n}", **{p: f"{row[p]}-{n}" for p in _POINTERS if row.get(p)}}
    if "name" in row and n:
        changed["name"] = f"{row['name']} {n}"
    return {**row, **changed}


def main() -> int:
    """Import ``folder``/feed and print the rates as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    wiring.connect()
    database = Database(f"sqlite:///{folder / 'import.sqlite3'}")
    migrate.upgrade(database)
    took, services = {}, 0
    for name, dry in (("read", True), ("stored", False)):
        started = time.perf_counter()
        report = importing.import_directory(database, folder / "feed", feed_name="bench", dry_run=dry, country="JO")
        took[name] = time.perf_counter() - started
        services = report.of("service", "new")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rates = {name: round(services / seconds) for name, seconds in took.items()}
    print(json.dumps({**rates, "memory": round(memory), "services": services}))
    database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
