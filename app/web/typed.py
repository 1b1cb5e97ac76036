"""What somebody typed into a form that could not be taken: shown to them again, without what nobody else should see."""

import re
from dataclasses import dataclass, field

from starlette.datastructures import FormData

# Never shown again, because somebody may look over the shoulder and the page may stay open.
SECRET = frozenset({"key", "code", "receipt", "passkey", "password", "secret", "words", "digits", "token"})
# Choices, numbers, ids and addresses: carried along, but nothing that a person wants to read or copy.
_OF_A_MACHINE = re.compile(r"[a-z0-9_-]{0,12}|[0-9a-fA-F-]{32,36}|/[\w./?=&%~-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """Fields as sent (name, value), the words among them, and what could not be kept."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    once: str = ""
    lost_file: bool = False
    lost_secret: bool = False


def typed_in(sent: FormData, *, secrets: bool = False) -> Typed:
    """Return what was typed; keys and codes only with ``secrets`` (then hidden in the page, never among the words)."""
    texts = [(name, value) for name, value in sent.multi_items() if isinstance(value, str) and value]
    fields = [(n, v) for n, v in texts if n not in ("csrf", "once") and (secrets or n not in SECRET)]
    words = [v for n, v in fields if n not in SECRET and not _OF_A_MACHINE.fullmatch(v)]
    return Typed(
        fields=fields, words=words, once=next((v for n, v in texts if n == "once"), ""),
        lost_file=any(not isinstance(v, str) and v.size for v in sent.values()),
        lost_secret=not secrets and any(n in SECRET for n, _value in texts),
    )  # fmt: skip
