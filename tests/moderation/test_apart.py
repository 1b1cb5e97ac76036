"""What others said stays theirs: complaints one by one, numbers that tell nothing, somebody who is told."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.core import clock
from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import NotFound, Refused
from app.core.settings import Settings
from app.domain.accounts import by_operator, changes
from app.domain.actor import GUEST
from app.domain.moderation import actions, apart, flagging, following, queries, trail, waking
from app.domain.moderation.rules import Choice
from app.models.accounts import Answer, Member, Role
from app.models.engine import AuditEvent, Delivery
from app.models.groups import GroupRole
from app.models.moderation import Case, CaseKind, Outcome, Priority
from app.models.stories import StoryStatus
from tests.moderation.conftest import Desk


def decide(desk: Desk, who: Member, case: Case, outcome: Outcome, words: str = "") -> None:
    actions.open_case(desk.db, desk.act(who), case.ref)
    desk.db.refresh(case)
    actions.decide(desk.db, desk.act(who), case.ref, Choice(outcome, case.row_version, None, words))


def complaints(db: Session) -> list[Case]:
    return list(db.exec(select(Case).where(Case.kind == CaseKind.COMPLAINT).order_by(col(Case.id))))


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Settings:
    """A network that names somebody outside."""
    asked = settings.model_copy(update={"escalation_contact": "help@house.example"})
    monkeypatch.setattr(core_settings, "current", lambda: asked)
    return asked


def test_whom_others_complained_about_finds_it_out_by_no_complaint_of_their_own(db: Session, desk: Desk) -> None:
    accused = desk.make.member("Omar Leads", Role.COORDINATOR)
    for by, name in ((desk.act(desk.reader), "Omar Leads"), (GUEST, "Nobody Here")):
        actions.complain(db, by, name, "harm", "They hurt her")
    own = [actions.complain(db, by, name, "unfair", "") for by, name in (
        (desk.act(accused), "Omar Leads"), (GUEST, "Omar Leads"), (GUEST, "Nobody Here"),
    )]  # fmt: skip
    for filed in own:
        assert flagging.standing(db, filed.receipt).on == filed.answer_by == (now() + timedelta(hours=72)).date()
    first, *_, last = complaints(db)
    decide(desk, desk.sira, first, Outcome.ACTED, "Warned.")
    assert [flagging.standing(db, filed.receipt).answer for filed in own] == ["", "", ""]
    assert [a.sentence for a in db.exec(select(Answer).where(Answer.member_id == accused.id))][1:] == []
    decide(desk, desk.sira, last, Outcome.KEEP)
    told = flagging.standing(db, own[-1].receipt).answer
    heard = db.exec(select(Answer).where(Answer.member_id == desk.reader.id).order_by(col(Answer.id).desc())).first()
    assert heard
    assert heard.sentence == told, "the same words whatever was decided"
    assert [part["answer"] for part in following.export(db, accused.id)["what I reported"]] == [""]


def test_a_number_shows_what_was_promised_to_this_person(db: Session, desk: Desk) -> None:
    story = desk.story()
    actions.flag(db, GUEST, "story", story.ref, "hurts", "")
    filed = actions.flag(db, GUEST, "story", story.ref, "spam", "")
    assert flagging.standing(db, filed.receipt).on == filed.answer_by == (now() + timedelta(days=14)).date()


def test_nobody_makes_the_complaint_of_another_vanish(db: Session, desk: Desk, outside: Settings) -> None:
    actions.complain(db, desk.act(desk.reader), "Omar", "harm", "They hurt her")
    actions.complain(db, GUEST, "Omar", "other", "Sira Mango knows him")
    assert outside
    assert queries.waiting(db, desk.act(desk.sira)).total == 1, "the second may be about her, the first stays"
    assert [(mail.to, mail.body) for mail in db.exec(select(Delivery))] == [("help@house.example", waking.NOBODY_LEFT)]
    actions.complain(db, GUEST, "Sira", "harm", "")
    assert len(db.exec(select(Delivery)).all()) == 1, "once a day"
    assert not any("left who may" in event.what for event in trail.events(db, desk.act(desk.sira))[0])


def test_whoever_gets_a_role_or_another_name_later_is_compared_with_what_was_said(db: Session, desk: Desk) -> None:
    omar, ali = desk.make.member("Omar Leads"), desk.make.member("Ali Baobab")
    actions.complain(db, GUEST, "Omar", "harm", "")
    actions.complain(db, GUEST, "somebody", "harm", "It is Ali Baobab")
    changes.change_name(db, desk.act(ali), "Moonlit Window")
    for late, sees in ((omar, 1), (ali, 1)):
        by_operator.grant_role(db, late, Role.SAFEGUARDING)
        assert queries.waiting(db, desk.act(late)).total == sees
    assert queries.waiting(db, desk.act(desk.sira)).total == 2


@pytest.mark.parametrize(
    ("name", "who", "note", "found"),
    [
        ("Li Xu", "Li Xu from the office", "", True), ("Li Xu", "Li", "", False), ("Sira Mango", "sira", "", True),
        ("سارة", "وسارة", "", True), ("李明", "我们的李明先生", "", True), ("🌻", "somebody", "words", False),
        ("🌻", "the one with 🌻", "", True), ("Ann Reed", "Joanna", "", False), ("Sira Mango", "x", "She sells a mango", False),
    ],
)  # fmt: skip
def test_whose_name_may_be_meant(name: str, who: str, note: str, found: bool) -> None:
    assert apart.mentions(name, who, note) == found


def test_what_is_urgent_and_has_words_comes_first_whatever_came_after(db: Session, desk: Desk) -> None:
    story = desk.story()
    actions.flag(db, GUEST, "story", story.ref, "hurts", "")
    actions.flag(db, GUEST, "story", story.ref, "hurts", "He says that he will kill her")
    for _ in range(queries.FLAGS_PER_PAGE):
        actions.flag(db, GUEST, "story", story.ref, "other", "")
    case = desk.case(story.id, "flag")
    actions.open_case(db, desk.act(desk.awa), case.ref)
    shown = queries.case_page(db, desk.act(desk.awa), case.ref)
    assert ([bool(f.note) for f in shown.flags[:2]], shown.told, shown.later) == ([True, False], 52, True)
    assert "hurts or threatens" in shown.title
    assert "hurts or threatens" in queries.waiting(db, desk.act(desk.awa)).cards[0].title
    rest = queries.case_page(db, desk.act(desk.awa), case.ref, number=2)
    assert (len(rest.flags), rest.later) == (2, False)


def test_a_milder_case_that_is_due_earlier_becomes_urgent_all_the_same(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story, "untrue")
    due = case.due_at
    with clock.at(now() + timedelta(hours=50)):
        case = desk.flagged(story, "hurts")
    assert (case.priority, case.due_at) == (Priority.DANGER, due)


def test_who_leads_a_group_hears_of_no_complaint_and_sees_none_also_later(db: Session, desk: Desk) -> None:
    group = desk.make.group(by=desk.reader)
    group.words_by = desk.reader.id
    actions.flag(db, GUEST, "group", group.ref, "rude", "")
    case = desk.case(group.id, "talk")
    desk.make.seat(group, desk.brahim, role=GroupRole.ORGANISER)
    assert queries.waiting(db, desk.act(desk.brahim)).total == 0
    assert "Somebody said that something is wrong" not in [e.what for e in trail.events(db, desk.act(desk.brahim))[0]]
    with pytest.raises(NotFound):
        queries.case(db, desk.act(desk.brahim), case.ref)
    decide(desk, desk.awa, case, Outcome.KEEP)
    assert db.exec(select(Answer).where(Answer.member_id == desk.reader.id)).all() == []
    assert following.export(db, desk.reader.id)["decisions about me"] == []


def test_a_case_is_left_only_where_somebody_is_left_and_then_shows_nothing(db: Session, desk: Desk) -> None:
    case = desk.flagged(desk.story(), "hurts", note="Words")
    decide(desk, desk.awa, case, Outcome.KEEP)
    case = desk.flagged(desk.make.db.get_one(type(desk.story()), case.subject_id), "hurts")
    for who in (desk.awa, desk.brahim):
        actions.declare_conflict(db, desk.act(who), case.ref)
    with pytest.raises(Refused, match="Nobody else is left"):
        actions.declare_conflict(db, desk.act(desk.sira), case.ref)
    assert queries.waiting(db, desk.act(desk.sira)).total == 1
    page = queries.case_page(db, desk.act(desk.awa), case.ref)
    assert (page.flags, page.earlier) == ([], [])


def test_each_list_is_awake_by_looks_at_itself(db: Session, desk: Desk, outside: Settings) -> None:
    """Coordinators work every day; nobody of safeguarding looks, and one thing stays hidden beyond its time."""
    actions.complain(db, GUEST, "Awa Lantern", "unfair", "")
    other = desk.flagged(desk.story(), "untrue")
    for hours, told in ((47, 0), (49, 1), (60, 0)):
        with clock.at(now() + timedelta(hours=hours)):
            actions.open_case(db, desk.act(desk.awa), other.ref)
            assert waking.look(db, outside) == told
    assert "desk.asleep" in db.exec(select(AuditEvent.verb)).all()
    slept = [event.what for event in trail.events(db, desk.act(desk.awa))[0]]
    assert not any("two days" in what for what in slept), "it would tell whom it is about that there is a complaint"


def test_what_was_hidden_at_once_does_not_stay_so_without_a_word(db: Session, desk: Desk, settings: Settings) -> None:
    story, mentor = desk.story(), desk.make.member("Old Mentor", Role.MENTOR)
    actions.flag(db, desk.act(mentor), "story", story.ref, "hurts", "")
    assert desk.status(story) == StoryStatus.PAUSED
    with clock.at(now() + timedelta(hours=23)):
        waking.look(db, settings)
    assert waking.TIME_IS_OVER not in db.exec(select(Answer.sentence)).all()
    with clock.at(now() + timedelta(hours=25)):
        for _ in range(2):
            waking.look(db, settings)
    assert db.exec(select(Answer.sentence)).all().count(waking.TIME_IS_OVER) == 3, "each who may decide, once"


def test_a_complaint_that_comes_meanwhile_stops_no_decision(db: Session, desk: Desk) -> None:
    actions.complain(db, desk.act(desk.reader), "Awa Lantern", "harm", "x")
    case = complaints(db)[0]
    actions.open_case(db, desk.act(desk.sira), case.ref)
    db.refresh(case)
    actions.complain(db, GUEST, "Awa Lantern", "other", "")
    actions.decide(db, desk.act(desk.sira), case.ref, Choice(Outcome.ACTED, case.row_version, None, "w"))


def needed(db: Session) -> list[Member]:
    """Return who was told that somebody else needs a role."""
    heard = select(Member).join(Answer, col(Answer.member_id) == Member.id).where(Answer.sentence == waking.ROLE_IS_NEEDED)
    return list(db.exec(heard.order_by(col(Member.id))).all())


def test_where_nobody_outside_is_named_those_who_give_roles_hear_of_it_but_nobody_whom_it_concerns(
    db: Session, desk: Desk, settings: Settings
) -> None:
    """Nobody may read a complaint about the only person who could: the other operator hears that a role is needed, not why."""
    giver = desk.make.member("Gives Roles", Role.OPERATOR)
    by_operator.grant_role(db, desk.sira, Role.OPERATOR)
    actions.complain(db, desk.act(desk.reader), "Sira Mango", "unfair", "x")
    assert needed(db) == [giver]
    with clock.at(now() + timedelta(hours=12)):
        waking.look(db, settings)
    assert needed(db) == [giver], "once in 24 hours"
    with clock.at(now() + timedelta(hours=25)):
        waking.look(db, settings)
    assert needed(db) == [giver, giver]


def test_where_somebody_outside_is_named_nobody_else_is_told(db: Session, desk: Desk, outside: Settings) -> None:
    desk.make.member("Gives Roles", Role.OPERATOR)
    actions.complain(db, desk.act(desk.reader), "Sira Mango", "unfair", "x")
    assert (needed(db), len(db.exec(select(Delivery)).all())) == ([], 1)
