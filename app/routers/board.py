"""The help board of a group: what people need and can give, taking something, what the two say to each other, done."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Connection
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n, languages
from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.i18n import N_, _
from app.core.ids import REF
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.board import offering, queries, reading, rules, shown, taking
from app.domain.board.wording import DAYS, HELPED, KINDS, SIDES
from app.domain.groups import queries as groups
from app.domain.groups import reading as group_reading
from app.domain.groups import rules as group_rules
from app.domain.groups import shown as group_shown
from app.domain.groups import talking
from app.models.board import BoardStage, BoardState
from app.models.groups import Group
from app.routers.groups import Counted, Ref
from app.schemas.board import MoveEntry, SayAtEntry, SayHelped, TakeEntry, WriteEntry
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/g/{ref}")
EntryRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
UNKEPT = {"Cache-Control": "no-store"}


@router.get("/board", name="board")
async def list_entries(
    request: Request, ref: Ref, actor: SignedIn, page: Pages, side: Annotated[str, Query(pattern="^(ask|offer)?$")] = "",
    after: Annotated[str, Query(pattern=f"^$|^{REF.pattern}$")] = "",
) -> Response:  # fmt: skip
    """Show what is needed and offered in a group, the newest first, 20 a page."""
    row = await read(request, group_reading.group, ref, actor.member_id)
    seat = group_reading.seat_of(row) if row else group_rules.Seat()
    if row is None or not group_rules.reads(actor, seat):
        raise groups.not_here()
    found = await read(request, reading.listing, row.id, actor.me, now(), side, after)
    return page(
        "groups/board.html", headers=UNKEPT, here="groups", group=group_shown.facts(row), side=side, after=after,
        cards=[shown.card(one) for one in found[: reading.PER_PAGE]], more=len(found) > reading.PER_PAGE,
        may_write=rules.may_write(actor, seat),
    )  # fmt: skip


def _entry(connection: Connection, actor: Actor, group_ref: str, ref: str) -> dict[str, Any]:
    """Return what the page of an entry shows; NotFound for whom it is not there. Two statements."""
    row = reading.entry(connection, group_ref, ref, actor.me, now())
    if row is None or not rules.sees(stands := reading.whole_of(row, actor)):
        raise groups.not_here()
    newcomer = not (stands.mine or stands.took) and talking.new_here(connection, actor.me)
    return {
        "entry": shown.whole(row, actor, newcomer), "ref": group_ref, "group_name": row.group_name if stands.inside else "",
        "group_language": row.group_language, "answers": [(key, _(words)) for key, words in HELPED.items()],
        "may_flag": stands.inside and stands.state == BoardState.SHOWN and not stands.mine and rules.reads(stands),
    }  # fmt: skip


@router.get("/b/{entry_ref}", name="board_entry")
async def show(request: Request, ref: Ref, entry_ref: EntryRef, actor: SignedIn, page: Pages) -> Response:
    """Show an entry; between the two also what they wrote to each other."""
    facts = await read(request, _entry, actor, ref, entry_ref)
    return page("groups/board_entry.html", headers=UNKEPT, here="groups", form=None, **facts)


@router.get("/board/new", name="board_new")
def new(
    ref: Ref, db: ReadDb, page: Pages, actor: SignedIn, side: Annotated[str, Query(pattern="^(ask|offer)?$")] = ""
) -> Response:  # fmt: skip
    """Say what one needs or can give."""
    group, seat = groups.inside(db, actor, ref)
    require(rules.may_write(actor, seat))
    return _form_page(page, group, filled(side=side, kind="", days="14", language=i18n.current()))


def _form_page(page: Page, group: Group, form: Form[Any], status: int = 200) -> Response:
    known = dict.fromkeys((i18n.current(), group.language, *languages.OFFERED))
    return page(
        "groups/board_new.html", here="groups", status=status, group=group, form=form,
        sides=[(side.value, _(words)) for side, (words, _badge) in SIDES.items()],
        kinds=[(key, _(words)) for key, (words, _shape) in KINDS.items()], days=[(key, _(words)) for key, words in DAYS.items()],
        languages_known=[(code, i18n.language_name(code)) for code in known],
    )  # fmt: skip


@router.post("/board", name="board_write", dependencies=[Counted])
def write(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[WriteEntry], form_of(WriteEntry)]) -> Response:
    """Put something on the board."""
    group, seat = groups.inside(db, actor, ref)
    require(rules.may_write(actor, seat))
    if form.data is None:
        return _form_page(page, group, form, 422)
    try:
        entry = offering.write(db, actor, group, seat, form.data)
    except Invalid as problem:
        return _form_page(page, group, form.refuse(problem), 422)
    said = _("Somebody reads it first.") if entry.state == BoardState.WAITS else _("It stands on the board.")
    return page.go("board_entry", ref=ref, entry_ref=entry.ref, say=said)


def _again(db: Session, page: Page, actor: Actor, ref: str, entry_ref: str, form: Form[Any], problem: Exception) -> Response:
    """Show the entry as it stands now, with what was typed."""
    status = 409 if isinstance(problem, Conflict) else 422
    if isinstance(problem, Conflict):
        form.refuse(Invalid("", problem.sentence))
    elif isinstance(problem, Invalid):
        form.refuse(problem)
    facts = _entry(db.connection(), actor, ref, entry_ref)
    return page("groups/board_entry.html", status=status, headers=UNKEPT, here="groups", form=form, **facts)


@router.post("/b/{entry_ref}/take", name="board_take", dependencies=[Counted])
def take(
    ref: Ref, entry_ref: EntryRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[TakeEntry], form_of(TakeEntry)]
) -> Response:  # fmt: skip
    """Take an entry."""
    entry, seat, stands = queries.held(db, actor, ref, entry_ref)
    try:
        if form.data is None:
            raise Invalid("words", form.errors.get("words", _("Something is missing here.")))
        taking.take(db, actor, seat, entry, stands, form.data.words)
    except Invalid as problem:
        return _again(db, page, actor, ref, entry_ref, form, problem)
    return page.go("board_entry", ref=ref, entry_ref=entry_ref, say=_("It is with you. The other one reads your words first."))


@router.post("/b/{entry_ref}/say", name="board_say", dependencies=[Counted])
def say(
    ref: Ref, entry_ref: EntryRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[SayAtEntry], form_of(SayAtEntry)]
) -> Response:  # fmt: skip
    """Say yes to whoever took it with where and how, or write one's words to the other anew."""
    try:
        entry, _seat, stands = queries.held(db, actor, ref, entry_ref, _version(form))
        if form.data is None:
            raise Invalid("words", form.errors.get("words", _("Something is missing here.")))
        (taking.agree if stands.mine else taking.say)(db, actor, entry, stands, form.data.words)
    except (Invalid, queries.ChangedMeanwhile) as problem:
        return _again(db, page, actor, ref, entry_ref, form, problem)
    return page.go("board_entry", ref=ref, entry_ref=entry_ref, say=_("Only the other one of you two reads this."))


