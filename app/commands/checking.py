"""The command that runs the checks before publishing on a file of lines, for networks that want to try a list or a rule."""

import unicodedata
from pathlib import Path
from typing import Any, Final

from app.commands.opening import Arguments, Failed, tell
from app.core import i18n
from app.core.settings import Settings

LONGEST: Final = 100_000  # characters of a line; a story is at most a tenth of it
_SIGN: Final = {"hold": "held", "hint": "hint", "none": "-"}


def check(arguments: Arguments, settings: Settings) -> int:
    """Check each line of a file as a text of its own: what would be held for a person, what would be pointed at, and why."""
    from app.domain.moderation.checks import listed
    from app.domain.moderation.checks.shapes import Context, Subject

    lines = _lines(Path(arguments.file))
    own = Path(arguments.words) if arguments.words else None
    context = Context(
        subject=Subject(arguments.kind), language=arguments.language, newcomer=arguments.newcomer, first_message=arguments.first,
        countries=settings.country_list, listed=_words(own) if own else listed.word_list(settings.data_dir),
    )  # fmt: skip
    with i18n.speaking(arguments.reasons):
        answers = [_answer(number, text, context) for number, text in enumerate(lines, 1)]
    levels = [answer["level"] for answer in answers]
    result = {
        "file": arguments.file, "kind": arguments.kind, "checked": len(lines), "held": levels.count("hold"),
        "hinted": levels.count("hint"), "clean": levels.count("none"), "lines": answers,
    }  # fmt: skip
    tell(arguments, result, _told(result))
    return 0


def _answer(number: int, text: str, context: Any) -> dict[str, Any]:
    from app.domain.moderation.checks.checking import check as checked
    from app.domain.moderation.checks.shapes import level_of

    findings = checked(text, context)
    level = level_of(findings)
    return {"line": number, "level": level.value if level else "none", "findings": [finding.as_dict() for finding in findings]}


def _told(result: dict[str, Any]) -> str:
    told = [
        f"{answer['line']:>4} {_SIGN[found['level']]:5} {found['check']}/{found['rule']} {found['start']}-{found['end']} "
        f"“{_plain(found['text'])}”: {found['why']} {found['do']}"
        for answer in result["lines"]
        for found in answer["findings"]
    ]
    return "\n".join(
        [*told, f"{result['checked']} lines: {result['held']} held, {result['hinted']} hinted, {result['clean']} clean."]
    )


def _plain(text: str) -> str:
    """Return a text without what commands a terminal or turns its lines around: control and format characters as codes."""
    return "".join(c if c == " " or unicodedata.category(c)[0] not in "CZ" else f"\\u{ord(c):04x}" for c in text)


def _lines(source: Path) -> list[str]:
    if source.is_dir():
        raise Failed(f"{source} is a folder; name a file with one text on each line.")
    try:
        content = source.read_bytes()
    except FileNotFoundError:
        raise Failed(f"There is no file {source}.") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Failed(f"{source} is not UTF-8 text: line {line} holds other bytes. Save it as UTF-8 and try again.") from None
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
    for number, words in enumerate(lines, 1):
        if len(words) > LONGEST:
            raise Failed(f"Line {number} of {source} has {len(words)} characters; at most {LONGEST} are checked at a time.")
    return lines


def _words(path: Path) -> Any:
    from app.domain.moderation.checks import listed

    if not path.is_file():
        raise Failed(f"There is no file {path}.")
    return listed.read(path)
