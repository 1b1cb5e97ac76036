"""Looking after mentors: whose wish to talk goes to whom, and what the page tells of whom."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.errors import Invalid
from app.domain import wiring
from app.domain.actor import Actor
from app.domain.mentoring.joining import packets
from app.domain.mentoring.supervision import rules
from app.domain.mentoring.together import meeting
from app.models.accounts import Answer, Role, RoleGrant
from app.models.mentoring import MatchState, Mentor, MentorMatch, MentorState
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

DAY = TODAY.date()


@pytest.mark.parametrize(("answers", "says"), [
    ((0, 0, 0, 0, 2), "well for now"), ((1, 1, 1, 0, 0), "heavy"), ((2, 2, 1, 0, 0), "heavy"), ((2, 2, 2, 0, 0), "too much"),
])  # fmt: skip
def test_what_the_check_says(answers: tuple[int, ...], says: str) -> None:
    assert says in rules.weighed(answers)


def test_to_whom_a_wish_to_talk_goes() -> None:
    me, mentor, other = uuid4(), uuid4(), uuid4()
    coordinator = Actor(me, "Open Door", "en", roles=frozenset({Role.COORDINATOR}))
    guard = Actor(me, "Calm Harbour", "en", roles=frozenset({Role.SAFEGUARDING}))
    told = [
        (guard, mentor, me, True, True), (guard, mentor, other, True, False), (coordinator, mentor, me, True, True),
        (coordinator, mentor, other, True, False), (coordinator, mentor, other, False, True),
        (coordinator, mentor, None, False, True),
        (guard, mentor, None, False, False), (coordinator, me, me, True, False), (coordinator, me, None, False, False),
    ]  # fmt: skip
    for actor, whose, supervisor, at_work, mine in told:
        assert rules.is_mine(actor, whose, supervisor, at_work=at_work, mentee=False) is mine
        assert bool(rules.may_note_talk(actor, whose, supervisor, at_work=at_work, mentee=False)) is mine
        assert not rules.may_note_talk(actor, whose, supervisor, at_work=at_work, mentee=True)


def test_a_wish_to_talk_through_the_pages(db: Session, make: Make, browse: Callable[..., Browser]) -> None:
    wiring.connect()
    mentor, guard = make.member("Quiet River", Role.MENTOR), make.member("Calm Harbour", Role.SAFEGUARDING)
    desk, stranger = make.member("Open Door", Role.COORDINATOR), make.member("Amber", Role.SAFEGUARDING)
    row = Mentor(
        ref="abcdefgh2345", member_id=mentor.id, state=MentorState.ACTIVE, said=packets.EMPTY, capacity=2, touched_on=DAY,
        supervisor_id=guard.id, trained_until=DAY + timedelta(days=10),
    )  # fmt: skip
    db.add(row)
    make.commit()
    me, ours, theirs, others = browse(mentor), browse(guard), browse(desk), browse(stranger)
    at, page = f"/desk/supervision/{row.ref}", "/my/mentoring/wellbeing"
    seen = text_of(ours.get("/desk/supervision"))
    assert "Quiet River" in seen
    assert "0 of 2 places taken" in seen
    assert "Training ends soon" in seen
    assert "Would like to talk" not in seen
    assert ours.post(at, {}).status_code == 404
    # Answers say something, and are kept nowhere; one that is missing is asked again with the others as they were.
    assert "too much" in text_of(me.post(page, {f"answer{n}": "2" for n in range(1, 6)}))
    again = me.post(page, {"answer1": "2"})
    assert (again.status_code, again.text.count("checked")) == (422, 1)
    assert others.get(page).status_code == others.post(f"{page}/talk", {"do": "ask"}).status_code == 404
    for _twice in range(2):
        me.send(f"{page}/talk", {"do": "ask"})
    assert [a.sentence[:20] for a in db.exec(select(Answer))] == ["A mentor whom you su"]
    make.commit()
    assert "Quiet River" not in ours.get("/my/answers").text
    assert "Would like to talk" in text_of(ours.get("/desk/supervision"))
    # A coordinator sees the mentor, not the wish; who supervises somebody else sees neither.
    assert "Quiet River" in text_of(theirs.get("/desk/supervision"))
    assert "Would like to talk" not in text_of(theirs.get("/desk/supervision"))
    assert "Quiet River" not in others.get("/desk/supervision").text
    assert theirs.post(at, {}).status_code == others.post(at, {}).status_code == 403
    ours.send(at)
    assert "say it once more" in text_of(me.get("/my/answers"))
    me.send(f"{page}/talk", {"do": "ask"})
    me.send(f"{page}/talk", {"do": "take_back"})
    db.refresh(row)
    assert row.wants_talk_on is None
    # Whoever's role has ended hears of no wish, neither from here nor from a meeting that is written down.
    db.execute(sa.update(RoleGrant).where(col(RoleGrant.member_id) == guard.id).values(ended_on=DAY))
    told = len(db.exec(select(Answer)).all())
    make.commit()
    me.send(f"{page}/talk", {"do": "ask"})
    with pytest.raises(Invalid, match="Nobody supervises you"):
        meeting._ask_supervisor(db, mentor.id)
    assert len(db.exec(select(Answer)).all()) == told


def test_a_mentee_who_works_at_the_desk_hears_of_no_wish_of_their_own_mentor(
    db: Session, make: Make, browse: Callable[..., Browser]
) -> None:
    wiring.connect()
    mentor, guard = make.member("Quiet River", Role.MENTOR), make.member("Calm Harbour", Role.SAFEGUARDING)
    mentee, desk = make.member("Open Door", Role.COORDINATOR), make.member("Amber", Role.COORDINATOR)
    row = Mentor(
        ref="abcdefgh2345", member_id=mentor.id, state=MentorState.ACTIVE, said=packets.EMPTY, capacity=2, touched_on=DAY,
        supervisor_id=guard.id, trained_until=DAY + timedelta(days=10), wants_talk_on=DAY,
    )  # fmt: skip
    pairs = [
        MentorMatch(
            ref=f"mm{number}", mentee_id=whose.id, mentor_id=mentor.id, state=MatchState.ACTIVE, version="1", why="", made_on=DAY,
            due_on=DAY + timedelta(days=180),
        )
        for number, whose in enumerate((mentee, guard))
    ]  # fmt: skip
    db.add_all([row, *pairs])
    make.commit()
    at, wish = f"/desk/supervision/{row.ref}", "Would like to talk"
    ours, theirs, others = browse(guard), browse(mentee), browse(desk)
    for one in (ours, theirs):
        assert wish not in text_of(one.get("/desk/supervision"))
        assert one.post(at, {}).status_code == 403
    # The named supervisor is a mentee of theirs by now: it goes to the coordinators, but for who is one too.
    assert wish in text_of(others.get("/desk/supervision"))
    assert browse(mentor).get("/my/mentoring/wellbeing").text.count("Calm Harbour") == 0
    others.send(at)
    db.refresh(row)
    pairs[1].state = MatchState.PROPOSED  # of which the mentee knows nothing yet, and learns nothing here
    row.wants_talk_on = DAY
    make.commit()
    assert wish in text_of(ours.get("/desk/supervision"))
