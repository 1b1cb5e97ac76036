"""How the member's copy is told: codes and days in data.json, the same in words and in the reader's language in read.html.

The names of the parts are English sentences marked with N_(): as they are in data.json, translated in read.html.
"""

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final

from app.core.i18n import N_, _, current, day_words, language_name

# Short names of data.json, and names of fields as in the forms they come from.
FIELDS: Final = {
    "on": N_("Day"), "from": N_("First day"), "until": N_("Last day"), "since": N_("Since which day"), "text": N_("Words"),
    "note": N_("Words of a person"), "act": N_("Yes, or taken back"), "how": N_("In which way"), "kind": N_("What it is"),
    "words": N_("Words"),
    "title": N_("Title"), "body": N_("Your words"), "hard": N_("What was hard"), "helped": N_("What helped"),
    "differently": N_("What I would do differently"), "next": N_("What comes next"), "content_note": N_("Note before the text"),
    "summary": N_("What is said in the voice"), "original": N_("The original"), "audience": N_("Who may see it"),
    "name_form": N_("Which name stands there?"), "heavy": N_("Heavy to read"), "themes": N_("What is it about?"),
    "purposes": N_("What I agreed to"), "lasts": N_("For how long"), "helper": N_("Somebody helped"),
    "row_version": N_("Version"), "marks": N_("Findings left as they are"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coded:
    """A code of ours with the words that it stands for, in the language of the moment."""

    code: str
    words: str


def in_language(code: str) -> Coded:
    """Return the code of a language with its name."""
    return Coded(code, language_name(code, current().replace("-", "_")))


def plain(value: Any) -> str:
    """Return what JSON does not know as it stands in data.json: for ``json.dumps(default=…)``."""
    return value.code if isinstance(value, Coded) else value.isoformat() if isinstance(value, date) else str(value)


def label(name: str) -> str:
    """Return the heading of a part, in the language of the moment, with a large letter at the beginning."""
    words = _(FIELDS.get(name, name))
    return words[:1].upper() + words[1:]


def written(value: Any) -> str:
    """Return a part as HTML; what people wrote keeps its own direction."""
    if isinstance(value, dict):
        return "<dl>" + "".join(f"<dt>{escape(label(k))}</dt><dd>{written(v)}</dd>" for k, v in value.items()) + "</dl>"
    if isinstance(value, list):
        return "<ul>" + "".join(f"<li>{written(v)}</li>" for v in value) + "</ul>" if value else "<p>–</p>"
    if value is None or value == "":
        return "–"
    ours = _ours(value)
    return escape(ours) if ours is not None else f'<span dir="auto">{escape(str(value))}</span>'.replace("\n", "<br>")


def _ours(value: Any) -> str | None:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Coded):
        return value.words
    return day_words(value) if isinstance(value, date) else None
