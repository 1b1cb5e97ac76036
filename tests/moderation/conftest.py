"""People and things for moderation: connected features, a teller, two coordinators, a story that waits."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core.clock import now
from app.core.ids import new_id, new_ref
from app.domain import wiring
from app.domain.actor import Actor
from app.domain.moderation import actions
from app.domain.stories import actions as stories
from app.models.accounts import Member, Role, RoleGrant
from app.models.directory import Feed, Service
from app.models.moderation import Case
from app.models.stories import Audience, Consent, ConsentAct, Purpose, Story, StoryStatus
from tests.factories import Make


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected, as at the start of the program."""
    wiring.connect()


def actor_of(db: Session, member: Member) -> Actor:
    """Return the member as somebody who acts, with their roles."""
    roles = frozenset(db.exec(select(RoleGrant.role).where(RoleGrant.member_id == member.id)).all())
    return Actor(
        member_id=member.id, name=member.name, language=member.language, status=member.status, roles=roles, second_factor=True
    )


def consent(db: Session, story: Story, *purposes: Purpose) -> None:
    """Let the teller have said yes."""
    for number, purpose in enumerate(purposes or (Purpose.MEMBERS, Purpose.PUBLIC), 1):
        db.add(Consent(
            story_id=story.id, number=number, member_id=story.author_id, act=ConsentAct.GIVEN, purpose=purpose, text_version="1",
            text_hash="0" * 64, language="en", from_on=now().date(), at=now(),
        ))  # fmt: skip
    db.flush()


class Desk:
    """A teller, two coordinators, somebody of safeguarding, and what happens between them."""

    def __init__(self, db: Session, make: Make) -> None:
        self.db, self.make = db, make
        self.teller = make.member("Amina Baobab", language="fr")
        self.awa = make.member("Awa Lantern", Role.COORDINATOR)
        self.brahim = make.member("Brahim Copper", Role.COORDINATOR)
        self.sira = make.member("Sira Mango", Role.SAFEGUARDING)
        self.reader = make.member("Quiet Reader")

    def act(self, member: Member) -> Actor:
        """Return the member as somebody who acts."""
        return actor_of(self.db, member)

    def story(self, by: Member | None = None, **fields: object) -> Story:
        """Make a published story that its teller agreed to."""
        story = self.make.story(by or self.teller, **fields)
        consent(self.db, story)
        return story

    def waiting(self, by: Member | None = None, **fields: object) -> tuple[Story, Case]:
        """Send a story to its second reader; return it with its case."""
        story = self.story(by, status=StoryStatus.DRAFT, audience=Audience.EVERYONE, **fields)
        stories.submit(self.db, self.act(by or self.teller), story)
        return story, self.case(story.id)

    def flagged(self, story: Story, reason: str = "recognised", by: Member | None = None, note: str = "") -> Case:
        """Flag a published story; return the case."""
        actions.flag(self.db, self.act(by) if by else Actor(), "story", story.ref, reason, note)
        return self.case(story.id, "flag")

    def service(self, name: str = "Night shelter desk") -> Service:
        """Make a service of the directory."""
        feed = Feed(name=f"feed {new_ref()}")
        self.db.add(feed)
        self.db.flush()
        today = now().date()
        service = Service(
            name=name, last_modified=1, ref=new_ref(), feed_id=feed.id, foreign_id=new_ref(), content_hash="", imported_on=today,
            verify_due=today, id=new_id(),
        )  # fmt: skip
        self.db.add(service)
        self.db.flush()
        return service

    def case(self, subject_id: UUID, kind: str = "") -> Case:
        """Return the case of a subject as it stands in the database."""
        wanted = select(Case).where(Case.subject_id == subject_id, sa.true() if not kind else Case.kind == kind)
        return self.db.exec(wanted.execution_options(populate_existing=True)).one()

    def fresh_case(self, subject_id: UUID) -> Case:
        """Return the case and let go of the database: a session that may write holds SQLite's lock."""
        found = self.case(subject_id)
        self.db.commit()
        return found

    def status(self, story: Story) -> StoryStatus:
        """Return where the story stands in the database, and let go of it."""
        found = self.db.exec(select(Story.status).where(Story.id == story.id)).one()
        self.db.commit()
        return found


@pytest.fixture
def desk(db: Session, make: Make) -> Desk:
    """People at a desk, and a teller who reads French."""
    return Desk(db, make)
