"""The command that matches mentees with mentors from a file, for networks that plan a round offline."""

import argparse
import json
import os
import tempfile
from pathlib import Path

from app.commands.opening import Arguments, Failed, tell
from app.core.settings import Settings


def match(arguments: Arguments, _settings: Settings) -> int:
    """Match mentees with mentors from a file."""
    from app.domain.mentoring import instances, matching

    source, target = Path(arguments.instance), Path(arguments.out)
    content = _read(source)
    _check_target(source, target)
    instance = instances.read(content)
    answer = matching.match(instance.mentees, instance.mentors, fair=arguments.fair)
    result = instances.as_json(answer)
    _write(target, json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    summary = {
        "out": str(target), "version": answer.version, "mentees": len(instance.mentees), "mentors": len(instance.mentors),
        "matched": len(answer.pairs), "total_utility": answer.total_utility, "groups": result["groups"],
    }  # fmt: skip
    tell(
        arguments, summary,
        f"{len(answer.pairs)} of {len(instance.mentees)} mentees have a mentor; total utility {answer.total_utility}. "
        f"Written to {target}",
    )  # fmt: skip
    return 0


def share(text: str) -> float:
    """Return a share from the command line, 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1, such as 0.02")
    return value


def _read(source: Path) -> bytes:
    if source.is_dir():
        raise Failed(f"{source} is a folder; --instance names a file.")
    try:
        return source.read_bytes()
    except FileNotFoundError:
        raise Failed(f"There is no file {source}.") from None


def _check_target(source: Path, target: Path) -> None:
    """Say before the work what would go wrong after it."""
    if target.is_dir():
        raise Failed(f"{target} is a folder; --out names a file.")
    if not target.parent.is_dir():
        raise Failed(f"There is no folder {target.parent} to write {target.name} to.")
    if target.exists() and target.samefile(source):
        raise Failed("--out names the instance itself; it would be lost.")


def _write(target: Path, text: str) -> None:
    """Write all or nothing: a file that is there already stays whole until the new one is."""
    if target.exists() and not target.is_file():  # a pipe or a device
        target.write_text(text, encoding="utf-8")
        return
    target = target.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".match-")  # for its owner's eyes only
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
