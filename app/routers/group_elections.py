"""A group chooses who takes on a role: beginning, standing, voting, the result."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n, languages
from app.core.clock import now
from app.core.errors import Invalid, Refused
from app.core.i18n import _
from app.core.ids import REF
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.groups import queries
from app.domain.groups import rules as groups
from app.domain.groups.electing import actions, reading, rules, shown
from app.domain.groups.electing.reading import Held
from app.domain.groups.electing.wording import DAYS
from app.domain.groups.rules import Seat
from app.domain.groups.wording import ROLES
from app.models.groups import Group, GroupRole
from app.routers.groups import Counted, Ref
from app.schemas.groups import BeginElection, StandForRole, Vote
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb, Unremembered

router = APIRouter(prefix="/g/{ref}/elections")
ElectionRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
UNKEPT = {"Cache-Control": "no-store"}


def _may_begin(db: Session, actor: Actor, group: Group, seat: Seat) -> bool:
    today = now().date()
    return group.template != groups.BOUND and bool(rules.may_begin(actor, seat, reading.cared_for(db, group.id, today), today))


@router.get("", name="group_elections")
def listed(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show the elections of a group: the one that runs, and those of the last three months."""
    group, seat = queries.inside(db, actor, ref)
    found = [shown.facts(one) for one in reading.of_group(db, group.id)]
    begin = _may_begin(db, actor, group, seat) and not any(one["runs"] for one in found)
    return page("groups/elections.html", headers=UNKEPT, here="groups", group=group, elections=found, may_begin=begin)


@router.get("/new", name="election_new")
def new(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Say which role the group chooses anew."""
    group, seat = queries.inside(db, actor, ref)
    today = now().date()
    groups.check_bound(group.template)
    require(rules.may_begin(actor, seat, reading.cared_for(db, group.id, today), today))
    return _form_page(page, group, seat, filled(role="organiser", stand_days="7", vote_days="7"))


def _form_page(page: Page, group: Group, seat: Seat, form: Form[Any], status: int = 200) -> Response:
    given = [(role.value, _(name)) for role, name in ROLES.items() if role != GroupRole.MEMBER]
    mine = _(ROLES[seat.role]) if seat.role not in (None, GroupRole.MEMBER) else ""
    return page(
        "groups/election_new.html", here="groups", status=status, group=group, form=form, given=given, mine=mine,
        days=[(key, _(words)) for key, words in DAYS.items()],
    )  # fmt: skip


@router.post("", name="election_begin", dependencies=[Counted])
def begin(
    ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[BeginElection], form_of(BeginElection)]
) -> Response:  # fmt: skip
    """Begin an election."""
    group, seat = queries.inside(db, actor, ref)
    today = now().date()
    require(rules.may_begin(actor, seat, reading.cared_for(db, group.id, today), today))
    if form.data is None:
        return _form_page(page, group, seat, form, 422)
    try:
        election = actions.begin(db, actor, group, seat, form.data)
    except Invalid as problem:
        return _form_page(page, group, seat, form.refuse(problem), 422)
    return page.go("election", ref=ref, election_ref=election.ref, say=_("It has begun. Everybody in the group is told."))


def _page(page: Page, actor: Actor, held: Held, form: Form[Any] | None = None, status: int = 200) -> Response:
    known = dict.fromkeys((i18n.current(), held.group.language, *languages.OFFERED))
    return page(
        "groups/election.html", headers=UNKEPT, here="groups", status=status, group=held.group, form=form,
        election=shown.whole(held, actor), languages_known=[(code, i18n.language_name(code)) for code in known],
        here_language=i18n.current(),
    )  # fmt: skip


@router.get("/{election_ref}", name="election")
def show(ref: Ref, election_ref: ElectionRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show an election: who stands, the ballot, the result."""
    return _page(page, actor, reading.held(db, actor, ref, election_ref))


@router.post("/{election_ref}/stand", name="election_stand", dependencies=[Counted])
def stand(
    ref: Ref, election_ref: ElectionRef, db: Db, page: Pages, actor: SignedIn,
    form: Annotated[Form[StandForRole], form_of(StandForRole)],
) -> Response:  # fmt: skip
    """Stand for the role."""
    held = reading.held(db, actor, ref, election_ref, lock=True)
    if form.data is None:
        require(rules.may_stand(actor, held.seat, held.group.state, held.stands))
        return _page(page, actor, held, form, 422)
    try:
        actions.stand(db, actor, held, form.data)
    except (Invalid, Refused) as problem:
        return _page(page, actor, held, form.refuse(Invalid(getattr(problem, "field", ""), problem.sentence)), 422)
    return page.go("election", ref=ref, election_ref=election_ref, say=_("You stand. Thank you for being willing."))


@router.post("/{election_ref}/withdraw", name="election_withdraw", dependencies=[Counted])
def withdraw(ref: Ref, election_ref: ElectionRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Stand no longer."""
    actions.withdraw(db, actor, reading.held(db, actor, ref, election_ref, lock=True))
    return page.go(
        "election",
        ref=ref,
        election_ref=election_ref,
        say=_("You do not stand any more. If you wrote words for it, they are gone."),
    )


@router.post("/{election_ref}/vote", name="election_vote", dependencies=[Counted, Unremembered])
def vote(
    ref: Ref, election_ref: ElectionRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Vote], form_of(Vote)]
) -> Response:  # fmt: skip
    """Vote, once."""
    held = reading.held(db, actor, ref, election_ref, lock=True)
    if form.data is None:
        require(rules.may_vote(actor, held.seat, held.group.state, held.stands))
        return _page(page, actor, held, form, 422)
    try:
        actions.vote(db, actor, held, form.data.ballot)
    except (Invalid, Refused) as problem:
        return _page(page, actor, held, form.refuse(Invalid(getattr(problem, "field", ""), problem.sentence)), 422)
    return page.go("election", ref=ref, election_ref=election_ref, say=_("Your vote is in the box."))


@router.post("/{election_ref}/stop", name="election_stop", dependencies=[Counted])
def stop(ref: Ref, election_ref: ElectionRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Call it off, before the vote."""
    actions.stop(db, actor, reading.held(db, actor, ref, election_ref, lock=True))
    return page.go("group_elections", ref=ref, say=_("It is called off. Who stood is told."))
