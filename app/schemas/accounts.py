"""Forms about accounts: joining, coming in, the way back, Me, and the people page."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.text import clean, one_line
from app.core.types import LanguageCode
from app.models.accounts import PhoneMode, Role

NAME_TYPED = 400  # what a name may be when typed; the domain counts letters as people see them
Typed = Annotated[str, StringConstraints(max_length=NAME_TYPED)]
Name = Annotated[str, AfterValidator(one_line), StringConstraints(min_length=1, max_length=NAME_TYPED)]
Why = Annotated[str, AfterValidator(clean), StringConstraints(max_length=500)]
Next = Annotated[str, StringConstraints(max_length=300)]


class JoinName(BaseModel):
    """The first screen: a name, and being 18 or older."""

    name: Typed = ""
    pick: Typed = ""  # one of the suggestions, when no name is typed
    adult: Literal["yes", "no"]
    code: Typed = ""
    warned: Typed = ""  # the name for which the warning was shown
    keep: Literal["", "1"] = ""


class JoinKey(BaseModel):
    """The second screen: the key as words or as digits, kept or shown in the other form."""

    do: Literal["kept", "words", "digits"]


class JoinPhone(BaseModel):
    """The third screen."""

    mode: PhoneMode = PhoneMode.SHARED
    text: Why = ""


class Enter(BaseModel):
    """A key or a one-time code, in any form."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    mode: PhoneMode = PhoneMode.SHARED
    next: Next = "/"


class SecondStep(BaseModel):
    """A code from an app, or what the browser answers for a passkey."""

    code: Annotated[str, StringConstraints(max_length=40)] = ""
    passkey: Annotated[str, StringConstraints(max_length=20_000)] = ""


class AskBack(BaseModel):
    """The name others see, of somebody without a key."""

    name: Name


class BackNumber(BaseModel):
    """A receipt."""

    receipt: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Mode(BaseModel):
    """Who uses this phone."""

    mode: PhoneMode


class VouchFor(BaseModel):
    """An organiser's yes."""

    receipt: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    name: Name
    sure: Literal["1"]


class NewName(BaseModel):
    """Another name."""

    name: Name
    warned: Typed = ""
    keep: Literal["", "1"] = ""


class Chosen(BaseModel):
    """One thing of a list."""

    id: UUID


class PasskeyMade(BaseModel):
    """What the browser answers after it made a passkey."""

    passkey: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    label: Annotated[str, StringConstraints(max_length=60)] = ""


class TotpCode(BaseModel):
    """The first code of a new app."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class ChooseLanguage(BaseModel):
    """A language of the interface."""

    language: LanguageCode
    next: Next = "/"


class Invite(BaseModel):
    """An invitation for a cohort."""

    label: Annotated[str, AfterValidator(one_line), StringConstraints(min_length=1, max_length=80)]
    uses: Annotated[int, Field(ge=1, le=500)]
    until: date


class DecideApplication(BaseModel):
    """Let in, or not with a reason."""

    id: UUID
    do: Literal["accept", "refuse"]
    reason: Why = ""


class GrantRole(BaseModel):
    """A role for somebody, until a day."""

    name: Name
    role: Role
    until: date
