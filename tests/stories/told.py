"""Stories brought to a state by the real actions, for the tests of this folder."""

from typing import Any

from sqlmodel import Session

from app.core.clock import days, now
from app.domain.actor import Actor
from app.domain.media.pictures import Picture
from app.domain.media.voice import Voice
from app.domain.stories import actions, translations
from app.models.accounts import Member, Role
from app.models.stories import Audience, NameForm, Purpose, Story, StoryText
from app.schemas.stories import AgreeStory, Translate, WhoStory, WriteStory

VOICE = Voice(opus=b"OggS" + b"v" * 5_000, mp3=b"\xff\xfb" + b"m" * 9_000, seconds=130.4)
PICTURE = Picture(
    webp=b"RIFF0000WEBP" + b"w" * 900, jpeg=b"\xff\xd8\xff" + b"j" * 1_500, thumb=b"RIFF0000WEBPt", width=640, height=480
)  # fmt: skip
TITLE = "The first month I only slept."
BODY = "My cousin met me at the station. We walked the long way round."


def actor_of(member: Member, *roles: Role) -> Actor:
    """Return the member as somebody who acts, with the second step shown."""
    return Actor(
        member_id=member.id, name=member.name, language=member.language, status=member.status, roles=frozenset(roles),
        second_factor=True,
    )  # fmt: skip


def draft(db: Session, by: Member, **words: Any) -> Story:
    """Begin and write a story."""
    story = actions.start(db, actor_of(by), "en")
    write(db, by, story, **words)
    return story


def write(db: Session, by: Member, story: Story, **words: Any) -> None:
    """Save these words over what is there."""
    told = {"title": TITLE, "body": BODY, "language": "en", "row_version": story.row_version, **words}
    actions.save_text(db, actor_of(by), story, WriteStory(**told))


def agreed(
    db: Session, by: Member, audience: Audience = Audience.EVERYONE, name_form: NameForm = NameForm.CHOSEN, lasts: str = "year",
    more: tuple[Purpose, ...] = (), who: dict[str, Any] | None = None, **words: Any,
) -> Story:  # fmt: skip
    """Write a story and agree to its being shown."""
    story = draft(db, by, **words)
    choices = {"audience": audience, "name_form": name_form, **(who or {})}
    actions.set_audience(db, actor_of(by), story, WhoStory(row_version=story.row_version, **choices))
    purposes = [p for p in (Purpose.MEMBERS, Purpose.PUBLIC) if audience == Audience.EVERYONE or p == Purpose.MEMBERS]
    answer = AgreeStory(row_version=story.row_version, purposes=[*purposes, *more], lasts=lasts, helper="alone")
    actions.agree(db, actor_of(by), story, answer)
    return story


def sent(db: Session, by: Member, **chosen: Any) -> Story:
    """Send a story to its second reader."""
    story = agreed(db, by, **chosen)
    actions.submit(db, actor_of(by), story)
    return story


def approved(db: Session, by: Member, reader: Member, **chosen: Any) -> Story:
    """Bring a story to the wait before it is shown."""
    story = sent(db, by, **chosen)
    second = actor_of(reader, Role.COORDINATOR)
    actions.open_review(db, second, story)
    actions.approve(db, second, story)
    return story


def published(db: Session, by: Member, reader: Member, **chosen: Any) -> Story:
    """Bring a story to where readers see it."""
    story = approved(db, by, reader, **chosen)
    actions.publish_due(db, now() + days(2))
    db.refresh(story)
    return story


def translated(db: Session, by: Actor, story: Story, language: str = "fr", **words: Any) -> StoryText | None:
    """Send a translation as from a page that was opened a moment ago; return the text in that language."""
    text, proposal = translations.text_in(db, story, language), translations.proposal_in(db, story, language)
    there = translations.present(by, story, text, proposal)
    fresh = {"source_version": actions.telling.original(db, story).version, "seen": there.mark if there else ""}
    said = {"title": "Le premier mois", "body": "Mon cousin m’attendait.", **fresh, **words}
    actions.add_translation(db, by, story, Translate(language=language, **said))
    return translations.text_in(db, story, language)


def mark(db: Session, story: Story, language: str = "fr") -> str:
    """Return the mark of what waits for the teller's yes in this language."""
    proposal, text = translations.proposal_in(db, story, language), translations.text_in(db, story, language)
    if proposal is not None:
        return translations.proposal_mark(proposal)
    assert text is not None
    return translations.text_mark(text)


def shown_in(db: Session, by: Actor, teller: Member, reader: Member, story: Story, language: str = "fr", **words: Any) -> StoryText:
    """Bring a translation to where readers see it: sent, confirmed by the teller, looked at by a second reader."""
    text = translated(db, by, story, language, **words)
    assert text is not None
    if not text.confirmed:
        actions.confirm_translation(db, actor_of(teller), story, language, mark(db, story, language))
    actions.approve_translation(db, actor_of(reader, Role.COORDINATOR), story, text)
    return text
