"""What a review found in help boards: a no that outlives leaving, a restored copy, words that were typed, hidden groups."""

from datetime import timedelta

from sqlmodel import select

from app.core import clock
from app.core.clock import now
from app.domain.board import ending, standing
from app.domain.board.wording import ENDED, MOVED, NOT_THIS
from app.domain.groups import belonging
from app.models.accounts import Erasure, Member, MemberStatus
from app.models.board import BoardEntry, BoardHelp, BoardStage, BoardState, BoardTaking, TakingState
from app.models.groups import Group, GroupState, Visibility
from app.models.moderation import Bar, Outcome
from tests.board.conftest import entry_form
from tests.board.test_board import EXACT, _at, _form, _offered, _taken, _told
from tests.browse import text_of
from tests.groups.conftest import Circle
from tests.groups.test_mended import _decide


def _state(circle: Circle, state: GroupState) -> None:
    circle.make.db.get_one(Group, circle.group.id, populate_existing=True).state = state
    circle.make.commit()


def test_a_no_keeps_nobody_in_the_group_and_outlives_that_they_come_again(circle: Circle) -> None:
    entry, db = _taken(circle, agreed=False), circle.make.db
    circle.browse(circle.awa).send(f"{_at(circle, entry)}/move", _form(circle, do="no"))
    taking = circle.one(select(BoardTaking))
    omar = circle.browse(circle.omar)
    assert omar.post(f"{circle.path}/leave", {"words": "stay", "reason": ""}).status_code == 303
    circle.make.seat(circle.group, circle.omar)
    circle.make.commit()
    assert omar.get(_at(circle, entry)).status_code == 404
    assert omar.post(f"{_at(circle, entry)}/take", {"words": "It is me again."}).status_code == 404
    # A restored older copy: the no comes before that they left.
    assert ending.REFUSED in standing.FIRST
    db.expunge_all()
    back = db.get_one(BoardTaking, taking.id)
    back.state, back.note = TakingState.ASKED, "I sew."
    db.commit()
    assert standing.erase_again(db, ending.REFUSED, taking.id)
    belonging.take_out(db, circle.group.id, circle.omar.id)
    circle.make.commit()
    assert circle.one(select(BoardTaking)).state == TakingState.REFUSED


def test_done_is_done_also_after_a_restore_and_whoever_took_it_can_be_forgotten(circle: Circle) -> None:
    entry, db = _taken(circle), circle.make.db
    omar = circle.browse(circle.omar)
    circle.browse(circle.awa).send(f"{_at(circle, entry)}/move", _form(circle, do="done"))
    assert (ending.DONE, entry.id) in [(one.kind, one.subject_id) for one in circle.all(select(Erasure))]
    taking = circle.one(select(BoardTaking))
    db.expunge_all()
    then, there = db.get_one(BoardEntry, entry.id), db.get_one(BoardTaking, taking.id)
    then.stage, then.done_on, there.note, there.told = BoardStage.TAKEN, None, "I sew.", EXACT
    db.commit()
    day = now().date() - timedelta(days=3)
    db.exec(select(Erasure).where(Erasure.subject_id == entry.id)).one().on = day
    db.commit()
    assert standing.erase_again(db, ending.DONE, entry.id)
    assert not standing.erase_again(db, ending.DONE, entry.id)
    circle.make.commit()
    taking, entry = circle.one(select(BoardTaking)), circle.fresh(entry)
    assert (taking.note, taking.told, entry.stage, entry.done_on) == (None, None, BoardStage.DONE, day)
    assert "Forget that I took it" in text_of(omar.get(_at(circle, entry)))
    assert "Nothing of it is kept." in text_of(omar.send(f"{_at(circle, entry)}/move", {"do": "back"}))
    assert (circle.all(select(BoardTaking)), circle.fresh(entry).stage) == ([], BoardStage.DONE)


def test_what_was_typed_is_there_when_it_moved_meanwhile(circle: Circle) -> None:
    awa, omar = circle.browse(circle.awa), circle.browse(circle.omar)
    entry = _taken(circle, agreed=False)
    old = _form(circle, words=EXACT)
    omar.send(f"{_at(circle, entry)}/move", {"do": "back"})
    answer = awa.post(f"{_at(circle, entry)}/say", old)
    assert (answer.status_code, EXACT in text_of(answer)) == (409, True)
    omar.send(f"{_at(circle, entry)}/take", {"words": "I sew."})
    awa.send(f"{_at(circle, entry)}/say", _form(circle, words=EXACT))
    old = _form(circle, words="I come at 10 with 2 bags.")
    awa.send(f"{_at(circle, entry)}/move", _form(circle, do="done"))
    answer = omar.post(f"{_at(circle, entry)}/say", old)
    assert (answer.status_code, "I come at 10 with 2 bags." in text_of(answer)) == (409, True)
    assert awa.post(f"{_at(circle, entry)}/move", {}).status_code == 422


