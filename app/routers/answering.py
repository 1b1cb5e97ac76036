"""Questions from abroad for those who answer: a group, and the desk for the network."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.asking import answering, queries, rules, shown
from app.domain.groups import queries as groups
from app.domain.groups import talking
from app.domain.groups.rules import Seat
from app.models.abroad import AbroadQuestion
from app.models.groups import Group
from app.routers.groups import Counted, Ref
from app.schemas.asking import AnswerAbroad, SetDoor, TakeWord
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn, Worker
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
QuestionRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
Number = Annotated[int, Query(alias="page", ge=1, le=500)]
AnswerForm = Annotated[Form[AnswerAbroad], form_of(AnswerAbroad)]
WordForm = Annotated[Form[TakeWord], form_of(TakeWord)]
UNKEPT = {"Cache-Control": "no-store"}
SENT = N_("Sent. Whoever asked reads it with their number.")


def listed(page: Page, found: Any, number: int, path: str, **more: Any) -> Response:
    if number > 1 and not found:
        raise NotFound(_("This page is not here."))
    cards = [shown.card(row) for row in found[: queries.PER_PAGE]]
    return page(
        "asking/list.html", headers=UNKEPT, here="groups" if "group" in more else "me", cards=cards, number=number,
        more=len(found) > len(cards), base=path, days=rules.WAITS.days, **more,
    )  # fmt: skip


def thread_page(
    db: Session, page: Page, actor: Actor, question: AbroadQuestion, form: Form[Any] | None, path: str, back: str, **more: Any
) -> Response:  # fmt: skip
    in_group = "group" in more
    of_desk = not in_group and "story" not in more
    words = queries.words(db, question, None if of_desk else queries.first_held(db, question))
    said = shown.thread(question, words, actor.me, names=in_group)
    return page(
        "asking/thread.html", headers=UNKEPT, status=422 if form else 200, here="groups" if in_group else "me", form=form,
        said=said, base=path, back=back, **more,
    )  # fmt: skip


@router.get("/g/{ref}/questions", name="group_questions")
def of_group(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn, number: Number = 1) -> Response:
    """Show the questions that a group was asked, those without an answer first."""
    group, seat = groups.inside(db, actor, ref)
    door = queries.door(db, group.id) is not None
    return listed(
        page, queries.of_group(db, group.id, number), number, f"/g/{ref}/q", group=group, door=door,
        receives=rules.receives(group.visibility, group.state, door), may_open=rules.may_open_door(actor, seat, now().date()),
    )  # fmt: skip


@router.post("/g/{ref}/questions", name="group_door", dependencies=[Counted])
def set_door(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[SetDoor], form_of(SetDoor)]) -> Response:
    """Say whether the group wishes to be asked."""
    group, seat = groups.inside(db, actor, ref)
    if form.data is not None:
        answering.set_door(db, actor, group, seat, form.data.do == "open")
    return page.go("group_questions", ref=ref, say=_("Saved.") if form.data else "")


def _in_group(
    db: Session, page: Page, actor: Actor, found: tuple[AbroadQuestion, Group, Seat], form: Form[Any] | None = None
) -> Response:
    question, group, seat = found
    may = rules.may_answer(actor, seat, talking.is_newcomer(db, actor.me), question.held)
    back = f"/g/{group.ref}/questions"
    return thread_page(db, page, actor, question, form, f"/g/{group.ref}/q/{question.ref}", back, group=group, may_answer=may)


@router.get("/g/{ref}/q/{question_ref}", name="group_question")
def in_group(ref: Ref, question_ref: QuestionRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show a question to those inside the group that it is for."""
    return _in_group(db, page, actor, queries.in_group(db, actor, ref, question_ref))


@router.post("/g/{ref}/q/{question_ref}", name="group_reply", dependencies=[Counted])
def reply(ref: Ref, question_ref: QuestionRef, db: Db, page: Pages, actor: SignedIn, form: AnswerForm) -> Response:
    """Answer as somebody in the group."""
    found = queries.in_group(db, actor, ref, question_ref, hold=True)
    if form.data is None:
        return _in_group(db, page, actor, found, form)
    try:
        answering.answer(db, actor, found[2], found[0], form.data.words)
    except Invalid as problem:
        return _in_group(db, page, actor, found, form.refuse(problem))
    return page.go("group_question", ref=ref, question_ref=question_ref, say=_(SENT))


@router.post("/g/{ref}/q/{question_ref}/out", name="group_reply_out", dependencies=[Counted])
def take_back(ref: Ref, question_ref: QuestionRef, db: Db, page: Pages, actor: SignedIn, form: WordForm) -> Response:
    """Take an answer of one's own back."""
    question, _group, _seat = queries.in_group(db, actor, ref, question_ref, hold=True)
    answering.take_back(db, actor, question, form.data.word if form.data else "")
    return page.go("group_question", ref=ref, question_ref=question_ref, say=_("Your answer is taken back."))


@router.get("/desk/questions", name="desk_questions")
def at_desk(db: ReadDb, page: Pages, _actor: Worker, number: Number = 1) -> Response:
    """Show the questions that coordinators answer, those without an answer first."""
    return listed(page, queries.at_desk(db, number), number, "/desk/questions")


def _at_desk(db: Session, page: Page, actor: Actor, question: AbroadQuestion, form: Form[Any] | None = None) -> Response:
    path, back = f"/desk/questions/{question.ref}", "/desk/questions"
    return thread_page(db, page, actor, question, form, path, back, may_answer=rules.may_answer_at_desk(actor))


@router.get("/desk/questions/{question_ref}", name="desk_question")
def one_at_desk(question_ref: QuestionRef, db: ReadDb, page: Pages, actor: Worker) -> Response:
    """Show a question to the desk."""
    return _at_desk(db, page, actor, queries.for_desk(db, question_ref))


@router.post("/desk/questions/{question_ref}", name="desk_reply", dependencies=[Counted])
def reply_at_desk(question_ref: QuestionRef, db: Db, page: Pages, actor: Worker, form: AnswerForm) -> Response:
    """Answer for the network."""
    question = queries.for_desk(db, question_ref, hold=True)
    if form.data is None:
        return _at_desk(db, page, actor, question, form)
    try:
        answering.answer_at_desk(db, actor, question, form.data.words)
    except Invalid as problem:
        return _at_desk(db, page, actor, question, form.refuse(problem))
    return page.go("desk_questions", say=_(SENT))


@router.post("/desk/questions/{question_ref}/out", name="desk_reply_out", dependencies=[Counted])
def take_back_at_desk(question_ref: QuestionRef, db: Db, page: Pages, actor: Worker, form: WordForm) -> Response:
    """Take an answer of one's own back."""
    answering.take_back(db, actor, queries.for_desk(db, question_ref, hold=True), form.data.word if form.data else "")
    return page.go("desk_questions", say=_("Your answer is taken back."))
