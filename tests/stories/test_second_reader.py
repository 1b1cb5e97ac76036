"""A story that waits is heard and seen by its second readers, by its teller, and by nobody else."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.core.clock import days, now
from app.domain import wiring
from app.domain.moderation import actions as moderation
from app.domain.stories import actions, files
from app.models.accounts import Member, MemberStatus, Role
from app.models.engine import SearchDocument
from app.models.moderation import Case
from app.models.stories import Audience, MediaKind, Story, StoryService
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.stories import told
from tests.stories.told import PICTURE, VOICE, actor_of

Open = Callable[..., Browser]
STATES = ["submitted", "in_review", "change_asked", "approved"]


@pytest.fixture(autouse=True)
def connected() -> None:
    """A story that is sent opens its case."""
    wiring.connect()


@pytest.fixture
def ndeye(make: Make) -> Member:
    return make.member("Ndeye Baobab", Role.COORDINATOR)


def waiting(db: Session, by: Member, reader: Member, state: str) -> tuple[Story, list[str]]:
    """Bring a story with a voice and a picture to this state; return it with the addresses of its files."""
    story = told.agreed(db, by, audience=Audience.MEMBERS)
    actions.add_voice(db, actor_of(by), story, VOICE, "She says what helped.")
    actions.add_picture(db, actor_of(by), story, PICTURE, "A blue door", "none")
    second = actor_of(reader, Role.COORDINATOR)
    if state != "draft":
        actions.submit(db, actor_of(by), story)
    if state not in ("draft", "submitted"):
        actions.open_review(db, second, story)
    if state == "change_asked":
        actions.ask_change(db, second, story, "Please leave out the street.")
    if state == "declined":
        actions.decline(db, second, story, "This names somebody.")
    if state == "approved":
        actions.approve(db, second, story)
    endings = {MediaKind.VOICE: "opus", MediaKind.PICTURE: "webp"}
    return story, [f"/stories/{story.ref}/media/{m.ref}.{endings[m.kind]}" for m in files.of_story(db, story.id)]


@pytest.mark.parametrize("state", STATES)
def test_second_readers_hear_and_see_it_while_it_waits(db: Session, make: Make, browse: Open, ndeye: Member, state: str) -> None:
    reader, sira = make.member("Second Reader", Role.COORDINATOR), make.member("Sira Mango", Role.SAFEGUARDING)
    colleague, organiser = make.member("Quiet Reader"), make.member("Modou Copper", Role.ORGANISER)
    stopped = make.member("Stopped Lantern", Role.COORDINATOR, status=MemberStatus.SUSPENDED)
    story, addresses = waiting(db, ndeye, reader, state)
    make.commit()
    assert story.status == state
    hear = [browse(member) for member in (reader, sira, ndeye)]
    others = [browse(), browse(colleague), browse(organiser), browse(stopped)]
    for address in addresses:
        for who in hear:
            answer = who.get(address)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "private, no-store"
        assert [who.get(address).status_code for who in others] == [404, 404, 404, 404]
    assert hear[0].get(f"/stories/{story.ref}").status_code == 404  # the page itself is at the desk


def test_without_the_second_step_nothing_is_heard(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    reader = make.member("Second Reader", Role.COORDINATOR)
    _story, addresses = waiting(db, ndeye, reader, "submitted")
    make.commit()
    assert browse(reader, second_factor=False).get(addresses[0]).status_code == 404


@pytest.mark.parametrize("state", ["draft", "declined"])
def test_nobody_but_the_teller_hears_what_does_not_wait(db: Session, make: Make, browse: Open, ndeye: Member, state: str) -> None:
    reader = make.member("Second Reader", Role.COORDINATOR)
    _story, addresses = waiting(db, ndeye, reader, state)
    make.commit()
    teller, second = browse(ndeye), browse(reader)
    for address in addresses:
        assert teller.get(address).status_code == 200
        assert second.get(address).status_code == 404


def test_after_the_take_back_nobody_hears_it(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    reader = make.member("Second Reader", Role.COORDINATOR)
    story, addresses = waiting(db, ndeye, reader, "approved")
    make.commit()
    second = browse(reader)
    assert second.get(addresses[0]).status_code == 200
    actions.take_back(db, actor_of(ndeye), story)
    make.commit()
    assert second.get(addresses[0]).status_code == 404


def test_the_case_has_the_player_the_veiled_picture_and_the_services(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    reader = make.member("Second Reader", Role.COORDINATOR)
    story, addresses = waiting(db, ndeye, reader, "submitted")
    shown = {
        "ref": "sssssssssss2", "name": "Open house", "organisation": "Maison", "needs": ["housing"],
        "area": {"name": "Thiès", "names": {}}, "cost": {"free": True}, "languages": ["fr"], "hours": [], "zone": None,
        "verified": "2026-05-03", "due": "2027-05-03", "imported": "2026-01-01", "protected": False, "points": [],
    }  # fmt: skip
    db.add_all([
        SearchDocument(kind="service", subject_id=UUID(int=1), language="en", shown=shown),
        StoryService(story_id=story.id, service_id=UUID(int=1)),
    ])  # fmt: skip
    case = db.exec(select(Case).where(Case.subject_id == story.id)).one()
    moderation.open_case(db, actor_of(reader, Role.COORDINATOR), case.ref)
    ref = case.ref
    make.commit()
    second = browse(reader)
    page = second.get(f"/desk/cases/{ref}")
    assert all(address in page.text for address in addresses)
    assert '<details class="veil">' in page.text
    assert "A blue door" in text_of(page)
    assert 'href="/help/sssssssssss2"' in page.text
    # What readers see later is not veiled.
    actions.approve(db, actor_of(reader, Role.COORDINATOR), story)
    actions.publish_due(db, now() + days(2))
    make.commit()
    later = second.get(f"/stories/{story.ref}").text
    assert '<details class="picture">' in later
    assert 'class="veil"' not in later
