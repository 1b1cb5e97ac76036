"""Goals and what comes next: flagged, decided, taken back, also after a restore; a word before what lacks a meeting ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import clock
from app.core.errors import Conflict, NotFound, Refused
from app.domain import wiring
from app.domain.mentoring.joining import screening
from app.domain.mentoring.rounds import answering, moving
from app.domain.mentoring.together import forgetting, goals, meeting, nudging, reading, reviews, standing
from app.domain.moderation import actions, queries, said, undoing
from app.models.accounts import Erasure, Member, Role, RoleGrant
from app.models.mentoring import Mentor
from app.models.mentorships import Dimension, MentorGoal, MentorMeeting, MentorReview
from app.models.moderation import CaseKind, Outcome
from app.schemas.mentoring import CareMentor
from app.schemas.mentorships import ChangeGoal, ChangeMeeting, TellGoal, TellMeeting, TellReview
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make
from tests.mentoring.test_talks import Two

STEP = "Come alone to the office."


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected."""
    wiring.connect()


@pytest.fixture
def two(db: Session, make: Make) -> Two:
    """Two who go together, with a goal and a meeting by the mentor, a goal and a meeting by the mentee, and a first review."""
    found = Two(db, make)
    for who in (found.mentor, found.mentee):
        goals.set_goal(db, found.act(who), found.pair.ref, TellGoal(dimension=Dimension.SOCIAL, words=STEP))
        wish = TellMeeting(on=TODAY.date(), channel="chat", minutes=30, next=STEP, mood="heavier")
        meeting.write_down(db, found.act(who), found.pair.ref, wish)
    with clock.at(TODAY + timedelta(days=31)):
        reviews.ask_due(db)
        for who in (found.mentor, found.mentee):
            reviews.answer(db, found.act(who), found.pair.ref, TellReview(month=1, going="not", helped="Tea"))
    return found


def _of(two: Two, who: Member) -> reading.Talk:
    return reading.mine(two.db.connection(), two.act(who), two.pair.ref)


def _goals(two: Two, who: Member) -> list[str]:
    return [one.words for one in goals.listed(two.db.connection(), _of(two, who), who.id)]


def _meetings(two: Two, who: Member) -> list[tuple[str, str]]:
    return [(one.next, one.mood) for one in meeting.listed(two.db.connection(), _of(two, who), who.id)[0]]


def _ref(two: Two, kind: str, by: Member) -> str:
    table = MentorGoal if kind == "goal" else MentorMeeting
    return str(two.db.execute(sa.select(col(table.ref)).where(col(table.author_id) == by.id)).scalar_one())


@pytest.mark.parametrize("kind", ["goal", "step"])
def test_a_line_is_flagged_decided_taken_back_and_decided_by_the_words_of_then(two: Two, kind: str) -> None:
    ref, before = _ref(two, kind, two.mentor), two.told(two.mentor)
    for who in (two.awa, two.sira):
        with pytest.raises(NotFound):
            actions.flag(two.db, two.act(who, Role.SAFEGUARDING), kind, ref, "hurts", "")
    with pytest.raises(Refused):
        actions.flag(two.db, two.act(two.mentor), kind, ref, "hurts", "")
    actions.flag(two.db, two.act(two.mentee), kind, ref, "hurts", "I am afraid.")
    assert two.seen_at_desk(two.mentor, Role.SAFEGUARDING) == two.seen_at_desk(two.awa, Role.COORDINATOR) == 0
    case = two.case(CaseKind.MESSAGE_FLAG)
    assert not queries.case_page(two.db, two.act(two.binta, Role.SAFEGUARDING), case.ref).may_open  # she supervises
    two.decide(CaseKind.MESSAGE_FLAG, Outcome.KEEP)
    assert two.told(two.mentor) == before
    actions.flag(two.db, two.act(two.mentee), kind, ref, "hurts", "")
    hidden = two.decide(CaseKind.MESSAGE_FLAG, Outcome.HIDE, 1)

    def read(who: Member) -> list[str]:
        return _goals(two, who) if kind == "goal" else [words for words, _mood in _meetings(two, who)]

    assert (sorted(read(two.mentee)), sorted(read(two.mentor))) == (["", STEP], [STEP, STEP])
    assert "We hid something" in two.told(two.mentor)[-1]
    with pytest.raises(NotFound):  # what is hidden cannot be told of again
        actions.flag(two.db, two.act(two.mentee), kind, ref, "hurts", "")
    sira = two.act(two.sira, Role.SAFEGUARDING)
    assert undoing.undo(two.db, sira, [hidden]) == (1, "")
    assert read(two.mentee) == [STEP, STEP]
    if kind == "goal":
        goals.change(two.db, two.act(two.mentee), two.pair.ref, ref, ChangeGoal(do="remove"))
    else:
        meeting.change(two.db, two.act(two.mentor), two.pair.ref, ref, ChangeMeeting(do="remove"))
    two.db.expire_all()
    case = actions.open_case(two.db, sira, two.case(CaseKind.MESSAGE_FLAG).ref)
    words = said.of(case).contents(two.db, case)
    assert words is not None
    assert (words.body, words.flagged) == ("", STEP)
    two.decide(CaseKind.MESSAGE_FLAG, Outcome.HIDE, 1)
    assert two.told(two.mentee)[-1].startswith("We looked at what somebody wrote to you and you told us about, and hid it")


