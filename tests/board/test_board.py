"""A help board as people meet it: asking, taking, yes and no, done, what others learn, the desk, every way of ending."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.core.clock import now
from app.domain.board import ending, measures, standing
from app.domain.board.wording import ENDED, MOVED, NOT_THIS
from app.domain.groups import belonging
from app.models.accounts import Answer, Erasure, Member
from app.models.board import BoardEntry, BoardHelp, BoardStage, BoardState, BoardTaking, TakingState
from app.models.moderation import Case, Outcome
from tests.board.conftest import entry_form
from tests.browse import text_of
from tests.groups.conftest import Circle
from tests.groups.test_mended import _decide, _known

EXACT = "Rue 9, the blue door, call +221 77 123 45 67"


def _at(circle: Circle, entry: BoardEntry) -> str:
    return f"{circle.path}/b/{entry.ref}"


def _entry(circle: Circle) -> BoardEntry:
    return circle.one(select(BoardEntry).where(BoardEntry.state != BoardState.GONE))  # type: ignore[no-any-return]


def _told(circle: Circle, member: Member) -> list[tuple[str, str | None]]:
    return [(one.sentence, one.link) for one in circle.all(select(Answer).where(Answer.member_id == member.id))]


def _form(circle: Circle, **more: Any) -> dict[str, Any]:
    return {"row_version": str(_entry(circle).row_version), **more}


def _offered(circle: Circle, **more: Any) -> BoardEntry:
    circle.browse(circle.awa).send(f"{circle.path}/board", entry_form(**more))
    return _entry(circle)


def _taken(circle: Circle, agreed: bool = True) -> BoardEntry:
    """Let Awa offer a machine, Omar take it, and Awa say yes."""
    entry = _offered(circle)
    circle.browse(circle.omar).send(f"{_at(circle, entry)}/take", {"words": "I sew."})
    if agreed:
        circle.browse(circle.awa).send(f"{_at(circle, entry)}/say", _form(circle, words=EXACT))
    return _entry(circle)


def test_something_is_offered_taken_done_and_helped(circle: Circle) -> None:
    zeno = circle.make.member("Zeno Stone")
    circle.make.seat(circle.group, zeno)
    awa, omar, other = circle.browse(circle.awa), circle.browse(circle.omar), circle.browse(zeno)
    entry = _offered(circle)
    assert f"{circle.path}/board" in omar.get(circle.path).text
    listed = omar.get(f"{circle.path}/board")
    for words in ("A sewing machine", "Offered", "Awa Lantern", "Pikine"):
        assert words in text_of(listed)
    assert "A sewing machine" not in omar.get(f"{circle.path}/board?side=ask").text
    omar.send(f"{_at(circle, entry)}/take", {"words": "I sew."})
    assert _told(circle, circle.awa) == [(MOVED, _at(circle, entry))]
    mine = awa.get(_at(circle, entry))
    assert ("Omar Copper" in mine.text, "I sew." in mine.text) == (True, True)
    seen = other.get(_at(circle, entry))
    assert "Taken" in text_of(seen)
    for secret in ("Omar", "I sew."):
        assert secret not in seen.text
        assert secret not in other.get(f"{circle.path}/board").text
    awa.send(f"{_at(circle, entry)}/say", _form(circle, words=EXACT))
    assert EXACT in text_of(omar.get(_at(circle, entry)))
    assert EXACT not in other.get(_at(circle, entry)).text
    assert circle.one(select(BoardTaking)).told == EXACT
    omar.send(f"{_at(circle, entry)}/say", _form(circle, words="I call at nine: 77 000 11 22"))
    assert "77 000 11 22" in awa.get(_at(circle, entry)).text
    omar.send(f"{_at(circle, entry)}/move", _form(circle, do="done"))
    taking = circle.one(select(BoardTaking))
    assert (taking.note, taking.told) == (None, None)
    assert other.get(_at(circle, entry)).status_code == 404
    assert "Did it help?" not in awa.get(_at(circle, entry)).text
    omar.send(f"{_at(circle, entry)}/helped", {"answer": "yes"})
    assert "This was said already." in text_of(omar.send(f"{_at(circle, entry)}/helped", {"answer": "no"}))
    assert [one.answer for one in circle.all(select(BoardHelp))] == ["yes"]
    first = now().date().replace(day=1)
    assert measures.helped(circle.make.db, first, first) == {"help": {"yes": 1, "partly": 0, "no": 0}}
    with_me = standing.export(circle.make.db, circle.omar.id)
    assert len(with_me["what I took on help boards"]) == 1
    assert EXACT not in str(with_me)


def test_outside_the_group_nothing_is_there(circle: Circle) -> None:
    entry = _offered(circle)
    lina, guest = circle.browse(circle.lina), circle.browse()
    for path in (f"{circle.path}/board", _at(circle, entry), f"{circle.path}/board/new"):
        assert lina.get(path).status_code == 404
        assert guest.get(path).status_code == 303
    for path in ("take", "say", "move", "helped"):
        assert lina.post(f"{_at(circle, entry)}/{path}", {"words": "Me", "do": "no", "answer": "yes"}).status_code == 404
    assert lina.get(f"/flag/board/{entry.ref}").status_code == 404
    assert guest.get(f"/flag/board/{entry.ref}").status_code == 404


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"about": "Call +221 77 123 45 67"}, "about"),
        ({"about": "See https://room.example/a"}, "about"),
        ({"near": "Rue 9"}, "near"),
        ({"title": " "}, "title"),
    ],
)
def test_what_says_too_much_is_not_taken_and_not_lost(circle: Circle, more: dict[str, str], field: str) -> None:
    answer = circle.browse(circle.awa).post(f"{circle.path}/board", entry_form(**more))
    assert (answer.status_code, f"e-{field}" in answer.text) == (422, True)
    assert next(iter(more.values())).strip() in answer.text
    assert circle.all(select(BoardEntry)) == []


def test_no_is_no_and_the_exact_place_never_reaches_another(circle: Circle) -> None:
    entry = _taken(circle, agreed=False)
    zeno = circle.make.member("Zeno Stone")
    circle.make.seat(circle.group, zeno)
    awa, omar, other = circle.browse(circle.awa), circle.browse(circle.omar), circle.browse(zeno)
    old = _form(circle, words=EXACT)  # Awa has the page open, with Omar on it
    assert omar.post(f"{_at(circle, entry)}/take", {"words": "Again"}).status_code == 403
    omar.send(f"{_at(circle, entry)}/move", {"do": "back"})
    assert circle.all(select(BoardTaking)) == []
    assert _told(circle, circle.omar) == []
    other.send(f"{_at(circle, entry)}/take", {"words": "I sew too."})
    answer = awa.post(f"{_at(circle, entry)}/say", old)
    assert (answer.status_code, EXACT in text_of(answer)) == (409, True)
    assert EXACT not in other.get(_at(circle, entry)).text
    assert awa.post(f"{_at(circle, entry)}/move", old | {"do": "no"}).status_code == 409
    awa.send(f"{_at(circle, entry)}/move", _form(circle, do="no"))
    assert circle.one(select(BoardTaking)).state == TakingState.REFUSED
    assert _told(circle, zeno) == [(NOT_THIS, None)]
    assert other.get(_at(circle, entry)).status_code == 404
    assert "A sewing machine" not in other.get(f"{circle.path}/board").text
    assert "A sewing machine" in omar.get(f"{circle.path}/board").text
    first = omar.post(f"{_at(circle, entry)}/take", {"words": "My number: +221 77 123 45 67"})
    assert (first.status_code, "77 123 45 67" in first.text) == (422, True)


def test_a_newcomers_room_waits_and_an_offer_of_work_goes_elsewhere(circle: Circle) -> None:
    omar = circle.browse(circle.omar)
    entry = _offered(circle, kind="room", title="A room")
    assert entry.state == BoardState.WAITS
    assert omar.get(_at(circle, entry)).status_code == 404
    assert "A room" not in omar.get(f"{circle.path}/board").text
    _decide(circle, Outcome.PUBLISH)
    assert "Meet first by day" in text_of(omar.get(_at(circle, entry)))
    circle.browse(circle.awa).send(f"{_at(circle, entry)}/move", {"do": "out"})
    _known(circle, circle.awa)
    work = _offered(circle, title="We are hiring cleaners", about="We are hiring. Good salary, apply now.")
    assert (work.state, circle.one(select(Case).where(Case.subject_id == work.id)).findings.get("offer")) == (BoardState.WAITS, 1)
    _decide(circle, Outcome.DECLINE, rule=1, words="Work has its register.")
    assert ("/money") in [link for _words, link in _told(circle, circle.awa)]
    assert circle.fresh(work).state == BoardState.HIDDEN


def test_a_flagged_entry_is_hidden_whoever_took_it_can_go_and_it_is_decided_when_taken_out(circle: Circle) -> None:
    entry = _taken(circle)
    zeno = circle.make.member("Zeno Stone")
    circle.make.seat(circle.group, zeno)
    circle.browse(zeno).send(f"/flag/board/{entry.ref}", {"reason": "other", "note": "Strange."})
    _decide(circle, Outcome.HIDE, rule=1, words="Not so.")
    omar = circle.browse(circle.omar)
    page = omar.get(_at(circle, entry))
    assert ("This cannot be read for now." in text_of(page), "sewing" in page.text, EXACT in text_of(page)) == (True, False, False)
    assert "sewing" not in omar.get(f"{circle.path}/board").text
    omar.send(f"{_at(circle, entry)}/move", {"do": "back"})
    assert circle.all(select(BoardTaking)) == []
    circle.browse(circle.awa).send(f"{_at(circle, entry)}/move", {"do": "out"})
    assert circle.fresh(entry).title == ""


def test_what_was_flagged_and_taken_out_is_decided_by_the_words_of_then(circle: Circle) -> None:
    entry = _offered(circle)
    circle.browse(circle.omar).send(f"/flag/board/{entry.ref}", {"reason": "other", "note": "Strange."})
    circle.browse(circle.awa).send(f"{_at(circle, entry)}/move", {"do": "out"})
    ending.end_due(circle.make.db, now() + timedelta(days=60))
    circle.make.commit()
    assert circle.fresh(entry).state == BoardState.GONE
    _decide(circle, Outcome.KEEP)
    ending.end_due(circle.make.db, now())
    circle.make.commit()
    assert circle.all(select(BoardEntry)) == []


def test_it_ends_by_its_date_by_leaving_and_again_after_a_restore(circle: Circle) -> None:
    entry, db = _taken(circle), circle.make.db
    taking = circle.one(select(BoardTaking))
    assert ending.end_due(db, now() + timedelta(days=20)) == 0  # taken: two weeks longer
    belonging.take_out(db, circle.group.id, circle.omar.id)
    circle.make.commit()
    assert (circle.all(select(BoardTaking)), circle.fresh(entry).stage) == ([], BoardStage.OPEN)
    assert ("board taking", taking.id) in [(one.kind, one.subject_id) for one in circle.all(select(Erasure))]
    db.expunge_all()
    db.add(BoardTaking(id=taking.id, entry_id=entry.id, member_id=circle.omar.id, note="I sew."))
    db.commit()
    assert standing.erase_again(db, "board taking", taking.id)
    assert not standing.erase_again(db, "board taking", taking.id)
    circle.make.commit()
    assert ending.end_due(db, now() + timedelta(days=15)) == 1
    circle.make.commit()
    assert _told(circle, circle.awa) == [(ENDED, None)]
    other = _offered(circle, title="A pot")
    belonging.take_out(db, circle.group.id, circle.awa.id)
    circle.make.commit()
    assert (circle.fresh(other).state, circle.fresh(other).title) == (BoardState.GONE, "")


@pytest.mark.parametrize("items", [1, 3])
def test_pages_cost_the_same_for_any_number(circle: Circle, app: Any, count_queries: Any, items: int) -> None:
    for n in range(items):
        circle.make.board_entry(circle.group, circle.awa, title=f"Pot {n}")
    database, omar = app.state.house.database, circle.browse(circle.omar)
    entry = circle.all(select(BoardEntry))[0]
    for path, statements in ((f"{circle.path}/board", 3), (_at(circle, entry), 3)):
        omar.get(path)
        with count_queries(database.read_engine, database.write_engine) as seen:
            page = omar.get(path)
        assert (page.status_code, len(seen)) == (200, statements), seen
