"""The talk of a mentorship: who reads and writes, what waits and why, what is taken back, and what stays of it nowhere."""

import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import day_words
from app.core.ids import new_ref
from app.core.settings import Settings
from app.domain import wiring
from app.domain.actor import GUEST, Actor
from app.domain.limits import Limited
from app.domain.mentoring.rounds import answering, moving
from app.domain.mentoring.together import forgetting, goals, reading, rules, sharing, standing, talking
from app.domain.mentoring.together.wording import NEW, TOO_LATE
from app.domain.moderation import actions, conduct, following, messages, queries, undoing
from app.domain.moderation.rules import Choice
from app.jobs import erasures, retention
from app.models.accounts import Answer, Erasure, Limit, Member, MemberStatus, Role
from app.models.engine import AuditEvent
from app.models.mentoring import MatchState, Mentor, MentorMatch, MentorState
from app.models.mentorships import Dimension, MentorMessage, Mentorship, MessageState
from app.models.moderation import Case, CaseKind, CaseState, Flag, Outcome
from app.schemas.mentorships import ChangeGoal, TellGoal, WriteMessage
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

S = MatchState
WHY = '{"components":[0,0,0,0,0,0,0],"told":[null,"en",false,false]}'
OFFER = "I can lend you 500 euros."
CANARY = "the blue door behind the mosque"


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected."""
    wiring.connect()


class Two:
    """A mentee and a mentor who both said yes, who supervises, who looks after what is held, and a coordinator."""

    def __init__(self, db: Session, make: Make) -> None:
        self.db, self.make = db, make
        self.mentee, self.mentor = make.member("Amina Baobab"), make.member("Lamin Copper", Role.MENTOR)
        self.sira, self.awa = make.member("Sira Mango", Role.SAFEGUARDING), make.member("Awa Lantern", Role.COORDINATOR)
        self.binta = make.member("Binta River", Role.COORDINATOR, Role.SAFEGUARDING)
        db.add(Mentor(
            ref=new_ref(), member_id=self.mentor.id, state=MentorState.ACTIVE, said="{}", supervisor_id=self.binta.id,
            touched_on=now().date(),
        ))  # fmt: skip
        self.pair = self.match(S.AGREED)

    def match(self, state: MatchState) -> MentorMatch:
        """Make a pair of the two."""
        row = MentorMatch(
            ref=new_ref(), mentee_id=self.mentee.id, mentor_id=self.mentor.id, open_mentee=self.mentee.id, state=state, version="1",
            why=WHY, made_on=now().date(), due_on=now().date() + timedelta(days=30),
        )  # fmt: skip
        self.db.add(row)
        self.db.flush()
        return row

    def act(self, member: Member, *roles: Role) -> Actor:
        """Return the member as somebody who acts; the mentor with their role."""
        held = frozenset(roles or ((Role.MENTOR,) if member is self.mentor else ()))
        return Actor(member.id, member.name, status=member.status, roles=held, second_factor=True)

    def write(self, by: Member, body: str, at: int = 0) -> talking.Sent:
        """Let one of the two write, so many hours from now."""
        with clock.at(TODAY + timedelta(hours=at)):
            return talking.write(self.db, self.act(by), self.pair.ref, WriteMessage(body=body, language="en"))

    def reads(self, who: Member, before: int = reading.LAST) -> list[str]:
        """Return the words that one of the two reads."""
        connection, actor = self.db.connection(), self.act(who)
        page = reading.page(connection, reading.talk(connection, actor, self.pair.ref), actor.me, before)
        return [one.words or one.state for one in page.bubbles]

    def told(self, who: Member) -> list[str]:
        """Return what somebody was told."""
        return list(self.db.exec(select(Answer.sentence).where(Answer.member_id == who.id).order_by(sa.column("id"))))

    def case(self, kind: CaseKind) -> Case:
        """Return the open case of a kind, or the one that there is, as it stands now."""
        found = select(Case).where(Case.kind == kind).order_by(sa.case((sa.column("state") == "open", 0), else_=1), sa.column("id"))
        return self.db.exec(found.execution_options(populate_existing=True)).first()  # type: ignore[return-value]

    def decide(self, kind: CaseKind, outcome: Outcome, rule: int | None = None) -> str:
        """Let safeguarding decide; return the address part of the decision."""
        sira = self.act(self.sira, Role.SAFEGUARDING)
        case = actions.open_case(self.db, sira, self.case(kind).ref)
        return actions.decide(self.db, sira, case.ref, Choice(outcome, case.row_version, rule, "Because.")).ref

    def seen_at_desk(self, who: Member, *roles: Role) -> int:
        """Return how many cases exist for somebody."""
        return queries.waiting(self.db, self.act(who, *roles)).total


@pytest.fixture
def two(db: Session, make: Make) -> Two:
    """Two people who both said yes."""
    return Two(db, make)


@pytest.mark.parametrize("state", list(MatchState))
@pytest.mark.parametrize("is_mentee", [True, False])
def test_who_reads_and_who_writes(two: Two, state: MatchState, is_mentee: bool) -> None:
    for actor in (two.act(two.mentor, Role.MENTOR), two.act(two.mentee, Role.ORGANISER)):
        mentors = actor.has(Role.MENTOR)
        reads, goes_on = state in rules.TALKS or is_mentee or mentors, state in rules.TALKS and (is_mentee or mentors)
        assert bool(rules.may_read(actor, state, is_mentee=is_mentee)) is reads
        assert bool(rules.goes_on(actor, state, is_mentee=is_mentee)) is goes_on


def test_the_other_one_is_told_once_and_never_what(two: Two) -> None:
    for hours, by, body in ((0, two.mentee, CANARY), (1, two.mentee, "And one more."), (2, two.mentor, "Good to hear."),
                            (3, two.mentee, "Thursday?"), (16, two.mentee, "Or Friday?")):  # fmt: skip
        two.write(by, body, hours)
    assert two.reads(two.mentee) == two.reads(two.mentor) == [
        CANARY, "And one more.", "Good to hear.", "Thursday?", "Or Friday?"
    ]  # fmt: skip
    assert (two.told(two.mentor), two.told(two.mentee)) == ([NEW], [NEW])  # of what stands there unread no second one
    for hours in range(20, 64, 11):
        with clock.at(TODAY + timedelta(hours=hours)):
            two.db.execute(sa.update(Answer).values(read_at=now()))
        two.db.expire_all()
        two.write(two.mentee, "And", hours)
    assert two.told(two.mentor) == [NEW] * 3  # 11 hours after 16 not, 12 hours after the last notice again, not after the last word
    raw = two.db.connection().exec_driver_sql("SELECT body FROM mentor_message").scalars().all()
    assert len(raw) == 9
    assert not [one for one in raw if CANARY.encode() in bytes(one)]
    kept = [json.dumps(row.detail) + row.verb for row in two.db.exec(select(AuditEvent))]
    kept += [f"{row.sentence}{row.params}{row.note}" for row in two.db.exec(select(Answer))]
    assert CANARY not in " ".join(kept)
    assert "message" not in " ".join(kept)  # that somebody wrote does not stand in the trail either
    with pytest.raises(NotFound):
        reading.talk(two.db.connection(), two.act(two.awa, Role.COORDINATOR, Role.MENTOR), two.pair.ref)


def test_twenty_at_a_time_in_the_order_of_a_chat(two: Two) -> None:
    for number in range(1, 24):
        two.write(two.mentee, f"Number {number}")
    assert two.reads(two.mentor) == [f"Number {n}" for n in range(4, 24)]
    connection, actor = two.db.connection(), two.act(two.mentor)
    of = reading.talk(connection, actor, two.pair.ref)
    assert reading.page(connection, of, actor.me).earlier == 4
    assert (two.reads(two.mentor, 4), reading.page(connection, of, actor.me, 4).earlier) == (
        ["Number 1", "Number 2", "Number 3"],
        None,
    )


def test_an_offer_waits_for_safeguarding_and_its_writer_reads_why(two: Two) -> None:
    assert two.write(two.mentor, OFFER).held
    mine = reading.page(two.db.connection(), reading.talk(two.db.connection(), two.act(two.mentor), two.pair.ref), two.mentor.id)
    assert mine.bubbles[0].why == (
        "It reads like money, a loan, work or a journey. Mentor and mentee offer each other none of these.",
    )
    assert (two.reads(two.mentee), two.told(two.mentee)) == ([], [])
    case = two.case(CaseKind.MESSAGE)
    assert (case.about_id, case.findings) == (two.mentor.id, {"offer": 1})
    # Neither of the two, nor a coordinator, nor who supervises the mentor, whatever their roles.
    for member in (two.mentee, two.mentor):
        assert two.seen_at_desk(member, Role.SAFEGUARDING, Role.COORDINATOR) == 0
    assert two.seen_at_desk(two.awa, Role.COORDINATOR) == 0
    assert not queries.case_page(two.db, two.act(two.binta, Role.SAFEGUARDING), case.ref).may_open
    two.db.execute(sa.update(Mentor).values(supervisor_id=two.sira.id))  # named later, it is the same
    assert not queries.case_page(two.db, two.act(two.sira, Role.SAFEGUARDING), case.ref).may_open
    two.db.execute(sa.update(Mentor).values(supervisor_id=two.binta.id))
    for _n in range(rules.MOST_HELD - 1):
        two.write(two.mentor, OFFER)
    with pytest.raises(Invalid, match="wait for a person"):
        two.write(two.mentor, OFFER)
    talking.delete_mine(two.db, two.act(two.mentor), two.pair.ref)
    two.db.execute(sa.update(MentorMessage).where(sa.column("id") == case.subject_id).values(state=MessageState.HELD, body=OFFER))
    held = two.db.get_one(MentorMessage, case.subject_id, populate_existing=True)
    messages.IN_MENTORING.held(two.db, held, two.mentee.id, {"offer": 1})  # of three, one waits again
    two.write(two.mentor, "See you.")
    two.decide(CaseKind.MESSAGE, Outcome.PUBLISH)
    assert (two.reads(two.mentee), two.told(two.mentee)) == (["See you.", OFFER], [NEW])  # told of the one, then of nothing new


def test_what_is_let_through_after_they_parted_does_not_come(two: Two) -> None:
    two.write(two.mentee, "Hello.")
    two.write(two.mentor, OFFER)
    answering.say_no(two.db, two.act(two.mentee), two.pair.ref)
    before = two.told(two.mentee)
    two.decide(CaseKind.MESSAGE, Outcome.PUBLISH)
    assert (two.reads(two.mentee), two.reads(two.mentor)) == (["Hello."], ["Hello.", OFFER])
    assert (two.told(two.mentee), two.told(two.mentor)[-1]) == (before, TOO_LATE)
    (told,) = following.export(two.db, two.mentor.id)["decisions about me"]
    assert told["decision"].words == "Let through"  # not "shown": it was not
    assert following.export(two.db, two.mentee.id)["decisions about me"] == []
    with pytest.raises(Invalid, match="nobody writes here"):
        two.write(two.mentor, "Wait!")


def test_numbers_go_through_once_both_want_it(two: Two) -> None:
    number = "Call me: +221 77 123 45 67"

    def refused() -> None:
        with pytest.raises(Invalid, match="only once both of you want it"):
            two.write(two.mentee, number)

    def shown(who: Member) -> tuple[bool, bool]:
        of = reading.talk(two.db.connection(), two.act(who), two.pair.ref)
        return of.shares, of.shared

    two.write(two.mentor, "Hello.")  # that the other one has answered is no yes
    refused()
    before = two.told(two.mentor), two.told(two.mentee)
    assert not sharing.say(two.db, two.act(two.mentee), two.pair.ref, wanted=True)
    refused()
    assert [shown(two.mentee), shown(two.mentor)] == [(True, False), (False, False)]  # who wants it does not show
    assert sharing.say(two.db, two.act(two.mentor), two.pair.ref, wanted=True)
    assert (two.told(two.mentor), two.told(two.mentee)) == before
    two.write(two.mentee, number)
    assert not sharing.say(two.db, two.act(two.mentor), two.pair.ref, wanted=False)
    refused()
    answering.say_no(two.db, two.act(two.mentor), two.pair.ref)
    assert not sharing.say(two.db, two.act(two.mentee), two.pair.ref, wanted=False)  # also after the end
    with pytest.raises(Invalid, match="come to its end"):
        sharing.say(two.db, two.act(two.mentee), two.pair.ref, wanted=True)
    with pytest.raises(NotFound):
        sharing.say(two.db, two.act(two.awa), two.pair.ref, wanted=True)


def test_numbers_that_one_took_back_pass_no_more_also_after_a_restore(two: Two) -> None:
    mentee, mentor, ref = two.act(two.mentee), two.act(two.mentor, Role.MENTOR), two.pair.ref
    sharing.say(two.db, mentee, ref, wanted=True)
    sharing.say(two.db, mentor, ref, wanted=True)
    forgetting.forget_mine(two.db, mentee, ref)
    assert not reading.mine(two.db.connection(), mentor, ref).shared
    kind, row_id = two.db.execute(sa.select(Erasure.kind, Erasure.subject_id)).one()  # type: ignore[call-overload]
    assert (kind, kind in standing.LEDGER) == ("numbers mentee", True)
    two.db.execute(sa.update(Mentorship).values(mentee_shares=True))
    assert standing.erase_again(two.db, kind, row_id)
    assert not reading.mine(two.db.connection(), mentor, ref).shared
    sharing.say(two.db, mentor, ref, wanted=False)
    assert two.db.execute(sa.select(Erasure.kind)).scalar_one() == "numbers both"  # type: ignore[call-overload]
    sharing.say(two.db, mentee, ref, wanted=True)
    assert two.db.execute(sa.select(Erasure.kind)).scalar_one() == "numbers mentor"  # type: ignore[call-overload]


def test_whose_words_are_read_first_are_here_too(two: Two) -> None:
    limited = replace(two.act(two.mentor), limits=(Limited(Limit.HELD, TODAY + timedelta(days=3)),))
    assert talking.write(two.db, limited, two.pair.ref, WriteMessage(body="Hello.", language="en")).held
    assert two.reads(two.mentee) == []
    with pytest.raises(Invalid, match="My answers"):
        goals.set_goal(two.db, limited, two.pair.ref, TellGoal(dimension=Dimension.SOCIAL, words="A walk"))


def test_a_flagged_message_is_decided_by_safeguarding(two: Two) -> None:
    two.write(two.mentor, "You must come alone.")
    (ref,) = two.db.exec(select(MentorMessage.ref))
    for who in (GUEST, two.act(two.awa, Role.COORDINATOR)):
        with pytest.raises(NotFound):
            actions.flag(two.db, who, "message", ref, "hurts", "")
    actions.flag(two.db, two.act(two.mentee), "message", ref, "hurts", "I am afraid.")
    assert two.seen_at_desk(two.mentor, Role.SAFEGUARDING) == two.seen_at_desk(two.awa, Role.COORDINATOR) == 0
    assert not queries.case_page(two.db, two.act(two.binta, Role.SAFEGUARDING), two.case(CaseKind.MESSAGE_FLAG).ref).may_open
    before = two.told(two.mentor)
    kept = two.decide(CaseKind.MESSAGE_FLAG, Outcome.KEEP)
    assert two.told(two.mentor) == before  # only one person can have said something: nothing tells that anybody did
    assert following.export(two.db, two.mentor.id)["decisions about me"] == []
    assert undoing.undo(two.db, two.act(two.sira, Role.SAFEGUARDING), [kept]) == (1, "")
    talking.delete(two.db, two.act(two.mentor), two.pair.ref, ref)  # in vain: it is decided by the words of then
    sira = two.act(two.sira, Role.SAFEGUARDING)
    case = actions.open_case(two.db, sira, two.case(CaseKind.MESSAGE_FLAG).ref)
    shown = queries.case_page(two.db, sira, case.ref).contents
    assert shown is not None
    assert shown.post is not None
    assert (shown.post.body, shown.post.flagged) == ("", "You must come alone.")
    two.decide(CaseKind.MESSAGE_FLAG, Outcome.HIDE, 1)
    assert two.reads(two.mentee) == ["deleted"]


def test_hidden_from_the_other_one_and_shown_again(two: Two) -> None:
    two.write(two.mentor, "Too much.")
    (ref,) = two.db.exec(select(MentorMessage.ref))
    actions.flag(two.db, two.act(two.mentee), "message", ref, "too_close", "")
    hidden = two.decide(CaseKind.MESSAGE_FLAG, Outcome.HIDE, 1)
    assert (two.reads(two.mentee), two.reads(two.mentor)) == (["hidden"], ["Too much."])
    assert undoing.undo(two.db, two.act(two.sira, Role.SAFEGUARDING), [hidden]) == (1, "")
    assert two.reads(two.mentee) == ["Too much."]


def test_one_that_waited_comes_with_the_day_on_which_it_came(two: Two) -> None:
    two.write(two.mentor, OFFER)
    two.write(two.mentee, "Are you there?", 24)
    with clock.at(TODAY + timedelta(hours=48)):
        two.decide(CaseKind.MESSAGE, Outcome.PUBLISH)
        connection, actor = two.db.connection(), two.act(two.mentee)
        shown = reading.page(connection, reading.talk(connection, actor, two.pair.ref), actor.me).bubbles
    days = [day_words((TODAY + timedelta(days=days)).date()) for days in (1, 2)]
    assert [(one.day, one.words) for one in shown] == [(days[0], "Are you there?"), (days[1], OFFER)]


@pytest.mark.parametrize("outcome", [Outcome.SUSPEND, Outcome.CLOSE])
@pytest.mark.parametrize("state", [S.MENTOR_ASKED, S.ACTIVE])
def test_a_decision_that_stops_the_mentor_ends_the_pair(two: Two, outcome: Outcome, state: MatchState) -> None:
    two.write(two.mentee, "Hello.")
    two.pair.state = state
    sira = two.act(two.sira, Role.SAFEGUARDING, Role.COORDINATOR)
    case = actions.open_case(two.db, sira, conduct.open_about(two.db, sira, "Lamin Copper").ref)
    choice = Choice(outcome, case.row_version, 1, "Because.", days=30 if outcome == Outcome.SUSPEND else None)
    if outcome == Outcome.CLOSE:  # takes two
        actions.propose(two.db, sira, case.ref, choice)
        sira = two.act(two.binta, Role.SAFEGUARDING, Role.COORDINATOR)
        choice = replace(choice, row_version=actions.open_case(two.db, sira, case.ref).row_version)
    actions.decide(two.db, sira, case.ref, choice)
    two.db.refresh(two.pair)
    assert two.pair.state in (S.DROPPED, S.LAPSED, S.ENDED)
    if state == S.ACTIVE:
        with pytest.raises(Invalid, match="nobody writes here"):
            two.write(two.mentee, "I live in the blue house.", 1)
    two.pair = two.match(S.MENTEE_ASKED)  # made by hand a moment before: nobody is asked whom a decision stops
    answering.say_yes(two.db, two.act(two.mentee), two.pair.ref)
    assert two.pair.state == S.LAPSED


@pytest.mark.parametrize("how", ["not the right one", "steps back", "suspended"])
def test_after_the_end_the_mentee_keeps_it_and_who_is_no_mentor_does_not(two: Two, how: str) -> None:
    two.write(two.mentee, CANARY)
    two.write(two.mentor, OFFER)  # waits
    if how == "not the right one":
        answering.say_no(two.db, two.act(two.mentor), two.pair.ref)
    elif how == "steps back":
        moving.mentor_goes(two.db, two.mentor.id)
    else:
        moving.standing_changed(two.db, two.mentor.id, MemberStatus.SUSPENDED)
    assert two.reads(two.mentee) == [CANARY]
    assert [one.name for one in reading.ended(two.db.connection(), two.act(two.mentee))] == ["Somebody you went with"]
    none = two.act(two.mentor, Role.ORGANISER)
    assert [one.reads for one in reading.ended(two.db.connection(), none)] == [False]
    with pytest.raises(NotFound):
        reading.talk(two.db.connection(), none, two.pair.ref)
    mine = standing.export(two.db, two.mentor.id)["what I wrote in mentoring"]
    assert [(one["text"], one["state"].code) for one in mine] == [(OFFER, "held")]
    retention.remove_old(two.db, TODAY + timedelta(days=182))
    assert two.reads(two.mentee) == [CANARY]
    retention.remove_old(two.db, TODAY + timedelta(days=183))
    assert two.db.exec(select(MentorMessage)).all() == []
    assert two.db.exec(select(Case).where(Case.state == CaseState.OPEN)).all() == []


def test_who_is_no_mentor_any_more_takes_their_own_back(two: Two) -> None:
    two.write(two.mentor, "My own words.")
    goals.set_goal(two.db, two.act(two.mentor), two.pair.ref, TellGoal(dimension=Dimension.SOCIAL, words="A walk"))
    of = reading.talk(two.db.connection(), two.act(two.mentee), two.pair.ref)
    (goal,) = goals.listed(two.db.connection(), of, two.mentee.id)
    moving.mentor_goes(two.db, two.mentor.id)
    two.mentee.name = "A new name that nobody knows"
    two.db.flush()
    none = two.act(two.mentor, Role.ORGANISER)
    (ended,) = reading.ended(two.db.connection(), none)
    assert (ended.name, ended.reads) == ("Somebody you went with", False)
    with pytest.raises(NotFound):
        goals.change(two.db, none, two.pair.ref, goal.ref, ChangeGoal(do="reached"))
    goals.change(two.db, none, two.pair.ref, goal.ref, ChangeGoal(do="remove"))
    assert not talking.delete_mine(two.db, none, two.pair.ref).reads
    assert two.reads(two.mentee) == ["deleted"]
    assert goals.listed(two.db.connection(), of, two.mentee.id) == []
    with pytest.raises(NotFound):
        talking.delete_mine(two.db, two.act(two.awa, Role.COORDINATOR), two.pair.ref)


def test_something_was_wrong_is_about_the_other_one_whatever_their_name(two: Two) -> None:
    two.write(two.mentee, "Hello.")
    answering.say_no(two.db, two.act(two.mentee), two.pair.ref)
    two.mentor.name = "Another Name"
    two.db.flush()
    actions.complain(two.db, two.act(two.mentee), "", "harm", "I am afraid.", "", two.pair.ref)
    assert two.case(CaseKind.COMPLAINT).about_id == two.mentor.id
    assert two.db.exec(select(Flag.about)).one() is None  # nor does her own copy tell the new name
    assert two.seen_at_desk(two.mentor, Role.SAFEGUARDING) == 0
    for who in (two.act(two.awa), GUEST):  # not theirs: as if it was not there
        with pytest.raises(Invalid) as refused:
            actions.complain(two.db, who, "", "harm", "x", "", two.pair.ref)
        assert refused.value.field == "who"


def test_of_what_was_not_sent_what_waits_comes_first(two: Two) -> None:
    insert = [
        {
            "ref": new_ref(),
            "match_id": two.pair.id,
            "author_id": two.mentor.id,
            "state": MessageState.REFUSED,
            "body": f"No {n}",
            "written_at": TODAY - timedelta(days=1),
        }
        for n in range(21)
    ]
    for one in insert:
        two.db.add(MentorMessage(**one))
    two.db.flush()
    assert two.write(two.mentor, OFFER).held
    shown = two.reads(two.mentor)
    assert (len(shown), shown[-1]) == (reading.PER_PAGE, OFFER)


def test_what_is_taken_back_is_gone_and_stays_gone(two: Two) -> None:
    for body in (CANARY, "Second", OFFER):
        two.write(two.mentee, body)
    two.write(two.mentor, "Mine stays.")
    first = two.db.exec(select(MentorMessage).order_by(sa.column("id"))).first()
    assert first is not None
    mentee = two.act(two.mentee)
    for ref in (new_ref(), first.ref):
        with pytest.raises(NotFound) if ref != first.ref else pytest.raises(Exception, match="not here"):
            talking.delete(two.db, two.act(two.mentor), two.pair.ref, ref)  # another one's
    talking.delete(two.db, mentee, two.pair.ref, first.ref)
    assert two.reads(two.mentor) == ["deleted", "Second", "Mine stays."]
    talking.delete_mine(two.db, mentee, two.pair.ref)
    assert two.reads(two.mentor) == two.reads(two.mentee) == ["deleted", "deleted", "Mine stays."]
    held = two.db.exec(select(MentorMessage.ref).where(MentorMessage.author_id == two.mentee.id).order_by(sa.desc("id"))).first()
    for who, ref, told in ((two.mentor, first.ref, True), (two.mentor, held, False), (two.mentee, first.ref, False)):
        with contextlib.nullcontext() if told else pytest.raises(NotFound):  # a threat that was read and taken back can be told
            actions.flag(two.db, two.act(who), "message", ref, "hurts", "It was a threat.")
    assert two.case(CaseKind.MESSAGE).state == CaseState.CLOSED
    two.db.execute(sa.update(MentorMessage).where(sa.column("id") == first.id).values(state=MessageState.SHOWN, body=CANARY))
    assert erasures.erase(two.db, talking.WORDS, first.id, now().date())  # an older copy was restored
    assert not erasures.erase(two.db, talking.WORDS, first.id, now().date())
    assert two.reads(two.mentor) == ["deleted", "deleted", "Mine stays."]


def test_when_one_of_the_two_leaves_the_talk_goes_with_them(two: Two) -> None:
    from app.domain.accounts import actions as accounts

    two.write(two.mentee, CANARY)
    two.write(two.mentor, OFFER)
    ref = two.db.exec(select(MentorMessage.ref).where(MentorMessage.author_id == two.mentee.id)).one()
    actions.flag(two.db, two.act(two.mentor), "message", ref, "other", "")
    accounts.purge_member(two.db, two.mentor.id)
    assert two.db.exec(select(MentorMessage)).all() == two.db.exec(select(MentorMatch)).all() == []
    assert NEW not in two.told(two.mentee)
    assert two.case(CaseKind.MESSAGE).state == CaseState.CLOSED
    two.decide(CaseKind.MESSAGE_FLAG, Outcome.KEEP)  # what was told us is decided all the same


def test_when_its_writer_leaves_a_flagged_message_is_decided_and_who_flagged_is_answered(two: Two) -> None:
    from app.domain.accounts import actions as accounts

    two.write(two.mentor, "You must come alone.")
    (ref,) = two.db.exec(select(MentorMessage.ref))
    actions.flag(two.db, two.act(two.mentee), "message", ref, "hurts", "I am afraid.")
    accounts.purge_member(two.db, two.mentor.id)
    case = two.case(CaseKind.MESSAGE_FLAG)
    flag = two.db.exec(select(Flag).where(Flag.case_id == case.id).execution_options(populate_existing=True)).one()
    assert (case.state, case.snapshot, flag.note) == (CaseState.OPEN, '{"body": "You must come alone."}', "I am afraid.")
    two.decide(CaseKind.MESSAGE_FLAG, Outcome.HIDE, 1)
    assert two.told(two.mentee)[-1].startswith("We looked at what somebody wrote to you and you told us about, and hid it")
    assert two.told(two.mentor) == []
    assert two.case(CaseKind.MESSAGE_FLAG).snapshot is None


@pytest.mark.parametrize("items", [1, 3])
def test_the_pages(
    two: Two, browse: Callable[..., Browser], count_queries: Callable[[], Any], app: Any, settings: Settings, items: int
) -> None:
    for number in range(items):
        two.write(two.mentee, f"Number {number}")
    two.make.commit()
    mentee, mentor, other = browse(two.mentee), browse(two.mentor), browse(two.awa)
    path = f"/my/mentoring/with/{two.pair.ref}"
    mentor.get(path)
    engines = app.state.house.database
    with count_queries(engines.read_engine, engines.write_engine) as seen:
        page = mentor.get(path)
    assert len(seen) == 4, seen
    assert "Number 0" in page.text
    assert "<title>Me" in page.text
    form = {"body": "I am here.", "language": "en", "once": "abc123"}
    first, again = (mentor.post(f"{path}/words", form) for _n in range(2))
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    assert two.db.execute(sa.select(sa.func.count()).select_from(MentorMessage)).scalar_one() == items + 1
    two.db.commit()
    for body in ("", "x" * 4_001):
        refused = mentee.post(f"{path}/words", {"body": body, "language": "en"})
        assert (refused.status_code, body in refused.text) == (422, True)
    held = text_of(mentee.send(f"{path}/words", {"body": OFFER, "language": "en"}))
    assert "somebody reads it first" in held
    assert "none of these" in held
    (ref,) = two.db.exec(select(MentorMessage.ref).where(MentorMessage.state == MessageState.HELD))
    two.db.commit()
    assert [other.get(path).status_code, mentor.get(f"{path}/words/{ref}").status_code] == [404, 404]
    assert [other.post(f"{path}/{what}", form).status_code for what in ("words", "forget", f"words/{ref}")] == [404] * 3
    assert "Take it back" in mentee.get(f"{path}/words/{ref}").text
    assert "The words are gone" in text_of(mentee.send(f"{path}/words/{ref}"))
    assert "Lamin Copper" not in mentee.get("/my/mentoring/with").text
    assert "Write to each other" in text_of(mentee.get("/my/mentoring"))
    mentee.post(path, {"answer": "no"})
    assert "Somebody you went with" in mentee.get("/my/mentoring/with").text
    assert "You parted on" in text_of(mentee.get(path))
    late = mentor.post(f"{path}/words", {"body": "Wait, this I typed.", "language": "en"})
    assert (late.status_code, "Wait, this I typed." in late.text) == (422, True)
    two.db.execute(sa.text("UPDATE role_grant SET ended_on = from_on WHERE role = 'MENTOR' OR role = 'mentor'"))
    two.db.commit()
    assert "Take back everything that I wrote here" in mentor.get("/my/mentoring/with").text