def _everything(two: Two) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    said = two.db.execute(sa.select(col(MentorReview.mentee_said), col(MentorReview.mentor_said)).order_by(col(MentorReview.month)))
    mentee, mentor = next(iter(said))
    return (
        _goals(two, two.mentee),
        _meetings(two, two.mentee),
        [side for side, words in (("mentee", mentee), ("mentor", mentor)) if words],
    )


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_taking_everything_back_leaves_nothing_of_ones_own_also_after_a_restore(two: Two, who: str) -> None:
    whole = two.db.connection().exec_driver_sql("SELECT id FROM mentor_meeting").fetchall()
    assert len(whole) == 2
    member = getattr(two, who)
    two.write(member, "My own words.")
    answering.say_no(two.db, two.act(two.mentee), two.pair.ref)
    none = two.act(member, Role.ORGANISER)  # the mentor is none any more
    with two.db.begin_nested() as kept:
        forgetting.forget_mine(two.db, none, two.pair.ref)
        after = _everything(two)
        entries = [(e.kind, e.subject_id) for e in two.db.exec(select(Erasure)).all() if e.kind in standing.LEDGER]
        kept.rollback()  # an older copy is restored
    two.db.expire_all()
    assert _everything(two) != after
    other = "mentor" if who == "mentee" else "mentee"
    log = [(STEP, "")] if who == "mentee" else [(STEP, "heavier"), ("", "")]
    assert (after[0], sorted(after[1]), after[2]) == ([STEP], sorted(log), [other])
    for kind, subject_id in entries:
        assert standing.erase_again(two.db, kind, subject_id)
    two.db.expire_all()
    assert (_everything(two), two.reads(two.mentee)) == (after, ["deleted"])
    with pytest.raises(NotFound):
        forgetting.forget_mine(two.db, two.act(two.awa), two.pair.ref)


def test_a_mood_and_an_answer_are_taken_back_said_anew_and_both_parts_stand_in_the_ledger(two: Two) -> None:
    def kinds() -> list[str]:
        return sorted(e.kind for e in two.db.exec(select(Erasure)).all())

    mentee, mentor, ref = two.act(two.mentee), two.act(two.mentor), _ref(two, "step", two.mentor)
    meeting.change(two.db, mentee, two.pair.ref, ref, ChangeMeeting(do="mood"))
    meeting.change(two.db, mentor, two.pair.ref, ref, ChangeMeeting(do="remove"))
    assert kinds() == ["meeting both"]
    meeting.change(two.db, mentee, two.pair.ref, ref, ChangeMeeting(do="mood", mood="lighter"))
    assert kinds() == ["meeting words"]
    for actor in (mentee, mentor):
        reviews.take_back(two.db, actor, two.pair.ref, 1)
        with pytest.raises(NotFound):
            reviews.take_back(two.db, actor, two.pair.ref, 1)
    assert kinds() == ["meeting words", "review both"]
    with clock.at(TODAY + timedelta(days=31)):
        reviews.answer(two.db, mentee, two.pair.ref, TellReview(month=1, going="well"))
    assert kinds() == ["meeting words", "review mentor"]
    meeting.change(two.db, mentee, two.pair.ref, ref, ChangeMeeting(do="remove"))  # the mentee takes the line out altogether
    assert kinds() == ["mentor_meeting", "review mentor"]


