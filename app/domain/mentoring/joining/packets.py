"""What somebody said in the steps, as one sealed packet: the same length whatever was said."""

import json
from typing import Any, Final

# The length of what is sealed would tell who said much from who said little: all are filled up to more than the longest can be
# (all needs twice, four languages, all times, a country are less than 1,200 bytes).
SEALED_BYTES: Final = 2_000
Said = dict[str, dict[str, Any]]  # step -> what its form took


def packed(said: Said) -> str:
    """Return the packet."""
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
    if len(text) > SEALED_BYTES:
        raise ValueError("a packet is longer than any form of ours")
    return text + " " * (SEALED_BYTES - len(text))


def unpacked(text: str) -> Said:
    """Return what was said, by step."""
    said: Said = json.loads(text)
    return said


EMPTY: Final = packed({})
