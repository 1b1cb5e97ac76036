"""The finder: every pair of a whole directory, or one new listing against the directory at hand."""

from array import array
from collections.abc import Callable, Iterable, Iterator
from math import exp

from app.domain.directory.duplicates.blocking import keys
from app.domain.directory.duplicates.facts import Facts, facts_of
from app.domain.directory.duplicates.index import Index
from app.domain.directory.duplicates.listing import Listing
from app.domain.directory.duplicates.scoring import Match, Part, match, weigh

STEP = 1_000  # listings between two words of progress
MOST_ASKED = 10  # of what a new listing may be, how many are asked what else they may be
_UNIT = 1_000_000  # odds are added up as whole millionths, so that the order of adding does not matter
Progress = Callable[[int, int], object]


def _silent(_done: int, _compared: int) -> None:
    return None


class Directory:
    """Listings taken apart and indexed. The first listing of an id counts; ``repeated`` are the ids that came again.

    A listing is the same as at most one listing of another partner, as a rule: where several would do, they are rivals, and the
    odds of each are divided by one more than the odds of all others. So the right one shows and what only looks like it does not.
    """

    def __init__(self, listings: Iterable[Listing] = ()) -> None:
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
        first, second, odds = array("l"), array("l"), array("q")
        for one, other, chance in self._weighed(progress):
            first.append(one)
            second.append(other)
            odds.append(chance)
        sums: dict[tuple[int, str], int] = {}  # by listing and partner: the odds of all the listings of this partner
        for one, other, chance in zip(first, second, odds, strict=True):
            for mine, theirs in ((one, other), (other, one)):
                key = (mine, self._facts[theirs].partner)
                sums[key] = sums.get(key, 0) + chance
        for one, other, chance in zip(first, second, odds, strict=True):
            a, b = self._facts[one], self._facts[other]
            rivals = max(sums[one, b.partner] if b.partner else 0, sums[other, a.partner] if a.partner else 0, chance) - chance
            if found := match(a, b, rivals / _UNIT):
                yield found

    def check(self, listing: Listing) -> list[Match]:
        """Return what in the directory a new listing may be, the surest first: what ``pairs`` would say of it were it here.

        Other pairs of the ``MOST_ASKED`` likeliest count as rivals, those of the rest do not: they only cost time.
        """
        facts = facts_of(listing)
        own = self._chances(facts, self._index.beside(list(keys(facts)), newcomers=1))
        own.pop(self._numbers.get(facts.id, -1), None)
        found = []
        for place, number in enumerate(sorted(own, key=lambda n: (-own[n], n))):
            other = self._facts[number]
            rivals = self._of_partner(other.partner, own, number)
            if place < MOST_ASKED and facts.partner:
                theirs = self._chances(other, self._index.of(number))
                rivals = max(rivals, self._of_partner(facts.partner, theirs, number))
            found.append(match(facts, other, rivals / _UNIT))
        return ordered(m for m in found if m)

    def _of_partner(self, partner: str, chances: dict[int, int], but: int) -> int:
        """Return the odds of all listings of a partner together, one left out."""
        return sum(c for n, c in chances.items() if n != but and self._facts[n].partner == partner) if partner else 0

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
