"""Asking whoever told a story: their yes, who reads it, what is told of them, every ending."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from app.core.clock import days, now
from app.domain import wiring
from app.domain.asking import ending
from app.domain.asking.telling import AT_DESK
from app.domain.asking.wording import ASKED_TELLER
from app.domain.stories import telling
from app.jobs import backup, erasures
from app.models.abroad import AbroadQuestion, AbroadWord, StoryDoor
from app.models.accounts import Answer, Member, MemberStatus, Role
from app.models.moderation import Case
from app.models.stories import Audience, NameForm, Story, StoryStatus
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.groups.test_talk import SCAM

WORDS = "How did you begin without money?"


class Teller:
    """Awa told a story that everybody reads; a guest reads it."""

    def __init__(self, make: Make, browse: Callable[..., Browser], **fields: Any) -> None:
        wiring.connect()
        self.make, self.open = make, browse
        self.awa: Member = make.member("Awa Maple")
        story = make.story(self.awa, **fields)
        self.awa_id, self.story_id, self.ref = self.awa.id, story.id, story.ref
        make.commit()
        self.hers, self.guest = browse(self.awa), browse()
        make.commit()  # nothing is read from the rows later: that would begin a transaction that writes

    @property
    def path(self) -> str:
        return f"/my/stories/{self.ref}"

    @property
    def page(self) -> str:
        return f"/stories/{self.ref}"

    def says_yes(self) -> None:
        assert self.hers.post(f"{self.path}/questions", {"do": "open"}).status_code == 303

    def asked(self, words: str = WORDS) -> str:
        """Ask her; return the number."""
        page = self.guest.send("/ask", {"to": f"story-{self.ref}", "words": words})
        return "".join(re.findall(r"<li>(\d{4})</li>", page.text))

    def one(self, wanted: Any) -> Any:
        self.make.db.expunge_all()
        (found,) = self.make.db.exec(wanted.execution_options(populate_existing=True)).all()
        self.make.commit()
        return found

    @property
    def at(self) -> str:
        return f"{self.path}/q/{self.one(select(AbroadQuestion)).ref}"


@pytest.fixture
def teller(make: Make, browse: Callable[..., Browser]) -> Teller:
    return Teller(make, browse)


def test_a_teller_says_yes_is_asked_and_answers_by_no_name(teller: Teller) -> None:
    assert "/ask?story=" not in teller.guest.get(teller.page).text
    refused = teller.guest.post("/ask", {"to": f"story-{teller.ref}", "words": WORDS})
    assert (refused.status_code, WORDS in refused.text) == (422, True)
    teller.says_yes()
    assert f"/ask?story={teller.ref}" in teller.guest.get(teller.page).text
    form = teller.guest.get(f"/ask?story={teller.ref}")
    assert f'value="story-{teller.ref}"' in form.text
    assert "Whoever told" in text_of(form)
    number = teller.asked()
    assert len(number) == 16
    told = teller.one(select(Answer).where(Answer.sentence == ASKED_TELLER))
    assert (told.member_id, told.link) == (teller.awa_id, f"{teller.path}/questions")
    assert WORDS in text_of(teller.hers.get(f"{teller.path}/questions"))
    assert "somebody who knows you" in text_of(teller.hers.get(teller.at))
    for words in ("Write me: +221 77 123 45 67", "See https://a.example/x"):
        assert teller.hers.post(teller.at, {"words": words}).status_code == 422
    teller.hers.send(teller.at, {"words": "With two chickens of my aunt."})
    read = teller.guest.post("/back", {"number": number})
    assert "With two chickens of my aunt." in read.text
    assert "Answer of whoever told the story" in text_of(read)
    assert "Awa" not in text_of(read)
    again = teller.guest.post("/ask/more", {"number": number, "words": "And then?"})
    assert "And then?" in again.text
    mine = teller.one(select(AbroadWord).where(AbroadWord.by_id == teller.awa_id))
    assert f"/flag/asked/{mine.ref}" in teller.guest.post("/back", {"number": number}).text
    teller.hers.send(f"{teller.at}/out", {"word": mine.ref})
    assert "With two chickens" not in teller.guest.post("/back", {"number": number}).text


@pytest.mark.parametrize(("form", "says"), [(NameForm.ANONYMOUS, False), (NameForm.LETTER, False), (NameForm.CHOSEN, True)])
def test_the_button_says_no_more_than_the_story(make: Make, browse: Callable[..., Browser], form: NameForm, says: bool) -> None:
    teller = Teller(make, browse, name_form=form)
    teller.says_yes()
    page = teller.guest.get(teller.page)
    assert f"/ask?story={teller.ref}" in page.text
    assert ("Ask Awa Maple a question" in text_of(page)) == says
    number = teller.asked()
    teller.hers.send(teller.at, {"words": "With two chickens."})
    for shown in (page, teller.guest.get(f"/ask?story={teller.ref}"), teller.guest.post("/back", {"number": number})):
        assert ("Awa" in text_of(shown)) == (says and shown is page)


def test_an_answer_that_is_flagged_names_nobody_at_the_desk(make: Make, browse: Callable[..., Browser]) -> None:
    teller = Teller(make, browse, name_form=NameForm.ANONYMOUS)
    worker = make.member("Open Door", Role.COORDINATOR)
    make.commit()
    teller.says_yes()
    teller.asked()
    teller.hers.send(teller.at, {"words": "With two chickens."})
    word = teller.one(select(AbroadWord).where(AbroadWord.by_id == teller.awa_id))
    teller.guest.send(f"/flag/asked/{word.ref}", {"reason": "other", "note": "Strange."})
    case = teller.one(select(Case)).ref
    desk = teller.open(worker)
    desk.send(f"/desk/cases/{case}/open", {})
    pages = [desk.get(path) for path in ("/desk", f"/desk/cases/{case}")]
    assert "With two chickens." in text_of(pages[1])
    for page in pages:
        assert "Awa" not in page.text
        assert teller.ref not in page.text, "nothing leads from an answer to the story"


def test_only_the_teller_reads_it_and_coordinators_after_a_week(teller: Teller, make: Make) -> None:
    teller.says_yes()
    number = teller.asked()
    worker, other = make.member("Open Door", Role.COORDINATOR), make.member("Omar Copper")
    make.commit()
    desk, omar, ref = teller.open(worker), teller.open(other), teller.at.rpartition("/")[2]
    for path in (teller.at, f"{teller.path}/questions"):
        assert omar.get(path).status_code == 404
        assert teller.guest.get(path).status_code in (303, 401)
    assert omar.post(teller.at, {"words": "Me too."}).status_code == 404
    assert omar.post(f"{teller.path}/questions", {"do": "close"}).status_code == 404
    assert desk.get(f"/desk/questions/{ref}").status_code == 404
    assert WORDS not in desk.get("/desk/questions").text
    word = teller.one(select(AbroadWord))
    assert omar.get(f"/flag/asked/{word.ref}").status_code == 404
    assert teller.hers.get(f"/flag/asked/{word.ref}").status_code == 200
    make.db.get_one(AbroadQuestion, word.question_id).last_on = (now() - days(8)).date()
    make.commit()
    assert WORDS in text_of(desk.get("/desk/questions"))
    desk.send(f"/desk/questions/{ref}", {"words": "It differs. Look under Help."})
    assert "Answer of the network" in text_of(teller.guest.post("/back", {"number": number}))


def test_whoever_takes_no_more_questions_is_not_told_of_further_ones(teller: Teller, make: Make) -> None:
    make.member("Open Door", Role.COORDINATOR)
    make.commit()
    teller.says_yes()
    number = teller.asked()
    teller.hers.send(teller.at, {"words": "With two chickens."})
    teller.hers.send(f"{teller.path}/questions", {"do": "close"})
    teller.guest.post("/ask/more", {"number": number, "words": "And then?"})
    sentences = [one.sentence for one in make.db.exec(select(Answer)).all()]
    assert (sentences.count(ASKED_TELLER), sentences.count(AT_DESK)) == (1, 1)


@pytest.mark.parametrize("how", ["no more", "taken back", "members only", "paused account", "time is over"])
def test_where_no_questions_are_taken_any_more_nobody_asks_and_what_waits_goes_to_the_desk(
    teller: Teller, make: Make, how: str
) -> None:
    teller.says_yes()
    teller.asked()
    if how == "no more":
        teller.hers.send(f"{teller.path}/questions", {"do": "close"})
    story, db = make.db.get_one(Story, teller.story_id, populate_existing=True), make.db
    if how == "taken back":
        story.status = StoryStatus.TAKEN_BACK
    elif how == "members only":
        story.audience = Audience.MEMBERS
    elif how == "paused account":
        db.get_one(Member, teller.awa_id, populate_existing=True).status = MemberStatus.PAUSED
    elif how == "time is over":
        story.until_on = now().date()
    worker = make.member("Open Door", Role.COORDINATOR)
    make.commit()
    assert teller.guest.post("/ask", {"to": f"story-{teller.ref}", "words": WORDS}).status_code == 422
    assert "Whoever told" not in text_of(teller.guest.get(f"/ask?story={teller.ref}"))
    assert WORDS in text_of(teller.open(worker).get("/desk/questions"))


def test_what_the_checks_find_a_teller_never_reads(teller: Teller, make: Make) -> None:
    teller.says_yes()
    teller.asked(SCAM.split("+")[0].replace("WhatsApp", "phone"))
    question = teller.one(select(AbroadQuestion))
    assert question.held
    assert teller.hers.get(teller.at).status_code == 404
    assert not make.db.exec(select(Answer).where(Answer.sentence == ASKED_TELLER)).all()


def test_one_person_is_not_asked_without_end(teller: Teller, make: Make) -> None:
    teller.says_yes()
    for n in range(10):
        make.db.add(AbroadQuestion(ref=f"q{n:011}", receipt_hash=f"{n}", story_id=teller.story_id, last_on=now().date()))
    make.commit()
    answer = teller.guest.post("/ask", {"to": f"story-{teller.ref}", "words": WORDS})
    assert (answer.status_code, "has many questions to answer" in text_of(answer)) == (422, True)


def test_every_ending(teller: Teller, make: Make, database: Any, settings: Any, tmp_path: Any) -> None:
    teller.says_yes()
    number = teller.asked()
    teller.hers.send(teller.at, {"words": "With two chickens."})
    assert teller.page in str(ending.export(make.db, teller.awa_id))
    make.commit()
    backup.back_up(database, settings, tmp_path / "old.hearth")
    teller.hers.post(f"{teller.path}/questions", {"do": "close"})
    erasures.note_erasures(database, settings)
    assert backup.restore(database, settings, tmp_path / "old.hearth", force=True)["erased_again"] == 1
    make.db.expunge_all()
    assert not make.db.exec(select(StoryDoor)).all(), "a no outlives a restored copy"
    make.commit()
    teller.hers = teller.open(teller.awa)  # a restore signs everybody out
    teller.says_yes()
    telling.erase(make.db, make.db.get_one(Story, teller.story_id, populate_existing=True))
    make.commit()
    make.db.expunge_all()
    assert not make.db.exec(select(StoryDoor)).all()
    assert teller.one(select(AbroadQuestion)).story_id is None
    assert "With two chickens." in teller.guest.post("/back", {"number": number}).text
    ending.purge(make.db, teller.awa_id)
    make.commit()
    assert "With two chickens." not in teller.guest.post("/back", {"number": number}).text


@pytest.mark.parametrize("items", [1, 3])
def test_pages_cost_the_same_for_any_number(teller: Teller, app: Any, count_queries: Any, items: int) -> None:
    teller.says_yes()
    for n in range(items):
        teller.asked(f"Question {n}?")
    database = app.state.house.database
    first = teller.make.db.exec(select(AbroadQuestion).order_by(col(AbroadQuestion.id))).first()
    teller.make.commit()
    for path, most in ((f"{teller.path}/questions", 6), (f"{teller.path}/q/{first.ref}", 4)):
        teller.hers.get(path)
        with count_queries(database.read_engine, database.write_engine) as seen:
            assert teller.hers.get(path).status_code == 200
        assert len(seen) == most, (path, seen)
