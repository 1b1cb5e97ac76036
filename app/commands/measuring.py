"""The command that measures."""

import sys
from pathlib import Path

from app.commands.opening import Arguments, Failed
from app.core.settings import Settings

SOURCE = Path(__file__).parents[2]


def bench(arguments: Arguments, settings: Settings) -> int:
    """Measure (from a source tree: the benchmarks are not part of the installed program)."""
    _find()
    from bench import command

    corpora = Path(arguments.corpora) if arguments.corpora else None
    if corpora and not corpora.is_dir():
        raise Failed(f"There is no folder {corpora}.")
    size = {"quick": arguments.quick, "million": arguments.million}
    return int(command.run(arguments.what, json_out=arguments.json, corpora=corpora, **size))


def stress(arguments: Arguments, _settings: Settings) -> int:
    """Let many people write at once and look whether anything was lost (from a source tree)."""
    _find()
    from bench import stress as stressing

    return int(stressing.posts(arguments.people, arguments.seconds, arguments.engine, json_out=arguments.json))


def _find() -> None:
    if not (SOURCE / "bench" / "command.py").exists():
        raise Failed("Benchmarks run from a source tree: git clone, then .venv/bin/hearth bench …")
    if str(SOURCE) not in sys.path:  # the program `hearth` starts with its own folder there, not with the tree's
        sys.path.insert(0, str(SOURCE))
