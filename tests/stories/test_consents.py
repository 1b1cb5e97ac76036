"""The ledger: nothing is shown without a living yes, and no row is ever changed."""

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import clock, i18n
from app.core.clock import days, now
from app.core.errors import Invalid, Refused
from app.core.ids import new_id
from app.domain.stories import actions, consents, erasing, queries
from app.models.accounts import Erasure, Role
from app.models.engine import SearchDocument
from app.models.stories import Audience, Consent, ConsentAct, Purpose, Story, StoryStatus, StoryText
from app.schemas.stories import AgreeStory, WhoStory
from tests.factories import Make
from tests.stories import told
from tests.stories.told import actor_of

S = StoryStatus


def test_one_row_per_purpose_with_what_was_on_the_screen(db: Session, make: Make) -> None:
    ndeye = make.member()
    with i18n.speaking("fr"):
        story = told.agreed(db, ndeye, more=(Purpose.RADIO,), lasts="half")
    rows = consents.ledger(db, story.id)
    assert [(r.number, r.purpose, r.act) for r in rows] == [
        (1, Purpose.MEMBERS, ConsentAct.GIVEN), (2, Purpose.PUBLIC, ConsentAct.GIVEN), (3, Purpose.RADIO, ConsentAct.GIVEN),
    ]  # fmt: skip
    assert {r.language for r in rows} == {"fr"}
    assert {r.until_on for r in rows} == {date(2027, 5, 22)}
    assert len({r.text_hash for r in rows}) == 3
    assert story.until_on == date(2027, 5, 22)


def test_the_hash_is_of_the_sentence_in_its_language() -> None:
    import hashlib

    from app.domain.stories.wording import CONSENTS

    assert consents.text_hash(Purpose.RADIO) == hashlib.sha256(CONSENTS[Purpose.RADIO].encode()).hexdigest()


def test_not_sent_without_a_yes(db: Session, make: Make) -> None:
    ndeye = make.member()
    story = told.draft(db, ndeye)
    with pytest.raises(Refused):
        actions.submit(db, actor_of(ndeye), story)
    choice = WhoStory(row_version=story.row_version, audience="members", name_form="letter")
    actions.set_audience(db, actor_of(ndeye), story, choice)
    with pytest.raises(Refused, match="Nobody has agreed"):
        actions.submit(db, actor_of(ndeye), story)
    nothing = AgreeStory(row_version=story.row_version, purposes=[Purpose.RADIO], lasts="year", helper="alone")
    with pytest.raises(Invalid) as refused:
        actions.agree(db, actor_of(ndeye), story, nothing)
    assert refused.value.field == "purposes"
    assert story.status == S.DRAFT
    assert consents.ledger(db, story.id) == []


def test_a_wider_audience_needs_a_new_yes(db: Session, make: Make) -> None:
    ndeye = make.member()
    story = told.agreed(db, ndeye, audience=Audience.MEMBERS)
    wider = WhoStory(row_version=story.row_version, audience="everyone", name_form="chosen")
    actions.set_audience(db, actor_of(ndeye), story, wider)
    with pytest.raises(Refused, match="Nobody has agreed"):
        actions.submit(db, actor_of(ndeye), story)


def test_a_yes_that_is_withdrawn_while_waiting_stops_the_publishing(db: Session, make: Make) -> None:
    ndeye, reader = make.member(), make.member("", Role.COORDINATOR)
    story = told.approved(db, ndeye, reader)
    consents.withdraw(db, story, [Purpose.PUBLIC])
    assert actions.publish_due(db, now() + days(5)) == 0
    db.refresh(story)
    assert story.status == S.APPROVED


def test_the_yes_that_carries_it_takes_the_story_back_another_does_not(db: Session, make: Make) -> None:
    ndeye, reader = make.member(), make.member("", Role.COORDINATOR)
    story = told.published(db, ndeye, reader, more=(Purpose.RADIO,))
    actions.withdraw_purpose(db, actor_of(ndeye), story, Purpose.RADIO)
    assert story.status == S.PUBLISHED
    assert consents.live_purposes(db, story.id) == [Purpose.MEMBERS, Purpose.PUBLIC]
    actions.withdraw_purpose(db, actor_of(ndeye), story, Purpose.PUBLIC)
    assert story.status == S.TAKEN_BACK
    assert consents.live_purposes(db, story.id) == []
    acts = [r.act for r in consents.ledger(db, story.id)]
    assert acts.count(ConsentAct.GIVEN) == 3
    assert acts.count(ConsentAct.WITHDRAWN) == 3


@pytest.mark.parametrize("statement", [sa.update(Consent).values(helper_present=True), sa.delete(Consent)])
def test_the_database_refuses_to_change_the_ledger(db: Session, make: Make, statement: sa.Executable) -> None:
    told.agreed(db, make.member())
    db.commit()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        db.execute(statement)
    db.rollback()
    assert len(db.exec(select(Consent)).all()) == 2


