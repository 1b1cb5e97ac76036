"""The statements of the hot pages, built once: a story with its parts, the cards of a list, the shelf of all stories.

The teller's name is chosen inside the statement: for an anonymous story it never leaves the database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.models.abroad import StoryDoor
from app.models.accounts import Member, MemberStatus
from app.models.directory import Service
from app.models.engine import SearchDocument
from app.models.places import Area
from app.models.stories import (
    Audience,
    Media,
    MediaKind,
    MediaState,
    NameForm,
    SecondLook,
    Story,
    StoryService,
    StoryStatus,
    StoryText,
)

_S, _T, _M = Story.__table__, StoryText.__table__, Media.__table__  # type: ignore[attr-defined]
_P, _A, _L = Member.__table__, Area.__table__, StoryService.__table__  # type: ignore[attr-defined]
_V = Service.__table__  # type: ignore[attr-defined]
_D = SearchDocument.__table__  # type: ignore[attr-defined]

TELLER = sa.case(
    (_S.c.name_form == NameForm.CHOSEN, _P.c.name),
    (_S.c.name_form == NameForm.LETTER, sa.func.substr(_P.c.name, 1, 1)),
    else_="",
).label("teller")
# A member who paused their account, is leaving or was stopped shows nothing until they come back.
HERE = _P.c.status == MemberStatus.ACTIVE
_BY = _P.alias("translator")
# A translation needs two yeses: the teller's and a second reader's (rules.is_shown).
SHOWN_TEXT = sa.or_(_T.c.original, sa.and_(_T.c.confirmed, _T.c.second_look == SecondLook.FINE))
_DECLINED = _T.c.second_look == SecondLook.DECLINED
_AHEAD = sa.or_(_T.c.original, sa.and_(_T.c.confirmed, sa.not_(_DECLINED)))
_TODAY = sa.bindparam("today", type_=sa.Date)
LIVE = sa.and_(_S.c.status == StoryStatus.PUBLISHED, sa.or_(_S.c.until_on.is_(None), _S.c.until_on > _TODAY), HERE)

_COLUMNS = (
    _S.c.id, _S.c.ref, _S.c.status, _S.c.audience, _S.c.name_form, TELLER, _S.c.year, _S.c.season, _S.c.themes,
    _S.c.heavy, _S.c.published_on, _S.c.until_on, _A.c.name.label("area"), _A.c.names.label("area_names"),
)  # fmt: skip
_FROM = _S.join(_P, _P.c.id == _S.c.author_id).outerjoin(_A, _A.c.id == _S.c.area_id)
_DOOR: sa.Table = StoryDoor.__table__  # type: ignore[attr-defined]
_ASKED = sa.exists().where(_DOOR.c.story_id == _S.c.id).label("asked")  # its teller wishes to be asked about it
_OWN = (_S.c.author_id == sa.bindparam("me", type_=sa.Uuid)).label("own")
_WORDS = ("title", "body", "hard", "helped", "differently", "next", "content_note", "summary")


def _with_texts(seen: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return a story with its texts, one row for each; of a text that is not ``seen`` only its language leaves the database."""
    words = [sa.case((seen, _T.c[word]), else_="").label(word) for word in _WORDS]
    # A teller who translates is the teller, not "a person": their name would undo the name that they chose for this story.
    # Everybody else is named if they want to be, as they are called today.
    named = sa.and_(seen, _T.c.named, _T.c.translator_id != _S.c.author_id, _BY.c.status == MemberStatus.ACTIVE)
    translator = sa.case((named, _BY.c.name), else_="").label("translator_name")
    of_it = sa.and_(_T.c.story_id == _S.c.id, sa.or_(_T.c.original, sa.not_(_DECLINED)))
    return (
        sa.select(
            *_COLUMNS, _OWN, HERE.label("here"), _ASKED,
            _T.c.language, _T.c.original, *words, translator, _T.c.machine, _T.c.version, _T.c.source_version, seen.label("seen"),
        )
        .select_from(_FROM.outerjoin(_T, of_it).outerjoin(_BY, _BY.c.id == _T.c.translator_id))
        .where(_S.c.ref == sa.bindparam("ref"))
        .order_by(_T.c.language)
    )  # fmt: skip


