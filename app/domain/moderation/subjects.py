"""What can be flagged, and what of it moderation needs to know."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings
from app.core.clock import now
from app.core.errors import Conflict, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.directory import actions as directory
from app.domain.moderation import asked_words, board_words, call_words, group_words, lines, meeting_words, messages, posts
from app.domain.moderation.checks.checking import beside_in_story
from app.domain.moderation.checks.shapes import Finding
from app.domain.stories import lookover
from app.domain.stories import rules as story_rules
from app.models.accounts import Member, MemberStatus
from app.models.moderation import Case, CaseKind
from app.models.places import Area, AreaKind
from app.models.stories import Story, StoryText

FIELDS = ("title", "body", "hard", "helped", "differently", "next", "summary", "content_note")
MOST_PLACES = 20_000
_IN_GROUPS = (posts.POST, group_words.GROUP, meeting_words.MEETING, board_words.BOARD, asked_words.ASKED)
_OF_TWO = (messages.MESSAGE, *lines.TABLES)
OF_STORIES = frozenset({CaseKind.STORY, CaseKind.TRANSLATION, CaseKind.FLAG})


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that somebody can say "please look" at."""

    case_kind: CaseKind
    kind: str
    id: UUID
    ref: str
    author_id: UUID | None
    label: str  # words from the thing itself: only for whoever can see it anyway
    path: str  # where it stands


def flaggable(db: Session, actor: Actor, kind: str, ref: str) -> Subject:
    """Return what the actor sees under this address; NotFound when there is nothing to see for them."""
    if kind == "service":
        service = directory.get(db, ref)
        return Subject(CaseKind.CORRECTION, kind, service.id, ref, None, service.name, f"/help/{ref}")
    if kind == call_words.CALL:
        call = call_words.flaggable(db, ref)
        return Subject(CaseKind.CALL, kind, call.id, ref, call.made_by, call.title, f"/money/{ref}")
    if kind in _OF_TWO:
        return _of_two(db, actor, kind, ref)
    if kind in _IN_GROUPS:
        return _in_group(db, actor, kind, ref)
    return _story(db, actor, ref)


def _in_group(db: Session, actor: Actor, kind: str, ref: str) -> Subject:
    if kind == posts.POST:
        post, path = posts.flaggable(db, actor, ref)
        return Subject(CaseKind.TALK, kind, post.id, ref, post.author_id, "", path)
    if kind == asked_words.ASKED:
        word, path = asked_words.flaggable(db, actor, ref)
        return Subject(CaseKind.TALK, kind, word.id, ref, word.by_id, "", path)
    if kind == board_words.BOARD:
        entry, path = board_words.flaggable(db, actor, ref)
        return Subject(CaseKind.TALK, kind, entry.id, ref, entry.by_id, "", path)
    if kind == group_words.GROUP:
        group = group_words.flaggable(db, actor, ref)
        return Subject(CaseKind.TALK, kind, group.id, ref, group.words_by, "", f"/g/{ref}/about")
    plan, path = meeting_words.flaggable(db, actor, ref)
    return Subject(CaseKind.TALK, kind, plan.id, ref, plan.by_id, "", path)


def _of_two(db: Session, actor: Actor, kind: str, ref: str) -> Subject:
    if kind == messages.MESSAGE:
        message, path = messages.flaggable(db, actor, ref)
        return Subject(CaseKind.MESSAGE_FLAG, kind, message.id, ref, message.author_id, "", path)
    line, path = lines.flaggable(db, actor, kind, ref)
    return Subject(CaseKind.MESSAGE_FLAG, kind, line.id, ref, line.author_id, "", path)


def _story(db: Session, actor: Actor, ref: str) -> Subject:
    row = db.exec(
        select(Story, StoryText.title, Member.status).join(Member, col(Member.id) == Story.author_id)
        .join(StoryText, sa.and_(col(StoryText.story_id) == Story.id, col(StoryText.original))).where(Story.ref == ref)
    ).first()  # fmt: skip
    if row is None:
        raise NotFound(_("This page is not here."))
    story, title, standing = row
    if standing != MemberStatus.ACTIVE or not story_rules.may_see(actor, story, now().date()):
        raise NotFound(_("This page is not here."))
    return Subject(CaseKind.FLAG, "story", story.id, ref, story.author_id, title, f"/stories/{ref}")


