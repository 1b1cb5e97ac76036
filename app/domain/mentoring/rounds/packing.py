"""Why two people were proposed to each other, as one sealed packet of one length; and why somebody still waits."""

import json
from typing import Any, Final

from app.domain.mentoring.answers import Match, Unmatched
from app.domain.mentoring.rules import Grounds
from app.domain.mentoring.weights import Components

SEALED_BYTES: Final = 800


def _padded(content: Any) -> str:
    text = json.dumps(content, separators=(",", ":"))
    if len(text) > SEALED_BYTES:
        raise ValueError("a packet is longer than any reason of ours")
    return text + " " * (SEALED_BYTES - len(text))


def packed(match: Match) -> str:
    """Return the components and what stands behind them; the bonuses are shown to nobody and not kept."""
    grounds = match.grounds
    return _padded({"components": list(match.components), "told": [grounds.need, grounds.language, grounds.asks]})


def unpacked(text: str) -> tuple[Components, Grounds]:
    """Return what was stored, never worked out again."""
    content = json.loads(text)
    told = content["told" if "told" in content else "grounds"][:3]  # older ones held wishes and places too: not told
    return Components(*content["components"]), Grounds(*told)


def waits(found: Unmatched) -> str:
    """Return why somebody still waits."""
    return _padded({"reason": found.reason, "reachable": found.reachable, "broken": dict(found.broken)})


def why_waits(text: str) -> Unmatched:
    """Return why somebody still waits."""
    content = json.loads(text)
    return Unmatched("", content["reason"], content["reachable"], content["broken"])


NOTHING: Final = _padded({})
