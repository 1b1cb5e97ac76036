"""What names and descriptions say about two listings: whether they are the same service, whoever and wherever it is."""

from app.domain.directory.duplicates.evidence import WEIGHTS
from app.domain.directory.duplicates.facts import Facts
from app.domain.directory.duplicates.likeness import Likeness, heard_alike, likeness
from app.domain.directory.duplicates.naming import Name, audience_of

Part = tuple[str, float]
_NOTHING: Part = ("", 0.0)
# A name that agrees adds COMMON_NAME for its common words alone and up to OWN_NAME more for words of its own.
COMMON_NAME, OWN_NAME, OWN_WORDS = 2.5, 2.25, 1.5
SAYS_MORE = 0.5  # what a word that only one name has costs, against one that both have
CLASH, RISE, BEND = -5.0, 9.0, 1.5  # words in the place of others: from wholly another name to one word of many
MEANT = -2.3  # other words for the same kind of help: a house rarely offers two of one kind, but it does
HEARD, HEARD_LEAST = 2.0, 0.4  # by the part of the words that sound alike across scripts
MOST_NAMED = COMMON_NAME + OWN_NAME
TEXT_BEST, TEXT_WORST, TEXT_EVEN, TEXT_ALL = 2.2, -1.8, 0.45, 0.75  # by the part of the shorter description that agrees
_LEAST_BITS = 6  # a shorter description says nothing


def named(a: Facts, b: Facts) -> list[Part]:
    """Return what the names say; across languages what kind of help they speak of and what sounds alike in them."""
    x, y = a.name, b.name
    if not x.words or not y.words:
        return []
    if x.script != y.script:
        return _across(a, b)
    like = likeness(x, y, a.aside, b.aside)
    part = _same_language(like, cut=x.cut or y.cut)
    if part[1] > 0:
        return [part, _narrower(x, y, audience_of(like.rest) if like.rest else 0)]
    if a.language != b.language and a.language and b.language:
        return _across(a, b)
    meant = a.helps & b.helps and not (a.partner == b.partner and a.partner)
    return [("name_meant", MEANT)] if meant and part[1] < MEANT else [part]


def _same_language(like: Likeness, *, cut: bool) -> Part:
    both, only_a, only_b, _rest = like
    if only_a and only_b:
        adds = CLASH + RISE * like.share**BEND
        if adds <= 0:
            return "name_other", adds
        # A word of its own on either side may be what tells two apart: "morning" and "evening", "students" and "teachers".
        own = sum(rest >= 1 for rest in (only_a, only_b))
        return ("name_like", "name_narrower", "name_differs")[own], adds
    if not both:
        return _NOTHING
    best = COMMON_NAME + OWN_NAME * min(both / OWN_WORDS, 1.0)
    more = only_a + only_b
    code = "name_same" if not more else "name_more" if more < 1 or cut else "name_narrower"
    return code, best * both / (both + SAYS_MORE * more)


def _narrower(x: Name, y: Name, people: int, code: str = "people_more") -> Part:
    """Return what it says that one name alone has a number or names people: "Clinic", "Clinic 2", "Clinic for women"."""
    if x.numbers != y.numbers:
        return "number_more", WEIGHTS["number_more"]
    return (code, WEIGHTS[code]) if people else _NOTHING


def _across(a: Facts, b: Facts) -> list[Part]:
    code = _help(a, b)
    found: list[Part] = [(code, WEIGHTS[code])] if code else []
    if (heard := heard_alike(_own(a), _own(b))) >= HEARD_LEAST:
        found.append(("name_heard", HEARD * heard))
    return [*found, _narrower(a.name, b.name, a.name.audience ^ b.name.audience, "people_unsure")]


def _own(f: Facts) -> tuple[str, ...]:
    """Return the words of a name that do not say where and by whom; all of them where it says nothing else."""
    return tuple([w for w in f.name.words if w not in f.aside]) or f.name.words


def _help(a: Facts, b: Facts) -> str:
    """Compare what help the names speak of, in whatever words: finely where both do, else by needs."""
    if a.helps & b.helps:
        return "help_same"
    if a.needs and b.needs and not a.needs & b.needs:
        return "need_other"
    return "help_other" if a.helps and b.helps else "need_same" if a.needs & b.needs else ""


def described(a: Facts, b: Facts) -> Part:
    """Return what the descriptions say, by the words of the shorter that the longer has too; nothing across languages."""
    bits = min(a.bits, b.bits)
    if bits < _LEAST_BITS:
        return _NOTHING
    share = (a.print & b.print).bit_count() / bits
    if share >= TEXT_EVEN:
        return "text_like", TEXT_BEST * min(1.0, (share - TEXT_EVEN) / (TEXT_ALL - TEXT_EVEN))
    if a.language != b.language or a.name.script != b.name.script:
        return _NOTHING
    return "text_other", max(TEXT_WORST, TEXT_BEST * (share - TEXT_EVEN) / (TEXT_ALL - TEXT_EVEN))
