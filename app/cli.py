"""The command line: ``hearth serve | worker | migrate | demo | import | export | backup | restore | doctor | …``."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from app.core import crypto, logging, migrate
from app.core import settings as core_settings
from app.core.db import Database
from app.core.errors import HearthError
from app.core.settings import Settings
from app.domain import wiring

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


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(prog="hearth", description="The software a returnee-led network runs.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[Arguments, Settings], int], **options: Any) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=(run.__doc__ or "").split("\n")[0], description=run.__doc__, **options)
        command.add_argument("--json", action="store_true", help="print the result as JSON")
        command.set_defaults(run=run)
        return command

    one = add("serve", serve)
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8000)
    one.add_argument("--workers", type=int, default=0)
    add("worker", worker_command)
    add("migrate", migrate_command)
    one = add("demo", demo)
    one.add_argument("--port", type=int, default=8000)
    one.add_argument("--data", type=Path, default=Path("var/demo"))
    one.add_argument("--no-serve", action="store_true")
    one = add("coordinator", coordinator)
    one.add_argument("what", choices=["create"])
    one.add_argument("--name", default="Coordinator")
    one.add_argument("--language", default="")
    one = add("import", import_command)
    one.add_argument("what", choices=["hsds"])
    one.add_argument("path")
    for option in ("--partner", "--feed", "--mapping", "--country", "--note"):
        one.add_argument(option, default="")
    one.add_argument("--dry-run", action="store_true")
    one = add("export", export_command)
    one.add_argument("what", choices=["hsds"])
    one.add_argument("folder")
    add("backup", backup).add_argument("file")
    one = add("restore", restore)
    one.add_argument("file")
    one.add_argument("--force", action="store_true", help="replace what is in the database")
    one = add("doctor", doctor)
    one.add_argument("--audit", action="store_true", help="also check the chain of the audit trail")
    one.add_argument("--new-key", action="store_true", help="print fresh secrets for the settings")
    add("reseal", reseal)
    one = add("bench", bench)
    one.add_argument("what", choices=["pages", "search", "import", "all"])
    one.add_argument("--quick", action="store_true", help="small data, short rounds")
    return top


def _of_the_database(error: sa.exc.SQLAlchemyError) -> str:
    """Return what an operator needs to know, without the statement (it may hold what people wrote)."""
    text = str(getattr(error, "orig", "") or type(error).__name__).strip().split("\n", 1)[0]
    if "locked" in text:
        return "The database is busy: another program holds it. Try again in a minute, or stop that program."
    return f"The database cannot be used: {text}"


def main(words: list[str] | None = None) -> int:
    """Run one command; a person's mistake is a sentence, never a stack trace."""
    arguments = parser().parse_args(words)
    try:
        return _run(arguments)
    except ValidationError as error:
        _say_settings(error)
    except HearthError as error:
        print(error.sentence, file=sys.stderr)
    except (Failed, OSError) as error:
        print(error, file=sys.stderr)
    except sa.exc.SQLAlchemyError as error:
        print(_of_the_database(error), file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    finally:
        while _opened:
            _opened.pop().dispose()
    return 1


def _run(arguments: Arguments) -> int:
    if arguments.command == "demo" or getattr(arguments, "new_key", False):
        os.environ["HEARTH_MODE"] = "demo"  # made-up people, or no database at all: no secrets are needed
    settings = Settings()
    logging.set_up(settings.log_level)
    core_settings.use(settings)
    crypto.set_seal_keys(settings.seals)
    wiring.connect()
    return int(arguments.run(arguments, settings))


def _say_settings(error: ValidationError) -> None:
    for problem in error.errors():
        name = "".join(f"HEARTH_{str(part).upper()}: " for part in problem["loc"][:1])
        text = str(problem["msg"]).removeprefix("Value error, ")
        print(f"Setting: {text if text.startswith('HEARTH_') else name + text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