def _version(form: Form[Any]) -> int:
    typed = str(form.values.get("row_version", ""))
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


SAYS = {
    "no": N_("It is open again, for everybody but them."), "back": N_("You gave it back. Nothing of it is kept."),
    "done": N_("Done. What you wrote to each other is erased."), "out": N_("It is taken out, with its words."),
}  # fmt: skip
MOVES = {"no": taking.refuse, "back": taking.give_back, "done": taking.finish, "out": offering.take_out}
GOES = ("out", "back")  # what is theirs, whatever happened meanwhile; afterwards it may not be there for them


def _said(do: str, stands: rules.Stands) -> str:
    """Return what is said after a move, as it stood before."""
    if do == "no" and (stands.over or stands.state != BoardState.SHOWN):
        return _("It is with them no longer.")
    if do == "back" and stands.stage == BoardStage.DONE:
        return _("Nothing of it is kept.")
    return _(SAYS[do])


@router.post("/b/{entry_ref}/move", name="board_move", dependencies=[Counted])
def move(
    ref: Ref, entry_ref: EntryRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[MoveEntry], form_of(MoveEntry)]
) -> Response:  # fmt: skip
    """Say no to whoever took it, give it back, say that it is done, or take it out."""
    do = form.data.do if form.data else ""
    try:
        if form.data is None:
            raise Invalid("", _("Something is missing here."))
        entry, _seat, stands = queries.held(db, actor, ref, entry_ref, None if do in GOES else _version(form))
        MOVES[do](db, actor, entry, stands)
    except (Invalid, queries.ChangedMeanwhile) as problem:
        return _again(db, page, actor, ref, entry_ref, form, problem)
    said = _said(do, stands)
    if do in GOES:
        return page.go("board", ref=ref, say=said) if stands.inside else page.go("me", say=said)
    return page.go("board_entry", ref=ref, entry_ref=entry_ref, say=said)


@router.post("/b/{entry_ref}/helped", name="board_helped", dependencies=[Counted])
def helped(
    ref: Ref, entry_ref: EntryRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[SayHelped], form_of(SayHelped)]
) -> Response:  # fmt: skip
    """Say whether it helped."""
    entry, _seat, stands = queries.held(db, actor, ref, entry_ref)
    said = _("Thank you.") if form.data else ""
    if stands.helped and stands.answered:  # a second tap
        said = _("This was said already.")
    elif form.data is not None:
        taking.say_helped(db, actor, entry, stands, form.data.answer)
    return page.go("board_entry", ref=ref, entry_ref=entry_ref, say=said)
