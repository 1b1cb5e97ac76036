"""What could tell who stands behind a story: the translator's line, files' words, search, old names, the audit trail."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core.clock import days, now
from app.domain.stories import actions, documents, proposals
from app.models.accounts import Member, MemberStatus, Role
from app.models.engine import AuditEvent, SearchDocument
from app.models.stories import Audience, Media, NameForm, StoryText
from app.schemas.stories import Words
from tests.browse import Browser
from tests.factories import Make
from tests.stories import told
from tests.stories.told import actor_of

FRENCH = Words(title="Le premier mois", body="Mon cousin m'attendait.")


@pytest.fixture
def reader(make: Make) -> Member:
    """The second reader."""
    return make.member("Early Bus", Role.COORDINATOR)


@pytest.mark.parametrize("form", [NameForm.ANONYMOUS, NameForm.LETTER])
def test_a_teller_who_translates_their_own_story_is_not_named_by_it(
    db: Session, make: Make, browse: Callable[..., Browser], form: NameForm
) -> None:
    teller = make.member("Amber Kettle")
    story = make.story(teller, name_form=form)
    actions.add_translation(db, actor_of(teller), story, "fr", FRENCH)
    text = db.exec(select(StoryText).where(StoryText.language == "fr")).one()
    assert text.translator_name == ""
    text.translator_name = "Amber Kettle"  # as an older release wrote it, before the story became anonymous
    member, coordinator = make.member(), make.member("", Role.COORDINATOR)
    make.commit()
    for browser in (browse(), browse(member), browse(coordinator)):
        page = browser.get(f"/stories/{story.ref}?language=fr")
        assert "Le premier mois" in page.text
        assert "Amber" not in page.text


def test_another_translator_keeps_their_name(db: Session, make: Make, browse: Callable[..., Browser]) -> None:
    teller, helper = make.member(), make.member("Paper Kite")
    story = make.story(teller, name_form=NameForm.ANONYMOUS)
    actions.add_translation(db, actor_of(helper), story, "fr", FRENCH)
    proposals.confirm_translation(db, actor_of(teller), story, "fr")
    make.commit()
    assert "Paper Kite" in browse().get(f"/stories/{story.ref}?language=fr").text


@pytest.mark.parametrize("standing", [MemberStatus.PAUSED, MemberStatus.SUSPENDED, MemberStatus.LEAVING])
def test_what_is_published_while_its_teller_is_away_is_not_found(
    db: Session, make: Make, reader: Member, standing: MemberStatus
) -> None:
    teller = make.member()
    story = told.approved(db, teller, reader)
    teller.status = standing
    db.flush()
    actions.publish_due(db, now() + days(3))
    documents.index(db, story)
    assert db.exec(select(SearchDocument).where(SearchDocument.kind == "story")).all() == []


def test_nothing_of_a_picture_stays_when_it_goes(db: Session, make: Make, reader: Member) -> None:
    teller = make.member()
    story = told.draft(db, teller)
    actions.add_picture(db, actor_of(teller), story, told.PICTURE, "My daughter before our door", "none")
    actions.remove_media(db, actor_of(teller), story, db.exec(select(Media.ref)).one())
    left = db.exec(select(Media)).one()
    assert (left.alt, left.files, left.width, left.height, left.seconds) == ("", {}, None, None, None)


def test_the_audit_trail_does_not_say_which_role_the_teller_holds(db: Session, make: Make, reader: Member) -> None:
    teller = make.member("", Role.MENTOR)
    story = told.sent(db, teller, name_form=NameForm.ANONYMOUS)
    acting = actor_of(teller, Role.MENTOR)
    actions.withdraw_submission(db, acting, story)
    told_by: list[Any] = db.exec(select(AuditEvent).where(AuditEvent.subject_id == story.id)).all()
    assert {event.actor_role for event in told_by} == {""}
    again = told.sent(db, make.member())
    actions.open_review(db, actor_of(reader, Role.COORDINATOR), again)
    event = db.exec(select(AuditEvent).where(AuditEvent.verb == "story.open_review")).one()
    assert event.actor_role == "coordinator"


def test_people_who_are_not_let_in_do_not_read_what_is_for_members(make: Make, browse: Callable[..., Browser]) -> None:
    story = make.story(make.member(), title="Only for us", audience=Audience.MEMBERS)
    known = {s: make.member(status=s) for s in (MemberStatus.APPLIED, MemberStatus.SUSPENDED, MemberStatus.ACTIVE)}
    make.commit()
    for standing, member in known.items():
        browser = browse(member)
        may = standing == MemberStatus.ACTIVE
        assert browser.get(f"/stories/{story.ref}").status_code == (200 if may else 404)
        assert browser.get(f"/flag/story/{story.ref}").status_code == (200 if may else 404)
        for path in ("/stories", "/", "/look"):
            assert ("Only for us" in browser.get(path).text) == may, (standing, path)
