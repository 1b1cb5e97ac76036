"""What a teller is typing, kept on the server at each pause; sealed, and shown again when they come back."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.domain.actor import Actor
from app.models.engine import Draft
from app.models.stories import Story

LONGEST = 60_000  # letters of one form; the longest honest one has about 53,000, and a line break counts as one


TRANSLATE = "translate:"  # and the language: a translation that somebody is writing, often not the teller


def name(story: Story, step: str) -> str:
    """Return the name of the form that the draft belongs to."""
    return f"story:{story.ref}:{step}"


def keep(db: Session, actor: Actor, story: Story, step: str, values: dict[str, Any]) -> bool:
    """Keep what is typed in this step; False when it is longer than any form of ours."""
    if sum(map(_letters, values.values())) > LONGEST:
        return False
    text = json.dumps(values, ensure_ascii=False)
    row = _find(db, actor, story, step)
    if row is None:
        db.add(Draft(member_id=actor.me, form=name(story, step), fields=text, saved_at=now()))
    else:
        row.fields, row.saved_at = text, now()
    db.flush()
    return True


def _letters(value: str | list[str]) -> int:
    return len(value.replace("\r\n", "\n")) if isinstance(value, str) else sum(map(_letters, value))


def kept(db: Session, actor: Actor, story: Story, step: str) -> tuple[dict[str, Any], datetime] | None:
    """Return what was typed and not yet saved in this step, and when."""
    row = _find(db, actor, story, step)
    return (json.loads(row.fields), row.saved_at) if row else None


def drop(db: Session, actor: Actor, story: Story, step: str) -> None:
    """Forget the draft: its words were saved."""
    table = Draft.__table__  # type: ignore[attr-defined]
    db.execute(sa.delete(table).where(table.c.member_id == actor.me, table.c.form == name(story, step)))


def drop_steps(db: Session, story: Story) -> None:
    """Forget what the teller typed in the steps of telling: the story was sent. Translations go on."""
    table = Draft.__table__  # type: ignore[attr-defined]
    steps = sa.and_(table.c.form.startswith(name(story, "")), sa.not_(table.c.form.startswith(name(story, TRANSLATE))))
    db.execute(sa.delete(table).where(table.c.member_id == story.author_id, steps))


def drop_all(db: Session, story: Story) -> None:
    """Forget every draft of a story, its translators' too."""
    table = Draft.__table__  # type: ignore[attr-defined]
    db.execute(sa.delete(table).where(table.c.form.startswith(name(story, ""))))


def translations_of(db: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return reference and language of what the actor is translating and has not sent yet, the newest first."""
    mine = select(Draft.form).where(col(Draft.member_id) == actor.me, col(Draft.form).like(f"story:%:{TRANSLATE}%"))
    parts = [form.split(":") for form in db.exec(mine.order_by(col(Draft.saved_at).desc()).limit(50))]
    return [(part[1], part[3]) for part in parts if len(part) == 4]


def _find(db: Session, actor: Actor, story: Story, step: str) -> Draft | None:
    return db.exec(select(Draft).where(col(Draft.member_id) == actor.me, col(Draft.form) == name(story, step))).first()
