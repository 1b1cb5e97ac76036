"""Help from outside: by both, by the mentee alone, never by the mentor alone; a no shows nowhere; and a word before a wish ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.errors import Invalid, NotFound, Refused
from app.domain import wiring
from app.domain.accounts import actions as accounts
from app.domain.mentoring.joining import asking
from app.domain.mentoring.joining import standing as joining
from app.domain.mentoring.together import forgetting, outside, reading, standing
from app.models.accounts import Erasure, Member, Role
from app.models.mentoring import AskState, MentorAsk
from app.models.mentorships import MentorHelp
from app.schemas.mentorships import AnswerHelp, TakeUpHelp, WantHelp
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make
from tests.mentoring.test_talks import Two


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected."""
    wiring.connect()


@pytest.fixture
def two(db: Session, make: Make) -> Two:
    """Two people who both said yes."""
    return Two(db, make)


def _propose(two: Two, who: Member, need: str = "legal", *, alone: bool = False) -> str:
    before = {one.ref for one in two.db.exec(select(MentorHelp)).all()}
    outside.propose(two.db, two.act(who), two.pair.ref, WantHelp(need=need, alone=alone))
    return next(one.ref for one in two.db.exec(select(MentorHelp)).all() if one.ref not in before)


def _answer(two: Two, who: Member, ref: str, do: str) -> bool:
    return outside.answer(two.db, two.act(who), two.pair.ref, ref, AnswerHelp(do=do))


def _reads(two: Two, who: Member) -> list[tuple[str, str]]:
    of = reading.talk(two.db.connection(), two.act(who), two.pair.ref)
    return [(one.need, one.state) for one in outside.listed(two.db.connection(), of)]


def _desk(two: Two, who: Member) -> list[tuple[str, str]]:
    return [(one.name, one.need) for one in outside.wanted(two.db, two.act(who, Role.COORDINATOR))]


LAW = "Rights and the law"


def test_both_want_it_a_coordinator_takes_it_up(two: Two) -> None:
    with pytest.raises(Refused):
        _propose(two, two.mentor, alone=True)
    ref = _propose(two, two.mentor)
    assert two.told(two.mentee) == [outside.PROPOSED]
    for do in ("yes", "alone"):
        with pytest.raises((Invalid, Refused)):
            _answer(two, two.mentor, ref, do)  # the mentor alone may not
    assert (_desk(two, two.awa), two.told(two.awa)) == ([], [])
    with pytest.raises(Invalid):
        _answer(two, two.mentee, ref, "alone")  # of what the mentor thought of there is nothing to keep from the mentor
    assert _answer(two, two.mentee, ref, "yes")
    assert (_desk(two, two.awa), two.told(two.awa)) == ([("Amina Baobab", LAW)], [outside.ASKED])
    assert _desk(two, two.mentee) == _desk(two, two.mentor) == []  # never of one's own pair, whatever the role
    with pytest.raises(Invalid):
        _answer(two, two.mentee, ref, "yes")
    note = TakeUpHelp(note="Ask for Binta at the law clinic.")
    for who, role in ((two.mentor, Role.COORDINATOR), (two.sira, Role.SAFEGUARDING)):
        with pytest.raises((NotFound, Refused)):
            outside.take_up(two.db, two.act(who, role), ref, note)
    outside.take_up(two.db, two.act(two.awa, Role.COORDINATOR), ref, note)
    with pytest.raises(NotFound):
        outside.take_up(two.db, two.act(two.awa, Role.COORDINATOR), ref, note)
    assert two.told(two.mentee)[-1] == outside.TAKEN_UP
    assert (_reads(two, two.mentee), _reads(two, two.mentor)) == ([(LAW, "answered")], [(LAW, "sent")])


