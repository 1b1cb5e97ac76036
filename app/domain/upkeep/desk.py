"""The desk, as far as whoever runs the program may know of it: never whether anything waits there, nor about whom."""

from collections.abc import Iterator

from app.core.db import Database
from app.core.i18n import N_, Sentence
from app.core.settings import Settings
from app.domain.moderation.preserving import actions as evidence
from app.domain.upkeep.finding import Finding


def look(database: Database, settings: Settings) -> Iterator[Finding]:
    """Yield what there is to say: the same whatever waits, for whom something is about may read it as well."""
    if not settings.escalation_contact:
        says = N_("nobody outside is named who is told where nobody may decide something: set HEARTH_ESCALATION_CONTACT")
        yield Finding("desk", "note", Sentence(says))
    with database.read_engine.connect() as connection:
        late = evidence.late(connection)
    if late:
        says = N_("sealed copies whose last day is over: %(count)s. The job decisions does not run")
        yield Finding("evidence", "problem", Sentence(says, {"count": late}))
    else:  # how many there are, whom one is about would read as well
        yield Finding("evidence", "ok", Sentence(N_("what two people keep as evidence has an end date, and none is over")))
