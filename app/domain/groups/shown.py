"""From rows to what pages show: groups, topics, posts, in the language of the moment."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from app.core import i18n
from app.core.i18n import _
from app.core.text import shorten
from app.domain.groups.shelf import MANY
from app.domain.groups.wording import AXES, OPEN_TO, POLICY_WORDS, ROLES, STEPS, THEMES
from app.domain.media import shown as media
from app.models.groups import GroupRole, GroupTypology, Post, PostFile, PostState
from app.models.stories import MediaKind

EXCERPT = 120  # letters of a quote
NAMED = 40  # letters by which a voice is called


@lru_cache(maxsize=2_000)
def day_text(day: date, language: str) -> str:
    """Return a day in words; the same few days stand on every page."""
    with i18n.speaking(language):
        return i18n.day_words(day)


def area_name(name: str | None, names: dict[str, str] | None) -> str:
    """Return the area's name in the language of the moment."""
    return (names or {}).get(i18n.current()) or name or ""


def facts(row: Any) -> dict[str, Any]:
    """Return what every page of a group says about it; the size only roughly, because a small number tells who is in it."""
    return {
        "ref": row.ref, "name": row.name, "purpose": row.purpose, "language": row.language,
        "language_name": i18n.language_name(row.language), "area": area_name(row.area, row.area_names),
        "themes": [_(THEMES[t]) for t in row.themes if t in THEMES],
        "open_to": [_(OPEN_TO[o]) for o in row.open_to if o in OPEN_TO],
        "women_only": row.women_only, "policy": row.join_policy.value, "policy_text": _(POLICY_WORDS[row.join_policy]),
        "size_text": "",
    }  # fmt: skip


def size_text(large: bool) -> str:
    """Return roughly how many belong to a group: nobody gets the number itself, which would undo the protection of its numbers."""
    return _("%(n)s people or more", n=MANY) if large else _("Fewer than %(n)s people", n=MANY)


def topic_row(row: Any) -> dict[str, Any]:
    """Return a topic for the list."""
    return {
        "ref": row.ref, "title": row.title or _("A topic whose title is not shown"), "language": row.language,
        "count": row.last_number, "day": day_text(row.last_at.date(), i18n.current()), "pinned": row.pinned, "asks": row.asks,
        "answered": row.answer_id is not None, "news": max(0, row.last_number - row.seen),
        "waits": not row.last_number and bool(row.held), "refused": not row.last_number and not row.held,
        "from": row.seen + 1 if 0 < row.seen < row.last_number else 0,
    }  # fmt: skip


def post_row(row: Any, answer_id: Any, today: date, before: date | None, group_path: str) -> dict[str, Any]:
    """Return a post as it is shown; ``before`` is the day of the one above it."""
    path = f"{group_path}/p/{row.ref}/file"
    day, role = row.written_at.date(), row.role
    if role is not None and role != GroupRole.MEMBER and row.role_until is not None and row.role_until <= today:
        role = GroupRole.MEMBER
    said = row.body if row.own or (row.state == PostState.SHOWN and row.here) else ""
    # Without words no name: that somebody is suspended, or took something back, is nobody's business.
    return {
        "ref": row.ref, "number": row.number, "own": bool(row.own), "language": row.language, "name": row.name if said else None,
        "role": _(ROLES[role]) if said and role not in (None, GroupRole.MEMBER) else "",
        "day": "" if day == before else day_text(day, i18n.current()),
        "words": said,
        "away": row.here is not None and not row.here,
        "state": row.state.value, "edited": row.edited_at is not None, "thanks": row.thanks, "thanked": bool(row.thanked),
        "answer": row.id == answer_id, "quoted": row.quoted_ref, "quoted_name": row.quoted_name,
        "voice": voice(path, row, said) if said and row.kind == MediaKind.VOICE else None,
        "picture": picture(path, row, said) if said and row.kind == MediaKind.PICTURE else None,
        "quoted_words": shorten(row.quoted_body or "", EXCERPT), "quoted_language": row.quoted_language,
    }  # fmt: skip


def voice(url: str, file: Any, said: str, query: str = "") -> media.Voice:
    """Return the voice of a post, by the words that say the same."""
    return media.voice(url, file.files, file.seconds, shorten(said, NAMED), query=query)


def picture(url: str, file: Any, said: str, query: str = "") -> media.Picture:
    """Return the picture of a post; the words that say what it shows stand beside it."""
    return media.picture(url, file.files, file.width, file.height, shorten(said, EXCERPT), small=True, query=query)


def beside(group_path: str, post: Post, file: PostFile | None) -> dict[str, Any]:
    """Return the voice or picture of a post for its own page."""
    path = f"{group_path}/p/{post.ref}/file"
    return {
        "voice": voice(path, file, post.body) if file and file.kind == MediaKind.VOICE else None,
        "picture": picture(path, file, post.body) if file and file.kind == MediaKind.PICTURE else None,
    }


def post_rows(rows: Sequence[Any], answer_id: Any, today: date, group_path: str) -> list[dict[str, Any]]:
    """Return posts in their order, each day named once; ``group_path`` is the address of their group."""
    found, before = [], None
    for row in rows:
        found.append(post_row(row, answer_id, today, before, group_path))
        before = row.written_at.date()
    return found


def typology(kind: GroupTypology) -> list[tuple[str, str]]:
    """Return what is asked and what was said, for each axis."""
    said = []
    for axis in AXES:
        step = getattr(kind, axis.key)
        end = axis.low if step in ("1", "2") else axis.high
        said.append(
            (_(axis.asked), _(STEPS[step], end=_(end)) if step in ("1", "2", "4", "5") else _(STEPS.get(step, STEPS["unknown"])))
        )
    return said
