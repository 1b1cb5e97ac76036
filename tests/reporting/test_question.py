"""The question about oneself: asked late, sealed at one length, shown to nobody, taken back without a trace."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.core import clock, crypto
from app.core.clock import now
from app.core.errors import Refused
from app.core.ids import new_id
from app.domain.accounts import actions, exports
from app.domain.actor import Actor
from app.domain.reporting import rules
from app.domain.reporting.question import answers, more
from app.domain.reporting.question.answers import GENDERS, Said
from app.jobs import numbers
from app.models.accounts import MemberStatus, Role
from app.models.places import Area, AreaKind
from app.models.reporting import AnswerLook, GenderAnswer, Why
from tests.browse import text_of
from tests.factories import Make

COUNTER = Actor(new_id(), "Seven", roles=frozenset({Role.COORDINATOR}), second_factor=True)
LONGEST = {"age": "50 and over", "language": "another", "area": "another", "years": "10 years or more"}


def _of(member: Any) -> Actor:
    return Actor(member.id, member.name, status=member.status)


@pytest.mark.parametrize(
    ("status", "may"),
    [
        (MemberStatus.ACTIVE, True), (MemberStatus.PAUSED, True), (MemberStatus.APPLIED, False), (MemberStatus.SUSPENDED, False),
        (MemberStatus.LEAVING, False),
    ],
)  # fmt: skip
def test_who_may_answer(make: Make, status: MemberStatus, may: bool) -> None:
    actor = _of(make.member(status=status))
    assert bool(rules.may_answer(actor)) is may
    assert rules.may_withdraw(actor)
    assert not rules.may_answer(Actor())
    assert not rules.may_withdraw(Actor())


@pytest.mark.parametrize(
    ("days", "answered", "offered"), [(0, False, False), (6, False, False), (7, False, True), (30, True, False)]
)
def test_it_is_offered_late_and_once(days: int, answered: bool, offered: bool) -> None:
    today = now().date()
    assert rules.is_offered(today - timedelta(days=days), today, answered) is offered


def test_nothing_in_the_database_tells_one_answer_from_another(make: Make, db: Any) -> None:
    """Not even its length: "man" is shorter than "woman", and both than sixty letters of one's own."""
    for gender in GENDERS:
        answers.answer(db, _of(make.member()), Said(gender, "🧕🏾" * 30 if gender == "another" else ""))
    more.ask(db, COUNTER, set(more.MORE))
    answers.answer(db, _of(make.member()), Said("another", "🧕🏾" * 30, LONGEST))
    raw = db.execute(sa.text("SELECT said FROM gender_answer")).scalars().all()
    assert len(raw) == len(GENDERS) + 1
    assert len({len(bytes(one)) for one in raw}) == 1
    assert not [one for one in raw for gender in GENDERS if gender.encode() in bytes(one)]


def test_changing_keeps_one_row_and_withdrawing_none(make: Make, db: Any) -> None:
    ann = _of(make.member())
    answers.answer(db, ann, Said("another", "mother of four"))
    answers.answer(db, ann, Said("woman", "left over"))
    assert answers.look(db, ann) == Said("woman", "")
    answers.withdraw(db, ann)
    assert answers.look(db, ann) is None
    assert db.exec(select(GenderAnswer)).all() == []


def test_an_answer_of_another_length_is_brought_to_this_one(make: Make, database: Any, settings: Any) -> None:
    """Of an earlier version, or of a backup that was restored: nothing is lost, and nothing tells them apart."""
    ann, ben, cem = (_of(make.member()) for _n in range(3))
    for one, said in ((ann, Said("man")), (ben, Said("another", "mother of four"))):
        plain = json.dumps({"gender": said.gender, "words": said.words}).ljust(300)  # as it was sealed before there were more
        make.db.add(GenderAnswer(member_id=one.me, said=plain, told_on=now().date()))
    answers.answer(make.db, cem, Said("woman"))
    make.commit()
    numbers.even_out(database)
    with database.transaction() as db:
        lengths = db.execute(sa.text("SELECT length(said) FROM gender_answer")).scalars().all()
        assert lengths == [answers.SEALED_BYTES + crypto.SEAL_BYTES] * 3
        said = answers.opened_for_counting(db)
        assert [said[one.me] for one in (ann, ben, cem)] == [Said("man"), Said("another", "mother of four"), Said("woman")]
        assert answers.even_out(db) == 0
        assert db.exec(select(AnswerLook)).all() == []


