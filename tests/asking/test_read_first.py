"""Questions in which somebody may be in danger: found in many languages, read first, decided by nobody but people."""

import re

import pytest
from sqlmodel import select

from app.domain.asking import asking
from app.domain.asking.telling import MOST_A_DAY, READ_FIRST
from app.domain.moderation.checks.checking import check
from app.domain.moderation.checks.shapes import Check, Context, Level, Subject
from app.models.abroad import AbroadQuestion
from app.models.accounts import Answer, Role
from app.models.moderation import Case
from tests.browse import Browser, text_of
from tests.groups.conftest import Circle

DANGER = [
    "My husband beats me and I will kill myself tonight", "I don't want to live anymore", "They locked me in and took my phone",
    "The boss keeps me locked in the house", "They threatened to kill me", "Mon mari me frappe, j'ai peur", "Je veux mourir",
    "On m'a enfermée dans une chambre", "Je n'ai plus envie de vivre", "Ma vie est en danger", "زوجي يضربني كل يوم", "أريد أن أموت",
    "سيقتلونني إذا رجعت", "هددوني بالقتل", "أنا في خطر", "Mi marido me pega", "Quiero morir", "Me van a matar",
    "Estoy encerrada en una casa", "O meu marido bate-me", "Quero morrer", "Ameaçou-me de morte", "Mein Mann schlägt mich",
    "Ich will nicht mehr leben", "Mio marito mi picchia", "Voglio farla finita", "Kocam beni dövüyor", "Ölmek istiyorum",
    "Муж меня бьёт", "Хочу умереть", "আমি মরতে চাই", "স্বামী আমাকে মারে", "Ուզում եմ մեռնել", "Ամուսինս ինձ ծեծում է",
    "Mijina yana dukana", "Zai kashe ni", "Dama bëgg dee", "Sama jëkkër dafay ma dóor",
]  # fmt: skip
ORDINARY = [
    "How long did it take you to find a room?", "Is it dangerous to come back to Kano?", "Est-ce que la route est dangereuse ?",
    "How do I find a flat when I come back?", "كيف أجد سكنا عندما أعود؟", "¿Cómo encuentro trabajo?", "Como posso voltar?",
    "My father died. Do I inherit the house?", "Do they take my phone at the airport?", "Was kostet das Leben dort?",
]  # fmt: skip
HURT = "My husband beats me. Where can I sleep when I come back?"


def _found(text: str, subject: Subject) -> list[Level]:
    return [one.level for one in check(text, Context(subject=subject)) if one.check is Check.DANGER]


@pytest.mark.parametrize("text", DANGER)
def test_words_of_danger_are_found_and_hold_nothing(text: str) -> None:
    assert set(_found(text, Subject.QUESTION)) == {Level.HINT}
    for elsewhere in set(Subject) - {Subject.QUESTION}:
        assert _found(text, elsewhere) == []  # in a story what was lived is told


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_questions_are_not(text: str) -> None:
    assert _found(text, Subject.QUESTION) == []


def _ask(browser: Browser, words: str, to: str = "") -> tuple[str, str]:
    """Ask; return the number and the page that shows it."""
    page = browser.send("/ask", {"to": to, "words": words})
    return "".join(re.findall(r"<li>(\d{4})</li>", page.text)), text_of(page)


def _told(circle: Circle) -> list[str]:
    return [one.sentence for one in circle.all(select(Answer)) if one.sentence == READ_FIRST]


def test_the_desk_reads_it_first_and_whoever_asks_sees_whom_to_call(circle: Circle) -> None:
    desk = circle.browse(circle.make.member("Open Door", Role.COORDINATOR))
    circle.make.commit()
    assert "should be read first" not in text_of(desk.get("/desk"))
    _ask(circle.browse(), "How long did it take you to find a room?")
    number, shown = _ask(circle.browse(), HURT)
    _ask(circle.browse(), "Is there a school for my children?")
    assert "do not wait for an answer" in shown
    read = circle.browse().post("/back", {"number": number})
    assert "do not wait for an answer" in text_of(read)
    assert 'href="/safe/now"' in read.text.split("Question")[0]
    assert "should be read first" in text_of(desk.get("/desk"))
    listed = text_of(desk.get("/desk/questions"))
    assert "My husband" not in listed  # closed until somebody opens it
    assert listed.index("Somebody may be in danger ") < min(listed.index("find a room"), listed.index("a school"))
    assert _told(circle) == [READ_FIRST]
    urgent = circle.one(select(AbroadQuestion).where(AbroadQuestion.urgent))
    assert not urgent.held
    assert circle.all(select(Case)) == []  # nothing is decided by a program
    desk.send(f"/desk/questions/{urgent.ref}", {"words": "We are glad that you wrote. A house for women takes you in."})
    listed = text_of(desk.get("/desk/questions"))
    assert listed.index("Somebody may be in danger ") > listed.index("a school")  # those that wait stand first
    assert "should be read first" not in text_of(desk.get("/desk"))


def test_a_group_that_was_asked_reads_it_too_and_coordinators_at_once(circle: Circle) -> None:
    desk = circle.browse(circle.make.member("Open Door", Role.COORDINATOR))
    circle.make.commit()
    circle.browse(circle.awa).send(f"{circle.path}/questions", {"do": "open"})
    _ask(circle.browse(), HURT, circle.group.ref)
    ref = circle.one(select(AbroadQuestion)).ref
    for reader, path in ((circle.browse(circle.awa), f"{circle.path}/q/{ref}"), (desk, f"/desk/questions/{ref}")):
        page = text_of(reader.get(path))
        assert "Somebody may be in danger" in page
        assert "My husband beats me" in page


def test_asked_again_with_the_number_it_counts_from_then_on(circle: Circle) -> None:
    desk = circle.browse(circle.make.member("Open Door", Role.COORDINATOR))
    circle.make.commit()
    number, shown = _ask(circle.browse(), "Where do I find a room?")
    assert "do not wait for an answer" not in shown
    ref = circle.one(select(AbroadQuestion)).ref
    desk.send(f"/desk/questions/{ref}", {"words": "Look under Help."})
    assert _told(circle) == []
    again = circle.browse().post("/ask/more", {"number": number, "words": HURT})
    assert "do not wait for an answer" in text_of(again)
    assert _told(circle) == [READ_FIRST]


def test_a_storm_of_them_tells_coordinators_three_times_a_day(circle: Circle) -> None:
    circle.make.member("Open Door", Role.COORDINATOR)
    circle.make.commit()
    for n in range(MOST_A_DAY + 2):
        assert asking.ask(circle.make.db, "", f"{HURT} ({n})").urgent
    circle.make.commit()
    assert len(circle.all(select(AbroadQuestion).where(AbroadQuestion.urgent))) == MOST_A_DAY + 2
    assert len(_told(circle)) == MOST_A_DAY
