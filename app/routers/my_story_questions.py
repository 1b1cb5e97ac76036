"""Questions from abroad about a story of one's own: whether one may ask, reading them, answering."""

from typing import Annotated, Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n
from app.core.errors import Invalid
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.asking import answering, queries, rules
from app.models.abroad import AbroadQuestion
from app.models.stories import Story
from app.routers.answering import SENT, AnswerForm, Number, QuestionRef, WordForm, listed, thread_page
from app.routers.my_story_steps import Counted, Ref
from app.schemas.asking import SetDoor
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()


@router.get("/my/stories/{ref}/questions", name="my_story_questions")
def of_story(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn, number: Number = 1) -> Response:
    """Show what was asked about a story, those without an answer first, and whether one may ask."""
    story = queries.of_teller(db, actor, ref)
    return listed(
        page, queries.of_story(db, story.id, number), number, f"/my/stories/{ref}/q", story=story,
        title=queries.title(db, story.id, i18n.current()), door=queries.story_door(db, story.id) is not None,
        receives=queries.told(db, ref)[1],
    )  # fmt: skip


@router.post("/my/stories/{ref}/questions", name="my_story_door", dependencies=[Counted])
def set_door(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[SetDoor], form_of(SetDoor)]) -> Response:
    """Say whether one may ask."""
    story = queries.of_teller(db, actor, ref)
    if form.data is not None:
        answering.set_story_door(db, actor, story, form.data.do == "open")
    return page.go("my_story_questions", ref=ref, say=_("Saved.") if form.data else "")


def _thread(
    db: Session, page: Page, actor: Actor, found: tuple[AbroadQuestion, Story], form: Form[Any] | None = None
) -> Response:  # fmt: skip
    question, story = found
    path = f"/my/stories/{story.ref}"
    may = rules.may_answer_as_teller(actor, question.held)
    return thread_page(
        db, page, actor, question, form, f"{path}/q/{question.ref}", f"{path}/questions", story=story, may_answer=may
    )  # fmt: skip


@router.get("/my/stories/{ref}/q/{question_ref}", name="my_story_question")
def one(ref: Ref, question_ref: QuestionRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show a question to whoever told the story."""
    return _thread(db, page, actor, queries.for_teller(db, actor, ref, question_ref))


@router.post("/my/stories/{ref}/q/{question_ref}", name="my_story_reply", dependencies=[Counted])
def reply(ref: Ref, question_ref: QuestionRef, db: Db, page: Pages, actor: SignedIn, form: AnswerForm) -> Response:
    """Answer as whoever told the story."""
    found = queries.for_teller(db, actor, ref, question_ref, hold=True)
    if form.data is None:
        return _thread(db, page, actor, found, form)
    try:
        answering.answer_as_teller(db, actor, found[0], form.data.words)
    except Invalid as problem:
        return _thread(db, page, actor, found, form.refuse(problem))
    return page.go("my_story_question", ref=ref, question_ref=question_ref, say=_(SENT))


@router.post("/my/stories/{ref}/q/{question_ref}/out", name="my_story_reply_out", dependencies=[Counted])
def take_back(ref: Ref, question_ref: QuestionRef, db: Db, page: Pages, actor: SignedIn, form: WordForm) -> Response:
    """Take an answer of one's own back."""
    question, _story = queries.for_teller(db, actor, ref, question_ref, hold=True)
    answering.take_back(db, actor, question, form.data.word if form.data else "")
    return page.go("my_story_question", ref=ref, question_ref=question_ref, say=_("Your answer is taken back."))