def test_what_is_skipped_when_an_answer_is_changed_stays_and_can_be_taken_back(make: Make, db: Any) -> None:
    """Whoever knows that somebody changed "woman" to "man" today must not read from the next numbers that one of 18 to 24 went."""
    ann = _of(make.member())
    more.ask(db, COUNTER, {"age", "years"})
    answers.answer(db, ann, Said("woman", more={"age": "18–24", "years": "never away"}))
    answers.answer(db, ann, Said("man"))
    assert answers.look(db, ann) == Said("man", more={"age": "18–24", "years": "never away"})
    more.ask(db, COUNTER, {"age"})
    answers.answer(db, ann, Said("man", more={"age": more.UNSAID}))
    assert answers.look(db, ann) == Said("man", more={"years": "never away"})  # not asked now: not counted, and not lost
    answers.answer(db, ann, Said("man", more={"years": "under 1 year"}))
    assert answers.look(db, ann) == Said("man", more={"years": "never away"})  # nor said anew
    answers.answer(db, ann, Said("man", more={"years": more.UNSAID}))
    assert answers.look(db, ann) == Said("man")  # but taken back alone


def test_an_answer_too_long_to_be_sealed_stops_nothing(make: Make, db: Any) -> None:
    """No form lets one through; if one were there all the same, releases would wait for ever."""
    ann, ben = _of(make.member()), _of(make.member())
    with pytest.raises(ValueError, match="longer"):
        answers.answer(db, ann, Said("another", "x" * answers.SEALED_BYTES))
    long = json.dumps({"gender": "another", "words": "x" * answers.SEALED_BYTES})
    db.add_all(
        GenderAnswer(member_id=one.me, said=said, told_on=now().date())
        for one, said in ((ann, long), (ben, '{"gender": "man", "words": ""}'))
    )
    db.flush()
    assert [answers.even_out(db), answers.even_out(db)] == [1, 0]


def test_every_opening_leaves_a_line_that_its_member_sees(make: Make, db: Any) -> None:
    ann, ben = _of(make.member()), _of(make.member())
    answers.answer(db, ann, Said("woman"))
    answers.look(db, ann)
    answers.note_counting(db, "2026-10")
    assert answers.opened_for_counting(db) == {ann.me: Said("woman")}
    answers.export(db, ann.me)
    told = [one.what for one in answers.state(db, ann.me).looks]
    assert len(told) == 3
    assert "2026-10" in told[1]
    assert answers.state(db, ben.me).looks == []
    assert [one.why for one in db.exec(select(AnswerLook).order_by(AnswerLook.id))] == [Why.OWN, Why.COUNT, Why.COPY]


def test_who_looked_stays_told_after_it_was_taken_back(make: Make, db: Any) -> None:
    ann = _of(make.member())
    answers.withdraw(db, ann)
    assert answers.state(db, ann.me).looks == []
    answers.answer(db, ann, Said("woman"))
    answers.note_counting(db, "2026-10")
    answers.withdraw(db, ann)
    with clock.at(now() + timedelta(days=1)):
        answers.note_counting(db, "2026-11")
    told = answers.state(db, ann.me)
    assert told.told_on is None
    assert ["2026-10" in one.what for one in told.looks] == [False, True]  # taken back; counted while it was there


def test_the_answer_leaves_with_its_member(make: Make, db: Any) -> None:
    ann, ben = make.member(), make.member()
    for one in (ann, ben):
        answers.answer(db, _of(one), Said("man"))
        answers.look(db, _of(one))
    actions.purge_member(db, ann.id)
    assert [row.member_id for row in db.exec(select(GenderAnswer))] == [ben.id]
    assert [row.member_id for row in db.exec(select(AnswerLook))] == [ben.id]


def test_the_members_copy_holds_it(make: Make, db: Any, app: Any) -> None:
    ann = make.member()
    answers.answer(db, _of(ann), Said("another", "mother of four"))
    part = exports.collect(db, ann.id)["the question about me"]
    assert (part["gender"].code, part["in my own words"]) == ("another", "mother of four")
    assert exports.collect(db, make.member().id)["the question about me"] == {}


def test_the_page_asks_keeps_and_does_not_show(make: Make, browse: Any) -> None:
    ann = make.member(joined_on=now().date() - timedelta(days=9))
    make.commit()
    browser = browse(ann)
    assert "One question, if you like." in text_of(browser.get("/me"))
    page = browser.get("/me/question")
    assert "checked" not in page.text
    wrong = browser.post("/me/question", {"gender": "", "words": "kept words"})
    assert wrong.status_code == 422
    assert "kept words" in wrong.text
    long = browser.post("/me/question", {"gender": "another", "words": "x" * 61})
    assert "At most 60 letters" in text_of(long)
    assert "Kept, where nobody" in text_of(browser.send("/me/question", {"gender": "another", "words": "<b>mother</b>"}))
    assert "One question, if you like." not in text_of(browser.get("/me"))
    again = browser.get("/me/question")
    assert "mother" not in again.text
    assert "checked" not in again.text
    looked = browser.post("/me/question/look")
    assert "&lt;b&gt;mother&lt;/b&gt;" in looked.text
    assert "You looked, on this page." in text_of(browser.get("/me/question"))
    assert "Taken back: it counts no more." in text_of(browser.send("/me/question/withdraw"))
    assert "You answered on" not in text_of(browser.get("/me/question"))


