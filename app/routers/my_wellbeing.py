"""My mentoring, continued: how a mentor is, for themselves alone; and a word to the supervisor, when they want one."""

from typing import Annotated, Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.i18n import N_, _
from app.domain.actor import Actor
from app.domain.mentoring.joining import keeping, queries
from app.domain.mentoring.joining import rules as joining
from app.domain.mentoring.supervision import actions, rules
from app.models.mentoring import Mentor
from app.routers.my_mentoring import Counted
from app.schemas.mentoring import AskTalk, CheckMe
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/my/mentoring/wellbeing")
CheckForm = Annotated[Form[CheckMe], form_of(CheckMe)]
TalkForm = Annotated[Form[AskTalk], form_of(AskTalk)]
DOES = {
    "ask": (actions.would_like_to_talk, N_("Said. Nothing else of this page is told.")),
    "take_back": (actions.no_need, N_("Taken back.")),
}  # fmt: skip


def _shown(db: Session, page: Page, actor: Actor, form: Form[Any] | None = None, says: str = "", status: int = 200) -> Response:
    row = keeping.own(db, Mentor, actor.me)
    if row is None or row.state not in joining.IS_MENTOR:
        raise NotFound(_("This page is not here."))
    asked = [(f"answer{number}", _(text)) for number, text in enumerate(rules.ASKED, 1)]
    often = [(str(value), _(text)) for value, text in rules.OFTEN.items()]
    return page(
        "mentoring/wellbeing.html", status=status, here="me", asked=asked, often=often, form=form, says=says,
        wants=row.wants_talk_on is not None, supervisor=queries.supervisor_of(db, row),
    )  # fmt: skip


@router.get("", name="my_wellbeing")
def ask(db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Ask a mentor how they are."""
    return _shown(db, page, actor)


@router.post("", name="my_wellbeing_check", dependencies=[Counted])
def check(db: Db, actor: SignedIn, page: Pages, form: CheckForm) -> Response:
    """Say what the answers mean; they are kept nowhere."""
    if form.data is None:
        return _shown(db, page, actor, form, status=422)
    return _shown(db, page, actor, form, rules.weighed(form.data.answers()))


@router.post("/talk", name="my_wellbeing_talk", dependencies=[Counted])
def talk(db: Db, actor: SignedIn, page: Pages, form: TalkForm) -> Response:
    """Tell the supervisor that I would like to talk, or take it back."""
    if form.data is None:
        raise NotFound(_("This page is not here."))
    act, said = DOES[form.data.do]
    act(db, actor)
    return page.go("my_wellbeing", say=_(said))
