"""My mentoring: asking for a mentor and offering to be one, step by step; everything said is kept at each step."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.mentoring.joining import asking, choices, keeping, offering, queries, rules, words
from app.domain.mentoring.joining.wording import STATE_WORDS, told_back
from app.domain.mentoring.rounds import queries as rounds
from app.domain.mentoring.training.rules import is_trained
from app.models.accounts import Role
from app.models.mentoring import AskState, Mentor, MentorAsk, MentorState
from app.schemas.mentoring import (
    DoMentoring,
    SendMentoring,
    TellHelp,
    TellMeet,
    TellNeeds,
    TellPlace,
    TellWhen,
    TellWho,
    TellWords,
)
from app.web.days import day
from app.web.forms import Form, check, filled, form_of, posted, read_values
from app.web.house import house
from app.web.limits import WRITE_MEMBER, spend
from app.web.pages import Page
from app.web.sessions import SignedIn, member_key
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/my/mentoring")
Side = Annotated[str, Path(pattern="^(ask|offer)$")]
Part = Annotated[str, Path(pattern="^(needs|who|place|when|help|meet|words|check)$")]
FORMS: Final[dict[str, type[BaseModel]]] = {
    "needs": TellNeeds, "who": TellWho, "place": TellPlace, "when": TellWhen, "help": TellHelp, "meet": TellMeet,
    "words": TellWords, "check": SendMentoring,
}  # fmt: skip
KINDS: Final[dict[str, type[MentorAsk] | type[Mentor]]] = {rules.ASK: MentorAsk, rules.OFFER: Mentor}
DoForm = Annotated[Form[DoMentoring], form_of(DoMentoring)]


def _count(request: Request, actor: SignedIn) -> None:
    spend(request, WRITE_MEMBER, member_key(actor))


Counted = Depends(_count)


async def _step_form(request: Request, side: Side, part: Part) -> Form[Any]:
    """Read the form of the step in the address."""
    if part not in rules.STEPS[side]:
        raise NotFound(_("This page is not here."))
    return check(read_values(await posted(request), FORMS[part]), FORMS[part])


@router.get("", name="my_mentoring")
def mentoring(db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Show what I asked for and what I offer."""
    pairs = rounds.mine(db, actor)
    ask, offer = keeping.own(db, MentorAsk, actor.me), keeping.own(db, Mentor, actor.me)
    return page(
        "mentoring/show.html", here="me", ask=ask, offer=offer, day=day, AskState=AskState, State=MentorState, states=STATE_WORDS,
        ask_next=_open_step(rules.ASK, ask), offer_next=_open_step(rules.OFFER, offer),
        ends=rules.ends_on(ask.touched_on) if ask else None, refused=rules.may_ask(actor).reason, pairs=pairs,
        waits=rounds.why_waiting(ask, keeping.told(ask)), asked=any(pair.is_mentee for pair in pairs),
        **(_of_offer(db, actor, offer) if offer else {}),
    )  # fmt: skip


def _of_offer(db: Session, actor: Actor, offer: Mentor) -> dict[str, Any]:
    """Return what the page says of an offer."""
    today = now().date()
    return {
        "links": words.links(db, offer.id) if offer.state == MentorState.APPLIED else None, "most": rules.MOST_LINKS,
        "supervisor": queries.supervisor_of(db, offer) if offer.state in rules.IS_MENTOR else "",
        "again": rules.may_offer(actor, offer.state, offer.decided_on, today),
        "holds": Role.MENTOR in actor.roles, "trained": is_trained(offer.trained_until, today),
    }  # fmt: skip


def _open_step(side: str, row: MentorAsk | Mentor | None) -> str:
    return rules.missing(side, set(keeping.told(row))) or "check"


