"""A word about somebody: a link that names nobody, for people without an account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from app.core.i18n import _
from app.core.ids import REF
from app.core.verdict import require
from app.domain.mentoring.joining import rules, words
from app.domain.mentoring.joining.wording import KNOWN_WORDS, TRUST_WORDS
from app.schemas.mentoring import SayWord
from app.web.forms import Form, form_of
from app.web.limits import RECEIPT_ADDRESS, WORD_ADDRESS, spend
from app.web.pages import Page
from app.web.sessions import Someone
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/word")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
WordForm = Annotated[Form[SayWord], form_of(SayWord)]


def _limited(request: Request) -> None:
    spend(request, WORD_ADDRESS)


def _limited_looks(request: Request) -> None:
    spend(request, RECEIPT_ADDRESS)


def _ask(page: Page, ref: str, form: Form[SayWord] | None) -> Response:
    known = [(key, _(text)) for key, text in KNOWN_WORDS.items()]
    trust = [(key, _(text)) for key, text in TRUST_WORDS.items()]
    return page("mentoring/word.html", status=422 if form else 200, form=form, ref=ref, known=known, trust=trust)


@router.get("", name="word_done")
def done(page: Pages, actor: Someone) -> Response:
    """Say thank you."""
    return page("mentoring/thanks.html")


@router.get("/{ref}", name="word", dependencies=[Depends(_limited_looks)])
def ask(ref: Ref, db: ReadDb, page: Pages, actor: Someone) -> Response:
    """Ask for a word about whoever gave the link."""
    require(rules.may_say(actor, words.by_link(db, ref)[1]))
    return _ask(page, ref, None)


@router.post("/{ref}", dependencies=[Depends(_limited)])
def say(ref: Ref, db: Db, page: Pages, actor: Someone, form: WordForm) -> Response:
    """Keep the word; the link opens no more."""
    if form.data is None:
        require(rules.may_say(actor, words.by_link(db, ref)[1]))
        return _ask(page, ref, form)
    words.say(db, actor, ref, form.data)
    return page.go("word_done")
