"""Why these two, and why nobody yet: the stored components in words, for each side what it may know.

Regions, countries lived in, ages and wishes whom to meet are said for matching only: they weigh, and nobody is told of them, nor
the desk ("lives in your region" would say where to somebody who knows a name).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.core import i18n
from app.core.i18n import N_, _
from app.domain.mentoring import rules
from app.domain.mentoring.answers import Unmatched
from app.domain.mentoring.people import GenderRule, Need
from app.domain.mentoring.rules import Grounds
from app.domain.mentoring.weights import Components, Weights

MOST: Final = 3
STRONG, WEAK, WHOLE = 600, 500, 1000
FEWEST: Final = 3  # a reason that fewer mentors stand for could point at one of them

_KNOWS: Final[Mapping[Need, str]] = {
    "housing": N_("Knows how to find a place to live"),
    "employment": N_("Knows how to find work"),
    "business": N_("Knows how to start a business"),
    "documents": N_("Knows how to get papers"),
    "family": N_("Knows about family matters"),
    "health": N_("Knows where to find help with health"),
    "psychosocial": N_("Knows how to listen when things are hard"),
    "education": N_("Knows about schools and training"),
    "legal": N_("Knows about rights and the law"),
    "finance": N_("Knows how to get along with money"),
}
# What a mentor is told before both have said yes; health, family, law and hard experiences are for the mentee to tell.
_SEEKS: Final[Mapping[Need, str]] = {
    "housing": N_("Looks for a place to live, and you know how"),
    "employment": N_("Looks for work, and you know how"),
    "business": N_("Would like to start a business, and you know how"),
    "education": N_("Would like to learn, and you know where"),
    "finance": N_("Would like to get along with money, and you know how"),
}
_SEEKS_SOMETHING: Final = N_("Looks for something that you know well")


@dataclass(frozen=True, slots=True)
class Explanation:
    """At most three reasons for a pair, the strongest first, and one limit."""

    reasons: tuple[str, ...]
    limit: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why there is nobody yet, and what would help."""

    reason: str
    help: str


_Say = Callable[[Components, Grounds], str | None]


def to_mentee(components: Components, grounds: Grounds, weights: Weights) -> Explanation:
    """Return what the mentee is told about the mentor, in the language of the moment; ``weights`` of the stored version."""
    return _explain(components, grounds, weights, _GOOD_TO_MENTEE, _LIMITS_TO_MENTEE)


def to_mentor(components: Components, grounds: Grounds, weights: Weights) -> Explanation:
    """Return what the mentor (and a coordinator) is told about the mentee: no need that is delicate."""
    return _explain(components, grounds, weights, _GOOD_TO_MENTOR, _LIMITS_TO_MENTOR)


def waiting(unmatched: Unmatched, gender_rule: GenderRule) -> Waiting:
    """Return the honest reason for waiting and what would help; never a block, a decline, a mentor's wish or a small number."""
    if unmatched.reachable:
        told = rules.FULL
    else:
        enough = {r: n for r, n in unmatched.broken.items() if r in _WAITING and (n >= FEWEST or r in _ABOUT_NOBODY)}
        told = max(enough, key=lambda reason: enough[reason], default="")
    if told == rules.GENDER and gender_rule == "man_required":
        return Waiting(_("There is no man as a mentor with a free place yet."), _(_MORE_ARE_SOUGHT))
    reason, hint = _WAITING.get(told, _NOTHING_TOLD)
    return Waiting(_(reason), _(hint))


def _explain(
    components: Components, grounds: Grounds, weights: Weights, good: Mapping[str, _Say], limits: Mapping[str, str]
) -> Explanation:
    part, weight = components._asdict(), weights.parts._asdict()
    strong = sorted((name for name in part if part[name] >= STRONG), key=lambda name: -weight[name] * part[name])
    said = [text for name in strong if name in good and (text := good[name](components, grounds))]
    weak = sorted((name for name in part if part[name] < WEAK), key=lambda name: (part[name], -weight[name]))
    limit = next((limits[name] for name in weak if name in limits and _applies(name, grounds)), None)
    return Explanation(tuple(said[:MOST]), _(limit) if limit else None)


def _applies(name: str, grounds: Grounds) -> bool:
    """Say whether a low component says something: not when nothing was asked for."""
    return grounds.asks if name == "needs" else True


def _knows(_components: Components, grounds: Grounds) -> str | None:
    return _(_KNOWS[grounds.need]) if grounds.need else None


def _seeks(_components: Components, grounds: Grounds) -> str | None:
    return _(_SEEKS.get(grounds.need, _SEEKS_SOMETHING)) if grounds.need else None


def _speaks(components: Components, grounds: Grounds) -> str:
    language = i18n.language_name(grounds.language, i18n.current())
    if components.language == WHOLE:
        return _("Speaks %(language)s as you do", language=language)
    return _("The two of you can talk in %(language)s", language=language)


_GOOD_TO_MENTEE: Final[Mapping[str, _Say]] = {
    "language": _speaks, "needs": _knows,
    "contact": lambda _c, _g: _("Is free when you are, and talks the way you like best"),
}  # fmt: skip
_GOOD_TO_MENTOR: Final[Mapping[str, _Say]] = {
    "language": _speaks, "needs": _seeks,
    "contact": lambda _c, _g: _("Is free when you are, and likes best a way to talk that you use"),
}  # fmt: skip
_LIMITS_TO_MENTEE: Final = {
    "needs": N_("Does not know everything that you ask for"),
    "contact": N_("Does not use the way to talk that you like best"),
}
_LIMITS_TO_MENTOR: Final = {
    "needs": N_("Also looks for things that you do not know"),
    "contact": N_("Likes best a way to talk that you do not use"),
}
_MORE_ARE_SOUGHT: Final = N_("We look for more mentors. Your wish stays as it is.")
_NOTHING_TOLD: Final = (N_("We have not found the right mentor yet."), N_("We look again in every round."))
_ABOUT_NOBODY: Final = (rules.COUNTRY, rules.MINOR)  # true whoever the mentors are
_WAITING: Final[Mapping[str, tuple[str, str]]] = {
    rules.FULL: (
        N_("Every mentor who could fit is taken for now."),
        N_("You keep your place. It goes on when a mentorship ends or a mentor joins."),
    ),
    rules.COUNTRY: (N_("There is no mentor in your country yet."), N_("We look for mentors there.")),
    rules.LANGUAGE: (
        N_("No mentor with a free place speaks your languages yet."), N_("If you speak one more, add it."),
    ),
    rules.GENDER: (N_("There is no woman as a mentor with a free place yet."), _MORE_ARE_SOUGHT),
    rules.MINOR: (
        N_("Mentoring is for people of 18 and older."), N_("A coordinator can tell you who helps younger people."),
    ),
    rules.TRAINED: (N_("No mentor trained in listening has a free place yet."), _MORE_ARE_SOUGHT),
    rules.TIME: (N_("No mentor with a free place has time when you do."), N_("More times in your week can help.")),
    rules.CHANNEL: (
        N_("No mentor with a free place uses the ways to talk that you chose."), N_("One more way to talk can help."),
    ),
    rules.MINIMUM: (N_("No mentor fits well enough yet."), N_("More needs or more times can help.")),
}  # fmt: skip
