"""JSON lines with a request id and nothing personal."""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

request_number: ContextVar[str] = ContextVar("request_number", default="")
# Anything that a library may put into its message and that could point at a person.
_HIDE = [
    (re.compile(r"(?<![\w.])(?!127\.0\.0\.1(?![\w.])|0\.0\.0\.0(?![\w.]))\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"), "[address]"),
    (re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{1,4}(?![\w:])"), "[address]"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[mail]"),
    (re.compile(r"\b[0-9a-z]{12}\b(?=[/ ?\"']|$)"), "[ref]"),
]
_NEW_LINES = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # whatever any reader of logs takes for the end of a line


def _hide(text: str) -> str:
    for pattern, put in _HIDE:
        text = pattern.sub(put, text)
    return _NEW_LINES.sub(" | ", text)


class JsonLines(logging.Formatter):
    """One event, one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as JSON; of an exception only its type and place, since messages may quote what people typed."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": _hide(record.getMessage())[:500],
            "source": record.name,
        }
        if number := request_number.get():
            line["request"] = number
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["place"] = _place(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _place(trace: object) -> list[str]:
    places = []
    while trace is not None:
        frame = trace.tb_frame  # type: ignore[attr-defined]
        places.append(f"{frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")  # type: ignore[attr-defined]
        trace = trace.tb_next  # type: ignore[attr-defined]
    return places[-8:]


def set_up(level: str = "INFO") -> None:
    """Send every log record to standard error as a JSON line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("httpx", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("asyncio").addFilter(_without_exception)


def set_up_if_bare(level: str = "INFO") -> None:
    """Do the same in a process that nobody has set up (the server's child processes), so that no traceback is printed there."""
    if not logging.getLogger().handlers:
        set_up(level)


def _without_exception(record: logging.LogRecord) -> bool:
    """Cut a message of asyncio to its first line: the rest quotes exceptions, and these may quote people."""
    record.msg, record.args = record.getMessage().split("\n", 1)[0], None
    return True
