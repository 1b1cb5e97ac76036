"""Commands of the directory: import and export."""

import sys
from pathlib import Path

from app.commands.opening import Arguments, Failed, nothing_there, open_database, open_nothing, tell
from app.core.settings import Settings

MAPPINGS = Path(__file__).parents[2] / "data" / "mappings"


def _mapping(asked: str, path: Path) -> Path | None:
    """Return the mapping file: a path, the name of one that comes with the program, or the one named like the source."""
    shipped = MAPPINGS / f"{asked or path.stem}.yaml"
    if asked and Path(asked).exists():
        return Path(asked)
    return shipped if shipped.exists() else Path(asked) if asked else None


def import_command(arguments: Arguments, settings: Settings) -> int:
    """Import a directory of services."""
    from app.domain.directory import importing

    path = Path(arguments.path)
    if not path.exists():
        raise Failed(f"There is no file or folder {path}. (Feeds by address come with the partners' release.)")
    database = open_nothing() if arguments.dry_run and nothing_there(settings) else open_database(settings)
    report = importing.import_directory(
        database, path, feed_name=arguments.feed or arguments.partner or path.stem,
        mapping=_mapping(arguments.mapping, path), dry_run=arguments.dry_run,
        note=arguments.note, country=arguments.country,
        progress=lambda done: print(f"\r{done} read", end="", file=sys.stderr, flush=True) if sys.stderr.isatty() else None,
    )  # fmt: skip
    tell(arguments, report.as_dict(), report.as_text())
    return 0


def export_command(arguments: Arguments, settings: Settings) -> int:
    """Export the directory as HSDS 3.1."""
    from app.domain.directory import exporting

    result = exporting.export_hsds(open_database(settings), Path(arguments.folder))
    tell(arguments, {"folder": arguments.folder, **result}, f"Written to {arguments.folder}: {result}")
    return 0
