"""How a story appears: from rows to what templates show, in the reader's language; no ids, no times finer than a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core import i18n
from app.core.i18n import _
from app.domain.media import shown as media
from app.domain.media.shown import Picture, Voice, kilobytes
from app.domain.search.queries import Hit
from app.domain.stories.reading import Row, StoryRows
from app.domain.stories.rules import Standing, standing_of
from app.domain.stories.wording import NOTES, PARTS, theme_labels, time_text
from app.models.stories import MediaKind, NameForm

_PAGE_KB = 16  # what a page weighs on a phone without its words: for "Keep on this phone (N kB)"


@dataclass(frozen=True, slots=True)
class Card:
    """What the story card takes."""

    ref: str
    title: str
    teller: str
    language: str
    language_name: str
    listen_seconds: int | None
    listen_kb: int
    area: str
    time: str
    themes: list[str]
    note: str


@dataclass(frozen=True, slots=True)
class Said:
    """A part of a story; ``label`` is "" for what stands without a heading."""

    label: str
    words: str
    language: str
    only_in: str  # where this part was not translated: the name of the language that it is in; else ""


@dataclass(frozen=True, slots=True)
class Other:
    """Another language of the story; ``note`` says how it stands, "" when it is up to date."""

    code: str
    name: str
    original: bool
    note: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story as one reader sees it."""

    ref: str
    title: str
    teller: str
    teller_note: str
    language: str
    area: str
    time: str
    themes: list[str]
    heavy: bool
    note: str
    note_language: str  # "" where the note is ours, in the language of the page
    parts: list[Said]
    summary: Said
    voice: Voice | None
    pictures: list[Picture]
    services: list[Hit]  # rows of the directory; its own function makes cards of them
    others: list[Other]
    translated_by: str | None  # None: this is the original
    machine: bool
    outdated: bool
    wish: str  # how the reader's own language stands, where the story is not in it
    public: bool
    kb: int
    extra: list[str]


def teller(name: str, form: NameForm) -> str:
    """Return how the teller is called: the chosen name, a letter with a point, or "somebody"."""
    if form == NameForm.ANONYMOUS or not name:
        return _("somebody")
    return f"{name}." if form == NameForm.LETTER else name


def area_name(name: str | None, names: dict[str, str] | None) -> str:
    """Return the area's name in the language of the moment."""
    return (names or {}).get(i18n.current()) or name or ""


def pick(texts: Sequence[Row], wanted: Sequence[str]) -> Row:
    """Return the text in the first wanted language there is, else the original."""
    by_language = {t.language: t for t in texts}
    for language in wanted:
        if language in by_language:
            return by_language[language]
    return next((t for t in texts if t.original), texts[0])


def view(rows: StoryRows, wanted: Sequence[str] = (), public: bool = True) -> StoryView:
    """Return the story for a reader who wants these languages (best first); without a match, the original."""
    story, text = rows.story, pick(rows.texts, wanted)
    original = next((t for t in rows.texts if t.original), text)
    voice, chosen = _voice(story.ref, rows.files, text.title), story.name_form == NameForm.CHOSEN
    note, note_language = _note(story, text, original)
    parts = [_said(label, key, text, original) for key, label in (("body", ""), *PARTS)]
    summary = _said("", "summary", text, original)
    return StoryView(
        ref=story.ref, title=text.title, teller=teller(story.teller, story.name_form),
        teller_note=_("chosen name") if chosen else "", language=text.language, area=area_name(story.area, story.area_names),
        time=time_text(story.year, story.season), themes=theme_labels(story.themes), heavy=story.heavy,
        note=note, note_language=note_language, parts=[part for part in parts if part.words],
        summary=summary,
        voice=voice, pictures=[_picture(story.ref, f) for f in rows.files if f.kind == MediaKind.PICTURE],
        services=_services(rows.services, wanted),
        others=[_other(t, original) for t in rows.texts if t.language != text.language],
        translated_by=None if text.original else text.translator_name, machine=text.machine, public=public,
        outdated=_standing(text, original) == Standing.OUTDATED, wish=_wish(rows),
        kb=_PAGE_KB + kilobytes(_weight(text.title, parts, summary)) + (voice.kb if voice else 0),
        extra=[voice.url] if voice else [],
    )  # fmt: skip


def _weight(title: str, parts: Sequence[Said], summary: Said) -> int:
    """Return the bytes of the words on a story's page."""
    return len(title.encode()) + sum(len(part.words.encode()) for part in (*parts, summary))


def _said(label: str, key: str, text: Row, original: Row) -> Said:
    """Return a part in the language at hand, else in the original's, marked as such: no part is left out silently."""
    found = text if getattr(text, key) else original
    elsewhere = found.language != text.language
    only_in = i18n.language_name(found.language, i18n.current()) if elsewhere else ""
    return Said(_(label) if label else "", getattr(found, key), found.language, only_in)


def _standing(text: Row, original: Row) -> Standing:
    behind = not text.original and text.source_version < original.version
    return standing_of(shown=True, behind=behind, machine=text.machine)


def _other(text: Row, original: Row) -> Other:
    note = None if text.original else NOTES.get(_standing(text, original))
    return Other(text.language, i18n.language_name(text.language), text.original, _(note) if note else "")


def _wish(rows: StoryRows) -> str:
    """Return how the language of the page stands, where the story is not in it: missing, or in progress."""
    mine = i18n.current()
    if any(text.language.partition("-")[0] == mine.partition("-")[0] for text in rows.texts):
        return ""
    language = i18n.language_name(mine, mine)
    if mine in rows.coming:
        return _("Somebody is translating it into %(language)s.", language=language)
    return _("It is not in %(language)s yet.", language=language)


def _note(story: Row, text: Row, original: Row) -> tuple[str, str]:
    """Return the line before heavy words and its language."""
    found = text if text.content_note else original
    if found.content_note:
        return found.content_note, found.language
    return (_("This may be heavy to read. You can skip it.") if story.heavy else ""), ""


def _address(ref: str, file: Row) -> str:
    return f"/stories/{ref}/media/{file.ref}"


def _voice(ref: str, files: Sequence[Row], title: str) -> Voice | None:
    for file in files:
        if file.kind == MediaKind.VOICE:
            return media.voice(_address(ref, file), file.files, file.seconds, title, file.ref)
    return None


def _picture(ref: str, file: Row) -> Picture:
    return media.picture(_address(ref, file), file.files, file.width, file.height, file.alt or _("Picture from the story"))


def _services(rows: Sequence[Row], wanted: Sequence[str]) -> list[Hit]:
    """Return one row per service: in a wanted language where there is one, else the first."""
    best: dict[Any, Row] = {}
    for row in rows:
        known = best.get(row.id)
        if known is None or (row.language in wanted and known.language not in wanted):
            best[row.id] = row
    return [Hit(row.id, row.language, row.shown) for row in best.values()]


def card(rows: Sequence[Row], wanted: Sequence[str] = ()) -> Card:
    """Return the card of a story from its rows, one per language."""
    row = pick(rows, wanted)
    original = next((r for r in rows if r.original), row)
    return Card(
        ref=row.ref, title=row.title, teller=teller(row.teller, row.name_form), language=row.language,
        language_name=i18n.language_name(row.language), listen_seconds=round(row.seconds) if row.seconds else None,
        listen_kb=kilobytes(row.files["opus"]["bytes"]) if row.seconds else 0, area=area_name(row.area, row.area_names),
        time=time_text(row.year, row.season), themes=theme_labels(row.themes), note=row.content_note or original.content_note,
    )  # fmt: skip
