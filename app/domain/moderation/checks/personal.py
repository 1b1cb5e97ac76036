"""Personal data, by the finders of the look-over: what is pointed at depends on what kind of text it is."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.core.i18n import N_, Sentence
from app.domain.moderation.checks.shapes import Check, Finding, Level, Subject
from app.domain.stories.lookover import reason, suggestion
from app.domain.stories.lookover_parts import Hit, Kind, Plain

# A service is found by its street and telephone number, and two people who write to each other know each other's names.
_LOOKED_FOR: Final = {
    Subject.LISTING: {Kind.ID_NUMBER}, Subject.MESSAGE: {Kind.ID_NUMBER},
    Subject.POST: set(Kind) - {Kind.DATE}, Subject.QUESTION: set(Kind) - {Kind.DATE},
    Subject.ANY: set(Kind) - {Kind.DATE}, Subject.STORY: set(Kind),
}  # fmt: skip
_LEAVE_OUT: Final = N_("Leave it out, or write it less exactly.")


def looks_for_names(subject: Subject) -> bool:
    """Say whether names of people matter in this kind of text: to look for them takes half of the time of all checks."""
    return Kind.NAME in _LOOKED_FOR[subject]


def personal(copy: Plain, hits: Sequence[Hit], subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each of ``hits`` (what the look-over found in ``copy``) that matters in this kind of text."""
    for hit in hits:
        if hit.kind in _LOOKED_FOR[subject] and (subject is Subject.STORY or not _passing(copy, hit)):
            start, end = copy.original(hit.start, hit.end)
            held = subject in (Subject.POST, Subject.QUESTION) and hit.kind is Kind.ID_NUMBER
            yield Finding(
                Check.PERSONAL, hit.kind.value, Level.HOLD if held else Level.HINT, start, end, copy.whole[start:end],
                Sentence(reason(hit)), Sentence(_LEAVE_OUT), suggestion(hit),
            )  # fmt: skip


def _passing(copy: Plain, hit: Hit) -> bool:
    """Tell whether a find names nobody outside a story: a first name alone, a small place."""
    alone = hit.kind is Kind.NAME and " " not in copy.text[hit.start : hit.end].strip()
    return (alone and hit.hint != "own") or hit.hint == "small place"
