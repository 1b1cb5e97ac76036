"""A form that is too big: what may be sent instead, and the fields in as much of it as was read."""

import re
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import FormData

from app.core.i18n import _
from app.core.types import BODY_LETTERS
from app.web.body import is_upload
from app.web.forms import storable

_HALF_A_LETTER = re.compile(rb"%[0-9A-Fa-f]?\Z")
_MOST_FIELDS = 200


def what_may_be_sent(request: Request) -> str:
    """Return the sentence for this kind of form."""
    if request.url.path.startswith("/api/"):
        return _("At most %(limit)s kB at once. Send it in parts.", limit=request.state.incoming.limit // 1024)
    if is_upload(request.headers):
        return _("This is too big to send. A picture may have 8 MB, a voice 15 MB.")
    return _("These are more words than can be sent at once. The longest answer may have %(limit)s letters.", limit=BODY_LETTERS)


def fields_in(beginning: bytes) -> FormData:
    """Return the fields in the beginning of a form of words, as a browser encodes it; the last may be half of itself."""
    text = _HALF_A_LETTER.sub(b"", beginning).decode("ascii", "ignore")
    try:
        pairs = parse_qsl(text, errors="ignore", max_num_fields=_MOST_FIELDS)
    except ValueError:  # a thousand fields are no form of ours
        return FormData()
    return FormData([(name, storable(value)) for name, value in pairs])
