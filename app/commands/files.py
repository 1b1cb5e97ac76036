"""What commands read from files and write to files: a sentence for what goes wrong, and never half a file."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any, NoReturn

from app.commands.opening import Failed


def read(source: Path, option: str) -> bytes:
    """Return what a file holds; ``option`` is the word of the command line that names it."""
    if source.is_dir():
        raise Failed(f"{source} is a folder; {option} names a file.")
    try:
        return source.read_bytes()
    except FileNotFoundError:
        raise Failed(f"There is no file {source}.") from None


def read_json(source: Path, option: str) -> Any:
    """Return the JSON of a file; an object that says one name twice, or a number that is none, is refused."""
    content = read(source, option)
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise Failed(f"{source} is not JSON: it is nested too deeply.") from None
    except ValueError as error:
        raise Failed(f"{source} is not JSON: {error}.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} stands twice in one object")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def check_target(source: Path, target: Path, what: str) -> None:
    """Say before the work what would go wrong after it; ``what`` is what the source holds."""
    if target.is_dir():
        raise Failed(f"{target} is a folder; --out names a file.")
    if not target.parent.is_dir():
        raise Failed(f"There is no folder {target.parent} to write {target.name} to.")
    if target.exists() and target.samefile(source):
        raise Failed(f"--out names {what} itself; it would be lost.")


def write_json(target: Path, result: Any) -> None:
    """Write a result as JSON, all or nothing: a file that is there already stays whole until the new one is."""
    text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    if target.exists() and not target.is_file():  # a pipe or a device
        target.write_text(text, encoding="utf-8")
        return
    target = target.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".hearth-")  # for its owner's eyes only
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
