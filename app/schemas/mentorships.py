"""Forms of going together."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, StringConstraints

from app.core.text import clean
from app.core.types import LanguageCode
from app.schemas.groups import Seen

MOST_LETTERS = 4_000


class WriteMessage(BaseModel):
    """What mentor or mentee write to each other."""

    body: Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=MOST_LETTERS)]
    language: LanguageCode