def test_a_consent_ends_by_the_clock(db: Session, make: Make) -> None:
    ndeye, reader = make.member(), make.member("", Role.COORDINATOR)
    story = told.published(db, ndeye, reader, lasts="half")
    with clock.at(now() + days(182)):
        assert actions.expire_due(db, now()) == 0
    with clock.at(now() + days(184)):
        assert actions.expire_due(db, now()) == 1
        assert consents.live_purposes(db, story.id) == []
    db.refresh(story)
    assert story.status == S.EXPIRED
    assert db.exec(select(SearchDocument).where(SearchDocument.kind == "story")).all() == []


def test_until_i_say_is_asked_again_once_a_year(db: Session, make: Make) -> None:
    ndeye, reader = make.member(), make.member("", Role.COORDINATOR)
    story = told.published(db, ndeye, reader, lasts="open")
    assert story.until_on is None
    assert actions.expire_due(db, now() + days(900)) == 0
    assert actions.remind_due(db, now() + days(100)) == 0
    assert actions.remind_due(db, now() + days(370)) == 1
    assert actions.remind_due(db, now() + days(371)) == 0
    assert actions.remind_due(db, now() + days(740)) == 1


def erasures(db: Session) -> dict[UUID, str]:
    return {e.subject_id: e.kind for e in db.exec(select(Erasure)).all()}


def test_what_is_taken_back_stands_in_the_erasure_ledger_as_bare_ids(db: Session, make: Make) -> None:
    ndeye = make.member()
    story, other = told.sent(db, ndeye, audience=Audience.MEMBERS), told.agreed(db, ndeye, more=(Purpose.RADIO,))
    assert erasures(db) == {}
    actions.take_back(db, actor_of(ndeye), story)
    members = erasing.mark(story.id, Purpose.MEMBERS)
    assert erasures(db) == {story.id: "story", members: "yes"}
    actions.withdraw_purpose(db, actor_of(ndeye), other, Purpose.RADIO)
    radio = erasing.mark(other.id, Purpose.RADIO)
    assert erasures(db) == {story.id: "story", members: "yes", radio: "yes"}
    all_three = [Purpose.MEMBERS, Purpose.PUBLIC, Purpose.RADIO]
    again = AgreeStory(row_version=other.row_version, purposes=all_three, lasts="year", helper="alone")
    actions.agree(db, actor_of(ndeye), other, again)
    assert erasures(db) == {story.id: "story", members: "yes"}  # a new yes counts more
    draft = told.draft(db, ndeye)
    draft_id = draft.id
    actions.discard(db, actor_of(ndeye), draft)
    assert erasures(db)[draft_id] == "draft"


@pytest.mark.parametrize("before", ["draft", "agreed", "sent", "approved", "published"])
def test_a_story_that_a_restore_brought_back_goes_again(db: Session, make: Make, before: str) -> None:
    """The copy is older than the take-back: the ledger rows and the state of then are back."""
    ndeye, reader = make.member(), make.member("Second Reader", Role.COORDINATOR)
    ways = {
        "draft": lambda: told.draft(db, ndeye), "agreed": lambda: told.agreed(db, ndeye), "sent": lambda: told.sent(db, ndeye),
        "approved": lambda: told.approved(db, ndeye, reader), "published": lambda: told.published(db, ndeye, reader),
    }  # fmt: skip
    story = ways[before]()
    assert actions.erase_again(db, "story", story.id, now().date())
    assert consents.live_purposes(db, story.id) == []
    assert story.status == (S.DRAFT if before in ("draft", "agreed") else S.TAKEN_BACK)
    assert db.exec(select(SearchDocument).where(SearchDocument.kind == "story")).all() == []
    assert queries.texts(db, story)[0].title == told.TITLE  # the words stay with their teller
    assert erasures(db)[story.id] == "story"


def test_a_deleted_draft_that_a_restore_brought_back_goes_with_its_words(db: Session, make: Make) -> None:
    ndeye, reader = make.member(), make.member("Second Reader", Role.COORDINATOR)
    story = told.published(db, ndeye, reader)  # later made a draft again, and deleted
    story_id = story.id
    assert actions.erase_again(db, "draft", story_id, now().date())
    assert db.exec(select(Story)).all() == []
    assert db.exec(select(StoryText)).all() == []
    assert db.exec(select(SearchDocument).where(SearchDocument.kind == "story")).all() == []
    assert not actions.erase_again(db, "draft", story_id, now().date())
    assert erasures(db)[story_id] == "draft"


@pytest.mark.parametrize("copy", ["published", "taken back"])
def test_words_deleted_for_good_go_again_whatever_the_copy_held(db: Session, make: Make, copy: str) -> None:
    ndeye, reader = make.member(), make.member("Second Reader", Role.COORDINATOR)
    story = told.published(db, ndeye, reader)
    story_id = story.id
    if copy == "taken back":
        actions.take_back(db, actor_of(ndeye), story)
    assert actions.erase_again(db, "draft", story_id, now().date())
    assert (db.exec(select(Story)).all(), db.exec(select(StoryText)).all()) == ([], [])
    assert erasures(db)[story_id] == "draft"
    assert consents.live_purposes(db, story_id) == []