def test_what_is_said_of_an_entry_that_is_over_or_hidden_is_true(circle: Circle) -> None:
    awa, entry = circle.browse(circle.awa), _taken(circle)
    assert "For the others it stands here until" in text_of(awa.get(_at(circle, entry)))
    zeno = circle.make.member("Zeno Stone")
    circle.make.seat(circle.group, zeno)
    circle.browse(zeno).send(f"/flag/board/{entry.ref}", {"reason": "other", "note": "Strange."})
    assert circle.all(select(Bar)) == []  # who took it stands nowhere but at the entry
    _decide(circle, Outcome.HIDE, rule=1, words="Not so.")
    page = text_of(awa.get(_at(circle, entry)))
    for words in ("Only you read it.", "This cannot be answered while it is hidden."):
        assert words in page
    assert "Nobody has taken this" not in page
    # What they hear of the hiding leads to no decision about another's words, and stands there once as long as it is unread.
    told = circle.all(select(ending.Answer).where(ending.Answer.member_id == circle.omar.id))
    assert [(one.sentence, one.matter) for one in told] == [(MOVED, None)]
    page = text_of(awa.send(f"{_at(circle, entry)}/move", _form(circle, do="no")))
    assert ("It is with them no longer." in page, "open again" in page) == (True, False)


def test_a_taken_entry_that_ends_by_its_date_is_told_to_both(circle: Circle) -> None:
    entry = _taken(circle)
    with clock.at(now() + timedelta(days=20)):
        assert "stands here until" not in text_of(circle.open_browser(circle.awa).get(_at(circle, entry)))
    ending.end_due(circle.make.db, now() + timedelta(days=29))
    circle.make.commit()
    assert _told(circle, circle.awa) == [(ENDED, None)]
    assert _told(circle, circle.omar) == [(NOT_THIS, None)]


def test_taking_and_giving_back_is_no_bell(circle: Circle) -> None:
    entry, omar = _offered(circle), circle.browse(circle.omar)
    for n in range(3):
        omar.send(f"{_at(circle, entry)}/take", {"words": f"It is me, {n}"})
        omar.send(f"{_at(circle, entry)}/move", {"do": "back"})
    assert _told(circle, circle.awa) == [(MOVED, _at(circle, entry))]


def test_what_is_not_counted_is_not_asked(circle: Circle) -> None:
    group = circle.make.db.get_one(Group, circle.group.id)
    group.visibility = Visibility.UNLISTED
    circle.make.commit()
    entry, omar = _taken(circle), circle.browse(circle.omar)
    omar.send(f"{_at(circle, entry)}/move", _form(circle, do="done"))
    assert "Did it help?" not in text_of(omar.get(_at(circle, entry)))
    assert omar.post(f"{_at(circle, entry)}/helped", {"answer": "yes"}).status_code == 403
    assert circle.all(select(BoardHelp)) == []


def test_what_is_theirs_can_be_ended_in_a_hidden_group_and_while_stopped(circle: Circle) -> None:
    entry, omar = _taken(circle), circle.browse(circle.omar)
    circle.browse(circle.omar).send(f"{circle.path}/board", entry_form(title="A pot of Omar", kind="tool"))
    mine = circle.one(select(BoardEntry).where(BoardEntry.by_id == circle.omar.id))
    _state(circle, GroupState.HIDDEN)
    page = omar.get(_at(circle, entry))
    assert (page.status_code, "Give it back" in page.text) == (200, True)
    for secret in ("sewing", circle.group.name, EXACT, "Awa Lantern"):
        assert secret not in text_of(page)
    assert omar.post(f"{_at(circle, entry)}/say", _form_of(entry, words="More")).status_code == 403
    assert omar.get(f"/flag/board/{entry.ref}").status_code == 404
    omar.send(f"{_at(circle, entry)}/move", {"do": "back"})
    assert circle.all(select(BoardTaking)) == []
    assert omar.get(_at(circle, entry)).status_code == 404
    other = circle.make.group(by=circle.lina, name="Round of bread")
    circle.make.seat(other, circle.omar)
    for n in range(4):
        circle.make.board_entry(circle.group, circle.omar, title=f"Pot {n}")
    circle.make.commit()
    assert omar.post(f"/g/{other.ref}/board", entry_form(title="A spoon")).status_code == 303
    assert "A pot of Omar" in omar.get(_at(circle, mine)).text
    omar.send(f"{_at(circle, mine)}/move", {"do": "out"})
    assert circle.fresh(mine).state == BoardState.GONE
    _state(circle, GroupState.SHOWN)
    omar.send(f"{_at(circle, entry)}/take", {"words": "I sew."})
    circle.make.db.get_one(Member, circle.omar.id, populate_existing=True).status = MemberStatus.SUSPENDED
    circle.make.commit()
    assert "I sew." not in circle.browse(circle.awa).get(_at(circle, entry)).text
    omar.send(f"{_at(circle, entry)}/move", {"do": "back"})
    assert circle.all(select(BoardTaking)) == []


def _form_of(entry: BoardEntry, **more: str) -> dict[str, str]:
    return {"row_version": str(entry.row_version), **more}
