"""Asking without an account: a group, the network; the answer by number, asking again, deleting it, the desk, every ending."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.core import clock
from app.core.clock import now
from app.domain.asking import asking, ending, telling
from app.domain.asking.telling import AT_DESK
from app.domain.asking.wording import ASKED
from app.domain.groups import belonging
from app.domain.pausing import actions as pausing
from app.models.abroad import AbroadQuestion, AbroadWord, WordState
from app.models.accounts import Answer, MemberStatus, Role, SignIn
from app.models.engine import AuditEvent
from app.models.groups import Visibility
from app.models.moderation import Flag, Outcome
from app.models.pausing import Pause
from tests.browse import Browser, text_of
from tests.groups.conftest import Circle
from tests.groups.test_mended import _decide, _known
from tests.groups.test_talk import SCAM

WORDS = "How long did it take you to find a room?"


def _ask(circle: Circle, browser: Browser, words: str = WORDS, to: str | None = None) -> str:
    """Ask Awa's group, which wishes it; return the number."""
    circle.browse(circle.awa).send(f"{circle.path}/questions", {"do": "open"})
    page = browser.send("/ask", {"to": circle.group.ref if to is None else to, "words": words})
    return "".join(re.findall(r"<li>(\d{4})</li>", page.text))


def _question(circle: Circle) -> AbroadQuestion:
    return circle.one(select(AbroadQuestion))  # type: ignore[no-any-return]


def _at(circle: Circle) -> str:
    return f"{circle.path}/q/{_question(circle).ref}"


def test_a_guest_asks_a_group_reads_the_answer_and_asks_again(circle: Circle) -> None:
    guest, awa, omar = circle.browse(), circle.browse(circle.awa), circle.browse(circle.omar)
    assert "Ask this group" not in omar.get(f"{circle.path}/about").text
    number = _ask(circle, guest)
    assert len(number) == 16
    assert "Ask this group" in omar.get(f"{circle.path}/about").text
    assert WORDS not in str(circle.all(sa.select(sa.text("*")).select_from(sa.text("abroad_word"))))  # sealed
    assert [(one.sentence, one.link) for one in circle.all(select(Answer))] == [(ASKED, f"{circle.path}/questions")]
    assert WORDS in text_of(omar.get(f"{circle.path}/questions"))
    assert omar.post(_at(circle), {"words": "Two months."}).status_code == 403  # nobody knows him yet
    _known(circle, circle.omar)
    omar.send(_at(circle), {"words": "Two months, with a friend."})
    assert "Omar Copper" in awa.get(_at(circle)).text
    read = guest.post("/back", {"number": number})
    assert ("Two months, with a friend." in read.text, "Omar" in read.text) == (True, False)
    again = guest.post("/ask/more", {"number": number, "words": "And where did you sleep before?"})
    assert "And where did you sleep before?" in again.text
    late = guest.post("/ask/more", {"number": number, "words": "And before that?"})
    assert (late.status_code, "And before that?" in late.text) == (422, True)
    assert "And where did you sleep" in omar.get(_at(circle)).text
    assert not [one for one in circle.all(select(AuditEvent)) if one.verb.startswith(("asked", "abroad"))]


def test_only_the_group_and_whoever_has_the_number_read_it(circle: Circle) -> None:
    number = _ask(circle, circle.browse())
    worker = circle.make.member("Open Door", Role.COORDINATOR)
    circle.make.commit()
    desk, lina = circle.browse(worker), circle.browse(circle.lina)
    ref = _question(circle).ref
    assert lina.get(_at(circle)).status_code == 404
    assert lina.get(f"{circle.path}/questions").status_code == 404
    assert lina.get(f"/desk/questions/{ref}").status_code == 404
    assert WORDS not in desk.get("/desk/questions").text
    assert desk.get(f"/desk/questions/{ref}").status_code == 404
    wrong = circle.browse().post("/back", {"number": str((int(number) + 1) % 10**16).zfill(16)})
    assert (wrong.status_code, WORDS in wrong.text) == (422, False)
    word = circle.one(select(AbroadWord))
    assert circle.browse().get(f"/flag/asked/{word.ref}").status_code == 404
    circle.make.db.get_one(AbroadQuestion, word.question_id).last_on = (now() - timedelta(days=8)).date()
    circle.make.commit()
    assert WORDS in text_of(desk.get("/desk/questions"))
    desk.send(f"/desk/questions/{ref}", {"words": "It differs. Look under Help for rooms."})
    read = circle.browse().post("/back", {"number": number})
    assert ("Answer of the network" in text_of(read), "Open Door" in read.text) == (True, False)