@pytest.mark.parametrize("wrote", [False, True])
def test_both_hear_a_week_before_and_what_they_read_at_the_end_is_true(db: Session, make: Make, wrote: bool) -> None:
    two = Two(db, make)
    if wrote:
        two.write(two.mentee, "Hello.")
    told = []
    for days in (22, 23, 24):
        with clock.at(TODAY + timedelta(days=days)):
            nudging.remind(db)
            told.append([two.told(who).count(nudging.UNMET) for who in (two.mentee, two.mentor)])
    assert told == [[0, 0], [1, 1], [1, 1]]
    with clock.at(TODAY + timedelta(days=31)):
        moving.lapse_due(db)
    ends = [two.told(who)[-1] for who in (two.mentee, two.mentor)]
    assert ends == ([moving.OVER, moving.OVER] if wrote else [moving.NOT_THIS_TIME, moving.NO_LONGER])  # no wish waits here


def test_a_role_that_a_decision_ended_is_not_given_back_by_care(two: Two) -> None:
    row = two.db.exec(select(Mentor)).one()
    grant = two.db.exec(select(RoleGrant).where(RoleGrant.member_id == two.mentor.id)).one()
    wish = CareMentor(row_version=row.row_version, supervisor=two.binta.id, until=TODAY.date() + timedelta(days=90))
    grant.ended_on = TODAY.date()  # elsewhere, before this version or in a copy that was restored
    two.db.flush()
    with pytest.raises(Conflict, match="a panel decides anew"):
        screening.care(two.db, two.act(two.awa, Role.COORDINATOR), row.ref, wish)
    grant.ended_on, grant.until_on = None, TODAY.date()  # it ran out by its day
    two.db.flush()
    screening.care(two.db, two.act(two.awa, Role.COORDINATOR), row.ref, wish)


def test_the_pages_of_lines(two: Two, browse: Callable[..., Browser]) -> None:
    with clock.at(TODAY + timedelta(days=31)):
        _walk(two, browse)


def _walk(two: Two, browse: Callable[..., Browser]) -> None:
    step = _ref(two, "step", two.mentor)
    two.db.commit()
    mentee, mentor = browse(two.mentee), browse(two.mentor)
    path = f"/my/mentoring/with/{two.pair.ref}"
    pages = text_of(mentee.get(f"{path}/goals")), text_of(mentee.get(f"{path}/meetings"))
    assert [page.count("Something is wrong with this") for page in pages] == [1, 1]  # the line of the other one
    form = mentee.get(f"/flag/step/{step}")
    assert form.status_code == 200
    assert "Somebody of safeguarding looks at it" in text_of(form)
    talk = text_of(mentor.get(path))
    assert "Numbers and addresses" in talk
    assert mentor.post(f"{path}/numbers", {"do": "yes"}).status_code == 303
    assert mentor.post(f"{path}/numbers", {"do": "maybe"}).status_code == 422
    assert "I do not want it any more" in mentor.get(path).text
    assert "Take my answer back" in mentee.get(f"{path}/reviews").text
    assert mentee.post(f"{path}/reviews/forget", {"month": "1"}).status_code == 303
    assert mentor.post(f"{path}/meetings/{step}", {"do": "remove"}).status_code == 303
    assert "Taken out by whoever wrote it." in text_of(mentee.get(f"{path}/meetings"))
    assert mentee.post(f"{path}/forget", {}).status_code == 303
