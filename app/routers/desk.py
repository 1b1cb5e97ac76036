"""Work: the cases that wait, one case from opening to the answer, and the audit trail for a second role."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n
from app.core.clock import now
from app.core.errors import Conflict, HearthError, Invalid, NotFound, Refused
from app.core.i18n import _
from app.core.ids import REF
from app.core.settings import current
from app.domain.actor import Actor
from app.domain.asking import queries as asking
from app.domain.directory import shown as directory
from app.domain.moderation import actions, handing, queries, things, trail, undoing
from app.domain.moderation.rules import LENGTHS, Choice, kinds_of
from app.domain.moderation.wording import CHOICES, FILTERS, SHOWS, length_text
from app.domain.network import texts
from app.domain.stories.wording import STANDINGS
from app.models.accounts import Role
from app.routers import desk_accounts, desk_care, desk_files, desk_spam, desk_translations
from app.schemas.moderation import Decide, HandOn, Leave, Press, Wanted
from app.schemas.stories import Words
from app.web.days import day
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.sessions import Holds, Worker
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
Number = Annotated[int, Query(alias="page", ge=1, le=10_000)]
STATUS: dict[type[HearthError], int] = {Conflict: 409, Refused: 403}
Second = Annotated[Actor, Depends(Holds(Role.SAFEGUARDING, Role.ANALYST, Role.OPERATOR))]
DecideForm = Annotated[Form[Decide], form_of(Decide)]
PressForm = Annotated[Form[Press], form_of(Press)]
WordsForm = Annotated[Form[Words], form_of(Words)]


@router.get("", name="desk")
def desk(db: ReadDb, page: Pages, actor: Worker, asked: Annotated[Wanted, Query()]) -> Response:
    """Show what waits, what is due first on top."""
    waiting = queries.waiting(db, actor, asked.kind, asked.page, asked.show, asked.all)
    if asked.page > 1 and not waiting.cards:
        raise NotFound
    return page(
        "desk/list.html", here="me", waiting=waiting, asked=asked, number=asked.page,
        filters=[(k.value, _(FILTERS[k])) for k in kinds_of(actor)], shows=[(k, _(words)) for k, words in SHOWS.items()],
        recent=undoing.recent(db, actor), questions=asking.waits_at_desk(db),
    )  # fmt: skip


@router.get("/audit", name="desk_audit")
def audit(db: ReadDb, page: Pages, actor: Second, number: Number = 1) -> Response:
    """Show who did what, by role, without words of people."""
    events, more = trail.events(db, actor, number)
    if number > 1 and not events:
        raise NotFound
    return page("desk/audit.html", here="me", events=events, number=number, more=more, day=day)


@router.get("/cases/{ref}", name="desk_case")
def show_case(db: ReadDb, page: Pages, actor: Worker, ref: Ref, number: Number = 1) -> Response:
    """Show a case; its contents only to whoever has opened it."""
    return _case(db, page, actor, ref, None, number=number)


def _case(
    db: Session, page: Page, actor: Actor, ref: str, form: Form[Any] | None, problem: HearthError | None = None, number: int = 1
) -> Response:
    shown = queries.case_page(db, actor, ref, again=form is not None, number=number)
    kind = shown.case.kind
    choices = [(o.value, *(_(words) for words in CHOICES[kind, o])) for o in things.outcomes(shown.case)]
    own, form = form is not None, form or _proposed(shown)
    status = 422 if form and form.errors else next((s for kind, s in STATUS.items() if isinstance(problem, kind)), 200)
    return page(
        "desk/case.html", status=status, here="me", shown=shown, form=form, own=own, problem=problem, choices=choices,
        number=number, services=_services(shown), standings=STANDINGS, colleagues=_colleagues(db, actor, shown),
        lengths=[("", _("No length"))] + [(str(n), length_text(n)) for n in LENGTHS],
        hidings=[("", _("Until it is decided differently"))] + [(str(n), length_text(n)) for n in LENGTHS],
        rules=[("", _("No rule"))] + [(str(r.number), f"{r.number}. {r.title}") for r in _rules()],
    )  # fmt: skip


def _colleagues(db: Session, actor: Actor, shown: queries.CasePage) -> list[tuple[str, str]]:
    if not shown.mine:
        return []
    names = [name for _id, name in handing.colleagues(db, actor, shown.case.kind)]
    return [("", _("Nobody in particular"))] + [(name, name) for name in names] if names else []


def _proposed(shown: queries.CasePage) -> Form[Any] | None:
    """Return the form filled with what somebody proposes, for whoever has the case open."""
    one = shown.proposed
    return filled(outcome=one.outcome.value, rule=one.rule, days=one.days, words=one.words) if one else None


def _services(shown: queries.CasePage) -> list[directory.Shown]:
    review = shown.contents.review if shown.contents else None
    return [directory.card(hit, now()) for hit in review.view.services] if review else []


def _rules() -> list[texts.Rule]:
    return texts.rules(current().data_dir, i18n.current())


@router.post("/cases/{ref}/open", name="desk_open")
def open_case(db: Db, page: Pages, actor: Worker, ref: Ref, _form: PressForm) -> Response:
    """Take a case up and show what it holds."""
    try:
        actions.open_case(db, actor, ref)
    except Conflict as problem:
        return page.go("desk_case", ref=ref, say=problem.sentence)
    return page.go("desk_case", ref=ref)


@router.post("/cases/{ref}/break", name="desk_break")
def give_back(db: Db, page: Pages, actor: Worker, ref: Ref, form: Annotated[Form[HandOn], form_of(HandOn)]) -> Response:
    """Put a case back for others, with a note for whoever opens it next."""
    if form.data is None:
        return _case(db, page, actor, ref, form)
    note = form.data.note if "note" in form.values else None  # the button alone leaves the note that is there
    try:
        waits = actions.give_back(db, actor, ref, note, form.data.to)
    except Invalid as problem:
        return _case(db, page, actor, ref, form.refuse(problem), problem)
    except Conflict as problem:
        return _case(db, page, actor, ref, form, problem)
    looked = _("Nothing was decided, and they are not told. That you looked is recorded.")
    return page.go("desk", say=_("Put back. Another coordinator sees it. Take your time.") if waits else looked)


@router.post("/cases/{ref}/conflict", name="desk_conflict")
def declare_conflict(db: Db, page: Pages, actor: Worker, ref: Ref, form: Annotated[Form[Leave], form_of(Leave)]) -> Response:
    """Leave a case to others for good, with a sentence for them."""
    if form.data is None:
        return _case(db, page, actor, ref, form)
    try:
        actions.declare_conflict(db, actor, ref, form.data.said or None)
    except (Conflict, Refused) as problem:
        return _case(db, page, actor, ref, form, problem)
    return page.go("desk", say=_("Left to others. You will not see it again."))


@router.post("/cases/{ref}/again", name="desk_again")
def reopen(db: Db, page: Pages, actor: Worker, ref: Ref, _form: PressForm) -> Response:
    """Open a decided flag once more."""
    actions.reopen(db, actor, ref)
    return page.go("desk_case", ref=ref)


@router.post("/cases/{ref}/decision", name="desk_decide")
def decide(db: Db, page: Pages, actor: Worker, ref: Ref, form: DecideForm) -> Response:
    """Show what will be said, then say it; whatever comes between, the typed words come back."""
    if form.data is None or form.data.step == "edit":
        return _case(db, page, actor, ref, form)
    choice = Choice(**form.data.model_dump(exclude={"step"}))
    try:
        if form.data.step == "look":
            return _preview(db, page, actor, ref, form, choice)
        done = desk_accounts.settle(db, actor, ref, choice)
    except Invalid as problem:
        return _case(db, page, actor, ref, form.refuse(problem), problem)
    except (Conflict, Refused) as problem:
        return _case(db, page, actor, ref, form, problem)
    return page.go("desk", say=_("Decided. Everybody concerned was told.") if done else _(desk_accounts.WAITS))


def _preview(db: Session, page: Page, actor: Actor, ref: str, form: Form[Decide], choice: Choice) -> Response:
    seen = actions.preview(db, actor, ref, choice)
    words = dict(CHOICES)[queries.case(db, actor, ref).kind, choice.outcome]
    return page("desk/preview.html", here="me", ref=ref, form=form, seen=seen, chosen=_(words[0]))


@router.get("/cases/{ref}/words", name="desk_words")
def edit_words(db: ReadDb, page: Pages, actor: Worker, ref: Ref) -> Response:
    """Show the words of a story to suggest others."""
    shown = queries.case_page(db, actor, ref)
    if shown.contents is None or shown.contents.review is None:
        return page.go("desk_case", ref=ref)
    values: dict[str, Any] = {f: getattr(shown.contents.review.original, f) for f in Words.model_fields}
    return page("desk/words.html", here="me", ref=ref, form=filled(**values), problem=None)


@router.post("/cases/{ref}/words")
def propose_words(db: Db, page: Pages, actor: Worker, ref: Ref, form: WordsForm) -> Response:
    """Suggest other words to the teller."""
    try:
        if form.data is not None:
            actions.propose_words(db, actor, ref, form.data)
            return page.go("desk_case", ref=ref, say=_("Sent to the person who tells it. Nothing changes without their yes."))
    except (Conflict, Refused) as problem:
        return page("desk/words.html", status=409, here="me", ref=ref, form=form, problem=problem)
    return page("desk/words.html", status=422, here="me", ref=ref, form=form, problem=None)


router.include_router(desk_care.router)
router.include_router(desk_files.router)
router.include_router(desk_translations.router)
router.include_router(desk_accounts.router)
router.include_router(desk_spam.router)
