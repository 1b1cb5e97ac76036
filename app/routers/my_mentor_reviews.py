"""My mentoring, continued: how it goes, asked after one, three and six months."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.mentoring.together import reading, reviews, rules
from app.domain.mentoring.together.wording import GOING, REVIEWS
from app.routers.my_mentoring import Counted
from app.schemas.mentorships import ForgetReview, TellReview
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/my/mentoring/with/{ref}")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


def _shown(db: Session, page: Page, actor: Actor, ref: str, form: Form[Any] | None = None) -> Response:
    of = reading.talk(db.connection(), actor, ref)
    allowed = rules.may_talk(actor) and rules.goes_on(actor, of.state, is_mentee=of.is_mentee)
    return page(
        "mentoring/reviews.html", status=422 if form else 200, here="me", of=of, form=form, closed=allowed.reason,
        reviews=reviews.listed(db.connection(), of), titles=REVIEWS, going=[(key, _(text)) for key, text in GOING.items()],
        words=GOING, last=rules.LAST_REVIEW,
    )  # fmt: skip


@router.get("/reviews", name="my_reviews")
def show(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show when it is asked how it goes, and what I answered."""
    return _shown(db, page, actor, ref)


@router.post("/reviews", dependencies=[Counted])
def answer(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[TellReview], form_of(TellReview)]) -> Response:
    """Keep how it goes."""
    if form.data is None:
        return _shown(db, page, actor, ref, form)
    try:
        goes_on = reviews.answer(db, actor, ref, form.data)
    except Invalid as problem:
        return _shown(db, page, actor, ref, form.refuse(problem))
    said = _("Kept. You go together for another half year.") if goes_on else _("Kept. Nobody but you reads it.")
    return page.go("my_reviews", ref=ref, say=said)


@router.post("/reviews/forget", name="my_review_forget", dependencies=[Counted])
def forget(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[ForgetReview], form_of(ForgetReview)]) -> Response:
    """Take an answer of mine back."""
    if form.data is None:
        return _shown(db, page, actor, ref, form)
    reviews.take_back(db, actor, ref, form.data.month)
    return page.go("my_reviews", ref=ref, say=_("Taken back. The words are gone."))
