"""The command that finds listings of one service in a file of listings."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.opening import Arguments, Failed, tell
from app.core.settings import Settings

if TYPE_CHECKING:
    from app.domain.directory.duplicates.listing import Listing

STEP = 1_000  # listings between two words of progress


def duplicates(arguments: Arguments, _settings: Settings) -> int:
    """Find listings that are the same service: listings as JSON in, pairs with score and reasons as CSV out."""
    from app.domain.directory.duplicates import files, finding
    from app.domain.directory.reading.shapes import Note

    source, target = Path(arguments.source), Path(arguments.target)
    _check(source, target)
    notes: list[Note] = []
    progress = _Progress()
    directory = finding.Directory(progress.read(files.read_listings(source, notes)))
    matches = finding.ordered(directory.pairs(progress.compared))
    progress.end()
    files.write_pairs(target, matches)
    for note in notes:
        print(f"{note.file}: {note.sentence}", file=sys.stderr)
    likely = sum(m.band == "likely" for m in matches)
    result = {
        "listings": len(directory), "compared": progress.pairs, "pairs": len(matches), "likely": likely,
        "maybe": len(matches) - likely, "out": str(target),
    }  # fmt: skip
    words = "{listings} listings, {compared} pairs compared: {likely} likely, {maybe} to look at.\nWritten to {out}"
    tell(arguments, result, words.format(**result))
    return 0


class _Progress:
    """Tells who waits at a terminal how far it is, and keeps how many pairs were compared."""

    def __init__(self) -> None:
        self.listings = self.pairs = 0
        self._seen = sys.stderr.isatty()

    def read(self, listings: "Iterable[Listing]") -> "Iterator[Listing]":
        for listing in listings:
            self.listings += 1
            if self.listings % STEP == 0:
                self._say(f"{self.listings} listings read")
            yield listing

    def compared(self, done: int, pairs: int) -> None:
        self.pairs = pairs
        self._say(f"{done} of {self.listings} listings, {pairs} pairs compared")

    def end(self) -> None:
        if self._seen and self.listings:
            print(file=sys.stderr)

    def _say(self, text: str) -> None:
        if self._seen:
            print(f"\r{text}", end="", file=sys.stderr, flush=True)


def _check(source: Path, target: Path) -> None:
    """Say before the work what would go wrong after it."""
    if source.exists() and not source.is_file():
        raise Failed(f"{source} is not a file; --in names a file of listings.")
    if target.is_dir() or not target.parent.is_dir():
        raise Failed(f"The pairs cannot be written to {target}: it must be a file in a folder that exists.")
    if source.exists() and target.exists() and target.samefile(source):
        raise Failed("--out names the listings themselves; they would be lost.")
