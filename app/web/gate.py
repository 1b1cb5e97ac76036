"""What is paused stays shut here; what must never be shut is not asked at all."""

from typing import Final

from fastapi import Request
from starlette.responses import Response

from app.core.errors import Refused
from app.core.i18n import N_, _, moment_words
from app.domain import paused
from app.domain.paused import Lasting
from app.models.pausing import Pause
from app.web import errors
from app.web.forms import posted
from app.web.reading import read
from app.web.sessions import current_actor
from app.web.typed import typed_in

# First parts of addresses at which nothing is ever asked: leaving, help in danger, coming in, telling us something and hearing
# back, and what machines ask of the house itself.
ALWAYS: Final = frozenset({
    "leave", "safe", "language", "enter", "flag", "back", "healthz", "readyz", "metrics", "manifest.webmanifest", "sw.js",
    "offline", "robots.txt", ".well-known",
})  # fmt: skip
OWN: Final = frozenset({"me", "my"})  # of whoever is signed in, in whatever standing: their answers, copy, appeal, way out
JOIN: Final = "join"  # has a pause of its own
# All that waits; everything that is not here goes on: taking back, deleting, drafts, answers.
STOPS: Final = {
    Pause.JOINING: frozenset({"/join", "/join/key", "/join/phone", "/g/{ref}/join", "/g/code"}),
    Pause.WRITING: frozenset({
        "/g/{ref}/topics", "/g/{ref}/t/{topic_ref}/posts", "/g/{ref}/p/{post_ref}", "/g/{ref}/care/words", "/groups",
        "/g/{ref}/t/{topic_ref}/voice", "/g/{ref}/t/{topic_ref}/picture",
        "/g/{ref}/meetings", "/g/{ref}/m/{meeting_ref}/change", "/g/{ref}/board", "/g/{ref}/b/{entry_ref}/take",
        "/g/{ref}/b/{entry_ref}/say", "/ask", "/ask/more", "/g/{ref}/q/{question_ref}",
        "/g/{ref}/elections", "/g/{ref}/elections/{election_ref}/stand",
        "/g/{ref}/m/{meeting_ref}/minutes", "/g/{ref}/m/{meeting_ref}/cohost",
        "/my/stories/{ref}/send", "/my/stories/{ref}/q/{question_ref}", "/stories/{ref}/translate",
    }),
}  # fmt: skip
SAYS: Final = {
    Pause.JOINING: N_("Nobody new can join until %(moment)s. Come back then, please."),
    Pause.WRITING: N_("New posts and stories wait until %(moment)s. What you wrote is not lost: keep it, and send it then."),
}
SOON: Final = "3600"  # seconds; the end itself is nobody's business who does not belong here


class Closed(Exception):
    """The public pages are paused, and whoever asks is not let in."""


async def stand_open(request: Request) -> None:
    """Let a request pass unless what it wants is paused; a dependency of every route.

    Raises Closed for whoever sees no page now, Refused for what waits. For members it costs no statement, for guests' kept pages
    neither; another request of a guest takes one.
    """
    first = request.scope["path"].split("/", 2)[1]
    if first in ALWAYS or request.method == "DELETE":  # taking out is never shut, also for a partner's program
        return
    actor = await current_actor(request)
    lasting = actor.pauses if actor.signed_in else await _asked(request)
    if not lasting:
        return
    if paused.until(lasting, Pause.PUBLIC) and not (actor.let_in or first == JOIN or (actor.signed_in and first in OWN)):
        raise Closed
    _stop(request, lasting)


async def _asked(request: Request) -> tuple[Lasting, ...]:
    found: tuple[Lasting, ...] | None = getattr(request.state, "pauses", None)
    return await read(request, paused.of) if found is None else found


def _stop(request: Request, lasting: tuple[Lasting, ...]) -> None:
    path = request.scope["route"].path
    for one in lasting:
        # The first page of joining says so before anybody chooses a name; everywhere else reading goes on.
        if path in STOPS.get(one.what, ()) and (request.method == "POST" or path == "/join"):
            raise Refused(_(SAYS[one.what], moment=moment_words(one.until)))


async def answer(request: Request, _error: Exception) -> Response:
    """Show one calm page that says nothing about the place; programs get a problem document. What was typed stays on it."""
    headers = {"Retry-After": SOON, "Cache-Control": "no-store"}
    if errors.for_machines(request):
        return errors.explain(request, 503, _("Not now"), _("This is closed for a time. Ask again later."), headers)
    typed = typed_in(await posted(request)).words if request.method == "POST" else []
    return errors.page_of(request)("errors/closed.html", status=503, headers=headers, typed=typed)
