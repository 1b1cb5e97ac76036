"""What newcomers and first messages are limited to: few links, and no way around the network in the first message."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.core.i18n import N_, Sentence
from app.domain.moderation.checks.shapes import Check, Context, Finding, Level
from app.domain.stories.lookover_parts import Hit, Kind, Plain

MOST_LINKS: Final = 2
_CONTACTS: Final = (Kind.PHONE, Kind.LINK, Kind.EMAIL, Kind.HANDLE)
_TOO_MANY: Final = N_("Whoever is new here can send %(most)s links at a time.")
_FEWER: Final = N_("Keep the links that matter most. A person reads it if you leave them all.")
_FIRST: Final = N_("A first message holds no phone number, e-mail address or link: many scams begin so.")
_WRITE_FIRST: Final = N_("Write here first. When the other person answers, you can give your number.")


def newcomers(copy: Plain, hits: Sequence[Hit], context: Context) -> Iterator[Finding]:
    """Yield what goes beyond the limits of a newcomer's text or of a first message; ``hits`` are what the look-over found."""
    links = [hit for hit in hits if hit.kind is Kind.LINK]
    if context.newcomer:
        for hit in links[MOST_LINKS:]:
            yield _finding(copy, hit, "links", Sentence(_TOO_MANY, {"most": MOST_LINKS}), Sentence(_FEWER))
    if context.first_message:
        for hit in hits:
            if hit.kind in _CONTACTS:
                yield _finding(copy, hit, "first_message", Sentence(_FIRST), Sentence(_WRITE_FIRST))


def _finding(copy: Plain, hit: Hit, rule: str, why: Sentence, advice: Sentence) -> Finding:
    start, end = copy.original(hit.start, hit.end)
    return Finding(Check.NEWCOMER, rule, Level.HOLD, start, end, copy.whole[start:end], why, advice)
