"""All checks of a text, in one place: personal data, recruiters, offers, spam, the network's words, limits for newcomers.

They hint or hold and never decide. Nothing here leaves the machine, and no text is kept (single words are, in memory).
"""

from collections.abc import Iterator, Sequence

from app.core import settings
from app.domain.moderation.checks import judging, rulebook, wording
from app.domain.moderation.checks.listed import listed_words, word_list
from app.domain.moderation.checks.newcomers import newcomers
from app.domain.moderation.checks.personal import looks_for_names, personal
from app.domain.moderation.checks.reading import words
from app.domain.moderation.checks.shapes import Check, Context, Finding, Subject, Word
from app.domain.moderation.checks.signals import signals
from app.domain.stories import lookover
from app.domain.stories.lookover_parts import Plain, plain


def check(text: str, context: Context | None = None) -> list[Finding]:
    """Return what the checks point at in ``text``, in its order; findings of different checks may stand over each other.

    The time grows with the length of the text and not faster: each word is looked up, and each phrase has a bounded length.
    """
    context = context or Context()
    copy = plain(text)
    names = looks_for_names(context.subject)
    hits = lookover.find(copy, context.language, context.places, context.countries, names=names)
    book = rulebook.book()
    read = words(copy, hits, book.signs, book.known)
    found = [
        *personal(copy, hits, context.subject),
        *_judged(copy, read, context),
        *listed_words(copy, read, context.listed),
        *newcomers(copy, hits, context),
    ]
    return sorted(found, key=lambda f: (f.start, f.end, f.check, f.rule))


def beside_personal(text: str, context: Context) -> list[Finding]:
    """Return what the checks point at beside personal data: for a page that shows the look-over already."""
    return [finding for finding in check(text, context) if finding.check is not Check.PERSONAL]


def beside_in_story(words: str | None, language: str) -> list[Finding]:
    """Return what the checks point at beside personal data in one part of a story that is told here."""
    set_up = settings.current()
    context = Context(Subject.STORY, language, countries=set_up.country_list, listed=word_list(set_up.data_dir))
    return beside_personal(words, context) if words else []


def _judged(copy: Plain, read: Sequence[Word], context: Context) -> Iterator[Finding]:
    book = rulebook.book()
    cues = [*book.phrases.find(read), *signals(copy, read, context.earlier, book.dear)]
    for met in judging.judge(book, read, cues, context.subject):
        start, end = copy.original(read[met.first].start, read[met.last].end)
        why, advice = wording.said(met.rule.name)
        yield Finding(met.rule.check, met.rule.name, met.level, start, end, copy.whole[start:end], why, advice)
