"""The look-over before a story is shown: points at what could tell who somebody is, says why, and offers other words.

It hints and never decides. It reads English, French and Arabic well, other languages by what they share: digits, signs,
capitals, names. Nothing here leaves the machine and no text is kept.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.core.i18n import N_, _
from app.domain.stories.lookover_contacts import emails, handles, links
from app.domain.stories.lookover_dates import dates
from app.domain.stories.lookover_numbers import codes, numbers
from app.domain.stories.lookover_parts import Finding, Hit, Kind, Plain, plain
from app.domain.stories.lookover_people import people
from app.domain.stories.lookover_places import addresses, coordinates, gazetteer
from app.domain.stories.lookover_plates import plates

__all__ = ["Finding", "Kind", "Segment", "apply_suggestion", "look_over", "mark"]

# Where two finds have the same length, the one that leads to a person fastest is kept.
_RANK: Final = (Kind.EMAIL, Kind.LINK, Kind.HANDLE, Kind.DATE, Kind.ID_NUMBER, Kind.PHONE, Kind.NAME, Kind.PLACE)

_REASONS: Final[dict[str, str]] = {
    "name": N_("This may be a person's name. People who know them could recognise the story."),
    "own": N_("This may be your own name, or the name of somebody close. It tells whose story it is."),
    "phone": N_("A phone number. Whoever reads it can call."),
    "email": N_("An e-mail address. Whoever reads it can write, and search for it."),
    "link": N_("A link. It may lead to a page about you or somebody else."),
    "place": N_("An exact place. Somebody could go there."),
    "coordinates": N_("A point on the map. Somebody could go there."),
    "small place": N_("A small place. Where few people live, a story is easy to recognise."),
    "date": N_("An exact date. Together with a place it can tell who you are."),
    "id_number": N_("This looks like a number of a document, a file or an account. It belongs to one person only."),
    "plate": N_("This looks like the number plate of a car. It leads to whoever drives it."),
    "handle": N_("A name in a messenger. Whoever reads it can write, and see pictures."),
}
_INSTEAD: Final[dict[str, str]] = {
    "name": N_("somebody I know"),
    "own": N_("(name left out)"),
    "kin": N_("(name left out)"),
    "phone": N_("(phone number left out)"),
    "email": N_("(e-mail address left out)"),
    "link": N_("(link left out)"),
    "place": N_("a place in town"),
    "coordinates": N_("(place left out)"),
    "small place": N_("a town in the area"),
    "date": N_("at that time"),
    "id_number": N_("(number left out)"),
    "plate": N_("(number left out)"),
    "handle": N_("(name left out)"),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text for a template: plain, or marked with its finding."""

    text: str
    finding: Finding | None = None


def look_over(text: str, language: str, places: Collection[str] = (), countries: Sequence[str] = ()) -> list[Finding]:
    """Return hints on ``text``, in its order and without overlap.

    ``language`` is the code of the text ("en", "fr" …); ``places`` are names smaller than a region; ``countries`` are
    ISO 3166 codes whose phone numbers are known without a leading "+". Sentences come in the current language.
    """
    copy = plain(text)
    return [finding(copy, hit) for hit in find(copy, language, places, countries)]


def find(
    copy: Plain, language: str, places: Collection[str] = (), countries: Sequence[str] = (), *, names: bool = True
) -> list[Hit]:
    """Return what ``look_over`` points at, in offsets of the plain copy and without its sentences; names only if asked for."""
    if not copy.text:
        return []
    fixed = [*dates(copy, language), *coordinates(copy), *emails(copy), *links(copy)]
    blanked = copy.without(fixed)
    hits = [
        *fixed,
        *handles(copy),
        *numbers(copy, blanked, [code.upper() for code in countries]),
        *codes(copy, blanked),
        *plates(copy, blanked),
        *addresses(copy),
        *gazetteer(copy, places),
        *(people(copy, language) if names else ()),
    ]
    return _apart(copy, hits)


def _apart(copy: Plain, hits: Iterable[Hit]) -> list[Hit]:
    """Keep the longest of overlapping hits; of a shorter one stays what sticks out, so that nothing is lost."""
    taken = bytearray(len(copy.text))
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, _RANK.index(h.kind), h.start)):
        start, end = _uncovered(hit, taken)
        if any(c.isalnum() for c in copy.text[start:end]):
            whole = (start, end) == (hit.start, hit.end)
            start, end = _trimmed(copy.text, start, end)
            kept.append(hit if whole else Hit(start, end, hit.kind, hit.hint))
            taken[start:end] = b"\x01" * (end - start)
    return sorted(kept, key=lambda h: h.start)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return end - len(piece.lstrip()), start + len(piece.rstrip())


def _uncovered(hit: Hit, taken: bytearray) -> tuple[int, int]:
    """Return the part of the hit that is free at its beginning or else at its end; an empty range when there is none."""
    first = taken.find(1, hit.start, hit.end)
    if first == -1:
        return hit.start, hit.end
    if first > hit.start:
        return hit.start, first
    last = taken.rfind(1, hit.start, hit.end)
    return last + 1, hit.end


def finding(copy: Plain, hit: Hit) -> Finding:
    """Return a hit as it is shown: in offsets of the whole text, with its reason and suggestion in the current language."""
    start, end = copy.original(hit.start, hit.end)
    return Finding(start, end, hit.kind, copy.whole[start:end], _(reason(hit)), suggestion(hit))


def reason(hit: Hit) -> str:
    """Return why a hit is pointed at, as the English sentence that the catalogues know."""
    return _REASONS.get(hit.hint) or _REASONS[hit.kind.value]


def suggestion(hit: Hit) -> str:
    """Return what could stand in place of a hit, in the current language."""
    return hit.instead or _(_INSTEAD.get(hit.hint) or _INSTEAD[hit.kind.value])


def mark(text: str, findings: Iterable[Finding]) -> list[Segment]:
    """Return ``text`` cut into plain and marked pieces; joined they are ``text`` again."""
    return list(_pieces(text, sorted(findings, key=lambda f: f.start)))


def _pieces(text: str, findings: list[Finding]) -> Iterator[Segment]:
    done = 0
    for finding in findings:
        if finding.start < done or text[finding.start : finding.end] != finding.text:
            continue  # made for another text: no mark is better than a wrong one
        if finding.start > done:
            yield Segment(text[done : finding.start])
        yield Segment(finding.text, finding)
        done = finding.end
    if done < len(text):
        yield Segment(text[done:])


def apply_suggestion(text: str, finding: Finding) -> str:
    """Return ``text`` with the finding's suggestion in its place; unchanged when the text is no longer the same there."""
    if text[finding.start : finding.end] != finding.text:
        return text
    return text[: finding.start] + finding.suggestion + text[finding.end :]
