"""The command that finds listings of one service in a file of listings."""

import sys
from pathlib import Path

from app.commands.opening import Arguments, Failed, tell
from app.core.settings import Settings


def duplicates(arguments: Arguments, _settings: Settings) -> int:
    """Find listings that are the same service: listings as JSON in, pairs with score and reasons as CSV out."""
    from app.domain.directory.duplicates import files, finding
    from app.domain.directory.reading.shapes import Note

    source, target = Path(arguments.source), Path(arguments.target)
    if target.is_dir() or not target.parent.is_dir():
        raise Failed(f"The pairs cannot be written to {target}: it must be a file in a folder that exists.")
    notes: list[Note] = []
    compared = 0

    def progress(done: int, so_far: int) -> None:
        nonlocal compared
        compared = so_far
        if sys.stderr.isatty():
            print(f"\r{done} of {len(directory)} listings, {so_far} pairs compared", end="", file=sys.stderr, flush=True)

    directory = finding.Directory(files.read_listings(source, notes))
    matches = finding.ordered(directory.pairs(progress))
    files.write_pairs(target, matches)
    for note in notes:
        print(f"{note.file}: {note.sentence}", file=sys.stderr)
    likely = sum(m.band == "likely" for m in matches)
    result = {
        "listings": len(directory), "repeated_ids": len(directory.repeated), "compared": compared, "pairs": len(matches),
        "likely": likely, "maybe": len(matches) - likely, "out": str(target),
    }  # fmt: skip
    tell(arguments, result, _in_words(result))
    return 0


def _in_words(result: dict[str, object]) -> str:
    lines = ["{listings} listings, {compared} pairs compared: {likely} likely, {maybe} to look at."]
    if result["repeated_ids"]:
        lines.append("{repeated_ids} ids stand more than once; only the first listing of each was compared.")
    return "\n".join([*lines, "Written to {out}"]).format(**result)