@pytest.mark.parametrize(
    "words", ["Call me: +33 6 12 34 56 78", "See https://a.example/x", "I live in 12 Rue de la Paix, Lyon", ""]
)
def test_what_cannot_be_asked_is_not_lost(circle: Circle, words: str) -> None:
    answer = circle.browse().post("/ask", {"to": "", "words": words})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert circle.all(select(AbroadQuestion)) == []


def test_a_group_that_cannot_be_asked_is_not_asked(circle: Circle) -> None:
    guest = circle.browse()
    answer = guest.post("/ask", {"to": circle.group.ref, "words": WORDS})
    assert (answer.status_code, WORDS in answer.text) == (422, True)
    assert guest.post(f"{circle.path}/questions", {"do": "open"}).status_code == 401
    assert circle.browse(circle.omar).post(f"{circle.path}/questions", {"do": "open"}).status_code == 403
    _ask(circle, guest)
    circle.group.visibility = Visibility.UNLISTED
    circle.make.commit()
    assert guest.post("/ask", {"to": circle.group.ref, "words": WORDS}).status_code == 422
    assert circle.group.name not in guest.get("/ask").text


def test_what_the_checks_find_coordinators_answer_and_the_group_never_reads(circle: Circle) -> None:
    number = _ask(circle, circle.browse(), SCAM.split("+")[0].replace("WhatsApp", "phone"))
    question = _question(circle)
    if not question.held:
        pytest.fail("the sample is held by the checks no more")
    assert circle.browse(circle.omar).get(_at(circle)).status_code == 404
    assert circle.all(select(Answer)) == []
    worker = circle.make.member("Open Door", Role.COORDINATOR)
    circle.make.commit()
    assert "The checks found something" in text_of(circle.browse(worker).get(f"/desk/questions/{question.ref}"))
    assert "A coordinator of the network reads it." in text_of(circle.browse().post("/back", {"number": number}))


def test_an_answer_is_flagged_hidden_and_taken_back(circle: Circle) -> None:
    guest, awa = circle.browse(), circle.browse(circle.awa)
    number = _ask(circle, guest)
    _known(circle, circle.awa)
    assert awa.post(_at(circle), {"words": "Write me: +221 77 123 45 67"}).status_code == 422
    awa.send(_at(circle), {"words": "Ask my cousin."})
    word = circle.one(select(AbroadWord).where(AbroadWord.by_id == circle.awa.id))
    assert f"/flag/asked/{word.ref}" in guest.post("/back", {"number": number}).text
    guest.send(f"/flag/asked/{word.ref}", {"reason": "other", "note": "Strange."})
    _decide(circle, Outcome.HIDE, rule=1, words="Not so.")
    assert "Ask my cousin." not in guest.post("/back", {"number": number}).text
    assert "Ask my cousin." not in circle.browse(circle.omar).get(_at(circle)).text
    awa.send(_at(circle), {"words": "It took me a year."})
    mine = circle.one(select(AbroadWord).where(AbroadWord.by_id == circle.awa.id, AbroadWord.id != word.id))
    assert circle.browse(circle.omar).post(f"{_at(circle)}/out", {"word": mine.ref}).status_code == 403
    awa.send(f"{_at(circle)}/out", {"word": mine.ref})
    assert (circle.fresh(mine).body, circle.fresh(mine).state) == (None, WordState.GONE)
    assert "This is not there any more." in text_of(guest.post("/back", {"number": number}))


def test_every_ending(circle: Circle) -> None:
    guest, db = circle.browse(), circle.make.db
    number = _ask(circle, guest)
    _known(circle, circle.omar)
    circle.browse(circle.omar).send(_at(circle), {"words": "Two months."})
    assert "Two months." in str(ending.export(db, circle.omar.id))
    belonging.take_out(db, circle.group.id, circle.omar.id)
    circle.make.commit()
    assert circle.one(select(AbroadWord).where(AbroadWord.body.is_not(None), ~AbroadWord.asks)).by_id is None  # type: ignore[union-attr]
    question = _question(circle)
    guest.post("/back/end", {"number": number})
    assert guest.post("/back", {"number": number}).status_code == 422
    assert {one.body for one in circle.all(select(AbroadWord))} == {None}
    assert not ending.erase_again(db, ending.ENDED, question.id)
    ending.end_due(db, now())
    circle.make.commit()
    assert (circle.all(select(AbroadQuestion)), circle.all(select(AbroadWord))) == ([], [])
    _ask(circle, guest, to="")
    assert ending.end_due(db, now() + timedelta(days=59)) == 0
    assert ending.end_due(db, now() + timedelta(days=60)) == 1
    circle.make.commit()
    assert circle.all(select(AbroadQuestion)) == []


