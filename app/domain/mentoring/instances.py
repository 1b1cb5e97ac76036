"""A round in a file: people read and checked from JSON, the answer as JSON. Sentences are for operators."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from app.core.errors import Invalid
from app.domain.mentoring.answers import GroupReport, Round
from app.domain.mentoring.people import Mentee, Mentor

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_SIDES: Final = {"mentees": "Mentee", "mentors": "Mentor"}
# What a value should be, by the kind of problem that pydantic finds.
_SHOULD_BE: Final = {
    "dataclass_type": "an object with the fields of a person", "dict_type": "an object", "list_type": "a list",
    "tuple_type": "a list", "frozen_set_type": "a list", "string_type": "text", "string_too_short": "at least one letter",
    "bool_type": "true or false", "int_type": "a whole number", "greater_than_equal": "%(ge)s or more",
    "less_than_equal": "%(le)s or less", "less_than": "below %(lt)s", "literal_error": "%(expected)s",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Instance:
    """The people of a round."""

    mentees: list[Mentee]
    mentors: list[Mentor]


_SHAPE: Final = TypeAdapter(Instance)


def read(content: bytes) -> Instance:
    """Return the people of a file; raises Invalid with one sentence that says where and what is wrong."""
    content = content.removeprefix(_BYTE_ORDER_MARK)
    try:
        instance = _SHAPE.validate_json(content, strict=True)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        more = f" (And {len(problems) - 1} more to put right.)" if len(problems) > 1 else ""
        raise Invalid("instance", f"{_sentence(problems[0], content)}{more}") from None
    if not instance.mentors:
        raise Invalid("instance", "There are no mentors in the file, so nobody can be matched.")
    _check_ids(instance)
    for side, people in (("mentees", instance.mentees), ("mentors", instance.mentors)):
        _check_ages(side, people)
    return instance


def _check_ids(instance: Instance) -> None:
    twice = [name for name, many in Counter(p.id for p in (*instance.mentees, *instance.mentors)).items() if many > 1]
    if twice:
        more = f" (and {len(twice) - 1} other ids)" if len(twice) > 1 else ""
        raise Invalid("instance", f"The id “{twice[0]}” stands more than once{more}: an id belongs to one mentee or one mentor.")


def _check_ages(side: str, people: list[Mentee] | list[Mentor]) -> None:
    ageless = next((person for person in people if person.adult and person.age_band is None), None)
    if ageless:
        raise Invalid("instance", f"{_SIDES[side]} “{ageless.id}”: an adult needs an age_band.")


def _sentence(problem: Any, content: bytes) -> str:
    """Return what is wrong in words: which person, which field, what it should be, what it is."""
    loc, kind, given = [part for part in problem["loc"] if part != "[key]"], problem["type"], problem["input"]
    if kind == "json_invalid":
        return f"The file is not JSON: {problem['ctx']['error']}."
    if not loc:
        return "The file is not an instance: it must hold an object with “mentees” and “mentors”."
    where, field = _where(loc, content), ".".join(str(part) for part in loc[2:])
    if kind == "missing":
        return f"{where}“{loc[-1]}” is missing." if len(loc) > 1 else f"The list “{loc[0]}” is missing."
    if kind == "value_error":
        return f"{where}“{given}” is no language that we know; its code should be as in “fr”, “wo” or “prs”."
    should = _SHOULD_BE.get(kind, "something else") % problem.get("ctx", {})
    return f"{where}{f'“{field}” ' if field else ''}should be {should}, and is {_short(given)}."


def _where(loc: list[Any], content: bytes) -> str:
    """Return the person that a problem belongs to, by place in the list and id."""
    if len(loc) < 2:
        return f"“{loc[0]}” "
    person = json.loads(content)[loc[0]][loc[1]]
    name = person.get("id") if isinstance(person, dict) else None
    return f"{_SIDES[loc[0]]} {loc[1] + 1}{f' (“{name}”)' if isinstance(name, str) else ''}: "


def _short(given: Any) -> str:
    text = json.dumps(given, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:40]}…"


def as_json(answer: Round) -> dict[str, Any]:
    """Return the answer in the shape of the output file."""
    return {
        "version": answer.version,
        "pairs": [
            {"mentee": p.mentee, "mentor": p.mentor, "score": p.score, "components": p.components._asdict()} for p in answer.pairs
        ],
        "unmatched": [{"mentee": one.mentee, "reason": one.reason} for one in answer.unmatched],
        "groups": {group: _report(report) for group, report in answer.groups.items()},
    }


def _report(report: GroupReport) -> dict[str, int | float | None]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(report).items()}
