"""The words of a group's passport: what each point means, and the sheet that it opens."""

from dataclasses import dataclass
from typing import Final

from app.core.i18n import N_


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the passport: its name, what it means, and a sheet to print and use (a title and lines)."""

    name: str
    means: str
    sheet: str
    lines: tuple[str, ...]


POINTS: Final = {
    "purpose": Point(
        N_("Why the group is there"), N_("A few sentences say for whom it is and what it does."),
        N_("A page about us"), (
            N_("Read it to whoever asks who you are: an office, a school, somebody who lends you a room."),
            N_("Say what you do. Say nothing of who belongs to the group, or how they came back."),
            N_("Nobody has to be registered to meet. If somebody asks for papers, ask which rule says so."),
            N_("Ask for one thing at a time: a room, a key, an hour."),
        ),
    ),
    "roles": Point(
        N_("The work is shared"), N_("At least two people have a role, each until a day."),
        N_("A meeting of one hour"), (
            N_("Two people open the room and greet whoever is new."),
            N_("First round: everybody says one thing, or nothing. Nobody asks why somebody came back."),
            N_("One question of today. Whoever has lived it speaks first."),
            N_("Who does what until next time? Write down the task, and the name others see."),
            N_("Last round: was everybody heard? Who spoke little today?"),
            N_("Childcare, bus money and the hour of the next meeting."),
        ),
    ),
    "conduct": Point(
        N_("Rules of our own"), N_("The group has written how its people treat each other."),
        N_("Talking about our rules"), (
            N_("Read each rule aloud, in every language of the room."),
            N_("Ask after each one: when was that hard for us?"),
            N_("Change words that nobody would say."),
            N_("Say who listens when a rule is broken, and that it can be about an organiser too."),
            N_("Read them again when somebody new comes, and once a year."),
        ),
    ),
    "safe": Point(
        N_("Whom to tell when somebody is not safe"),
        N_("Everybody in the group knows two people to tell, and the number to call."),
        N_("When somebody is not safe"), (
            N_("Believe what you hear. Ask what they want, and do nothing behind their back."),
            N_("In danger now: call the number of your country. It stands under “Help right now”."),
            N_("Tell one of the two people of the group, or safeguarding of the network."),
            N_("Promise nothing that you cannot keep."),
            N_("Write no names into the talk of the group."),
            N_("A child is in danger: tell safeguarding the same day."),
        ),
    ),
    "complaint": Point(
        N_("Telling us was tried"), N_("Somebody sent a test through “Something is wrong”, got a number and read the answer."),
        N_("Trying how one tells us"), (
            N_("Open something that one of you wrote for this, and choose “Something is wrong with this”."),
            N_("Write “This is a test of our group” and send it."),
            N_("Write down the number and come back with it after three days."),
            N_("Was the answer clear? Tell the group how it went."),
            N_("Say aloud: what is told about an organiser does not reach them."),
        ),
    ),
    "records": Point(
        N_("What we write down about people"), N_("The group agreed what it writes down, who sees it, and when it is destroyed."),
        N_("As little paper as we can"), (
            N_("Count people at a meeting; do not list them."),
            N_("No copies of passports, no photographs of papers."),
            N_("A list that a donor wants: ask whether numbers are enough. Most rules say yes."),
            N_("If a list must be, say so before, and let everybody choose."),
            N_("One person keeps it locked. Burn it on the day that you agreed."),
            N_("Ask before each picture, and again before you show it."),
        ),
    ),
    "money": Point(
        N_("Rules for money"), N_("Two people sign, everything is written down, and the group sees it."),
        N_("Money that everybody can see"), (
            N_("Two people sign for each sum. They are not from one family."),
            N_("Day, what for, in, out, what is left: five columns are enough."),
            N_("Keep each receipt. Without one, two people write down what it was for."),
            N_("Read the sums aloud once a month, and write them on the page of the group."),
            N_("Whoever decides about money does not receive it."),
            N_("Say no to money with conditions that you would not say aloud."),
        ),
    ),
}  # fmt: skip