_ADDRESSES = (  # of what can be flagged; what stands in a group before the group
    ("post", re.compile(rf"/g/{REF.pattern}/p/({REF.pattern})")), ("meeting", re.compile(rf"/g/{REF.pattern}/m/({REF.pattern})")),
    ("board", re.compile(rf"/g/{REF.pattern}/b/({REF.pattern})")),
    ("group", re.compile(rf"/g/({REF.pattern})")),
    ("story", re.compile(rf"/stories/({REF.pattern})")), ("service", re.compile(rf"/help/({REF.pattern})")),
    ("call", re.compile(rf"/money/({REF.pattern})")),
)  # fmt: skip


def address(typed: str) -> tuple[str, str] | None:
    """Return kind and random name of what stands at an address of ours that somebody typed or copied, or None."""
    path = urlsplit(typed.strip()).path if "\\" not in typed else ""
    for kind, pattern in _ADDRESSES:
        if found := pattern.match(path):
            return kind, found[1]
    return None


def original(db: Session, story_id: UUID) -> StoryText:
    """Return the text in which the story was told."""
    text = db.exec(select(StoryText).where(StoryText.story_id == story_id, col(StoryText.original))).first()
    if text is None:
        raise NotFound(_("This page is not here."))
    return text


def story_of(db: Session, case: Case) -> Story:
    """Return the story that a case is about, whose translation waits or which was flagged."""
    if case.kind == CaseKind.TRANSLATION:
        return db.get_one(Story, translation_of(db, case).story_id)
    return db.get_one(Story, case.subject_id)


def translation_of(db: Session, case: Case) -> StoryText:
    """Return the translation that a case is about; Conflict when it was taken out."""
    text = db.get(StoryText, case.subject_id)
    if text is None:
        raise Conflict(_("There is nothing left to decide: it was taken back. Nothing you wrote is lost."))
    return text


def snapshot(db: Session, subject: Subject) -> str | None:
    """Return the words of a story or call as they stand now, or the version of a call; nothing for a listing."""
    if subject.kind == call_words.CALL:
        return call_words.snapshot(db, subject.id)
    if subject.kind != "story":
        return None
    text = original(db, subject.id)
    return json.dumps({f: getattr(text, f) for f in FIELDS}, ensure_ascii=False)


def changed_since(kept: str | None, text: StoryText) -> bool:
    """Say whether the words differ from those at the time of the flag."""
    return kept is not None and json.loads(kept) != {f: getattr(text, f) for f in FIELDS}


def small_places(db: Session) -> list[str]:
    """Return the names smaller than a region that the look-over knows; one statement."""
    found = db.execute(sa.select(col(Area.name), col(Area.names)).where(col(Area.kind) == AreaKind.TOWN).limit(MOST_PLACES))
    return sorted({name for one, others in found for name in (one, *(others or {}).values())})


def look(db: Session, text: StoryText) -> dict[str, list[lookover.Finding]]:
    """Return what the look-over finds, by field of the text."""
    places, countries = small_places(db), settings.current().country_list
    return {f: lookover.look_over(getattr(text, f), text.language, places, countries) for f in FIELDS if getattr(text, f)}


def remarks(text: StoryText) -> list[Finding]:
    """Return what the checks point at beside personal data, part after part."""
    return [finding for field in FIELDS for finding in beside_in_story(getattr(text, field), text.language)]


def counts(db: Session, text: StoryText) -> dict[str, int]:
    """Return how often each kind was found: of the look-over, then of the checks beside it."""
    kinds = [finding.kind.value for findings in look(db, text).values() for finding in findings]
    return dict(Counter([*kinds, *(finding.check.value for finding in remarks(text))]))


def counts_of(db: Session, case: Case) -> dict[str, int]:
    """Return what is found in the words of a case as they stand now; nothing for what holds no story."""
    if case.kind not in OF_STORIES:
        return {}
    return counts(db, translation_of(db, case) if case.kind == CaseKind.TRANSLATION else original(db, case.subject_id))