@router.get("/{side}/{part}", name="my_mentoring_step")
def step(side: Side, part: Part, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Ask one thing."""
    if part not in rules.STEPS[side]:
        raise NotFound(_("This page is not here."))
    row = keeping.own(db, KINDS[side], actor.me)
    _require_open(actor, side, part, row)
    form = filled(**choices.before(part, _told(row), row))
    return _step_page(db, page, side, part, row, form)


def _told(row: MentorAsk | Mentor | None) -> dict[str, dict[str, Any]]:
    """Return what was said; of an offer that was answered with no nothing: it is said anew."""
    return {} if isinstance(row, Mentor) and row.state == MentorState.DECLINED else keeping.told(row)


def _require_open(actor: Actor, side: str, part: str, row: MentorAsk | Mentor | None) -> None:
    if side == rules.ASK or not isinstance(row, Mentor):
        require(rules.may_ask(actor))
        return
    require(rules.may_offer(actor, row.state, row.decided_on, now().date()))
    if row.state != MentorState.DECLINED:
        require(rules.may_change(row.state, part))


def _step_page(
    db: Session, page: Page, side: str, part: str, row: MentorAsk | Mentor | None, form: Form[Any], status: int = 200
) -> Response:
    """Show a step; the last one shows all that was said."""
    steps, said = rules.STEPS[side], _told(row)
    context = choices.offered(db, part, said)
    if part == "check":
        context |= {"told": told_back(side, said, partial(queries.place_name, db)), "missing": rules.missing(side, set(said))}
    return page(
        f"mentoring/{part}.html", status=status, here="me", form=form, side=side, part=part, number=steps.index(part) + 1,
        of=len(steps), version=row.row_version if row else 0, row=row, state=(row.state if row else AskState.BEGUN).value,
        before=steps[steps.index(part) - 1] if steps.index(part) else None, **context,
    )  # fmt: skip


@router.post("/{side}/{part}", dependencies=[Counted])
def save(side: Side, part: Part, db: Db, actor: SignedIn, page: Pages, form: Annotated[Form[Any], Depends(_step_form)]) -> Response:
    """Keep one step and go on to the next; the last one sends."""
    _require_open(actor, side, part, keeping.own(db, KINDS[side], actor.me))
    try:
        if form.data is None:
            return _again(db, page, actor, side, part, form, 422)
        _keep(db, actor, side, part, form.data)
    except Invalid as problem:
        return _again(db, page, actor, side, part, form.refuse(problem), 422)
    except keeping.ChangedMeanwhile as problem:
        return _again(db, page, actor, side, part, form.refuse(Invalid("", problem.sentence)), 409)
    return _onwards(page, side, part)


def _onwards(page: Page, side: str, part: str) -> Response:
    if part == "check":
        return page.go("my_mentoring", say=_("Sent. You read here what happens next."))
    following = rules.STEPS[side][rules.STEPS[side].index(part) + 1]
    return page.go("my_mentoring_step", side=side, part=following, say=_("Kept."))


def _keep(db: Session, actor: Actor, side: str, part: str, data: Any) -> None:
    module = asking if side == rules.ASK else offering
    if part == "check":
        module.send(db, actor, data.row_version)
    else:
        module.save(db, actor, part, data, data.row_version)


def _again(db: Session, page: Page, actor: Actor, side: str, part: str, form: Form[Any], status: int) -> Response:
    """Show the step again with everything that was typed; after a conflict for the row as it is now."""
    row = keeping.own(db, KINDS[side], actor.me)
    if status == 409:
        form.values["row_version"] = str(row.row_version if row else 0)
    return _step_page(db, page, side, part, row, form, status)


_DOES: Final[dict[tuple[str, str], tuple[Callable[[Session, Actor], None], str]]] = {
    (rules.ASK, "take_back"): (asking.take_back, N_("Taken back. What you said is erased.")),
    (rules.ASK, "still"): (asking.still_right, N_("Kept. It waits on.")),
    (rules.OFFER, "pause"): (offering.pause, N_("You have a pause. Nobody new comes.")),
    (rules.OFFER, "go_on"): (offering.go_on, N_("Welcome back.")),
    (rules.OFFER, "unlink"): (words.end_links, N_("Done. The links that nobody used open no more.")),
    (rules.OFFER, "take_back"): (offering.step_back, N_("Done. What you said about it is erased. Thank you.")),
}  # fmt: skip


@router.post("/{side}", name="my_mentoring_do", dependencies=[Counted])
def do(request: Request, side: Side, db: Db, actor: SignedIn, page: Pages, form: DoForm) -> Response:
    """Take back, say that it is still right, pause, go on, step back; or make a link for somebody who knows me."""
    wish = form.data.do if form.data else ""
    if (side, wish) == (rules.OFFER, "link"):
        address = request.app.url_path_for("word", ref=words.make_link(db, actor))
        return page("mentoring/link.html", here="me", link=house(request).settings.base_url.rstrip("/") + address)
    if (side, wish) not in _DOES:
        raise NotFound(_("This page is not here."))
    act, said = _DOES[side, wish]
    act(db, actor)
    return page.go("my_mentoring", say=_(said))
