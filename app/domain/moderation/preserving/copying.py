"""What goes into a sealed copy: the words as they stand, as they stood when they were flagged, and voices and pictures."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import Session, select

from app.core.errors import Conflict
from app.core.i18n import _
from app.domain.groups import queries as groups
from app.domain.media import keeping
from app.domain.mentoring.together import voices
from app.domain.moderation import messages, posts, said, subjects
from app.domain.stories import files as story_files
from app.models.moderation import Case
from app.models.stories import StoryText

TAKEN: Final = ("opus", "jpg")  # of each voice and picture one: as it was heard and seen
TYPES: Final = {"opus": "audio/ogg", "jpg": "image/jpeg"}


def copy(db: Session, case: Case) -> dict[str, Any]:
    """Return a copy of what a case is about; Conflict where it is gone.

    ``{"words": [text, …], "flagged": text, "before": [text, …], "files": [{"part": "opus", "data": base64}, …]}``
    """
    if case.kind in subjects.OF_STORIES:
        return _of_story(db, case)
    read = said.of(case).contents(db, case)
    words = [one for one in (read.title, read.body) if one] if read else []
    flagged = read.flagged if read else ""
    if not words and not flagged:
        raise Conflict(_("There is nothing left to decide: it was taken back. Nothing you wrote is lost."))
    file = groups.file_of(db, case.subject_id, aside=True) if case.subject_kind == posts.POST else None
    voice = voices.at_desk(db, case.subject_id, "opus") if case.subject_kind == messages.MESSAGE else None
    return {
        "words": words, "flagged": flagged, "before": list(read.before) if read else [],
        "files": [*_files([file.files] if file else []), *([_packed("opus", voice)] if voice else [])],
    }  # fmt: skip


def _of_story(db: Session, case: Case) -> dict[str, Any]:
    story = subjects.story_of(db, case)
    texts = db.exec(select(StoryText).where(StoryText.story_id == story.id)).all()
    words = ["\n".join(filter(None, (getattr(text, f) for f in subjects.FIELDS))) for text in texts]
    kept = json.loads(case.snapshot) if case.snapshot else {}
    flagged = "\n".join(filter(None, (kept.get(f) for f in subjects.FIELDS)))
    media = [one.files for one in story_files.of_story(db, story.id)]
    return {
        "words": [*filter(None, words)],
        "flagged": flagged if flagged not in words else "",
        "before": [],
        "files": _files(media),
    }


def _files(of: list[dict[str, Any]]) -> list[dict[str, str]]:
    found = []
    for files in of:
        part: Mapping[str, Any] | None = next((files[name] for name in TAKEN if name in files), None)
        ending = next((name for name in TAKEN if name in files), "")
        if part is None:
            continue
        try:
            with keeping.store().open(part["name"]) as source:
                found.append(_packed(ending, source.read()))
        except KeyError:  # it goes at this moment: the words stay
            continue
    return found


def _packed(part: str, data: bytes) -> dict[str, str]:
    return {"part": part, "data": base64.b64encode(data).decode()}
