"""Hidden at once: a statement of reasons, a word before the decision, an end by itself; crowds of complaints; who is left."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import clock as core_clock
from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import Conflict, NotFound, Refused
from app.core.ids import new_id
from app.core.settings import Settings
from app.domain.actor import GUEST
from app.domain.moderation import actions, appeals, at_once, filing, flagging, following, holding, log, queries, rules, waking
from app.domain.moderation.rules import Choice
from app.domain.stories import actions as stories
from app.models.accounts import Answer, Role, RoleGrant
from app.models.engine import Delivery
from app.models.groups import PostState
from app.models.moderation import Appeal, Bar, Case, CaseKind, CaseState, Decision, Flag, Hold, HoldEnd, Outcome
from app.models.stories import Audience, Story, StoryStatus
from tests.browse import Browser
from tests.conftest import TODAY
from tests.moderation.conftest import Desk

SAID = "Nobody can find me by this, the town is another one."


class Clock:
    """A clock that is moved."""

    def __init__(self) -> None:
        self.inside = ExitStack()

    def forward(self, by: timedelta) -> None:
        """Move it."""
        self.inside.enter_context(core_clock.at(now() + by))


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock that stands again as before afterwards."""
    moved = Clock()
    with moved.inside:
        yield moved


@pytest.fixture
def asked(settings: Settings) -> Settings:
    """Somebody outside is named."""
    found = settings.model_copy(update={"escalation_contact": "help@house.example"})
    core_settings.use(found)
    return found


def hidden(desk: Desk, **fields: Any) -> tuple[Story, Case, Hold]:
    """Let a mentor flag a story; return it with its case and what is told of it."""
    story, mentor = desk.story(**fields), desk.make.member("", Role.MENTOR)
    actions.flag(desk.db, desk.act(mentor), "story", story.ref, "recognised", "I know her")
    case = desk.case(story.id, "flag")
    held = holding.last(desk.db, case)
    assert held
    return story, case, held


def decide(desk: Desk, case: Case, outcome: Outcome, rule: int | None = None) -> None:
    """Open a case and decide it."""
    actions.open_case(desk.db, desk.act(desk.awa), case.ref)
    desk.db.refresh(case)
    actions.decide(desk.db, desk.act(desk.awa), case.ref, Choice(outcome, case.row_version, rule, "Because."))


@pytest.mark.parametrize(
    ("waits", "said", "may"), [(True, False, True), (True, True, False), (False, False, False), (False, True, False)]
)
def test_who_may_say_something_to_it(waits: bool, said: bool, may: bool) -> None:
    assert bool(rules.may_answer_hold(waits, said)) == may