def test_the_answer_is_shown_only_after_the_key(make: Make, browse: Any) -> None:
    ann = make.member()
    answers.answer(make.db, _of(ann), Said("woman"))
    make.commit()
    stale = browse(ann, proven=False)
    assert stale.post("/me/question/look").status_code == 401
    assert stale.get("/me/question").status_code == 200


def test_nobody_else_has_an_address_for_it(make: Make, browse: Any) -> None:
    """The page is about whoever asks: there is no address with another member in it, for no role."""
    ann, others = make.member(), [make.member("", role) for role in Role]
    make.commit()
    browse(ann).send("/me/question", {"gender": "another", "words": "mother of four"})
    for one in others:
        page = browse(one).get("/me/question")
        assert "You answered on" not in text_of(page)


@pytest.mark.parametrize("answered", [0, 1])
def test_the_page_takes_few_statements(make: Make, browse: Any, app: Any, count_queries: Any, answered: int) -> None:
    ann = make.member()
    make.commit()
    browser = browse(ann)
    for _ in range(answered):
        browser.send("/me/question", {"gender": "woman"})
    database = app.state.house.database
    with count_queries(database.write_engine, database.read_engine) as statements:
        assert browser.get("/me/question").status_code == 200
    assert len(statements) == 4, statements  # who acts, what is asked, the day of the answer, who looked


def test_further_questions_are_asked_where_the_network_asks_them(make: Make, browse: Any) -> None:
    ann, analyst = make.member(), make.member("", Role.ANALYST)
    make.db.add(Area(kind=AreaKind.REGION, country="SN", name="Thiès", name_key="thies"))
    make.commit()
    member, desk = browse(ann), browse(analyst)
    assert "How old are you?" not in text_of(member.get("/me/question"))
    assert desk.post("/desk/numbers/questions", {"asked": ["age", "religion"]}).status_code == 422
    assert "Kept." in text_of(desk.send("/desk/numbers/questions", {"asked": ["age", "area", "language"]}))
    page = member.get("/me/question")
    assert "How old are you?" in text_of(page)
    assert "Senegal" in page.text
    assert "Thiès" not in page.text  # a region of the directory: whoever sends listings may name one
    assert "How long ago did you come back?" not in text_of(page)
    wrong = member.post("/me/question", {"gender": "another", "words": "kept words", "age": "17"})
    assert wrong.status_code == 422
    assert "kept words" in wrong.text
    assert "Kept, where nobody" in text_of(
        member.send("/me/question", {"gender": "woman", "age": "25–34", "area": "", "language": "fr", "years": "never away"})
    )
    assert "selected" not in member.get("/me/question").text.replace('value="" selected', "")
    assert "Leave it as it is" in text_of(member.get("/me/question"))
    member.send("/me/question", {"gender": "woman", "age": "", "area": "", "language": "unsaid"})
    looked = text_of(member.post("/me/question/look"))
    assert "You said: Woman · 25 to 34" in looked
    assert "Français" not in looked.partition("You said")[2].partition("Which one")[0]
    assert exports.collect(make.db, ann.id)["the question about me"]["Age band"] == "25–34"
    make.commit()  # the copy left a line
    desk.send("/desk/numbers/questions", {"asked": ["language"]})
    assert "not asked any more" not in text_of(member.get("/me/question"))  # that it was said is not told before the key
    looked = text_of(member.post("/me/question/look"))
    assert "You said: Woman · 25 to 34" in looked
    assert "How old are you? (not asked any more)" in looked
    member.send("/me/question", {"gender": "woman", "age": "unsaid", "language": ""})
    assert exports.collect(make.db, ann.id)["the question about me"].keys() & {"Age band", "Language"} == set()


def test_who_may_set_what_is_asked(make: Make, db: Any) -> None:
    for role in (Role.SAFEGUARDING, Role.OPERATOR, Role.ORGANISER):
        with pytest.raises(Refused):
            more.ask(db, Actor(new_id(), "Other", roles=frozenset({role}), second_factor=True), {"age"})
    more.ask(db, COUNTER, {"age", "years"})
    more.ask(db, COUNTER, {"years"})
    assert more.asked(db) == ["years"]
