"""The numbers by command: count the last month that is over, publish it, and write the release to a folder."""

import json
from pathlib import Path

from app.commands.opening import Arguments, Failed, open_database, tell
from app.core import private
from app.core.clock import now
from app.core.settings import Settings


def report(arguments: Arguments, settings: Settings) -> int:
    """Make and publish the release of a month and write it as JSON, CSV and a page."""
    from app.domain.reporting.measuring import counting
    from app.domain.reporting.releasing.sheets import as_csv
    from app.domain.reporting.showing.beside import beside, whole
    from app.jobs import numbers

    period = arguments.period or counting.last_ended(now().date())
    folder = Path(arguments.out)
    if folder.exists() and not folder.is_dir():
        raise Failed(f"{folder} is a file, not a folder.")
    reason = (arguments.correct or "").strip()
    if arguments.correct is not None and not reason:
        raise Failed("Say after --correct why: everyone reads it beside the numbers.")
    database = open_database(settings)
    made = numbers.publish(database, numbers.make(database, settings, period, reason))
    if made.published_at is None:
        raise Failed("A correction took the place of this release meanwhile. Run the command again.")
    private.make_folder(folder)
    with database.reading() as db:
        also = beside(db.connection(), settings.disclosure_threshold, period, made.published_at.date())
    body = whole(made.body, also)
    contents = {
        "json": json.dumps(body, ensure_ascii=False, indent=1),
        "csv": as_csv(body),
        "html": _page(settings, made, also),
    }
    for ending, text in contents.items():
        (folder / f"{made.ref}.{ending}").write_text(text, encoding="utf-8", newline="")
    audit, named = made.body["audit"], {"id": made.ref, "period": period, "revision": made.revision}
    tell(
        arguments, {"out": str(folder), **named, "files": sorted(contents), "audit": audit},
        f"Release {made.ref} of {period}: {audit['hidden']} of {audit['cells']} numbers hidden. Written to {folder}",
    )  # fmt: skip
    return 0


def _page(settings: Settings, made: object, also: object) -> str:
    from app.domain.reporting.showing.queries import Kept
    from app.domain.reporting.showing.told import told
    from app.web.pages import Pages, minify_css
    from app.web.static import StaticFiles

    static = StaticFiles()
    kept = Kept(*(getattr(made, name) for name in Kept.__slots__))
    environment = Pages(settings, static).environment(settings.language_list[0])
    address = f"{settings.base_url}/numbers/releases/{kept.ref}"
    return environment.get_template("numbers/file.html").render(
        told=told(kept), also=also, work_css=minify_css(static.text("css/work.css")), address=address
    )
