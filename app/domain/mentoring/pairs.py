"""Every pair that may be proposed, and its score: the rules of ``rules.py`` over whole countries at once, with bit masks."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from app.domain.mentoring import rules
from app.domain.mentoring.people import AGE_BANDS, CONVERSATION, FLUENT, NEEDS, Mentee, Mentor, Person
from app.domain.mentoring.weights import Weights

Ints = npt.NDArray[np.signedinteger[Any]]
Bits = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

_CELLS: Final = 1_000_000  # pairs looked at in one go: bounds the memory, and stays near the processor
_GENDER: Final = {"woman": 1, "man": 2}  # nobody else satisfies a rule about gender
_PLACE: Final = {reason: number for number, reason in enumerate(rules.REASONS)}


@dataclass(frozen=True, slots=True)
class Pairs:
    """The admissible pairs of one country, as positions in the two lists of the round."""

    mentee: Ints
    mentor: Ints
    score: Ints


def find(mentees: Sequence[Mentee], mentors: Sequence[Mentor], weights: Weights) -> tuple[list[Pairs], Ints]:
    """Return every pair that keeps all rules, by country, and what stands in the way of the others.

    The second: (mentees x reasons) how many mentors of the mentee's country break which rule first; where the country has no
    mentor, how many of all. Both are the same as asking ``rules.fit`` pair by pair.
    """
    at_home, asking = _by_country(mentors), _by_country(mentees)
    broken = np.zeros((len(mentees), len(rules.REASONS)), np.int64)
    full = sum(mentor.places == 0 for mentor in mentors)
    found = []
    for country, rows in asking.items():
        if country not in at_home:
            broken[rows, _PLACE[rules.FULL]], broken[rows, _PLACE[rules.COUNTRY]] = full, len(mentors) - full
            continue
        columns = at_home[country]
        block = _Block([mentees[n] for n in rows], [mentors[n] for n in columns])
        pieces = []
        for part in _slices(len(rows), len(columns)):
            i, j, score, broken[rows[part]] = block.judge(part, weights)
            pieces.append((rows[part][i], columns[j], score.astype(np.int16)))
        found.append(Pairs(*(np.concatenate(piece) for piece in zip(*pieces, strict=True))))
    return found, broken


def _by_country(people: Sequence[Person]) -> dict[str, Ints]:
    places: dict[str, list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        places[person.country].append(number)
    return {country: np.array(numbers, np.int32) for country, numbers in places.items()}


def _slices(rows: int, columns: int) -> Iterator[slice]:
    step = max(1, _CELLS // columns)
    return (slice(start, min(rows, start + step)) for start in range(0, rows, step))


def _half_up(a: Ints, b: int | Ints) -> Ints:
    return np.asarray((2 * a + b) // (2 * b), np.int64)


def _numbers(values: Collection[int]) -> Ints:
    return np.fromiter(values, np.int64, len(values))


def _flags(values: Collection[bool]) -> Bools:
    return np.fromiter(values, np.bool_, len(values))


def _speaks(people: Sequence[Person], least: int) -> list[list[str]]:
    return [[code for code, level in person.languages.items() if level >= least] for person in people]


def _band(person: Person) -> int:
    """Return the number of the age band; one that is not told is far from every other (see ``rules``)."""
    return AGE_BANDS.index(person.age_band) if person.age_band else 10 if isinstance(person, Mentee) else 20


class _Sets:
    """One set of each mentee and each mentor as bits, over what both sides have at all: (people x words of 64)."""

    def __init__(self, ours: Sequence[Collection[Any]], theirs: Sequence[Collection[Any]]) -> None:
        both = sorted(set().union(*ours) & set().union(*theirs))
        bit = {member: 1 << number for number, member in enumerate(both)}
        words = max(1, -(-len(both) // 64))
        self.ours, self.theirs = self._packed(ours, bit, words), self._packed(theirs, bit, words)

    @staticmethod
    def _packed(sets: Sequence[Collection[Any]], bit: dict[Any, int], words: int) -> Bits:
        packed = b"".join(sum(bit.get(member, 0) for member in members).to_bytes(words * 8, "little") for members in sets)
        return np.frombuffer(packed, "<u8").astype(np.uint64).reshape(len(sets), words)

    def meet(self, part: slice) -> Bools:
        """Return whether the two sets share something: (mentees of the part x mentors)."""
        ours = self.ours[part]
        shared: Bools = (ours[:, :1] & self.theirs[:, 0]) != 0
        for word in range(1, ours.shape[1]):
            shared |= (ours[:, word : word + 1] & self.theirs[:, word]) != 0
        return shared

    def shared(self, i: Ints, j: Ints) -> Ints:
        """Return how many members the two sets of each pair share."""
        return np.asarray(np.bitwise_count(self.ours[i] & self.theirs[j]).sum(axis=1), np.int64)


class _Apart:
    """Pairs that are kept apart, because one of the two names the other."""

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor], field: str) -> None:
        row = {m.id: number for number, m in enumerate(mentees)}
        column = {m.id: number for number, m in enumerate(mentors)}
        pairs = [(n, column[name]) for n, m in enumerate(mentees) for name in getattr(m, field) if name in column]
        pairs += [(row[name], n) for n, m in enumerate(mentors) for name in getattr(m, field) if name in row]
        self.mentee, self.mentor = _numbers([i for i, _j in pairs]), _numbers([j for _i, j in pairs])
        self.mentors = len(mentors)

    def none(self, part: slice) -> Bools:
        """Return whether nothing keeps a pair apart: (mentees of the part x mentors)."""
        free = np.ones((part.stop - part.start, self.mentors), np.bool_)
        inside = (self.mentee >= part.start) & (self.mentee < part.stop)
        free[self.mentee[inside] - part.start, self.mentor[inside]] = False
        return free


class _Block:
    """The mentees and mentors of one country as arrays; ``e_`` belongs to mentees, ``o_`` to mentors, sets to both."""

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> None:
        both = (mentees, mentors)
        self.speak, self.fluent = (_Sets(*(_speaks(side, least) for side in both)) for least in (CONVERSATION, FLUENT))
        self.hosts, self.slots = (
            _Sets(*([m.hosts for m in side] for side in both)),
            _Sets(*([m.slots for m in side] for side in both)),
        )
        regions = [{m.region} for m in mentors]
        self.home = _Sets([{m.region} for m in mentees], regions)
        self.near = _Sets([{m.region, *m.neighbours} for m in mentees], regions)
        self.afar = _Sets(*([set(m.channels) - {"in_person"} for m in side] for side in both))
        self.first = _Sets([m.channels[:1] for m in mentees], [m.channels for m in mentors])
        self.e_meets = _flags(["in_person" in m.channels for m in mentees])
        self.o_meets = _flags(["in_person" in m.channels and m.vetted for m in mentors])
        self.e_requires = _numbers([_GENDER.get(rules.REQUIRED.get(m.gender_rule, ""), 0) for m in mentees])
        self.e_prefers = _numbers([_GENDER.get(rules.PREFERRED.get(m.gender_rule, ""), 0) for m in mentees])
        self.o_only = _numbers([_GENDER.get(rules.ONLY.get(m.accepts, ""), 0) for m in mentors])
        self.e_gender, self.o_gender = (_numbers([_GENDER.get(m.gender, 0) for m in side]) for side in both)
        self.e_adult, self.o_adult = (_flags([m.adult for m in side]) for side in both)
        self.e_asks, self.o_trained = _flags([m.asks_trained for m in mentees]), _flags([m.vetted and m.trained for m in mentors])
        self.o_free = _flags([m.places > 0 for m in mentors])
        self.e_band, self.o_band = (_numbers([_band(m) for m in side]) for side in both)
        self.e_needs = np.array([[m.needs.get(need, 0) for need in NEEDS] for m in mentees], np.int64)
        self.o_knows = np.array([[min(3, m.experience.get(need, 0)) for need in NEEDS] for m in mentors], np.int64)
        self.blocked, self.declined = (_Apart(mentees, mentors, field) for field in ("blocked", "declined"))

    def kept(self, part: slice) -> Iterator[tuple[str, Bools]]:
        """Yield the hard rules in their order, each with whether a pair keeps it: (mentees of the part x mentors)."""
        requires, gender = self.e_requires[part, None], self.e_gender[part, None]
        yield rules.FULL, self.o_free[None, :]
        yield rules.BLOCKED, self.blocked.none(part)
        yield rules.DECLINED, self.declined.none(part)
        yield rules.LANGUAGE, self.speak.meet(part)
        yield rules.GENDER, (requires == 0) | (requires == self.o_gender)
        yield rules.ACCEPTS, (self.o_only == 0) | (gender == self.o_only)
        yield rules.MINOR, self.e_adult[part, None] & self.o_adult
        yield rules.TRAINED, ~self.e_asks[part, None] | self.o_trained
        yield rules.TIME, self.slots.meet(part)
        yield rules.CHANNEL, self.afar.meet(part) | (self.e_meets[part, None] & self.o_meets & self.near.meet(part))

    def judge(self, part: slice, weights: Weights) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the admissible pairs of a part (mentee, mentor, score) and how many mentors break which rule first."""
        many = part.stop - part.start
        alive = np.ones((many, len(self.o_free)), np.bool_)
        counts = np.zeros((many, len(rules.REASONS)), np.int64)
        before = np.full(many, len(self.o_free))
        for reason, kept in self.kept(part):
            alive &= kept
            after = np.count_nonzero(alive, axis=1)
            counts[:, _PLACE[reason]], before = before - after, after
        i, j = np.nonzero(alive)
        score = self.score(i + part.start, j, weights)
        enough = score >= weights.minimum
        counts[:, _PLACE[rules.MINIMUM]] = np.bincount(i[~enough], minlength=many)
        return i[enough], j[enough], score[enough], counts

    def score(self, i: Ints, j: Ints, weights: Weights) -> Ints:
        """Return the score of pairs that keep the hard rules."""
        wanted = 3 * self.e_needs.sum(axis=1)[i]
        met = np.einsum("nk,nk->n", self.e_needs[i], self.o_knows[j])
        home, near = self.home.shared(i, j) > 0, self.near.shared(i, j) > 0
        slots = np.minimum(weights.most_slots, self.slots.shared(i, j))
        prefers, bands = self.e_prefers[i], np.abs(self.e_band[i] - self.o_band[j])
        parts = (
            np.where(wanted > 0, _half_up(1000 * met, np.maximum(wanted, 1)), 0),
            np.where(self.fluent.shared(i, j) > 0, 1000, weights.conversation),
            np.where(home, 1000, np.where(near, weights.neighbouring, weights.same_country)),
            np.where(self.hosts.shared(i, j) > 0, 1000, 0),
            _half_up(weights.slots_worth * slots, weights.most_slots) + weights.channel_worth * self.first.shared(i, j),
            np.where((prefers == 0) | (prefers == self.o_gender[j]), 1000, 0),
            _half_up(1000 * (3 - np.minimum(3, bands)), 3),
        )
        total = sum((weight * part for weight, part in zip(weights.parts, parts, strict=True)), np.zeros(len(i), np.int64))
        return _half_up(total, 1000)
