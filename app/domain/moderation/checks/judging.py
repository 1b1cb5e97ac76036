"""From phrases to findings: which rules of the book are met, where, and whether words nearby tell, warn or ask."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from typing import Final, NamedTuple

from app.domain.moderation.checks.rulebook import PERIODS, Book, Rule
from app.domain.moderation.checks.shapes import SMALL, Cue, Level, Subject, Word

REACH: Final = 30  # words around a find in which a warning or a telling counts
_DENIES: Final = 2  # words before a phrase in which a "no" takes it away
_MAIN: Final = 2  # a language is spoken where its small words are at least one for two of the main language
# Working hours of a month as the ILO counts a full week (48 h, 4.33 weeks, 26 days); the limit of a month is divided by them.
_IN_A_MONTH: Final = {"hour": 208.0, "day": 26.0, "week": 4.33, "month": 1.0}


class Met(NamedTuple):
    """A rule that is met: word numbers from ``first`` to ``last`` (included) that are marked, and how much it weighs here."""

    rule: Rule
    level: Level
    first: int
    last: int


def judge(book: Book, words: Sequence[Word], cues: Sequence[Cue], subject: Subject) -> list[Met]:
    """Return the rules that are met by the phrases found in ``words``; a summing rule only where no other of its check is."""
    spoken, excusing = _spoken(cues), book.excusing
    kept = [_meaning(book, words, c) for c in cues if c.group not in excusing or c.language in spoken]
    kept = sorted(c for c in _undenied(book, words, _unhidden(book, kept)) if c.group != SMALL)
    by_group: dict[str, list[Cue]] = {}
    for cue in kept:
        by_group.setdefault(cue.group, []).append(cue)
    for kind, inside in book.kinds.items():
        of_kind = {Cue(cue.first, cue.last, kind) for group in inside & by_group.keys() for cue in by_group[group]}
        if of_kind:
            by_group[kind] = sorted(of_kind)
    met = []
    for rule in book.rules:
        if (not rule.subjects or subject in rule.subjects) and _meets(rule, by_group.keys()):
            its = sorted(cue for group in rule.groups & by_group.keys() for cue in by_group[group])
            met += _met(book, rule, its, kept)
    return [m for m in met if not _said_already(m, met)]


def _said_already(one: Met, met: Sequence[Met]) -> bool:
    """Tell whether another rule of the same check says as much: of a sum any other, of a hint one that holds the same words."""
    others = [m for m in met if m is not one and m.rule.check is one.rule.check and m.rule.at]
    if not one.rule.at:
        return any(m.level in (Level.HOLD, one.level) for m in others)
    return one.level is Level.HINT and any(m.level is Level.HOLD and (m.first, m.last) == (one.first, one.last) for m in others)


def _spoken(cues: Sequence[Cue]) -> frozenset[str]:
    """Return the languages a text is in, by its small words; "no" in Portuguese denies nothing."""
    counts = Counter(c.language for c in cues if c.group == SMALL)
    most = max(counts.values(), default=0)
    return frozenset(language for language in {c.language for c in cues} if counts[language] * _MAIN >= most)


def _meaning(book: Book, words: Sequence[Word], cue: Cue) -> Cue:
    """Return a phrase with what it counts for: "pay by the month" and so on is far-above pay or nothing."""
    period = cue.group.removeprefix("pay_")
    if period not in PERIODS:
        return cue
    for word in words[cue.first : cue.last + 1]:
        if word.what == "<money>" and word.amount * _IN_A_MONTH[period] > book.pay.get(word.currency, float("inf")):
            return cue._replace(group="far_pay")
    return cue._replace(group="")


def _unhidden(book: Book, cues: Sequence[Cue]) -> Iterator[Cue]:
    hidden: dict[str, set[int]] = {}
    for cue in cues:
        for group in book.hides.get(cue.group, ()):
            hidden.setdefault(group, set()).update(range(cue.first, cue.last + 1))
    for cue in cues:
        if cue.group and hidden.get(cue.group, set()).isdisjoint(range(cue.first, cue.last + 1)):
            yield cue


def _undenied(book: Book, words: Sequence[Word], cues: Iterator[Cue]) -> Iterator[Cue]:
    kept = list(cues)
    noes = {c.first for c in kept if c.group == "no"}
    for cue in kept:
        before = range(max(0, cue.first - _DENIES), cue.first)
        denied = cue.group in book.denied and any(i in noes and words[i].sentence == words[cue.first].sentence for i in before)
        if not denied:
            yield cue


def _met(book: Book, rule: Rule, its: Sequence[Cue], cues: Sequence[Cue]) -> list[Met]:
    """Return where a rule is met first, rather in full than as a hint: in a list of one, or of none.

    ``its`` are the phrases the rule looks at, ``cues`` all that were found.
    """
    weaker: list[Met] = []
    for window in _windows(rule, its):
        marked = [c for c in window if c.group in rule.at] or window
        where = (marked[0].first, max(c.last for c in (marked[:1] if rule.at else marked)))
        if not _guarded(book, rule, cues, window):
            return [Met(rule, rule.level, *where)]
        weaker = weaker or [Met(rule, Level.HINT, *where)]
    return weaker if rule.level is Level.HOLD else []


def _windows(rule: Rule, cues: Sequence[Cue]) -> Iterator[list[Cue]]:
    """Yield the shortest stretches of ``cues`` that meet a rule, from left to right, none over another."""
    counts: Counter[str] = Counter()
    begin = 0
    for end, cue in enumerate(cues):
        counts.update((cue.group,))
        while cue.first - cues[begin].first > rule.within:
            _less(counts, cues[begin].group)
            begin += 1
        if not _meets(rule, counts.keys()):
            continue
        while counts[cues[begin].group] > 1 or _meets(rule, counts.keys() - {cues[begin].group}):
            _less(counts, cues[begin].group)
            begin += 1
        yield list(cues[begin : end + 1])
        counts.clear()
        begin = end + 1


def _less(counts: Counter[str], group: str) -> None:
    counts[group] -= 1
    if not counts[group]:
        del counts[group]


def _meets(rule: Rule, there: Set[str]) -> bool:
    return not any(some.isdisjoint(there) for some in rule.every) and (not rule.least or len(there & rule.some) >= rule.least)


def _guarded(book: Book, rule: Rule, cues: Sequence[Cue], window: Sequence[Cue]) -> bool:
    first, last = window[0].first - REACH, window[-1].last + REACH
    near = cues[bisect_left(cues, first, key=lambda c: c.first) : bisect_right(cues, last, key=lambda c: c.first)]
    there = {c.group for c in near}
    return bool(there & rule.guards) and len(there & book.flags) < book.despite