@pytest.mark.parametrize("items", [1, 3])
def test_pages_cost_the_same_for_any_number(circle: Circle, app: Any, count_queries: Any, items: int) -> None:
    for n in range(items):
        _ask(circle, circle.browse(), f"Question {n}?")
    database, omar = app.state.house.database, circle.browse(circle.omar)
    first = circle.all(select(AbroadQuestion))[0]
    for browser, path, most in (
        (omar, f"{circle.path}/questions", 5),
        (omar, f"{circle.path}/q/{first.ref}", 6),
        (circle.browse(), "/ask", 1),
    ):
        browser.get(path)
        with count_queries(database.read_engine, database.write_engine) as seen:
            assert browser.get(path).status_code == 200
        seen = [one for one in seen if "FROM content_version" not in one or "sign_in" in one]  # guests: once a second at most
        assert len(seen) == most, (path, len(seen), seen)


def test_nothing_leads_from_a_question_to_an_account(circle: Circle) -> None:
    lina = circle.browse(circle.lina)
    number = _ask(circle, lina)
    _known(circle, circle.awa)
    circle.browse(circle.awa).send(_at(circle), {"words": "Ask my cousin."})
    word = circle.one(select(AbroadWord).where(AbroadWord.by_id == circle.awa.id))
    session = circle.one(select(SignIn).where(SignIn.member_id == circle.lina.id))
    long_ago = now() - timedelta(days=1)
    circle.make.db.get_one(SignIn, session.id).seen_at = long_ago
    circle.make.db.get_one(SignIn, session.id).idle_until = now() + timedelta(hours=1)
    circle.make.commit()
    lina.get("/ask")
    lina.post("/back", {"number": number})
    lina.post("/ask/more", {"number": number, "words": "And then?"})
    done = lina.send(f"/flag/asked/{word.ref}", {"reason": "other", "note": "Strange."})
    assert ("Your number" in done.text, "under My answers" in done.text) == (True, False)
    assert circle.fresh(session).seen_at == long_ago
    assert circle.one(select(Flag)).member_id is None
    told = circle.all(select(Answer))
    assert {one.sentence for one in told} == {ASKED}
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    assert {one.at for one in told} == {midnight}
    assert {one.id.int >> 80 for one in told} == {int(midnight.timestamp() * 1000)}
    assert {one.id.version for one in (*circle.all(select(AbroadQuestion)), *circle.all(select(AbroadWord)))} == {4}


def test_whoever_leaves_with_what_they_wrote_takes_the_answers(circle: Circle) -> None:
    guest = circle.browse()
    number = _ask(circle, guest)
    _known(circle, circle.omar)
    omar = circle.browse(circle.omar)
    omar.send(_at(circle), {"words": "Two months, with my cousin."})
    omar.send(f"{circle.path}/leave", {"words": "go"})
    read = guest.post("/back", {"number": number}).text
    assert ("my cousin" in read, "Not answered yet" in read) == (False, True)


def test_words_stay_in_the_hands_of_whoever_wrote_them(circle: Circle) -> None:
    guest, omar = circle.browse(), circle.browse(circle.omar)
    number = _ask(circle, guest)
    _known(circle, circle.omar)
    omar.send(_at(circle), {"words": "Two months."})
    circle.omar.status = MemberStatus.SUSPENDED
    circle.make.commit()
    assert "Two months." not in guest.post("/back", {"number": number}).text
    assert "Omar Copper" not in circle.browse(circle.awa).get(_at(circle)).text
    circle.omar.status = MemberStatus.ACTIVE
    circle.make.commit()
    trick = SCAM.split("+")[0].replace("WhatsApp", "phone")
    guest.post("/ask/more", {"number": number, "words": trick})
    assert _question(circle).held
    assert WORDS in text_of(omar.get(f"{circle.path}/questions"))
    page = omar.get(_at(circle))
    assert ("Two months." in page.text, trick[:20] in page.text) == (True, False)
    assert omar.post(_at(circle), {"words": "More."}).status_code == 403
    word = circle.one(select(AbroadWord).where(AbroadWord.by_id == circle.omar.id))
    omar.send(f"{_at(circle)}/out", {"word": word.ref})
    assert circle.fresh(word).body is None
    assert "Omar Copper" not in circle.browse(circle.awa).get(_at(circle)).text
    guest.send("/back/end", {"number": number})
    assert "Your number" not in text_of(guest.get("/ask/done"))


