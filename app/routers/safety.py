"""Leave quickly, choose the language, and read how to use Hearth safely."""

import logging
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from app.core.clock import now
from app.core.i18n import day_words
from app.domain.accounts import changes, entering
from app.domain.network import crisis
from app.schemas.accounts import ChooseLanguage
from app.web.arrival import set_language
from app.web.edge import ELSEWHERE
from app.web.forms import Form, form_of
from app.web.house import house
from app.web.pages import local_path
from app.web.sessions import Someone, clear_own_cookies, cookie_name
from app.web.transactions import Pages

router = APIRouter()
log = logging.getLogger("hearth.leave")


@router.get("/leave", name="leave")
def explain(page: Pages, actor: Someone) -> Response:
    """Say what Leave does and what it cannot do."""
    return page("me/leave.html", form=None)


@router.post("/leave")
def leave(request: Request) -> Response:
    """End the session, let the browser forget, go to a neutral page; nothing may stand in the way of that."""
    home = house(request)
    token = request.cookies.get(cookie_name(home.settings.secure), "")
    if token:
        try:
            with home.database.transaction() as db:
                entering.end_session(db, token)
        except sa.exc.SQLAlchemyError:
            log.exception("the session could not be ended")
    to = home.settings.leave_list[0] if home.settings.leave_list else ELSEWHERE
    headers = {"Clear-Site-Data": '"cache", "cookies", "storage"', "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    response = RedirectResponse(to, 303, headers)
    clear_own_cookies(request, response)
    return response


@router.get("/language", name="language")
def ask_language(request: Request, page: Pages, actor: Someone) -> Response:
    """Show the languages, each by its own name."""
    return page("me/language.html", form=None, to=local_path(request.query_params.get("next", "/")))


@router.post("/language")
def take_language(
    request: Request, page: Pages, actor: Someone, form: Annotated[Form[ChooseLanguage], form_of(ChooseLanguage)]
) -> Response:
    """Remember the language: in a cookie, for members in their account too."""
    if form.data is None or form.data.language not in house(request).settings.language_list:
        to = local_path(str(form.values.get("next", "/")))
        return page("me/language.html", status=422, form=form, to=to)
    if actor.signed_in:
        with house(request).database.transaction() as db:
            changes.change_language(db, actor, form.data.language)
    response = page.go_to(local_path(form.data.next))
    set_language(request, response, form.data.language)
    return response


@router.get("/safe", name="safe")
def safe(page: Pages) -> Response:
    """Say how to use Hearth safely."""
    return page("me/safe.html", here="", noindex=False)


@router.get("/safe/now", name="safe_now")
async def now_page(request: Request, page: Pages, _actor: Someone, country: Annotated[str, Query(max_length=2)] = "") -> Response:
    """Show whom to call when somebody is in danger now, what one can say, and what one can do for somebody else."""
    settings = house(request).settings
    found, source = crisis.numbers(settings.data_dir, settings.country_list, now().date())
    return page("me/now.html", here="", countries=found, source=source, chosen=country.upper(), day_words=day_words)
