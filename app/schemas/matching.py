"""The words in which people say what they look for and what they offer in mentoring: of the forms, the files and the matcher."""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field

Need = Literal[
    "housing", "employment", "business", "documents", "family", "health", "psychosocial", "education", "legal", "finance"
]
Gender = Literal["woman", "man", "another", "undisclosed"]
GenderRule = Literal["any", "woman_preferred", "man_preferred", "woman_required", "man_required"]
Accepts = Literal["any", "women_only", "men_only"]
AgeBand = Literal["18-24", "25-34", "35-49", "50+"]
Channel = Literal["phone", "chat", "in_person"]
Kind = Literal["returned", "local_ally", "professional"]

NEEDS: Final[tuple[Need, ...]] = get_args(Need)
AGE_BANDS: Final[tuple[AgeBand, ...]] = get_args(AgeBand)
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
SLOTS: Final = 14  # Monday morning, Monday evening … Sunday evening
CONVERSATION, FLUENT = 2, 3  # levels of a language; 1 is a few words

Level = Annotated[int, Field(ge=1, le=3)]
Experience = Annotated[int, Field(ge=0, le=3)]
Slot = Annotated[int, Field(ge=0, lt=SLOTS)]
