"""Work: sealed copies kept as evidence: asked for at a case, confirmed by somebody else, read under record, gone on their day."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Conflict, HearthError, Invalid, Refused
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.moderation import queries
from app.domain.moderation.preserving import actions, rules
from app.domain.moderation.preserving.wording import KINDS, length_text
from app.models.evidence import EvidenceCopy
from app.schemas.evidence import Answer, AskCopy, WishEnd
from app.schemas.moderation import Press
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import Holds, Worker, prove
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
Trusted = Annotated[Actor, Depends(Holds(*rules.WHO))]
AnswerForm = Annotated[Form[Answer], form_of(Answer)]
PressForm = Annotated[Form[Press], form_of(Press)]


@router.get("/evidence", name="evidence")
def show(db: ReadDb, page: Pages, actor: Trusted) -> Response:
    """List the copies, by day and kind only."""
    cards = [(one, _(KINDS[one.kind]), day(one.asked_at.date()), _state(one)) for one in actions.listing(db, actor)]
    return page("desk/evidence.html", here="me", cards=cards)


def _state(one: Any) -> str:
    if actions.waits(one, now()):
        return _("Waits for a second person")
    return _("Kept until %(day)s", day=day(one.until)) if one.until else _("Nobody confirmed it. It goes.")


@router.get("/cases/{ref}/evidence", name="evidence_ask")
def ask(db: ReadDb, page: Pages, actor: Worker, ref: Ref) -> Response:
    """Ask why what a case is about has to be kept."""
    return _ask(db, page, actor, ref, None)


def _ask(db: Session, page: Page, actor: Actor, ref: str, form: Form[Any] | None, problem: HearthError | None = None) -> Response:
    verdict = actions.may_ask(db, actor, queries.case(db, actor, ref))
    status = 409 if isinstance(problem, Conflict) else 403 if problem else 422 if form else 200
    lengths = [(str(n), length_text(n)) for n in rules.LENGTHS]
    return page(
        "desk/evidence_ask.html", status=status, here="me", ref=ref, verdict=verdict, form=form, problem=problem, lengths=lengths
    )


@router.post("/cases/{ref}/evidence")
def keep(db: Db, page: Pages, actor: Worker, ref: Ref, form: Annotated[Form[AskCopy], form_of(AskCopy)]) -> Response:
    """Make the copy, which waits for a second person."""
    if form.data is None:
        return _ask(db, page, actor, ref, form)
    try:
        actions.ask(db, actor, ref, form.data)
    except Invalid as problem:
        return _ask(db, page, actor, ref, form.refuse(problem))
    except (Conflict, Refused) as problem:
        return _ask(db, page, actor, ref, form, problem)
    return page.go(
        "desk_case", ref=ref, say=_("Copied and sealed. Somebody else has to confirm it within a week; else it is deleted.")
    )


@router.get("/evidence/{ref}", name="evidence_one")
def closed(db: ReadDb, page: Pages, actor: Trusted, ref: Ref) -> Response:
    """Show that there is a copy and why; what is in it only after a tap that is recorded."""
    return _one(db, page, actor, actions.get(db, actor, ref))


def _one(
    db: Session, page: Page, actor: Actor, one: EvidenceCopy, opened: bool = False, form: Form[Any] | None = None,
    problem: HearthError | None = None,
) -> Response:  # fmt: skip
    concerned = actions.concerned(db, actor, one)
    status = 409 if isinstance(problem, Conflict) else 403 if problem else 422 if form and form.errors else 200
    lengths = [(str(n), length_text(n)) for n in rules.LENGTHS]
    return page(
        "desk/evidence_one.html", status=status, here="me", one=one, opened=opened, form=form, problem=problem,
        kind=_(KINDS[one.kind]), state=_state(one), asked=day(one.asked_at.date()), waits=actions.waits(one, now()),
        mine=one.asked_by == actor.member_id, wished=length_text(one.days) if one.days else "",
        may_look=rules.may_look(actor, concerned, one.private),
        others=bool(rules.may_wish(actor, concerned, one.until is not None, others=True)),
        trail=[(day(on), what) for on, what in actions.trail(db, one)],
        lengths=[*lengths, (str(rules.END), _("Delete it now"))],
    )  # fmt: skip


@router.post("/evidence/{ref}/open", name="evidence_open")
def look(db: Db, page: Pages, actor: Trusted, ref: Ref, _form: PressForm) -> Response:
    """Show what is in a copy, and record that somebody looked; the key was shown a moment ago."""
    prove(actor)
    return _one(db, page, actor, actions.look(db, actor, ref), opened=True)


@router.post("/evidence/{ref}/files/{number}", name="evidence_file")
def file(db: Db, actor: Trusted, ref: Ref, number: Annotated[int, Path(ge=1, le=99)], _form: PressForm) -> Response:
    """Hand out a voice or picture of a copy as a file, and record that somebody looked."""
    prove(actor)
    data, media_type = actions.file(db, actor, ref, number)
    ending = {"audio/ogg": "ogg", "image/jpeg": "jpg"}[media_type]
    headers = {"Content-Disposition": f'attachment; filename="file-{number}.{ending}"', "Cache-Control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)


@router.post("/evidence/{ref}/confirm", name="evidence_confirm")
def confirm(db: Db, page: Pages, actor: Trusted, ref: Ref, form: AnswerForm) -> Response:
    """Say yes to what another person wishes."""
    return _answer(db, page, actor, ref, form, actions.confirm, _("Confirmed. It counts now."))


@router.post("/evidence/{ref}/refuse", name="evidence_refuse")
def refuse(db: Db, page: Pages, actor: Trusted, ref: Ref, form: AnswerForm) -> Response:
    """Say no to what is wished."""
    return _answer(
        db, page, actor, ref, form, actions.refuse, _("Nothing comes of it. A copy that nobody had confirmed is deleted.")
    )


def _answer(
    db: Session, page: Page, actor: Actor, ref: str, form: Form[Answer], verb: Callable[[Session, Actor, str, int], object],
    says: str,
) -> Response:  # fmt: skip
    prove(actor)
    one = actions.get(db, actor, ref)
    if form.data is None:
        return _one(db, page, actor, one, form=form)
    try:
        verb(db, actor, ref, form.data.row_version)
    except (Conflict, Refused) as problem:
        return _one(db, page, actor, one, problem=problem)
    return page.go("evidence", say=says)


@router.post("/evidence/{ref}/end", name="evidence_end")
def end(db: Db, page: Pages, actor: Trusted, ref: Ref, form: Annotated[Form[WishEnd], form_of(WishEnd)]) -> Response:
    """Ask for another end of a copy that is kept."""
    prove(actor)
    one = actions.get(db, actor, ref)
    if form.data is None:
        return _one(db, page, actor, one, form=form)
    try:
        actions.wish_end(db, actor, ref, form.data)
    except Invalid as problem:
        return _one(db, page, actor, one, form=form.refuse(problem))
    except (Conflict, Refused) as problem:
        return _one(db, page, actor, one, form=form, problem=problem)
    return page.go("evidence", say=_("Written down. Another person has to confirm it."))
