"""The command that matches mentees with mentors from a file, for networks that plan a round offline."""

import argparse
from pathlib import Path

from app.commands import files
from app.commands.opening import Arguments, tell
from app.core.settings import Settings


def match(arguments: Arguments, _settings: Settings) -> int:
    """Match mentees with mentors from a file."""
    from app.domain.mentoring import instances, matching

    source, target = Path(arguments.instance), Path(arguments.out)
    content = files.read(source, "--instance")
    files.check_target(source, target, "the instance")
    instance = instances.read(content)
    answer = matching.match(instance.mentees, instance.mentors, fair=arguments.fair)
    result = instances.as_json(answer)
    files.write_json(target, result)
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
