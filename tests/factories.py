"""Typed factories: ``make.member(name="Amina")``; rows are added and flushed, ``make.commit()`` lets the application see them."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from app.core.clock import now
from app.core.ids import new_ref
from app.core.text import fold
from app.models.accounts import Member, Role, RoleGrant
from app.models.places import Area, AreaKind
from app.models.stories import Audience, NameForm, Story, StoryStatus, StoryText


class Make:
    """Makes rows with sensible contents."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self._count = 0

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _add(self, row: Any) -> Any:
        self.db.add(row)
        self.db.flush()
        return row

    def commit(self) -> None:
        """Let others see what was made."""
        self.db.commit()

    def member(self, name: str = "", *roles: Role, **fields: Any) -> Member:
        """Make a member with roles of a year."""
        name = name or f"Quiet River {self._next()}"
        today = now().date()
        member: Member = self._add(Member(**{"name": name, "name_key": fold(name), "joined_on": today, "seen_on": today, **fields}))
        for role in roles:
            self.role(member, role)
        return member

    def role(self, member: Member, role: Role, until: date | None = None) -> RoleGrant:
        """Give a role."""
        today = now().date()
        row: RoleGrant = self._add(
            RoleGrant(
                member_id=member.id,
                role=role,
                from_on=today - timedelta(days=1),
                until_on=until or today + timedelta(days=365),
            )
        )
        return row

    def area(self, name: str = "Thiès", country: str = "SN", kind: AreaKind = AreaKind.TOWN, **fields: Any) -> Area:
        """Make an area."""
        row: Area = self._add(Area(kind=kind, country=country, name=name, name_key=fold(name), **fields))
        return row

    def story(
        self,
        by: Member,
        title: str = "The first month I only slept.",
        text: dict[str, Any] | None = None,
        **fields: Any,
    ) -> Story:
        """Make a published story for everyone, unless told otherwise (no consent rows: the story actions make those)."""
        chosen = {
            "status": StoryStatus.PUBLISHED,
            "audience": Audience.EVERYONE,
            "name_form": NameForm.CHOSEN,
            **fields,
        }
        if chosen["status"] == StoryStatus.PUBLISHED:
            chosen.setdefault("published_on", now().date())
        story: Story = self._add(Story(ref=new_ref(), author_id=by.id, touched_at=now(), **chosen))
        words = {"title": title, "body": "My cousin met me at the station.", **(text or {})}
        self._add(StoryText(story_id=story.id, language=story.language, **words))
        return story