def test_its_statement_can_be_contested_before_somebody_decides(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    _story, case, held = hidden(desk)
    desk.make.commit()
    path = f"/my/decisions/{held.ref}"
    theirs, other, awa = browse(desk.teller), browse(desk.reader), browse(desk.awa)
    assert path in theirs.get("/my/answers").text
    page = theirs.get(path, headers={"Accept-Language": "en"}).text
    assert "I know her" not in page
    assert [other.get(path).status_code, awa.get(path).status_code] == [404, 404], "nobody else's"
    lost = other.post(path, {"words": SAID})
    assert (lost.status_code, SAID in lost.text) == (404, True), "what was typed is not lost"
    for part in ("/show", "/words"):
        assert other.post(path + part).status_code == 404
    assert theirs.post(path, {"words": ""}).status_code == 422
    assert theirs.post(path + "/show").status_code == 403, "not before its time"
    before = desk.case(case.subject_id, "flag").row_version
    db.commit()
    assert theirs.post(path, {"words": SAID}).status_code == 303
    again = theirs.post(path, {"words": SAID + " Really."})
    assert (again.status_code, "Really." in again.text) == (403, True)
    case = desk.case(case.subject_id, "flag")
    assert case.row_version == before + 1, "whoever is deciding looks again"
    db.expire_all()
    assert queries.case_page(db, desk.act(desk.awa), case.ref).said is None, "only for whoever has it open"
    actions.open_case(db, desk.act(desk.awa), case.ref)
    db.expire_all()
    assert queries.case_page(db, desk.act(desk.awa), case.ref).said == SAID
    assert following.export(db, desk.teller.id)["hidden for now"][0]["what I said"] == SAID
    db.commit()
    assert SAID in awa.get(f"/desk/cases/{case.ref}").text
    assert theirs.post(path + "/words").status_code == 303
    assert SAID not in theirs.get(path).text
    db.expire_all()
    assert holding.forget_again(db, held.id)
    decide(desk, desk.case(case.subject_id, "flag"), Outcome.KEEP)
    db.refresh(held)
    assert (held.how, held.words) == (HoldEnd.DECIDED, None)
    with pytest.raises(Refused):
        holding.say(db, desk.act(desk.teller), held.ref, SAID)


def test_it_ends_by_itself_and_nothing_is_shown_by_the_clock(db: Session, desk: Desk, clock: Clock, asked: Settings) -> None:
    story, case, held = hidden(desk)
    assert (at_once.end_due(db), waking.look(db, asked)) == (0, 0)
    clock.forward(timedelta(days=8))  # nobody was told that it is late: that comes first
    assert at_once.end_due(db) == 0
    assert waking.look(db, asked) == 1
    db.refresh(held)
    assert held.told_at == now()
    told = db.exec(select(Answer.member_id).where(Answer.sentence == waking.TIME_IS_OVER)).all()
    assert {desk.awa.id, desk.brahim.id, desk.sira.id} <= set(told)
    assert at_once.end_due(db) == 0
    clock.forward(timedelta(days=2))
    assert (at_once.end_due(db), at_once.end_due(db)) == (1, 0)
    db.refresh(story)
    assert (story.status, story.held) == (StoryStatus.PAUSED, False), "its teller decides, not the clock"
    assert desk.case(story.id, "flag").state == CaseState.OPEN
    with pytest.raises(NotFound):
        holding.show_again(db, desk.act(desk.reader), held.ref)
    holding.show_again(db, desk.act(desk.teller), held.ref)
    assert desk.status(story) == StoryStatus.PUBLISHED
    first = db.exec(select(Flag.member_id)).one()
    for member_id, hides in ((first, False), (desk.make.member("", Role.MENTOR).id, True)):
        db.add(Flag(case_id=case.id, reason="hurts", member_id=member_id, on=TODAY.date()))
        assert at_once.consider(db, case) == hides, "whoever it was hidden by does not hide it twice"
    with pytest.raises(Refused):
        holding.show_again(db, desk.act(desk.teller), held.ref)
    decide(desk, case, Outcome.HIDE, 3)
    assert set(db.exec(select(Hold.how)).all()) == {HoldEnd.DECIDED}


def test_what_was_paused_before_it_was_hidden_stays_paused_after_an_appeal(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story, "untrue")
    stories.pause(db, desk.act(desk.teller), story)
    decide(desk, case, Outcome.HIDE, 3)
    db.refresh(story)
    assert (story.status, story.held) == (StoryStatus.PAUSED, True)
    stories.unhide(db, desk.act(desk.brahim), story)
    db.refresh(story)
    assert (story.status, story.held, story.rested) == (StoryStatus.PAUSED, False, False)


def test_a_post_ends_too_and_its_writer_shows_it(db: Session, desk: Desk, clock: Clock) -> None:
    group, mentor = desk.make.group(by=desk.reader), desk.make.member("", Role.MENTOR)
    for member in (desk.teller, mentor):
        desk.make.seat(group, member)
    post = desk.make.post(desk.make.topic(group, desk.teller), desk.teller)
    actions.flag(db, desk.act(mentor), "post", post.ref, "hurts", "")
    held = holding.last(db, desk.case(post.id, "talk"))
    assert held
    clock.forward(timedelta(days=8))
    at_once.late(db)
    clock.forward(timedelta(days=2))
    assert at_once.end_due(db) == 1
    db.refresh(post)
    assert post.state == "hidden"
    assert holding.statement(db, held, desk.case(post.id, "talk")).may_show
    holding.show_again(db, desk.act(desk.teller), held.ref)
    db.refresh(post)
    assert post.state == "shown"
    assert not holding.statement(db, held, desk.case(post.id, "talk")).may_show


def test_a_story_whose_time_is_over_ends_its_case(db: Session, desk: Desk, clock: Clock) -> None:
    story, case, held = hidden(desk, until_on=TODAY.date() + timedelta(days=1))
    clock.forward(timedelta(days=2))
    assert stories.expire_due(db, now()) == 1
    db.refresh(held)
    assert (desk.status(story), held.how, desk.case(story.id, "flag").state) == (StoryStatus.EXPIRED, "gone", CaseState.CLOSED)
    assert "time of this story" in (db.exec(select(Flag.answer).where(Flag.case_id == case.id)).one() or "")


def test_a_crowd_of_complaints_makes_a_handful_of_cases(db: Session, desk: Desk) -> None:
    """Each keeps a number and an answer of its own; whoever is kept from one is kept from no other by it."""
    omar, other = desk.make.member("Omar Leads", Role.COORDINATOR), desk.make.member("", Role.SAFEGUARDING)
    numbers = [actions.complain(db, GUEST, "Omar Leads", "unfair", "x").receipt for _ in range(20)]
    actions.complain(db, GUEST, "Somebody Else", "unfair", "x")
    cases = db.exec(select(Case).where(Case.kind == CaseKind.COMPLAINT, Case.about_id == omar.id)).all()
    assert len(cases) == rules.OWN_CASES + 1
    assert len(db.exec(select(Case).where(Case.kind == CaseKind.COMPLAINT)).all()) == rules.OWN_CASES + 2
    named = actions.complain(db, GUEST, "Omar Leads", "unfair", "Sira Mango helps him")
    assert named.receipt
    apart = db.exec(select(Case).where(Case.kind == CaseKind.COMPLAINT).order_by(col(Case.id).desc())).first()
    assert apart
    assert sorted(db.exec(select(Bar.member_id).where(Bar.case_id == apart.id, Bar.hidden))) == sorted([omar.id, desk.sira.id])
    shared = max(cases, key=lambda case: len(db.exec(select(Flag).where(Flag.case_id == case.id)).all()))
    assert len(db.exec(select(Flag).where(Flag.case_id == shared.id)).all()) == 15
    assert db.exec(select(Bar.member_id).where(Bar.case_id == shared.id)).all() == [omar.id]
    actions.open_case(db, desk.act(other), shared.ref)
    db.refresh(shared)
    read = shared.row_version
    late = [actions.complain(db, GUEST, "Omar Leads", "unfair", "x").receipt for _ in range(2)]
    actions.decide(db, desk.act(other), shared.ref, Choice(Outcome.ACTED, read, None, "Looked."))
    assert [flagging.standing(db, number).answer for number in late] == ["", ""], "what nobody has read is not answered"
    later = flagging.by_number(db, late[0])[1]
    assert (later.state, later.crowd, later.id == flagging.by_number(db, late[1])[1].id) == (CaseState.OPEN, shared.crowd, True)
    assert db.exec(select(Bar.member_id).where(Bar.case_id == later.id)).all() == [omar.id]
    with pytest.raises(Conflict):  # the other tab
        actions.decide(db, desk.act(other), shared.ref, Choice(Outcome.ACTED, read, None, "Looked."))
    assert sum("has looked into" in flagging.standing(db, number).answer for number in numbers) == 15
    assert db.exec(select(Answer).where(Answer.member_id == omar.id)).all() == []


def test_somebody_outside_hears_when_nobody_is_left_also_later(db: Session, desk: Desk, asked: Settings) -> None:
    case = desk.flagged(desk.story(), "untrue")
    assert waking.look(db, asked) == 0
    db.execute(sa.update(RoleGrant).values(ended_on=TODAY.date()))
    assert (waking.look(db, asked), waking.look(db, asked)) == (1, 0)
    mail = db.exec(select(Delivery)).one()
    assert case.ref not in mail.body + mail.subject


def test_a_member_takes_back_the_words_of_an_appeal(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    _story, case = desk.waiting()
    decide(desk, case, Outcome.DECLINE, 3)
    ref = db.exec(select(Decision.ref)).one()
    appeals.appeal(db, desk.act(desk.teller), ref, SAID)
    desk.make.commit()
    theirs, path = browse(desk.teller), f"/my/decisions/{ref}"
    assert browse(desk.reader).post(path + "/words").status_code == 404
    assert "Delete my words" in theirs.get(path).text
    assert theirs.post(path + "/words").status_code == 303
    page = theirs.get(path).text
    assert (SAID in page, "Delete my words" in page) == (False, False)
    db.expire_all()
    assert db.exec(select(Appeal.words)).one() is None


def test_the_public_log_is_counted_once_and_for_all_processes(db: Session, desk: Desk, clock: Clock) -> None:
    case = desk.flagged(desk.story(audience=Audience.EVERYONE))
    clock.forward(timedelta(days=60))
    assert (log.quarters(db, 1)[0].lines, log.count(db)) == ([], 3)
    db.add(Decision(case_id=case.id, decided_by=desk.awa.id, at=now() - timedelta(days=60), outcome=Outcome.KEEP))
    db.flush()
    assert log.quarters(db, 1)[0].lines == [], "nobody sees a count move"
    clock.forward(timedelta(days=90))
    assert (log.count(db), log.quarters(db, 1)[1].lines) == (1, []), "nor later"


def test_what_is_not_hidden_any_more_ends_without_a_word(db: Session, desk: Desk, clock: Clock) -> None:
    mentor = desk.make.member("", Role.MENTOR)
    group = desk.make.group(by=desk.reader)
    desk.make.seat(group, desk.teller)
    desk.make.seat(group, mentor)
    post = desk.make.post(desk.make.topic(group, desk.teller), desk.teller, body="Hello")
    actions.flag(db, desk.act(mentor), "post", post.ref, "hurts", "")
    post.state, post.body = PostState.DELETED, ""
    clock.forward(timedelta(days=2))
    at_once.late(db)
    clock.forward(timedelta(days=6))
    assert at_once.end_due(db) == 0
    assert db.exec(select(Hold.how)).one() == HoldEnd.GONE
    assert at_once.OVER not in db.exec(select(Answer.sentence)).all(), "there is nothing to show again"


def test_everybody_who_may_decide_one_of_many_hears_that_it_is_late(db: Session, desk: Desk, asked: Settings) -> None:
    for n in range(25):
        case = filing.open_case(db, CaseKind.FLAG, "story", new_id(), desk.teller.id)
        db.add(Hold(case_id=case.id, about_id=desk.teller.id, at=now(), decide_by=now(), ends_at=now()))
        for member in (desk.brahim, desk.sira)[: 1 if n == 24 else 2]:
            filing.bar(db, case, member.id)
    db.flush()
    waking.look(db, asked)
    heard = set(db.exec(select(Answer.member_id).where(Answer.sentence == waking.TIME_IS_OVER)).all())
    assert heard == {desk.awa.id, desk.sira.id}, "each once, also of the last, and nobody who is kept from all of them"