def test_while_writing_is_paused_nobody_asks_again_and_reading_and_deleting_stay_open(circle: Circle) -> None:
    guest, safe = circle.browse(), circle.make.member("Sira Mango", Role.SAFEGUARDING)
    number = _ask(circle, guest)
    _known(circle, circle.omar)
    circle.browse(circle.omar).send(_at(circle), {"words": "Two months, with a friend."})
    pausing.pause(circle.make.db, circle.act(safe, Role.SAFEGUARDING), Pause.WRITING, 24, "a club of accounts")
    circle.make.commit()
    for path in ("/ask", "/ask/more"):
        answer = guest.post(path, {"to": "", "number": number, "words": "And where did you sleep?"})
        assert (answer.status_code, "And where did you sleep?" in answer.text) == (403, True)
    read = guest.post("/back", {"number": number})
    assert ("Two months, with a friend." in read.text, "And where did you sleep?" in read.text) == (True, False)
    assert guest.post("/back/end", {"number": number}).status_code == 303


def test_a_form_that_is_sent_twice_shows_its_number_again(circle: Circle) -> None:
    guest = circle.browse()
    once = re.findall(r'name="once" value="([^"]+)"', guest.get("/ask").text)[0]
    for _time in (1, 2):
        page = guest.send("/ask", {"to": "", "words": WORDS, "once": once})
        number = "".join(re.findall(r"<li>(\d{4})</li>", page.text))
        assert WORDS in guest.post("/back", {"number": number}).text
        guest.client.cookies.delete("hearth_question")
    assert len(circle.all(select(AbroadQuestion))) == 1


def _told_of_desk(circle: Circle) -> list[Any]:
    return circle.all(select(Answer).where(Answer.sentence == AT_DESK))


def test_coordinators_hear_once_a_day_that_something_waits_for_them_and_never_what(circle: Circle) -> None:
    worker = circle.make.member("Open Door", Role.COORDINATOR)
    worker_id = worker.id
    _ask(circle, circle.browse())
    assert _told_of_desk(circle) == [], "a group has it for itself"
    _ask(circle, circle.browse(), to="")
    _ask(circle, circle.browse(), to="")
    [told] = _told_of_desk(circle)
    assert (told.member_id, told.link, told.params, told.note) == (worker_id, "/desk/questions", {}, None)
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    assert told.at == midnight
    with clock.at(now() + timedelta(days=1)):
        asking.ask(circle.make.db, "", SCAM.split("+")[0].replace("WhatsApp", "phone"))
        circle.make.commit()
    assert len(_told_of_desk(circle)) == 2


def test_coordinators_hear_on_the_day_from_which_they_read_what_nobody_answered(circle: Circle) -> None:
    circle.make.member("Open Door", Role.COORDINATOR)
    _ask(circle, circle.browse())
    for days, times in ((6, 0), (7, 1), (8, 1)):
        with clock.at(now() + timedelta(days=days)):
            telling.late(circle.make.db, now())
            telling.late(circle.make.db, now())
            circle.make.commit()
        assert len(_told_of_desk(circle)) == times, days


def test_a_group_that_takes_no_more_questions_is_not_told_of_further_ones(circle: Circle) -> None:
    circle.make.member("Open Door", Role.COORDINATOR)
    guest = circle.browse()
    number = _ask(circle, guest)
    _known(circle, circle.omar)
    circle.browse(circle.omar).send(_at(circle), {"words": "Two months."})
    circle.browse(circle.awa).send(f"{circle.path}/questions", {"do": "close"})
    guest.post("/ask/more", {"number": number, "words": "And then?"})
    assert len(circle.all(select(Answer).where(Answer.sentence == ASKED))) == 1
    assert len(_told_of_desk(circle)) == 1
