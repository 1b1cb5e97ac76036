"""Work: listings that may be one and the same, side by side, until a person says what they are to each other."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.directory.pairs import deciding, queries, showing, wording
from app.models.listing_pairs import PairVerdict
from app.schemas.directory import JudgePair, PartPair
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import Coordinator
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/listings/pairs")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
PER_PAGE = 10
After = Annotated[str, Query(pattern=r"^$|^[01]\.[0-9e-]{1,24}_[0-9a-f]{32}$")]  # score and id of the last one on the page before


@router.get("", name="listing_pairs")
async def list_pairs(
    request: Request, page: Pages, _actor: Coordinator, after: After = "", decided: Annotated[str, Query(pattern="^1?$")] = ""
) -> Response:  # fmt: skip
    """Show the pairs that wait, the surest first; or those that were decided."""
    score, _between, key = after.partition("_")
    rows = await read(request, queries.listed, bool(decided), PER_PAGE, (float(score), UUID(key)) if after else None)
    if after and not rows:  # all of them were decided meanwhile
        return page.go("listing_pairs", query="decided=1" if decided else "")
    some = rows[:PER_PAGE]
    place = queries.position(some[-1], bool(decided)) if len(rows) > PER_PAGE else None
    following = f"{place[0]!r}_{place[1].hex}" if place else ""
    return page(
        "help/pairs.html", here="me", listed=[showing.card(row) for row in some], following=following, decided=bool(decided)
    )


@router.get("/{ref}", name="listing_pair")
def show_pair(db: ReadDb, page: Pages, _actor: Coordinator, ref: Ref) -> Response:
    """Show two listings side by side."""
    return _pair_page(db, page, ref, None)


def _pair_page(db: Session, page: Page, ref: str, form: Form[Any] | None) -> Response:
    sides = queries.sides(db.connection(), ref)
    if sides is None:
        raise NotFound(_("This page is not here."))
    options = [(verdict.value, _(words), _(more)) for verdict, (words, more) in wording.VERDICTS.items()]
    return page(
        "help/pair.html", status=422 if form else 200, here="me", pair=showing.view(sides, now()), form=form, options=options
    )


@router.post("/{ref}", name="judge_pair")
def judge(actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[JudgePair], form_of(JudgePair)]) -> Response:
    """Say what two listings are to each other."""
    pair = deciding.get(db, ref)
    if form.data is None:
        return _pair_page(db, page, ref, form)
    wish = form.data
    try:
        deciding.decide(db, actor, pair, PairVerdict(wish.verdict), seen=wish.seen, first_stays=wish.stays == "first")
    except Invalid as problem:
        return _pair_page(db, page, ref, form.refuse(problem))
    return page.go("listing_pairs", say=_("Kept: %(said)s.", said=_(wording.SAID[PairVerdict(wish.verdict)])))


@router.post("/{ref}/apart", name="part_pair")
def part(actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[PartPair], form_of(PartPair)]) -> Response:
    """Take "the same" back."""
    pair = deciding.get(db, ref)
    if form.data is None:
        return _pair_page(db, page, ref, form)
    try:
        deciding.take_apart(db, actor, pair, seen=form.data.seen)
    except Invalid as problem:
        return _pair_page(db, page, ref, form.refuse(problem))
    return page.go("listing_pair", ref=ref, say=_("They are two again, each with everything that it had."))
