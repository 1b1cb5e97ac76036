"""The last step of every way in: the session begins, the browser gets its cookies; or a second step comes first."""

from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.i18n import _
from app.domain.accounts import entering, queries
from app.domain.accounts.keys import Key
from app.domain.actor import POWER
from app.models.accounts import Member, PhoneMode
from app.web import pocket
from app.web.devices import device_word, known_device
from app.web.house import house
from app.web.locale import COOKIE as LANGUAGE_COOKIE
from app.web.pages import Page, local_path
from app.web.sessions import set_cookie

SECOND = "second"  # the pocket of somebody who has shown the key and not yet the second step
SECOND_MINUTES = 10
LANGUAGE_DAYS = 180


def arrive(
    request: Request, page: Page, db: Session, member_id: UUID, mode: PhoneMode, to: str, *, key: Key | None = None,
    replaces: UUID | None = None, second_shown: bool = False,
) -> Response:  # fmt: skip
    """Let somebody in who has shown the key; with a second step set up, ask for it first and begin no session."""
    member = db.get_one(Member, member_id)
    if not second_shown and entering.has_second_step(db, member):
        carried = {"member": str(member_id), "mode": mode.value, "to": to, "replaces": str(replaces or "")}
        response = pocket.put(request, page.go("second"), SECOND, carried, SECOND_MINUTES)
        if key:
            known_device(request, response, key, mode)
        return response
    opened = entering.open_session(db, member, mode, device_word(request), second_factor=second_shown, replaces=replaces)
    response = _forward(request, page, db, member, to, second_shown)
    set_cookie(response, opened.token, opened.mode, house(request).settings.secure)
    if key:
        known_device(request, response, key, opened.mode)
    set_language(request, response, member.language)
    return pocket.drop(request, response, SECOND)


def _forward(request: Request, page: Page, db: Session, member: Member, to: str, second_shown: bool) -> Response:
    if not second_shown and not house(request).settings.is_demo and queries.roles_today(db, member.id) & POWER:
        return page.go("second_setup", say=_("Your role needs a second step. Set it up now."))
    return page.go_to(local_path(to))


def set_language(request: Request, response: Response, language: str) -> None:
    """Remember the language of the pages, if it is one of ours."""
    settings = house(request).settings
    if language in settings.language_list:
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=LANGUAGE_DAYS * 86_400, path="/", httponly=True, secure=settings.secure,
            samesite="lax",
        )  # fmt: skip
