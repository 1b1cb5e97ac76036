"""Shared limits for what people type, as annotated types (counted in code points)."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from app.core.text import clean, one_line

BODY_LETTERS = 20_000  # of the longest answer in a form
Title = Annotated[str, AfterValidator(one_line), StringConstraints(min_length=1, max_length=120)]
Line = Annotated[str, AfterValidator(one_line), StringConstraints(max_length=200)]
Note = Annotated[str, AfterValidator(clean), StringConstraints(max_length=2_000)]
Body = Annotated[str, AfterValidator(clean), StringConstraints(max_length=BODY_LETTERS)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
