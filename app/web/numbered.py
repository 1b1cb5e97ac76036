"""Numbers that lead back to what was sent, made from the form: sent twice, its first answer lost, it shows the number again."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from fastapi import Request
from starlette.responses import Response

from app.core.clock import now
from app.core.receipts import grouped
from app.web import pocket
from app.web.forms import posted
from app.web.sessions import current_actor, member_key


def numbered_by(number_of: Callable[[str, str], str], what: str, minutes: int) -> Callable[[Request], Awaitable[None]]:
    """Return what an endpoint depends on: it finds the number in ``request.state.number``, "" for a form without a mark.

    The browser carries it as ``what`` for so many minutes.
    """

    async def numbered(request: Request) -> None:
        once, sender = (await posted(request)).get("once"), member_key(await current_actor(request))
        request.state.number = number = number_of(sender, once) if isinstance(once, str) and once else ""

        def again(response: Response, at: datetime) -> Response:
            told = {"receipt": grouped(number), "again": True}
            fresh = now() - at < timedelta(minutes=minutes)
            return pocket.put(request, response, what, told, minutes) if fresh else response

        request.state.again = again

    return numbered
