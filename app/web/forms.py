"""Forms as people send them: what was typed, what is wrong with it in words, and the data once it is right."""

import re
import types
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from app.core.errors import Invalid
from app.core.i18n import _
from app.web.body import BODY_LIMIT, is_upload
from app.web.uploads import read_upload

T = TypeVar("T", bound=BaseModel)
Values = dict[str, str | list[str]]
MOST_FILES = 50  # who sends more than a form takes reads at its field how many it takes, and loses no word
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(slots=True)
class Form(Generic[T]):
    """Values as typed, errors by field ("" is the whole form), files by field, and ``data`` when all is right.

    ``too_big`` has by field the size in bytes of a file that was not kept, ``many`` the fields that brought more than one.
    """

    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    data: T | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    too_big: dict[str, int] = field(default_factory=dict)
    many: set[str] = field(default_factory=set)

    def refuse(self, problem: Invalid) -> "Form[T]":
        """Put the sentence of a rule or an action to its field; returns the form itself."""
        self.errors[problem.field] = problem.sentence
        self.data = None
        return self


def filled(**values: Any) -> Form[Any]:
    """Return a form that shows these values (for editing, or from a draft)."""
    return Form(values={k: v if isinstance(v, list) else "" if v is None else str(v) for k, v in values.items()})


def takes_list(annotation: Any) -> bool:
    """Say whether a schema field takes several values."""
    if get_origin(annotation) in (Annotated, Union, types.UnionType):
        return any(takes_list(a) for a in get_args(annotation))
    return annotation in (list, tuple, set, frozenset) or get_origin(annotation) in (list, tuple, set, frozenset)


def read_values(sent: FormData, schema: type[BaseModel]) -> Values:
    """Return the declared fields only (no mass assignment), as typed."""
    values: Values = {}
    for name, info in schema.model_fields.items():
        texts = [v for v in sent.getlist(name) if isinstance(v, str)]
        if takes_list(info.annotation):
            values[name] = texts
        elif texts:
            values[name] = texts[-1]
    return values


def sentence(error: Any) -> str:
    """Return what a person reads for one validation error."""
    limits = error.get("ctx", {})
    match error["type"]:
        case "missing" | "string_too_short" | "too_short":
            return _("Something is missing here.")
        case "string_too_long" | "too_long":  # the second where the length is checked after cleaning
            return _("This is too long. At most %(limit)s letters.", limit=limits["max_length"])
        case "value_error":
            return str(limits.get("error", "")) or _("This cannot be used here.")
        case "enum" | "literal_error" | "bool_parsing":
            return _("Choose one of these.")
        case "int_parsing" | "int_from_float" | "float_parsing":
            return _("Write a number.")
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            return _("This number is too large or too small.")
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return _("Write a day, month and year.")
    return _("This cannot be used here.")


def check(values: Values, schema: type[T]) -> Form[T]:
    """Return the form with data, or with one sentence per wrong field."""
    form: Form[T] = Form(values=values)
    given = {k: v for k, v in values.items() if v != "" or schema.model_fields[k].is_required()}
    try:
        form.data = schema.model_validate(given)
    except ValidationError as problem:
        for error in problem.errors():
            form.errors.setdefault(str(error["loc"][0]) if error["loc"] else "", sentence(error))
    return form


def form_of(schema: type[T]) -> Any:
    """Return the dependency that reads and checks a form: ``form: Annotated[Form[JoinName], form_of(JoinName)]``."""

    async def read_form(request: Request) -> Form[T]:
        sent = await posted(request)
        form = check(read_values(sent, schema), schema)
        for name, part in sent.multi_items():
            if isinstance(part, UploadFile):
                await _take(form, name, part, request.state.cut.get(name, 0))
        return form

    return Depends(read_form)


async def _take(form: Form[Any], name: str, part: UploadFile, cut: int) -> None:
    if name in form.files or name in form.too_big:
        form.many.add(name)
    if cut:
        form.too_big[name] = (part.size or 0) + cut
    elif part.size:
        form.files[name] = await part.read()
    await part.close()  # its temporary file goes now, not when memory is tidied


async def posted(request: Request) -> FormData:
    """Return the sent form, read once per request; a broken one is a 400, one that is too big BodyTooLarge."""
    kept: FormData | None = getattr(request.state, "posted", None)
    if kept is None:
        request.state.reading_began, request.state.cut = True, {}
        if is_upload(request.headers):
            sent, request.state.cut = await read_upload(request, max_files=MOST_FILES, max_fields=200, max_part_size=BODY_LIMIT)
        else:
            sent = await request.form(max_fields=200, max_part_size=BODY_LIMIT)
        kept = FormData([(name, storable(value) if isinstance(value, str) else value) for name, value in sent.multi_items()])
        request.state.posted = kept
    return kept


def reading_began(request: Request) -> bool:
    """Say whether the body was touched: what failed half-way through can not be read a second time."""
    return bool(getattr(request.state, "reading_began", False))


def storable(text: str) -> str:
    """Return the text without what no database takes: NUL, and halves of surrogate pairs (some charsets of a part make them)."""
    return _UNSTORABLE.sub("", text)
