"""The finder: every pair of a whole directory, or one new listing against the directory at hand."""

from collections.abc import Callable, Iterable, Iterator
from math import exp

from app.domain.directory.duplicates.blocking import keys
from app.domain.directory.duplicates.facts import Facts, facts_of
from app.domain.directory.duplicates.listing import Listing
from app.domain.directory.duplicates.scoring import LIKELY, Match, Part, match, weigh

STEP = 1_000  # listings between two words of progress
MOST_ASKED = 10  # of what a new listing may be, how many are asked what else they may be
_UNIT = 1_000_000  # odds are added up as whole millionths, so that the order of adding does not matter
_SURE = round(LIKELY / (1 - LIKELY) * _UNIT)
_MOST_THIRDS = 19 * _UNIT
_NEW = -1  # the number of a listing that is not here
Progress = Callable[[int, int], object]


def _silent(_done: int, _compared: int) -> None:
    return None


class Directory:
    """Listings taken apart and indexed. The first listing of an id counts; ``repeated`` are the ids that came again.

    A listing is the same as at most one listing of another partner, as a rule: where several would do, they are rivals, and the
    odds of each are divided by one more than the odds of all others. So the right one shows and what only looks like it does not.
    What a third partner has is a rival too, but a weak one, where it cannot be the same as the other; and where a partner is
    unknown, everything is that is not likely the same as the other.
    """

    def __init__(self, listings: Iterable[Listing] = ()) -> None:
        from app.domain.directory.duplicates.index import Index  # numpy: 8 MB that a server which compares nothing does without

        self.repeated: set[str] = set()
        self._facts: list[Facts] = []
        self._numbers: dict[str, int] = {}
        self._index = Index()
        for listing in listings:
            self.add(listing)

    def __len__(self) -> int:
        return len(self._facts)

    def add(self, listing: Listing) -> bool:
        """Add a listing, False where its id is here already."""
        if listing.id in self._numbers:
            self.repeated.add(listing.id)
            return False
        facts = facts_of(listing)
        self._numbers[facts.id] = len(self._facts)
        self._facts.append(facts)
        self._index.add(keys(facts))
        return True

    def pairs(self, progress: Progress = _silent) -> Iterator[Match]:
        """Yield every pair that may be one listing; ``progress`` hears of listings done and pairs compared."""
        chances: dict[int, dict[int, int]] = {}
        for one, other, chance in self._weighed(progress):
            chances.setdefault(one, {})[other] = chance
            chances.setdefault(other, {})[one] = chance
        for one, own in chances.items():
            for other in own:
                if one < other and (found := self._match(one, other, own, chances[other])):
                    yield found

    def check(self, listing: Listing) -> list[Match]:
        """Return what in the directory a new listing may be, the surest first: what ``pairs`` would say of it were it here.

        Other pairs of the ``MOST_ASKED`` likeliest count as rivals, those of the rest do not: they only cost time.
        """
        facts = facts_of(listing)
        itself = self._numbers.get(facts.id, _NEW)
        own = self._chances(facts, self._index.beside(list(keys(facts)), newcomers=1))
        own.pop(itself, None)
        found = []
        for place, number in enumerate(sorted(own, key=lambda n: (-own[n], n))):
            other = self._facts[number]
            theirs = self._chances(other, self._index.of(number)) if place < MOST_ASKED else {}
            theirs.pop(number, None)
            theirs.pop(itself, None)
            rivals = self._instead(other.partner, number, own, theirs)
            rivals = max(rivals, self._instead(facts.partner, _NEW, theirs, own))
            found.append(match(facts, other, rivals / _UNIT))
        return ordered(m for m in found if m)

    def _match(self, one: int, other: int, own: dict[int, int], theirs: dict[int, int]) -> Match | None:
        a, b = self._facts[one], self._facts[other]
        rivals = max(self._instead(b.partner, other, own, theirs), self._instead(a.partner, one, theirs, own))
        return match(a, b, rivals / _UNIT)

    def _instead(self, partner: str, number: int, own: dict[int, int], theirs: dict[int, int]) -> int:
        """Return the odds that a listing is another than ``number``, of ``partner``.

        ``own`` are its chances, ``theirs`` those of ``number``: what may itself be ``number`` is no rival.
        """
        rivals = thirds = 0
        for third, chance in own.items():
            if third == number:
                continue
            other = self._facts[third].partner
            if other == partner and partner:
                rivals += chance
            elif chance >= _SURE and third not in theirs:
                thirds += chance
        return rivals + min(thirds, _MOST_THIRDS)

    def _weighed(self, progress: Progress) -> Iterator[tuple[int, int, int]]:
        """Yield pairs that could be shown, with their odds."""
        compared = 0
        # Neighbours one after another: towns, organisations and names that were just compared come again.
        order = sorted(range(len(self._facts)), key=self._neighbourhood)
        for done, (number, later) in enumerate(self._index.pairs(order), start=1):
            compared += len(later)
            yield from ((number, other, chance) for other, chance in self._chances(self._facts[number], later).items())
            if done % STEP == 0 or done == len(order):
                progress(done, compared)

    def _neighbourhood(self, number: int) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
        facts = self._facts[number]
        return facts.country, facts.town.key, facts.organization.words, facts.name.words

    def _chances(self, facts: Facts, others: list[int]) -> dict[int, int]:
        """Return the odds, in millionths, that each of the others is the same, of those that could be shown."""
        found: dict[int, int] = {}
        parts: list[Part] = []
        for number in others:
            parts.clear()
            other = self._facts[number]
            total = weigh(facts, other, parts) if facts.id < other.id else weigh(other, facts, parts)
            if total is not None:
                found[number] = round(exp(total) * _UNIT)
        return found


def ordered(matches: Iterable[Match]) -> list[Match]:
    """Return matches the surest first, then by their ids."""
    return sorted(matches, key=lambda m: (-m.score, m.id1, m.id2))
