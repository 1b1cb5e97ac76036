"""Care: what organisers of a group do. Who waits, roles with an end, codes, what the group says about itself."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.settings import current as settings
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.groups import belonging, codes, founding, queries, roles, rules
from app.domain.groups.rules import Seat
from app.domain.groups.wording import LEAVING, ROLES
from app.domain.reporting.showing import lines
from app.models.groups import Group, GroupRole
from app.routers.groups import Counted, Ref, axes, describing
from app.schemas.groups import AnswerRequest, ChangeGroup, ChosenRow, GiveRole, MakeCode, Typology
from app.web import pocket
from app.web.days import day
from app.web.forms import Form, filled, form_of
from app.web.house import house
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/g/{ref}/care")
POCKET = "code"
SHOWN_MINUTES = 10


def _care_page(
    db: Session, page: Page, actor: Actor, group: Group, seat: Seat, form: Form[Any] | None = None, at: str = "", about: str = ""
) -> Response:
    today, care = now().date(), queries.care(db, group.id)
    kinds = queries.typologies(db, group.id)
    return page(
        "groups/care.html", here="groups", status=422 if form else 200, group=group, form=form, at=at, about=about,
        care=care, over=not rules.may_care(actor, seat, today), until=seat.role_until, day=day,
        given=[(role.value, _(name)) for role, name in ROLES.items() if role != GroupRole.MEMBER], role_names=ROLES,
        in_a_year=(today + timedelta(days=rules.TERM_DAYS)).isoformat(), in_a_month=(today + timedelta(days=30)).isoformat(),
        left=[_(LEAVING[reason]) for reason in care.left if reason in LEAVING],
        line=lines.of_group(db.connection(), settings().disclosure_threshold, group.id),
        review=not kinds or (today - kinds[0].on).days > rules.TERM_DAYS,
    )  # fmt: skip


@router.get("", name="group_care")
def care(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show what waits for those who care for the group."""
    group, seat = queries.cared_for(db, actor, ref)
    return _care_page(db, page, actor, group, seat)


@router.post("/requests", name="group_answer", dependencies=[Counted])
def answer(
    ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[AnswerRequest], form_of(AnswerRequest)]
) -> Response:
    """Say yes or no to somebody who asks to come in."""
    group, seat = queries.cared_for(db, actor, ref)
    about = str(form.values.get("id", ""))
    if form.data is None:
        return _care_page(db, page, actor, group, seat, form, "request", about)
    try:
        belonging.answer_request(db, actor, group, seat, form.data.id, form.data.do == "accept", form.data.reason)
    except Invalid as problem:
        return _care_page(db, page, actor, group, seat, form.refuse(problem), "request", about)
    return page.go("group_care", ref=ref, say=_("Done. They read it under My answers."))


@router.post("/codes", name="group_make_code", dependencies=[Counted])
def make_code(
    request: Request, ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[MakeCode], form_of(MakeCode)]
) -> Response:
    """Make a code; a form that is sent twice makes one."""
    group, seat = queries.cared_for(db, actor, ref)
    if form.data is None:
        return _care_page(db, page, actor, group, seat, form, "code")
    try:
        code = codes.make(db, actor, group, seat, form.data.uses, form.data.last_day)
    except Invalid as problem:
        return _care_page(db, page, actor, group, seat, form.refuse(problem), "code")
    told = {"code": code, "uses": form.data.uses, "last_day": form.data.last_day.isoformat(), "ref": ref, "to": str(actor.me)}
    return pocket.put(request, page.go("group_sheet", ref=ref), POCKET, told, SHOWN_MINUTES)


