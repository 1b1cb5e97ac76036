"""Explanations: the strongest reasons, one limit, to each side only what it may know."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from app.core import i18n
from app.domain.mentoring import rules, wording
from app.domain.mentoring.answers import Unmatched
from app.domain.mentoring.people import NEEDS
from app.domain.mentoring.rules import Grounds
from app.domain.mentoring.weights import CURRENT, Components
from tests.mentoring.people import mentee, mentor

GOOD = Components(needs=1000, language=1000, place=1000, abroad=1000, contact=1000, gender=1000, age=1000)
FREE = "Is free when you are, and talks the way you like best"
LIKES = "Is free when you are, and likes best a way to talk that you use"
GROUNDS = Grounds(need="business", language="ha", asks=True)


def told(side: str, grounds: Grounds = GROUNDS, **parts: int) -> tuple[tuple[str, ...], str | None]:
    """What a side is told about a pair that is perfect but for some components."""
    say = {"mentee": wording.to_mentee, "mentor": wording.to_mentor}[side]
    found = say(GOOD._replace(**parts), grounds, CURRENT)
    return found.reasons, found.limit


def test_the_three_strongest_are_told_by_weight() -> None:
    assert told("mentee") == (("Knows how to start a business", "Speaks Hausa as you do", FREE), None)
    assert told("mentor")[0] == (
        "Would like to start a business, and you know how", "Speaks Hausa as you do", LIKES,
    )  # fmt: skip


def test_weighted_components_decide_the_order() -> None:
    assert told("mentee", language=600, needs=0)[0] == ("The two of you can talk in Hausa", FREE)  # 90 of language, 80 of contact
    assert told("mentee", language=600, needs=600)[0][0] == "Knows how to start a business"


@pytest.mark.parametrize(
    ("parts", "to_mentee", "to_mentor"),
    [
        ({}, None, None),
        ({"place": 500, "contact": 500}, None, None),
        ({"needs": 499}, "Does not know everything that you ask for", "Also looks for things that you do not know"),
        ({"contact": 333}, "Does not use the way to talk that you like best", "Likes best a way to talk that you do not use"),
        ({"needs": 400, "contact": 167}, "Does not use the way to talk that you like best",
         "Likes best a way to talk that you do not use"),
    ],
)  # fmt: skip
def test_the_lowest_component_is_the_limit(parts: dict[str, int], to_mentee: str | None, to_mentor: str | None) -> None:
    assert told("mentee", **parts)[1] == to_mentee
    assert told("mentor", **parts)[1] == to_mentor


def test_what_was_not_asked_or_not_shared_is_no_limit() -> None:
    silent = Grounds(need=None, language="ha", asks=False)
    assert told("mentee", silent, needs=0, place=200)[1] is None
    assert told("mentee", silent) == (("Speaks Hausa as you do", "Is free when you are, and talks the way you like best"), None)


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_what_was_said_for_matching_only_changes_no_word(side: str) -> None:
    """Regions, countries lived in, ages and whom somebody wishes to meet: strong or weak, each side and the desk read the same."""
    for rest in ({}, {"needs": 0, "language": 600, "contact": 333}, {"needs": 0, "contact": 500}):
        said = {
            told(side, place=place, abroad=abroad, age=age, gender=gender, **rest)
            for place, abroad, age, gender in product((200, 500, 1000), (0, 1000), (0, 333, 667, 1000), (0, 1000))
        }  # fmt: skip
        assert len(said) == 1


@pytest.mark.parametrize("need", ["family", "health", "psychosocial", "legal", "documents"])
def test_a_delicate_need_is_not_named_to_the_mentor(need: Any) -> None:
    assert told("mentor", replace(GROUNDS, need=need))[0][0] == "Looks for something that you know well"


def test_every_need_has_words_for_the_mentee() -> None:
    words = [told("mentee", replace(GROUNDS, need=need))[0][0] for need in NEEDS]
    assert len(set(words)) == len(NEEDS)


def test_a_real_pair_in_three_languages() -> None:
    one, other = mentee(languages={"ha": 3}), mentor(languages={"ha": 3}, region="SN-09")
    fit, grounds = rules.fit(one, other), rules.grounds(one, other)
    assert fit.components is not None
    said = {}
    for language in ("en", "fr", "ar"):
        with i18n.speaking(language):
            said[language] = wording.to_mentee(fit.components, grounds, CURRENT)
    assert said["en"].reasons == (
        "Knows how to start a business", "Speaks Hausa as you do", "Is free when you are, and talks the way you like best",
    )  # fmt: skip
    assert said["en"].limit is None  # that it is far is told to nobody
    assert "haoussa" in said["fr"].reasons[1]
    assert "الهوسا" in said["ar"].reasons[1]


def unmatched(reachable: bool = False, **broken: int) -> Unmatched:
    return Unmatched("m1", rules.FULL if reachable else max(broken, key=lambda r: broken[r]), reachable, broken)


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (unmatched(reachable=True, language=9), "Every mentor who could fit is taken for now."),
        (unmatched(mentor_full_or_paused=3, language=2), "Every mentor who could fit is taken for now."),
        (unmatched(language=7, no_shared_time=4), "No mentor with a free place speaks your languages yet."),
        (unmatched(no_shared_time=4, no_shared_channel=2), "No mentor with a free place has time when you do."),
        (unmatched(no_shared_channel=5), "No mentor with a free place uses the ways to talk that you chose."),
        (unmatched(asks_trained=5), "No mentor trained in listening has a free place yet."),
        (unmatched(below_minimum=5), "No mentor fits well enough yet."),
        (unmatched(gender_required=5), "There is no woman as a mentor with a free place yet."),
        (unmatched(country=1), "There is no mentor in your country yet."),
        (unmatched(minor=1), "Mentoring is for people of 18 and older."),
        # a small number could point at one of them; a block, a decline, a mentor's wish are nobody's to know
        (unmatched(language=2), "We have not found the right mentor yet."),
        (unmatched(blocked=50), "We have not found the right mentor yet."),
        (unmatched(declined_before=50, language=2), "We have not found the right mentor yet."),
        (unmatched(mentor_accepts=50), "We have not found the right mentor yet."),
        (unmatched(blocked=50, language=3), "No mentor with a free place speaks your languages yet."),
    ],
)
def test_why_nobody_yet(who: Unmatched, reason: str) -> None:
    said = wording.waiting(who, "woman_required")
    assert said.reason == reason
    assert said.help
    assert not any(character.isdigit() for character in (said.reason + said.help).replace("18", ""))


def test_a_block_changes_no_word() -> None:
    without, with_block = {"language": 6, "no_shared_time": 4}, {"language": 6, "no_shared_time": 3, "blocked": 1}
    assert wording.waiting(unmatched(**without), "any") == wording.waiting(unmatched(**with_block), "any")


def test_who_asks_for_a_man_reads_of_a_man() -> None:
    said = wording.waiting(unmatched(gender_required=5), "man_required")
    assert said.reason == "There is no man as a mentor with a free place yet."
    assert said.help == "We look for more mentors. Your wish stays as it is."
