"""What somebody typed into a form that could not be taken: shown again, without what nobody else should see, and the way back."""

import re
from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import FormData
from starlette.routing import Match

# Never shown again, because somebody may look over the shoulder and the page may stay open.
SECRET = frozenset({"key", "code", "receipt", "passkey", "ballot"})
UNSHOWN = SECRET | {"number"}  # of a flag or a question: it goes on with the form, nobody reads it beside the words
# Choices, numbers, degrees, ids and addresses: carried along, but nothing that a person wants to read or copy.
_OF_A_MACHINE = re.compile(r"[a-z0-9_-]{0,12}|-?[0-9]{1,3}[.][0-9]+|[0-9a-fA-F-]{32,36}|/[\w./?=&%~-]*", re.ASCII)

_TOO_BIG = 413
_WORTH_ANOTHER_TRY = frozenset({401, 409, 429})


@dataclass(frozen=True, slots=True)
class Typed:
    """Fields as sent (name, value), the words among them, and what could not be kept."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    once: str = ""
    lost_file: bool = False
    lost_secret: bool = False

    def worth_sending(self, status: int) -> bool:
        """Say whether the same form can end otherwise; after a "no" only with words (the way may be cleared elsewhere)."""
        worth = status >= 500 or status in _WORTH_ANOTHER_TRY or (status == 403 and bool(self.words))
        return worth and bool(self.fields) and not self.lost_secret and not self.lost_file


def typed_in(sent: FormData, *, secrets: bool = False) -> Typed:
    """Return what was typed; keys and codes only with ``secrets`` (then hidden in the page, never among the words)."""
    texts = [(name, value) for name, value in sent.multi_items() if isinstance(value, str) and value]
    fields = [(n, v) for n, v in texts if n not in ("csrf", "once") and (secrets or n not in SECRET)]
    words = [v for n, v in fields if n not in UNSHOWN and not _OF_A_MACHINE.fullmatch(v)]
    return Typed(
        fields=fields, words=words, once=next((v for n, v in texts if n == "once"), ""),
        lost_file=any(not isinstance(v, str) and v.size for v in sent.values()),
        lost_secret=not secrets and any(n in SECRET for n, _value in texts),
    )  # fmt: skip


def page_above(request: Request, status: int) -> str:
    """Return the nearest address above this one that is a page; of what is not there any more only the shelf it stood on.

    What was too big can be sent again, smaller, from the page itself, where there is one under this very address.
    """
    path = request.url.path.rstrip("/") + ("/" if status == _TOO_BIG else "")
    lost = {str(value) for value in request.path_params.values()} if status in (404, 410) else set()
    while path := path.rpartition("/")[0]:
        scope = {**request.scope, "path": path, "raw_path": path.encode(), "method": "GET", "path_params": {}}
        there = any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes)
        if there and lost.isdisjoint(path.split("/")):
            return path
    return ""