def test_a_new_yes_after_the_take_back_counts_more_than_an_old_erasure(db: Session, make: Make) -> None:
    """The restored draft of a story that was taken back is told again: the next restore leaves it alone."""
    ndeye, reader = make.member(), make.member("Second Reader", Role.COORDINATOR)
    yesterday = (now() - days(1)).date()
    with clock.at(now() - days(1)):
        story = told.draft(db, ndeye)
        assert actions.erase_again(db, "story", story.id, yesterday)
        assert story.id in erasures(db)
    who = WhoStory(row_version=story.row_version, audience="members", name_form="letter")
    actions.set_audience(db, actor_of(ndeye), story, who)
    yes = AgreeStory(row_version=story.row_version, purposes=[Purpose.MEMBERS], lasts="year", helper="alone")
    actions.agree(db, actor_of(ndeye), story, yes)
    assert erasures(db) == {}
    actions.submit(db, actor_of(ndeye), story)
    second = actor_of(reader, Role.COORDINATOR)
    actions.open_review(db, second, story)
    actions.approve(db, second, story)
    actions.publish_due(db, now() + days(2))
    db.refresh(story)
    erasing.remember(db, "story", story.id)  # a list of erasures that had not heard of the new yes
    assert not actions.erase_again(db, "story", story.id, yesterday)
    assert story.status == S.PUBLISHED
    assert erasures(db) == {}
    assert actions.withdraw_again(db, {erasing.mark(story.id, Purpose.MEMBERS): yesterday}) == 0
    assert consents.live_purposes(db, story.id) == [Purpose.MEMBERS]


def test_nothing_leads_on_from_taken_back(db: Session, make: Make) -> None:
    ndeye, reader = make.member(), make.member("Second Reader", Role.COORDINATOR)
    story = told.published(db, ndeye, reader)
    actions.take_back(db, actor_of(ndeye), story)
    for way in (actions.rework, actions.resume, actions.submit):
        with pytest.raises(Refused):
            way(db, actor_of(ndeye), story)
    assert not actions.erase_again(db, "story", story.id, now().date())
    assert story.status == S.TAKEN_BACK


@pytest.mark.parametrize("carrying", [Purpose.MEMBERS, Purpose.PUBLIC])
def test_a_withdrawn_yes_that_a_restore_brought_back_goes_again(db: Session, make: Make, carrying: Purpose) -> None:
    ndeye, reader = make.member(), make.member("Second Reader", Role.COORDINATOR)
    story = told.published(db, ndeye, reader, more=(Purpose.RADIO,))
    today = now().date()
    assert actions.withdraw_again(db, {erasing.mark(story.id, Purpose.RADIO): today, new_id(): today}) == 1
    assert consents.live_purposes(db, story.id) == [Purpose.MEMBERS, Purpose.PUBLIC]
    assert story.status == S.PUBLISHED
    # Without a yes that carries it, nobody else sees it; its words stay.
    assert actions.withdraw_again(db, {erasing.mark(story.id, carrying): today}) == 1
    assert story.status == S.DRAFT
    assert db.exec(select(SearchDocument).where(SearchDocument.kind == "story")).all() == []
    assert actions.withdraw_again(db, {erasing.mark(story.id, carrying): today}) == 0


@pytest.mark.parametrize("carrying", [Purpose.MEMBERS, Purpose.PUBLIC])
def test_a_draft_without_a_yes_that_carries_it_can_not_be_sent(db: Session, make: Make, carrying: Purpose) -> None:
    ndeye = make.member()
    story = told.agreed(db, ndeye)
    actions.withdraw_purpose(db, actor_of(ndeye), story, carrying)
    assert story.status == S.DRAFT, "a draft keeps its words and waits for a new yes"
    with pytest.raises(Refused, match="Nobody has agreed"):
        actions.submit(db, actor_of(ndeye), story)


def test_a_story_is_shown_until_the_first_yes_that_carries_it_ends(db: Session, make: Make) -> None:
    ndeye = make.member()
    story = told.agreed(db, ndeye, lasts="year")
    consents.give(db, story, {Purpose.MEMBERS, Purpose.PUBLIC}, "open", False)
    assert consents.carried_until(db, story) is None
    first = Consent(
        story_id=story.id, number=99, member_id=ndeye.id, act=ConsentAct.GIVEN, purpose=Purpose.MEMBERS, text_version="1",
        text_hash="", language="en", how="screen", helper_present=False, from_on=now().date(),
        until_on=(now() + days(30)).date(), at=now(),
    )  # fmt: skip
    db.add(first)
    db.flush()
    assert consents.carried_until(db, story) == first.until_on
