"""The commands of the numbers that work on files alone: metrics of given figures, protection of given tables."""

from pathlib import Path

from app.commands import files
from app.commands.opening import Arguments, tell
from app.core.settings import Settings


def metrics(arguments: Arguments, _settings: Settings) -> int:
    """Calculate metrics of the network for cases in a file."""
    from app.domain.reporting.metrics import cases

    source, target = Path(arguments.cases), Path(arguments.out)
    given = cases.read(files.read_json(source, "--cases"))
    files.check_target(source, target, "the cases")
    results = [cases.answer(case) for case in given]
    files.write_json(target, {"cases": results})
    refused = sum("error" in one["result"] for one in results)
    tell(
        arguments, {"out": str(target), "cases": len(results), "refused": refused},
        f"{len(results)} cases, {refused} of them refused because their figures cannot be right. Written to {target}",
    )  # fmt: skip
    return 0
