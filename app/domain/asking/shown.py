"""From rows to what pages show of questions from abroad; each side reads what is for it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.core.i18n import _, day_words
from app.domain.asking import rules
from app.models.abroad import AbroadQuestion, WordState

_LONG = 90  # letters of a question in a list


def card(row: Any) -> dict[str, Any]:
    """Return what a list says about a question, for those who may answer it."""
    words = " ".join((row.last or "").split()) or _("The words are gone.")
    return {
        "ref": row.ref, "language": row.language, "answered": row.answered, "held": row.held, "urgent": row.urgent,
        "day": day_words(row.last_on),
        "words": words if len(words) <= _LONG else words[:_LONG].rsplit(" ", 1)[0] + " …",
    }  # fmt: skip


def thread(
    question: AbroadQuestion, words: Sequence[Any], me: UUID | None = None, names: bool = False, at_desk: bool = False
) -> dict[str, Any]:  # fmt: skip
    """Return a question with its answers; ``names``: of those who answered, for their group only; ``me``: whose own they may be.

    ``at_desk``: coordinators read it. It counts as answered while an answer to the last question can be read.
    """
    asked = max((word.number for word, *_who in words if word.asks), default=0)
    shown = any(word.number > asked and word.state == WordState.SHOWN and here for word, _name, here in words)
    return {
        "ref": question.ref, "language": question.language, "answered": question.answered and shown,
        "ends": day_words(question.last_on + rules.KEPT), "desk_from": day_words(question.last_on + rules.WAITS),
        "about_story": question.story_id is not None, "at_desk": at_desk, "held": question.held and not names,
        "urgent": question.urgent,
        "words": [
            {
                "ref": word.ref, "asks": word.asks, "desk": word.desk, "day": day_words(word.on),
                "body": word.body if word.state == WordState.SHOWN and (here or (me is not None and word.by_id == me)) else None,
                 "hidden": word.state == WordState.HIDDEN,
                "name": name if names and not word.desk and word.state != WordState.GONE else None,
                "mine": me is not None and word.by_id == me,
            }
            for word, name, here in words
        ],
    }  # fmt: skip