def test_a_no_and_what_the_mentee_wants_alone_show_nowhere(two: Two) -> None:
    ref, before = _propose(two, two.mentor), _reads(two, two.mentor)
    _answer(two, two.mentee, ref, "no")
    assert (_reads(two, two.mentor), _reads(two, two.mentee)) == (before, [])
    with pytest.raises(Invalid, match="already"):
        _propose(two, two.mentor)  # as if nothing had been said
    with pytest.raises(NotFound):
        _answer(two, two.mentee, ref, "yes")
    alone = _propose(two, two.mentee, alone=True)
    assert (_desk(two, two.awa), _reads(two, two.mentor)) == ([("Amina Baobab", LAW)], before)
    with pytest.raises(NotFound):
        _answer(two, two.mentor, alone, "yes")
    both = _propose(two, two.mentee, "health")
    with pytest.raises(NotFound):
        _answer(two, two.mentor, both, "no")  # what the mentee wants goes on
    assert _answer(two, two.mentee, both, "alone")
    assert _reads(two, two.mentor) == before
    _propose(two, two.mentee, "family")
    with pytest.raises(Invalid, match="Three"):
        _propose(two, two.mentee, "housing")
    assert two.told(two.awa) == [outside.ASKED]  # once while it is unread
    own = standing.export(two.db, two.mentee.id)["help from outside that I wanted"]
    assert len(own) == 4
    assert standing.export(two.db, two.mentor.id)["help from outside that I wanted"] == []


def test_nobody_else_at_the_desk_and_what_ends(two: Two) -> None:
    first, second = _propose(two, two.mentee, alone=True), _propose(two, two.mentor, "health")
    forgetting.forget_mine(two.db, two.act(two.mentee), two.pair.ref)
    assert _desk(two, two.awa) == []
    (gone,) = (e for e in two.db.exec(select(Erasure)).all() if e.kind == outside.GONE)
    assert not standing.erase_again(two.db, gone.kind, gone.subject_id)
    third = _propose(two, two.mentee, "family", alone=True)
    for days, left in ((30, {second, third}), (31, {third}), (60, {third}), (61, set())):
        outside.remove_old(two.db, TODAY + timedelta(days=days))
        two.db.expire_all()
        assert {one.ref for one in two.db.exec(select(MentorHelp)).all()} == left, days
    assert two.told(two.mentee)[-1] == outside.NOT_TAKEN_UP
    assert first not in {second, third}
    for who in (two.awa, two.binta):
        who.closed = True
    two.db.flush()
    with pytest.raises(Invalid, match="Nobody at the desk"):
        _propose(two, two.mentee, "legal", alone=True)


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_when_one_leaves_what_the_mentee_wants_stays_the_mentees(two: Two, who: str) -> None:
    _propose(two, two.mentee, alone=True)
    _propose(two, two.mentor, "health")
    accounts.purge_member(two.db, getattr(two, who).id)
    assert _desk(two, two.awa) == ([("Amina Baobab", LAW)] if who == "mentor" else [])
    assert len(two.db.exec(select(MentorHelp)).all()) == (1 if who == "mentor" else 0)


def test_a_wish_says_two_weeks_before_that_it_ends(db: Session, make: Make) -> None:
    two = Two(db, make)
    other = make.member("New Leaf")
    db.add(MentorAsk(member_id=other.id, state=AskState.WAITING, said="{}", asked_on=TODAY.date(), touched_on=TODAY.date()))
    db.flush()
    told = []
    for days in (350, 351, 352):
        with clock.at(TODAY + timedelta(days=days)):
            joining.warn_of_ends(db)
            told.append(two.told(other).count(joining.STILL_RIGHT))
    with clock.at(TODAY + timedelta(days=355)):
        asking.still_right(db, two.act(other))
    for days in (366, 706):
        with clock.at(TODAY + timedelta(days=days)):
            joining.warn_of_ends(db)
            told.append(two.told(other).count(joining.STILL_RIGHT))
    assert told == [0, 1, 1, 1, 2]


def test_the_pages_of_help(two: Two, browse: Callable[..., Browser]) -> None:
    ref = _propose(two, two.mentor)
    two.db.commit()
    mentee, desk = browse(two.mentee), browse(two.awa)
    path = f"/my/mentoring/with/{two.pair.ref}/outside"
    page = text_of(mentee.get(path))
    assert "The other one thought of it" in page
    assert "A no is told to nobody." in page
    assert mentee.post(path, {"need": "luck"}).status_code == 422
    assert mentee.post(f"{path}/{ref}", {"do": "perhaps"}).status_code == 422
    assert mentee.post(f"{path}/{ref}", {"do": "yes"}).status_code == 303
    assert "Amina Baobab" in text_of(desk.get("/desk/pairs/help"))
    empty = desk.post(f"/desk/pairs/help/{ref}", {"note": " "})
    assert empty.status_code == 422
    assert desk.post(f"/desk/pairs/help/{ref}", {"note": "Come on Friday."}).status_code == 303
    assert desk.get(f"/desk/pairs/help/{ref}").status_code == 404
    assert "Answered: it stands under My answers" in text_of(mentee.get(path))
