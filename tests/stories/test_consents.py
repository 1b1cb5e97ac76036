"""The ledger: nothing is shown without a living yes, and no row is ever changed."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import clock, i18n
from app.core.clock import days, now
from app.core.errors import Invalid, Refused
from app.domain.stories import actions, consents
from app.models.accounts import Role
from app.models.engine import SearchDocument
from app.models.stories import Audience, Consent, ConsentAct, Purpose, StoryStatus
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
