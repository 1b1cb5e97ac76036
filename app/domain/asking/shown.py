"""From rows to what pages show of questions from abroad; each side reads what is for it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.core.clock import now
from app.core.i18n import _, day_words
from app.domain.asking import rules
from app.models.abroad import AbroadQuestion, WordState

_LONG = 90  # letters of a question in a list


def card(row: Any) -> dict[str, Any]:
    """Return what a list says about a question, for those who may answer it."""
    words = " ".join((row.last or "").split()) or _("The words are gone.")
    return {
        "ref": row.ref, "language": row.language, "answered": row.answered, "held": row.held, "day": day_words(row.last_on),
        "words": words if len(words) <= _LONG else words[:_LONG].rsplit(" ", 1)[0] + " …",
    }  # fmt: skip


def thread(question: AbroadQuestion, words: Sequence[Any], me: UUID | None = None, names: bool = False) -> dict[str, Any]:
    """Return a question with its answers; ``names``: of those who answered, for their group only; ``me``: whose own they may be."""
    return {
        "ref": question.ref, "language": question.language, "answered": question.answered,
        "for_group": question.group_id is not None,
        "ends": day_words(question.last_on + rules.KEPT), "desk_from": day_words(question.last_on + rules.WAITS),
        "late": not question.answered and question.last_on < now().date() - rules.WAITS, "held": question.held,
        "words": [
            {
                "ref": word.ref, "asks": word.asks, "desk": word.desk, "day": day_words(word.on),
                "body": word.body if word.state == WordState.SHOWN else None, "hidden": word.state == WordState.HIDDEN,
                "name": name if names and not word.desk else None, "mine": me is not None and word.by_id == me,
            }
            for word, name in words
        ],
    }  # fmt: skip