_STORY, _STORY_AHEAD = _with_texts(SHOWN_TEXT), _with_texts(_AHEAD)
_STORY_ID = sa.bindparam("story", type_=sa.Uuid)
# Pictures and voices, then the services it mentions: two lists in one statement, because each statement has its price.
_BESIDE = sa.union_all(
    sa.select(
        sa.literal(1).label("part"), _M.c.id, _M.c.ref, _M.c.kind, _M.c.files, _M.c.seconds, _M.c.width, _M.c.height, _M.c.alt,
        sa.cast(sa.null(), _D.c.language.type).label("language"), sa.cast(sa.null(), sa.JSON).label("shown"),
    ).where(_M.c.story_id == _STORY_ID, _M.c.state == MediaState.READY),
    sa.select(sa.literal(2), _D.c.subject_id, *(sa.null() for _column in range(7)), _D.c.language, _D.c.shown)
    # Of what was merged the one that stands is named.
    .select_from(_L.outerjoin(_V, _V.c.id == _L.c.service_id))
    .join(_D, _D.c.subject_id == sa.func.coalesce(_V.c.merged_into, _L.c.service_id))
    .where(_L.c.story_id == _STORY_ID, _D.c.kind == "service"),
).order_by("part", "id", "language")  # fmt: skip
_CARDS = (
    sa.select(
        *_COLUMNS, _T.c.language, _T.c.original, _T.c.title, _T.c.content_note,
        _M.c.seconds, _M.c.files,
    )
    .select_from(
        _FROM.join(_T, sa.and_(_T.c.story_id == _S.c.id, SHOWN_TEXT)).outerjoin(
            _M, sa.and_(_M.c.story_id == _S.c.id, _M.c.kind == MediaKind.VOICE, _M.c.state == MediaState.READY)
        )
    )
    .where(_S.c.id.in_(sa.bindparam("ids", expanding=True, type_=sa.Uuid)), LIVE)
)  # fmt: skip
_SHELF = (
    # The themes as text: 20,000 stories have a few hundred lists of them, and each is read from JSON once.
    sa.select(_S.c.id, _S.c.ref, _S.c.audience, _S.c.area_id, sa.cast(_S.c.themes, sa.Text).label("themes"), _T.c.language)
    .select_from(_S.join(_P, _P.c.id == _S.c.author_id).join(_T, _T.c.story_id == _S.c.id))
    .where(LIVE, SHOWN_TEXT, _S.c.audience != Audience.ONLY_ME)
)
_AREAS = sa.select(_A.c.id, _A.c.parent_id, _A.c.name, _A.c.names)
_ABOVE = sa.select(_A.c.id, _A.c.parent_id).where(_A.c.id == sa.bindparam("area", type_=sa.Uuid)).cte("above", recursive=True)
_ABOVE = _ABOVE.union(sa.select(_A.c.id, _A.c.parent_id).join(_ABOVE, _ABOVE.c.parent_id == _A.c.id))
_WITHIN = sa.select(_ABOVE.c.id)
_FILE = (
    sa.select(
        _M.c.kind, _M.c.files, _S.c.status, _S.c.audience, _S.c.until_on, _S.c.published_on, _S.c.author_id, HERE.label("here"),
        _OWN,
    )
    .select_from(_M.join(_S, _S.c.id == _M.c.story_id).join(_P, _P.c.id == _S.c.author_id))
    .where(_S.c.ref == sa.bindparam("ref"), _M.c.ref == sa.bindparam("file"), _M.c.state == MediaState.READY)
)  # fmt: skip
_STILL = sa.select(_S.c.ref).select_from(_S.join(_P, _P.c.id == _S.c.author_id)).where(
    _S.c.ref.in_(sa.bindparam("refs", expanding=True)), LIVE, _S.c.audience == Audience.EVERYONE
)  # fmt: skip

_LISTED = sa.select(_V.c.ref).where(
    _V.c.ref.in_(sa.bindparam("refs", expanding=True)), _V.c.defunct_on.is_(None), sa.not_(_V.c.protected)
)

Row = Any  # a row of the statements above


@dataclass(frozen=True, slots=True)
class StoryRows:
    """What one story page is made of."""

    story: Row
    texts: Sequence[Row]
    coming: Sequence[str]  # languages into which somebody is translating it
    files: Sequence[Row]
    services: Sequence[Row]


def story(connection: sa.Connection, ref: str, me: UUID | None = None, ahead: bool = False) -> StoryRows | None:
    """Return the rows of one story in whatever state, or None; two statements. The caller decides who sees it.

    ``ahead`` brings the translations that its teller said yes to, before a second reader looked: for a preview.
    """
    rows = connection.execute(_STORY_AHEAD if ahead else _STORY, {"ref": ref, "me": me}).all()
    if not rows:
        return None
    beside = connection.execute(_BESIDE, {"story": rows[0].id}).all()
    texts = [row for row in rows if row.language is not None]  # a story without a text is one row
    return StoryRows(
        rows[0], [t for t in texts if t.seen], [t.language for t in texts if not t.seen],
        [row for row in beside if row.part == 1], [row for row in beside if row.part != 1],
    )  # fmt: skip


def cards(connection: sa.Connection, ids: Sequence[UUID], today: date) -> dict[UUID, list[Row]]:
    """Return, for each story, its rows (one per language); one statement, none without ids."""
    found: dict[UUID, list[Row]] = {}
    if ids:
        for row in connection.execute(_CARDS, {"ids": list(ids), "today": today}):
            found.setdefault(row.id, []).append(row)
    return found


def shelf(connection: sa.Connection, today: date) -> tuple[Iterable[Row], Sequence[Row]]:
    """Return (story, language) rows of everything shown today, to be read once and one by one, and all areas; two statements."""
    areas = connection.execute(_AREAS).all()
    return connection.execute(_SHELF, {"today": today}), areas


def areas_of(connection: sa.Connection, area_id: UUID | None) -> list[UUID]:
    """Return an area and those that it lies in; one statement, none without an area."""
    return list(connection.execute(_WITHIN, {"area": area_id}).scalars()) if area_id else []


def file(connection: sa.Connection, ref: str, media_ref: str, me: UUID | None) -> Row | None:
    """Return the row of a picture or voice with its story's state; one statement."""
    return connection.execute(_FILE, {"ref": ref, "file": media_ref, "me": me}).first()


def still_there(connection: sa.Connection, refs: Sequence[str], today: date) -> set[str]:
    """Return those of ``refs`` that everyone can still read; one statement, none without refs."""
    if not refs:
        return set()
    return {r.ref for r in connection.execute(_STILL, {"refs": list(refs), "today": today})}


def still_listed(connection: sa.Connection, refs: Sequence[str]) -> set[str]:
    """Return those service refs that the directory still shows; one statement, none without refs."""
    return {r.ref for r in connection.execute(_LISTED, {"refs": list(refs)})} if refs else set()
