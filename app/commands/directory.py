"""Commands of the directory: import and export."""

import argparse
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from app.commands.opening import Arguments, Failed, nothing_there, open_database, open_nothing, tell
from app.core.db import Database
from app.core.settings import Settings

Told = tuple[dict[str, Any], str]  # for machines, for people
MAPPINGS = Path(__file__).parents[2] / "data" / "mappings"


def day(text: str) -> date:
    """Return a day from the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-30") from None


def _mapping(asked: str, path: Path) -> Path | None:
    """Return the mapping file: a path, the name of one that comes with the program, or the one named like the source."""
    shipped = MAPPINGS / f"{asked or path.stem}.yaml"
    if asked and Path(asked).exists():
        return Path(asked)
    return shipped if shipped.exists() else Path(asked) if asked else None


def import_command(arguments: Arguments, settings: Settings) -> int:
    """Import a directory of services, or the regions of the network."""
    if arguments.what == "areas":
        return _areas(arguments, settings)
    from app.domain.directory import importing

    if arguments.every is not None and arguments.every < 0:
        raise Failed("--every takes hours: 24, or 0 to end it.")
    if "://" in arguments.path:
        return _from_address(arguments, settings)
    if arguments.every is not None:
        raise Failed("--every is for an https address: a file does not change by itself.")
    path = Path(arguments.path)
    if not path.exists():
        raise Failed(f"There is no file or folder {path}.")
    database = open_nothing() if arguments.dry_run and nothing_there(settings) else open_database(settings)
    report = importing.import_directory(
        database, path, feed_name=arguments.feed or arguments.partner or path.stem,
        mapping=_mapping(arguments.mapping, path), dry_run=arguments.dry_run,
        note=arguments.note, country=arguments.country,
        progress=lambda done: print(f"\r{done} read", end="", file=sys.stderr, flush=True) if sys.stderr.isatty() else None,
    )  # fmt: skip
    tell(arguments, report.as_dict(), report.as_text())
    return 0


def _areas(arguments: Arguments, settings: Settings) -> int:
    """Import the regions of the network: all of a country at once, and nothing of a file in which anything is wrong."""
    from app.domain.directory import regions, regions_file

    strange = [name for name in ("every", "feed", "partner", "mapping", "country", "note") if getattr(arguments, name)]
    if strange:
        raise Failed(f"--{strange[0]} is for hsds.")
    path = Path(arguments.path)
    if not path.is_file():
        raise Failed(f"There is no file {path}.")
    found, problems = regions_file.read(path.read_bytes(), settings.country_list, settings.language_list)
    done = regions.Outcome(problems)
    if not problems:
        database = open_nothing() if arguments.dry_run and nothing_there(settings) else open_database(settings)
        with database.writing() as db:
            done = regions.put(db, found, settings.language_list[0])
            if not arguments.dry_run and not done.problems:
                db.commit()
    counts = f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged, {done.gone} not in the file any more."
    wrong = [f"line {one.line}: {one.sentence}" for one in done.problems]
    tell(arguments, {"dry_run": arguments.dry_run, **asdict(done)}, "\n".join(["Nothing was kept.", *wrong]) if wrong else counts)
    return 1 if wrong else 0


def _from_address(arguments: Arguments, settings: Settings) -> int:
    from app.domain.directory import importing
    from app.domain.directory.report import Report
    from app.jobs import feeds

    feed = arguments.feed or arguments.partner
    if not feed:
        raise Failed("Name the feed with --feed: what is fetched from an address needs the same name each time.")
    if arguments.mapping:
        raise Failed("A mapping file is for files: fetch the list yourself, and import the file.")
    database = open_nothing() if arguments.dry_run and nothing_there(settings) else open_database(settings)
    if arguments.every == 0 and not arguments.dry_run:
        feeds.keep(database, arguments.path, feed, 0)
        tell(arguments, {"feed": feed, "every": 0}, f"{feed} is not fetched any more. What came of it stays.")
        return 0

    def take(path: Path) -> Report:
        return importing.import_directory(
            database, path, feed_name=feed, dry_run=arguments.dry_run, note=arguments.note, country=arguments.country
        )

    try:
        report, _found = feeds.fetch(arguments.path, take)
    except feeds.NotFetched as problem:
        raise Failed(str(problem)) from None
    if report is None:  # cannot be: nothing was said of what is here already
        raise Failed("Nothing came.")
    if arguments.every and not arguments.dry_run:
        feeds.keep(database, arguments.path, feed, arguments.every, arguments.country, arguments.note)
    tell(arguments, report.as_dict(), report.as_text())
    return 0


def export_command(arguments: Arguments, settings: Settings) -> int:
    """Export the directory (HSDS 3.1), the statements of reasons (DSA), both in folders of their own, or the yearly report."""
    folder, database = Path(arguments.folder), open_database(settings)
    if arguments.what == "hsds":
        result, words = _hsds(database, folder)
    elif arguments.what == "statements":
        result, words = _statements(database, settings, folder, arguments)
    elif arguments.what == "transparency":
        result, words = _transparency(database, settings, folder, arguments.year)
    else:
        directory, told = _hsds(database, folder / "hsds")
        decisions, also_told = _statements(database, settings, folder / "statements", arguments)
        result, words = {"hsds": directory, "statements": decisions}, f"{told}\n{also_told}"
    tell(arguments, result, words)
    return 0


def _hsds(database: Database, folder: Path) -> Told:
    from app.domain.directory import exporting

    result = exporting.export_hsds(database, folder)
    counts = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in result.items())
    return {"folder": str(folder), **result}, f"Written to {folder}: {counts}"


def _transparency(database: Database, settings: Settings, folder: Path, year: int | None) -> Told:
    from app.core.clock import now
    from app.domain.reporting import yearly

    if year is None or not 2020 <= year <= now().year:
        raise Failed("Say of which year, such as --year 2026: not before 2020, not one that has not begun.")
    with database.hot() as connection:
        made = yearly.report(connection, settings, year)
    files = yearly.write(folder, made)
    missing = "" if made["complete"] else f"\nNot the whole year: counted from {made['counted_from']} on, as of today."
    told = {"folder": str(folder), "files": files, **{name: made[name] for name in ("year", "counted_from", "complete")}}
    return told, f"Written to {folder}: {', '.join(files)}.{missing}"


def _statements(database: Database, settings: Settings, folder: Path, asked: Arguments) -> Told:
    from app.domain.moderation import statements

    with database.hot() as connection:
        done = statements.export(connection, settings, folder, asked.since, asked.unpublished)
    behind = "".join(f"\nHeld back: {count}, because {why}." for why, count in sorted(done.held_back.items()))
    words = f"Written to {folder}: {done.statements} statements of reasons in {len(done.files)} files.{behind}"
    return {"folder": str(folder), **done.as_dict()}, words
