"""My mentoring, continued: an answer to somebody who is proposed to me, and the end of a mentorship."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.i18n import N_, _
from app.core.ids import REF
from app.domain.mentoring.rounds import answering
from app.routers.my_mentoring import Counted
from app.schemas.mentoring import AnswerPair
from app.web.forms import Form, form_of
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages

router = APIRouter(prefix="/my/mentoring/with")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
AnswerForm = Annotated[Form[AnswerPair], form_of(AnswerPair)]
DOES = {
    "yes": (answering.say_yes, N_("Kept. You read here what happens next.")),
    "no": (answering.say_no, N_("Done. Nobody asks you why.")),
    "goodbye": (answering.say_goodbye, N_("Done. All the best for your way.")),
}  # fmt: skip


@router.post("/{ref}", name="my_mentor_pair", dependencies=[Counted])
def answer(ref: Ref, db: Db, actor: SignedIn, page: Pages, form: AnswerForm) -> Response:
    """Say yes, not this time, or goodbye."""
    if form.data is None:
        raise NotFound(_("This page is not here."))
    act, said = DOES[form.data.answer]
    act(db, actor, ref)
    return page.go("my_mentoring", say=_(said))
