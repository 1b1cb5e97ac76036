"""Words looked for among stories: the search says which ones fit, the shelf of the day that they are shown, and their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from app.domain.search import queries as search
from app.domain.search.asked import Asked
from app.domain.search.remembered import Remembered
from app.domain.search.terms import typed_words
from app.domain.stories.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Matches:
    """Ids of stories, the best first; ``corrected`` is what was looked for when the typed words stand nowhere.

    The first ``whole`` fit every word; ``left_out`` as in the search.
    """

    ids: Sequence[UUID]
    corrected: str | None = None
    left_out: str | None = None
    whole: int = 0


def find(
    connection: sa.Connection, today: Shelf, asked: Asked, *, members: bool, reads: str,
    remembered: Remembered[search.Ranked] | None = None, version: int = 0,
) -> Matches:  # fmt: skip
    """Return the stories that hold the words and that the reader may see, told in the language they read (``reads``) first.

    Before that, what fits all words before what fits some; after it, by how many of the words stand in the title, as everywhere in
    the search; equal ones in the order of the day, because the newest first would tell in which order they appeared. Who may read
    is asked in the statement of the search.
    """
    if not typed_words(asked.words):
        return Matches([])
    found = search.rank(
        connection, kind="story", text=asked.words, tokens=[f"{name}:{value}" for name, value in asked.filters.items()],
        audience="members" if members else "everyone", remembered=remembered, version=version,
    )  # fmt: skip
    order = []
    for n, (_distance, score, subject) in enumerate(found.found):
        story_id = subject if isinstance(subject, UUID) else UUID(subject)
        place = today.place_of(story_id)
        if place is not None:  # a story whose time ended this morning is on no shelf
            order.append((n >= found.whole, reads not in today.entries[place].languages, -score, place, story_id))
    if not order:
        return Matches([])
    whole = sum(not fits_less for fits_less, *_rest in order)
    left_out = found.without(asked.words) if whole < len(order) else None
    return Matches([story_id for *_order, story_id in sorted(order)], found.corrected, left_out, whole)
