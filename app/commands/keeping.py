"""Commands that keep the house in order: backup, restore, doctor, reseal."""

from pathlib import Path

from app.commands.opening import Arguments, Failed, open_database, tell
from app.core import crypto, private
from app.core import settings as core_settings
from app.core.settings import Settings


def backup(arguments: Arguments, settings: Settings) -> int:
    """Write everything to one file."""
    from app.jobs import backup as copies

    target = Path(arguments.file)
    if target.exists() and not arguments.force:
        raise Failed(f"There is a file {target} already. Choose another name, or --force.")
    if not target.parent.is_dir():
        raise Failed(f"There is no folder {target.parent}.")
    result = copies.back_up(open_database(settings), settings, target)
    tell(
        arguments,
        result,
        f"{result['file']}: {result['rows']} rows, {result['media']} media files, {result['bytes']} bytes",
    )
    return 0


def restore(arguments: Arguments, settings: Settings) -> int:
    """Fill the database from a backup."""
    from app.jobs import backup as copies

    source = Path(arguments.file)
    if not source.exists():
        raise Failed(f"There is no file {source}.")
    result = copies.restore(open_database(settings, current=False), settings, source, force=arguments.force)
    text = f"{result['rows']} rows, {result['media']} media files, {result['erased_again']} erased again"
    text += "\nWhat the desk decided since this copy is not in it: decide it again (docs/operating.md)."
    tell(arguments, result, text)
    return 0


def doctor(arguments: Arguments, settings: Settings) -> int:
    """Look whether the house is in order."""
    from app.domain.upkeep import doctor as checks

    if arguments.new_key:
        fresh = {"HEARTH_SECRET_KEY": core_settings.new_secret(), "HEARTH_SEAL_KEYS": crypto.new_key()}
        tell(arguments, fresh, "\n".join(f"{name}={value}" for name, value in fresh.items()))
        return 0
    private.make_folder(settings.data_dir)
    findings = checks.examine(open_database(settings, current=False), settings, audit=arguments.audit)
    marks = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}
    result = checks.as_dict(findings)
    tell(arguments, result, "\n".join(f"{marks[f.level]} {f.check}: {f.text}" for f in findings))
    return 0 if result["ok"] else 1


def reseal(arguments: Arguments, settings: Settings) -> int:
    """Seal every sealed value with the first of the seal keys."""
    from app.domain.upkeep import doctor as checks

    count = checks.reseal(open_database(settings))
    tell(
        arguments,
        {"resealed": count},
        f"{count} values sealed anew. The older key can be taken from HEARTH_SEAL_KEYS now.",
    )
    return 0
