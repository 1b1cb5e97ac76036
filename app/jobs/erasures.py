"""The erasure ledger beside the data: what was taken back stays so after a restore, and a block that stood stands again."""

import base64
import json
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import private
from app.core.crypto import SealBroken, ring
from app.core.db import Database
from app.core.settings import Settings
from app.domain.accounts import actions as accounts
from app.domain.asking import ending as asking
from app.domain.between import standing as between
from app.domain.board import standing as boards
from app.domain.groups import standing as groups
from app.domain.meetings import standing as meetings
from app.domain.mentoring.circles import standing as circles
from app.domain.mentoring.joining import standing as mentoring
from app.domain.mentoring.together import standing as talks
from app.domain.moderation import appeals, flagging, holding
from app.domain.moderation.preserving import actions as evidence
from app.domain.money import standing as money
from app.domain.partners import of_groups as offers
from app.domain.reporting.deciding import standing as deciding
from app.domain.stories import actions as stories
from app.domain.stories import erasing
from app.models.accounts import Erasure, Member, MemberStatus

ERASURES: Final = "erasures.jsonl"
_E: sa.Table = Erasure.__table__  # type: ignore[attr-defined]


class Known(NamedTuple):
    """A line of the ledger; ``more``: sealed, what it takes to make anew what an older copy lacks."""

    kind: str
    on: date
    more: bytes | None = None


def known(database: Database, settings: Settings) -> dict[UUID, Known]:
    found: dict[UUID, Known] = {}
    ledger = settings.data_dir / ERASURES
    if ledger.exists():
        for entry in map(json.loads, ledger.read_text().splitlines()):
            more = base64.b64decode(entry["more"]) if "more" in entry else None
            found[UUID(entry["id"])] = Known(entry["kind"], date.fromisoformat(entry["on"]), more)
    if sa.inspect(database.read_engine).has_table("erasure"):
        with database.read_engine.connect() as connection:
            found |= {e.subject_id: Known(e.kind, e.on, e.more) for e in connection.execute(_lines(database))}
    return found


def erase_again(database: Database, erased: dict[UUID, Known]) -> int:
    """Erase what is back in the database; keep in the ledger what is not, for the day when a still older copy comes.

    Whole people first, then who was told no at a help board and which circles said goodbye, then stories, places and posts and who
    left a group, then single consents: what went with the larger part is not counted again.
    """
    count, withdrawn = 0, {i: one.on for i, one in erased.items() if one.kind == erasing.YES}
    first = (*boards.FIRST, *circles.FIRST)
    for subject_id, one in sorted(erased.items(), key=lambda e: (e[1].kind != "member", e[1].kind not in first, e[0])):
        with database.transaction() as db:
            line = db.exec(select(Erasure).where(Erasure.subject_id == subject_id)).first()
            if line is None:
                db.add(line := Erasure(kind=one.kind, subject_id=subject_id, on=one.on, more=_opened(one.more)))
                db.flush()
            elif line.kind != one.kind and line.on <= one.on:  # the copy holds an earlier word: the last one counts
                line.kind, line.on, line.more = one.kind, one.on, _opened(one.more)
                db.flush()
            count += _again(db, one, line)
    if withdrawn:
        with database.transaction() as db:
            count += stories.withdraw_again(db, withdrawn)
    return count


def _lines(database: Database) -> sa.Select[Any]:
    """Return the statement for the lines as they stand; a database of an earlier release seals nothing yet."""
    there = any(one["name"] == "more" for one in sa.inspect(database.read_engine).get_columns("erasure"))
    more = sa.type_coerce(_E.c.more, sa.LargeBinary) if there else sa.literal(None, sa.LargeBinary)
    return sa.select(_E.c.kind, _E.c.subject_id, _E.c.on, more.label("more")).order_by(_E.c.id)


def _written(line: Any) -> dict[str, str]:
    found = {"kind": line.kind, "id": line.subject_id.hex, "on": line.on.isoformat()}
    return found | {"more": base64.b64encode(line.more).decode()} if line.more else found


def _opened(more: bytes | None) -> str | None:
    """Return what was sealed; None under a key that is not there any more: then this line makes nothing anew."""
    try:
        return ring().open(more, "erasure.more").decode() if more else None
    except SealBroken:
        return None


def _again(db: Session, one: Known, line: Erasure) -> bool:
    if one.kind in between.STANDS:
        return between.make_again(db, line.subject_id, line.more)
    return erase(db, one.kind, line.subject_id, one.on)


def erase(db: Session, kind: str, subject_id: UUID, on: date) -> bool:
    if kind in (erasing.STORY, erasing.GONE):
        return stories.erase_again(db, kind, subject_id, on)
    if words := next((one for one in (flagging, holding, appeals, evidence) if kind == one.WORDS), None):
        return bool(words.forget_again(db, subject_id))
    for feature in (mentoring, talks, between, circles, meetings, boards, asking, offers, deciding):
        if kind in feature.LEDGER:
            return bool(feature.erase_again(db, kind, subject_id))
    if money.remembers(kind):
        return money.erase_again(db, kind, subject_id, on)
    if kind != "member":
        return groups.erase_again(db, kind, subject_id)
    if there := (member := db.get(Member, subject_id)) is not None and member.status != MemberStatus.GONE:
        accounts.purge_member(db, subject_id)
    return there


def note_erasures(database: Database, settings: Settings) -> None:
    """Write the erasure ledger (random ids and days, of blocks sealed what they take) beside the database; a restore reads it."""
    with database.reading() as db:
        lines = [json.dumps(_written(e)) for e in db.execute(_lines(database))]
    target = settings.data_dir / ERASURES
    if not lines and not target.exists():
        return
    private.write(target, "".join(f"{line}\n" for line in lines).encode())
