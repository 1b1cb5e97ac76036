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


def protect(arguments: Arguments, settings: Settings) -> int:
    """Protect tables of counts in a file, so that nobody can be found through them."""
    from app.domain.reporting.protecting import files as shapes
    from app.domain.reporting.protecting import reading
    from app.domain.reporting.protecting.publishing import Release, publishable

    source, target = Path(arguments.history), Path(arguments.out)
    given = files.read_json(source, "--in")
    files.check_target(source, target, "the history")
    tables, threshold = reading.read_tables(given), reading.read_threshold(given, settings.disclosure_threshold)
    release = Release(tables, threshold, reading.read_lasting(given))
    published = publishable(release)
    files.write_json(target, {"tables": [shapes.as_json(table) for table in published.tables]})
    summary = {"out": str(target), "tables": len(published.tables), "rules": published.rules, "audit": published.audit}
    words = (
        f"{summary['tables']} tables, {published.audit['hidden']} of {published.audit['cells']} numbers hidden. Written to {target}"
    )
    tell(arguments, summary | {"notes": published.notes}, "\n".join([words, *published.notes]))
    return 0
