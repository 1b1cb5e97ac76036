"""Work: who would like to be a mentor, what a panel decided, and who looks after the mentors."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.mentoring.joining import keeping, queries, rules, screening, words
from app.domain.mentoring.joining.wording import KNOWN_WORDS, STATE_WORDS, TRUST_WORDS, told_to_desk
from app.domain.mentoring.rounds import queries as rounds
from app.domain.mentoring.training import learning
from app.models.mentoring import MentorState
from app.schemas.mentoring import CareMentor, ConfirmWord, DecideMentor, EndMentor, NoteTraining
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import Coordinator
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/mentoring")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
Number = Annotated[int, Query(alias="page", ge=1, le=10_000)]


@router.get("", name="desk_mentoring")
def mentoring(db: ReadDb, page: Pages, actor: Coordinator, number: Number = 1) -> Response:
    """Show who waits for a panel, and the mentors."""
    waiting = queries.at_desk(db, actor, waiting=True) if number == 1 else ([], False)
    pairs, last = (rounds.at_desk(db, actor), rounds.last_round(db)) if number == 1 else ([], None)
    mentors, more = queries.at_desk(db, actor, waiting=False, page=number)
    if number > 1 and not mentors:
        raise NotFound(_("This page is not here."))
    return page(
        "mentoring/desk.html", here="me", waiting=waiting[0], many=waiting[1], mentors=mentors, more=more, number=number, day=day,
        states=STATE_WORDS, today=now().date(), pairs=pairs, last=last, lacking=rounds.lacking(last),
    )  # fmt: skip


def _shown(db: Session, page: Page, actor: Actor, ref: str, form: Form[Any] | None = None, which: str = "") -> Response:
    found = queries.offer(db, actor, ref)
    return page(
        "mentoring/offer.html", status=422 if form else 200, here="me", found=found, row=found.row, role_until=found.role_until,
        form=form, which=which, day=day,
        told=told_to_desk(keeping.told(found.row), partial(queries.country_of, db)),
        heard=words.heard(db, actor, found.row.id), known=KNOWN_WORDS, trust=TRUST_WORDS, needed=rules.WORDS_NEEDED,
        supervisors=[("", _("Nobody yet")), *((str(i), name) for i, name in queries.supervisors(db, found.row.member_id))],
        waits=found.row.state == MentorState.APPLIED, state=_(STATE_WORDS[found.row.state]),
    )  # fmt: skip


@router.get("/{ref}", name="desk_mentor")
def offer(ref: Ref, db: ReadDb, page: Pages, actor: Coordinator) -> Response:
    """Show one offer or mentor."""
    return _shown(db, page, actor, ref)


@router.post("/{ref}/decide", name="desk_mentor_decide")
def decide(
    ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[DecideMentor], form_of(DecideMentor)]
) -> Response:  # fmt: skip
    """Write down what the panel decided."""
    if form.data is None:
        return _shown(db, page, actor, ref, form, "decide")
    try:
        screening.decide(db, actor, ref, form.data)
    except Invalid as problem:
        return _shown(db, page, actor, ref, form.refuse(problem), "decide")
    return page.go("desk_mentoring", say=_("Done. They read it under My answers."))


@router.post("/{ref}/word", name="desk_mentor_word")
def confirm(
    ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[ConfirmWord], form_of(ConfirmWord)]
) -> Response:  # fmt: skip
    """Write down that a word was made sure of."""
    if form.data is None:
        return _shown(db, page, actor, ref, form, "word")
    screening.confirm(db, actor, ref, form.data)
    return page.go("desk_mentor", ref=ref, say=_("Kept."))


@router.post("/{ref}/care", name="desk_mentor_care")
def care(
    ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[CareMentor], form_of(CareMentor)]
) -> Response:  # fmt: skip
    """Name the supervisor, write down the training."""
    if form.data is None:
        return _shown(db, page, actor, ref, form, "care")
    try:
        screening.care(db, actor, ref, form.data)
    except Invalid as problem:
        return _shown(db, page, actor, ref, form.refuse(problem), "care")
    return page.go("desk_mentor", ref=ref, say=_("Kept."))


@router.post("/{ref}/training", name="desk_mentor_training")
def training(
    ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[NoteTraining], form_of(NoteTraining)]
) -> Response:  # fmt: skip
    """Write down a training that was held elsewhere."""
    if form.data is None:
        return _shown(db, page, actor, ref, form, "training")
    try:
        learning.note_elsewhere(db, actor, ref, form.data)
    except Invalid as problem:
        return _shown(db, page, actor, ref, form.refuse(problem), "training")
    return page.go("desk_mentor", ref=ref, say=_("Kept."))


@router.post("/{ref}/end", name="desk_mentor_end")
def end(ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[EndMentor], form_of(EndMentor)]) -> Response:
    """End somebody's time as a mentor."""
    if form.data is None:
        return _shown(db, page, actor, ref, form, "end")
    try:
        screening.end(db, actor, ref, form.data.row_version, form.data.reason)
    except Invalid as problem:
        return _shown(db, page, actor, ref, form.refuse(problem), "end")
    return page.go("desk_mentoring", say=_("Done. They read it under My answers."))
