"""The numbers behind the score, in one table with versions: a match stores the version that it was made with."""

from dataclasses import dataclass
from typing import Final, NamedTuple


class Components(NamedTuple):
    """One number for each side of a fit; as components 0 to 1000 each, as weights adding up to 1000."""

    needs: int
    language: int
    place: int
    abroad: int
    contact: int
    gender: int
    age: int


@dataclass(frozen=True, slots=True)
class Weights:
    """One version. All numbers are points of 1000, except ``…_days`` (days) and ``most_slots`` (shared times)."""

    version: str
    parts: Components
    minimum: int  # a lower score is never proposed
    served: int  # the worth of serving one more person
    aging_most: int  # the bonus of somebody who has waited for aging_days or longer
    aging_days: int
    conversation: int  # language: the best common level is 2
    neighbouring: int  # place
    same_country: int
    most_slots: int  # contact: more shared times than this add nothing
    slots_worth: int
    channel_worth: int  # contact: the mentor has the mentee's first channel
    training_days: int  # how long a training holds
    remind_days: int  # before it ends


TABLE: Final = {
    "1": Weights(
        version="1", parts=Components(needs=350, language=150, place=150, abroad=150, contact=80, gender=80, age=40),
        minimum=350, served=1000, aging_most=250, aging_days=90, conversation=600, neighbouring=500, same_country=200,
        most_slots=3, slots_worth=500, channel_worth=500, training_days=730, remind_days=30,
    ),
}  # fmt: skip
CURRENT: Final = TABLE["1"]