@router.get("/codes", name="group_sheet")
def sheet(request: Request, ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show a new code as a sheet to print and a link to pass on, while the browser of whoever made it carries it."""
    queries.cared_for(db, actor, ref)
    told = pocket.look(request, POCKET) or {}
    if (told.get("ref"), told.get("to")) != (ref, str(actor.me)):
        return page.go("group_care", ref=ref)
    link = f"{house(request).settings.base_url.rstrip('/')}/g/code/{told['code']}"
    return page(
        "groups/sheet.html", here="groups", ref=ref, code=told["code"], uses=told["uses"],
        last_day=date.fromisoformat(told["last_day"]), link=link, day=day,
    )  # fmt: skip


@router.post("/codes/end", name="group_end_code", dependencies=[Counted])
def end_code(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[ChosenRow], form_of(ChosenRow)]) -> Response:
    """Let a code work no more."""
    group, seat = queries.cared_for(db, actor, ref)
    if form.data is None:
        raise NotFound
    codes.end(db, actor, group, seat, form.data.id)
    return page.go("group_care", ref=ref, say=_("This code has ended."))


@router.post("/roles", name="group_role", dependencies=[Counted])
def give_role(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[GiveRole], form_of(GiveRole)]) -> Response:
    """Give a role to somebody of the group."""
    group, seat = queries.cared_for(db, actor, ref)
    wish = form.data
    if wish is None:
        return _care_page(db, page, actor, group, seat, form, "role")
    try:
        roles.give_role(db, actor, group, seat, wish.name, wish.role, wish.until)
    except Invalid as problem:
        return _care_page(db, page, actor, group, seat, form.refuse(problem), "role")
    return page.go("group_care", ref=ref, say=_("Done. They read it under My answers."))


@router.post("/roles/end", name="group_role_end", dependencies=[Counted])
def end_role(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[ChosenRow], form_of(ChosenRow)]) -> Response:
    """End a role."""
    group, seat = queries.cared_for(db, actor, ref)
    if form.data is None:
        raise NotFound
    try:
        roles.end_role(db, actor, group, seat, form.data.id)
    except Invalid as problem:
        return _care_page(db, page, actor, group, seat, form.refuse(problem), "roles")
    return page.go("group_care", ref=ref, say=_("This role has ended."))


@router.post("/go-on", name="group_go_on", dependencies=[Counted])
def go_on(ref: Ref, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Go on as organiser for another year."""
    group, seat = queries.cared_for(db, actor, ref)
    until = roles.go_on(db, actor, group, seat)
    return page.go("group_care", ref=ref, say=_("You care for this group until %(day)s.", day=day(until)))


@router.get("/words", name="group_words")
def words(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """What the group says about itself, to change it."""
    group, seat = queries.cared_for(db, actor, ref)
    require(rules.may_care(actor, seat, now().date()))
    form = filled(**{name: getattr(group, name) for name in ChangeGroup.model_fields if name not in ("area", "women_only")})
    form.values |= {
        "area": str(group.area_id or ""), "women_only": "1" if group.women_only else "", "visibility": group.visibility.value,
        "join_policy": group.join_policy.value,
    }  # fmt: skip
    return page("groups/words.html", here="groups", form=form, group=group, theirs=False, **describing(db))


@router.post("/words", name="group_change", dependencies=[Counted])
def change(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[ChangeGroup], form_of(ChangeGroup)]) -> Response:
    """Save what the group says about itself."""
    group, seat = queries.cared_for(db, actor, ref)
    status = _not_saved(db, actor, group, seat, form)
    if status:
        return page(
            "groups/words.html", here="groups", status=status, form=form, group=group, theirs=status == 409, **describing(db)
        )
    return page.go("group_about", ref=ref, say=_("Saved."))


def _not_saved(db: Session, actor: Actor, group: Group, seat: Seat, form: Form[ChangeGroup]) -> int:
    """Save; return the status of a page that shows the form again, 0 when all is well."""
    if form.data is None:
        return 422
    try:
        founding.change(db, actor, group, seat, form.data)
    except Invalid as problem:
        form.refuse(problem)
        return 422
    except founding.ChangedMeanwhile as problem:
        db.refresh(group)
        form.refuse(Invalid("", problem.sentence)).values["row_version"] = str(group.row_version)
        return 409
    return 0


@router.get("/kind", name="group_kind")
def kind(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """What kind of group it is, on the four axes, to say it anew."""
    group, seat = queries.cared_for(db, actor, ref)
    require(rules.may_care(actor, seat, now().date()))
    last = next(iter(queries.typologies(db, group.id)), None)
    form = filled(**{name: getattr(last, name) for name in Typology.model_fields}) if last else None
    return page("groups/kind.html", here="groups", form=form, group=group, **axes())


@router.post("/kind", name="group_set_kind", dependencies=[Counted])
def set_kind(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Typology], form_of(Typology)]) -> Response:
    """Say anew what kind of group it is."""
    group, seat = queries.cared_for(db, actor, ref)
    if form.data is None:
        return page("groups/kind.html", here="groups", status=422, form=form, group=group, **axes())
    try:
        founding.set_typology(db, actor, group, seat, form.data)
    except Invalid as problem:
        return page("groups/kind.html", here="groups", status=422, form=form.refuse(problem), group=group, **axes())
    return page.go("group_about", ref=ref, say=_("Saved."))
