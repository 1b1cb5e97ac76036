"""The words of groups: what they are about, how one comes in, roles, the four axes, templates. Translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.core.i18n import N_
from app.models.groups import GroupRole, JoinPolicy, Visibility

THEMES: Final = {
    "coming_back": N_("Coming back"), "family": N_("Family"), "home": N_("A place to live"), "work": N_("Work"),
    "business": N_("Own business"), "money": N_("Money and debts"), "papers": N_("Papers"), "health": N_("Health"),
    "feelings": N_("Feelings"), "women": N_("Women"), "learning": N_("Learning"), "community": N_("Neighbours and groups"),
}  # fmt: skip
OPEN_TO: Final = {
    "returned": N_("People who came back"), "relatives": N_("Relatives"), "neighbours": N_("Neighbours and friends"),
    "professionals": N_("People whose work it is"),
}  # fmt: skip
VISIBILITIES: Final = {
    Visibility.LISTED: (N_("Everybody finds it in the list"), N_("What is written in it is read by members only.")),
    Visibility.UNLISTED: (N_("Whoever has the address finds it"), N_("It stands in no list.")),
    Visibility.HIDDEN: (N_("Nobody finds it"), N_("For everybody else it is as if it did not exist. You invite with a code.")),
}
POLICIES: Final = {
    JoinPolicy.OPEN: (N_("Whoever likes comes in"), ""),
    JoinPolicy.ASK: (N_("One asks first"), N_("You read the answer to your question and say yes or no.")),
    JoinPolicy.INVITE: (N_("With a code only"), N_("You print or pass on codes that work some times and for some days.")),
}
POLICY_WORDS: Final = {
    JoinPolicy.OPEN: N_("Open: come in when you like"), JoinPolicy.ASK: N_("Ask first"), JoinPolicy.INVITE: N_("With a code"),
}  # fmt: skip
ROLES: Final = {
    GroupRole.MEMBER: N_("member"), GroupRole.ORGANISER: N_("organiser"), GroupRole.WELCOME: N_("welcomes new people"),
    GroupRole.CONTACT: N_("safeguarding contact"), GroupRole.MONEY: N_("keeps the accounts"),
}  # fmt: skip
# Private: what somebody is here. Nobody else sees it, and nobody has to say it.
KINDS: Final = {
    "returned": N_("I came back"), "relative": N_("A relative of somebody who did"), "neighbour": N_("A neighbour or friend"),
    "ally": N_("An ally"), "professional": N_("It is my work"), "unsaid": N_("I would rather not say"),
}  # fmt: skip
# Private too: what came after one needed help oneself. A step, never a way out; it changes no right.
STEPS_ON: Final = {
    "mentor": (N_("I stand by others now"), N_("As a mentor, or simply as somebody who has been there.")),
    "alumni": (N_("I have found my feet"), N_("You stay as long as you like, and come by when you like.")),
    "ally": (N_("I stand beside the people here"), N_("As a friend of the group, whatever your own way was.")),
}  # fmt: skip
LEAVING: Final = {
    "time": N_("No time"), "talk": N_("The talk is not for me"), "safe": N_("I did not feel safe"),
    "far": N_("Too far, or the hours do not fit"),
    "moved_on": N_("I do not need it any more: a good thing"), "other": N_("Something else"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the four axes: what is asked, and its two ends."""

    key: str
    asked: str
    low: str
    high: str


# S. Meiners, "Working with returnee-led networks" (DGAP, 2023): the axes describe the group, never a person in it.
AXES: Final = (
    Axis("begun_by", N_("Who set it up?"), N_("People themselves"), N_("Others set it up for them")),
    Axis("support", N_("How does help go?"), N_("Among equals"), N_("From helpers to others")),
    Axis("journeys", N_("What brought most of its people together?"), N_("They had to come"), N_("They chose to come")),
    Axis("structure", N_("How firm is it?"), N_("Loose"), N_("With statutes and offices")),
)
SCALE: Final = ("1", "2", "3", "4", "5", "mixed", "unknown")
STEPS: Final = {
    "1": N_("Quite: %(end)s"), "2": N_("Rather: %(end)s"), "3": N_("In between"), "4": N_("Rather: %(end)s"),
    "5": N_("Quite: %(end)s"), "mixed": N_("Mixed"), "unknown": N_("Not known"),
}  # fmt: skip
SET_UP_BY_OTHERS: Final = ("4", "5")


@dataclass(frozen=True, slots=True)
class Template:
    """What a new group can begin with."""

    shape: str
    name: str
    purpose: str
    rules: str
    agenda: str
    themes: tuple[str, ...] = ()
    open_to: tuple[str, ...] = ()
    women_only: bool = False
    visibility: Visibility = Visibility.LISTED
    join_policy: JoinPolicy = JoinPolicy.ASK
    roles: tuple[GroupRole, ...] = field(default=(GroupRole.ORGANISER, GroupRole.WELCOME, GroupRole.CONTACT))


_RULES: Final = N_(
    "What is said here stays here.\nNobody has to tell how they came.\nNo names of people who are not here.\n"
    "No business with each other’s hope: no fees, no agents."
)
TEMPLATES: Final[Mapping[str, Template]] = {
    "tea": Template(
        "cups", N_("A round of tea"), N_("We meet, drink tea and help each other with what the week brings."), _RULES,
        N_("Who is new?\nWhat did this week bring?\nWho needs somebody to come along?\nWhen do we meet again?"),
        ("coming_back", "community"),
    ),
    "women": Template(
        "people", N_("A circle of women"), N_("Women who came back, and women who stand by them. Children are welcome."),
        N_(
            "What is said here stays here.\nNobody has to tell anything.\nNo pictures.\n"
            "We tell our contact when somebody is not safe."
        ),
        N_("Arriving\nOne thing that was good\nOne thing that was heavy\nWho looks after the children next time?"),
        ("women", "feelings"), women_only=True, visibility=Visibility.UNLISTED,
    ),
    "work": Template(
        "work", N_("Work and tools"), N_("Who knows of work, who lends a tool, who shows how it is done."), _RULES,
        N_("Work that somebody saw\nTools to lend\nWhat we would like to learn"), ("work", "business"), join_policy=JoinPolicy.OPEN,
    ),
    "family": Template(
        "home", N_("Families"), N_("For those at home: how to live together again, and where to ask for help."), _RULES,
        N_("What helped at home\nQuestions to each other"), ("family",), ("relatives", "returned"),
    ),
    "papers": Template(
        "paper", N_("Papers and a room"), N_("Who knows the office hours, what to bring, and who goes along."), _RULES,
        N_("What worked this week\nWho goes along?"), ("papers", "home"), join_policy=JoinPolicy.OPEN,
    ),
    "empty": Template("pencil", N_("Something else"), "", "", ""),
}  # fmt: skip
