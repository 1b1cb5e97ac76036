"""What each command does: opens what it needs, does one thing, says the result in words or as JSON."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from app.core import crypto, migrate
from app.core import settings as core_settings
from app.core.db import Database
from app.core.settings import Settings

Arguments = argparse.Namespace
LATER = "A later release made this database. Run that release; this one would damage it."


class Failed(Exception):
    """The command could not do it; the sentence says why (exit 1)."""


_opened: list[Database] = []


def _open(settings: Settings, *, current: bool = True) -> Database:
    database = Database(settings.database)
    _opened.append(database)
    if current and migrate.is_newer(database):
        raise Failed(LATER)
    if current and not migrate.is_current(database):
        raise Failed("The database is not at this release's schema. Run: hearth migrate")
    return database


def close_all() -> None:
    """Close the databases that commands have opened."""
    while _opened:
        _opened.pop().dispose()


def _out(arguments: Arguments, result: dict[str, Any], text: str) -> None:
    print(json.dumps(result, ensure_ascii=False, indent=1, default=str) if arguments.json else text)


def migrate_command(arguments: Arguments, settings: Settings) -> int:
    """Bring the schema to this release."""
    database = _open(settings, current=False)
    if migrate.is_newer(database):
        raise Failed(LATER)
    before = migrate.revision(database)
    migrate.upgrade(database)
    _out(arguments, {"from": before, "to": migrate.head()}, f"Schema: {before or 'empty'} → {migrate.head()}")
    return 0


def serve(arguments: Arguments, settings: Settings) -> int:
    """Serve; with an embedded database migrate first and run the worker beside it."""
    import uvicorn

    from app.jobs import worker

    database = _open(settings, current=False)
    if migrate.is_newer(database):
        raise Failed(LATER)
    if database.embedded:
        migrate.upgrade(database)
    elif not migrate.is_current(database):
        raise Failed("The schema is behind. Run: hearth migrate")
    stop = worker.run_in_background(database, settings) if database.embedded else None
    uvicorn.run(
        "app.main:create_app", factory=True, host=arguments.host, port=arguments.port,
        workers=arguments.workers or settings.workers, access_log=False, log_config=None, server_header=False,
        proxy_headers=bool(settings.trusted_proxies), forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_keep_alive=20, timeout_graceful_shutdown=20,
        limit_concurrency=400, h11_max_incomplete_event_size=32_768,
    )  # fmt: skip
    if stop:
        stop.set()
    return 0


def worker_command(_arguments: Arguments, settings: Settings) -> int:
    """Send what is owed and do what is due, until stopped."""
    from app.jobs import worker

    worker.run_in_foreground(_open(settings), settings)
    return 0


def demo(arguments: Arguments, settings: Settings) -> int:
    """Prepare a small network with demo content and serve it."""
    from app.jobs import demo as seeding

    settings = seeding.settings_for(arguments.data, arguments.port)
    core_settings.use(settings)
    crypto.set_seal_keys(settings.seals)
    for name, value in seeding.environment(settings).items():
        os.environ[name] = value  # the server process reads them again
    about = seeding.prepare(settings, say=lambda line: print(line, file=sys.stderr))
    _out(arguments, about, seeding.welcome(about))
    sys.stdout.flush()
    if arguments.no_serve:
        return 0
    arguments.host, arguments.workers = "127.0.0.1", 1
    return serve(arguments, settings)


def coordinator(arguments: Arguments, settings: Settings) -> int:
    """Make the first coordinator and print the key, once."""
    from app.domain.accounts import actions

    database = _open(settings)
    with database.transaction() as db:
        key = actions.create_coordinator(db, arguments.name, arguments.language or settings.language_list[0])
    shown = " ".join(key.shown)
    _out(
        arguments,
        {"name": arguments.name, "key": shown},
        f"Key of {arguments.name} (shown once, write it down):\n\n  {shown}\n",
    )
    return 0


def import_command(arguments: Arguments, settings: Settings) -> int:
    """Import a directory of services."""
    from app.domain.directory import importing

    path = Path(arguments.path)
    if not path.exists():
        raise Failed(f"There is no file or folder {path}. (Feeds by address come with the partners' release.)")
    report = importing.import_directory(
        _open(settings), path, feed_name=arguments.feed or arguments.partner or path.stem,
        mapping=Path(arguments.mapping) if arguments.mapping else None, dry_run=arguments.dry_run,
        note=arguments.note, country=arguments.country,
        progress=lambda done: print(f"\r{done} read", end="", file=sys.stderr, flush=True) if sys.stderr.isatty() else None,
    )  # fmt: skip
    _out(arguments, report.as_dict(), report.as_text())
    return 0


def export_command(arguments: Arguments, settings: Settings) -> int:
    """Export the directory as HSDS 3.1."""
    from app.domain.directory import exporting

    result = exporting.export_hsds(_open(settings), Path(arguments.folder))
    _out(arguments, {"folder": arguments.folder, **result}, f"Written to {arguments.folder}: {result}")
    return 0


def backup(arguments: Arguments, settings: Settings) -> int:
    """Write everything to one file."""
    from app.jobs import backup as copies

    result = copies.back_up(_open(settings), settings, Path(arguments.file))
    _out(
        arguments,
        result,
        f"{result['file']}: {result['rows']} rows, {result['media']} media files, {result['bytes']} bytes",
    )
    return 0


def restore(arguments: Arguments, settings: Settings) -> int:
    """Fill the database from a backup."""
    from app.jobs import backup as copies

    source = Path(arguments.file)
    if not source.exists():
        raise Failed(f"There is no file {source}.")
    result = copies.restore(_open(settings, current=False), settings, source, force=arguments.force)
    text = f"{result['rows']} rows, {result['media']} media files, {result['erased_again']} erased again"
    _out(arguments, result, text)
    return 0


def doctor(arguments: Arguments, settings: Settings) -> int:
    """Look whether the house is in order."""
    from app.domain.upkeep import doctor as checks

    if arguments.new_key:
        fresh = {"HEARTH_SECRET_KEY": core_settings.new_secret(), "HEARTH_SEAL_KEYS": crypto.new_key()}
        _out(arguments, fresh, "\n".join(f"{name}={value}" for name, value in fresh.items()))
        return 0
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    findings = checks.examine(_open(settings, current=False), settings, audit=arguments.audit)
    marks = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}
    result = checks.as_dict(findings)
    _out(arguments, result, "\n".join(f"{marks[f.level]} {f.check}: {f.text}" for f in findings))
    return 0 if result["ok"] else 1


def reseal(arguments: Arguments, settings: Settings) -> int:
    """Seal every sealed value with the first of the seal keys."""
    from app.domain.upkeep import doctor as checks

    count = checks.reseal(_open(settings))
    _out(
        arguments,
        {"resealed": count},
        f"{count} values sealed anew. The older key can be taken from HEARTH_SEAL_KEYS now.",
    )
    return 0


def bench(arguments: Arguments, settings: Settings) -> int:
    """Measure (from a source tree: the benchmarks are not part of the installed program)."""
    try:
        from bench import command
    except ImportError as error:
        raise Failed("Benchmarks run from a source tree: git clone, then .venv/bin/hearth bench …") from error
    return int(command.run(arguments.what, json_out=arguments.json, quick=arguments.quick))
