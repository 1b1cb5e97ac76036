"""Forms about the network that need no account."""

from typing import Literal

from pydantic import BaseModel


class SayAbsent(BaseModel):
    """What keeps somebody from coming: one tap."""

    reason: Literal["hours", "travel", "children", "safety", "phone", "family", "only_men", "other"]
