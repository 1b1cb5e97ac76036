"""The words of a group's passport: what each point means, how it is done, and the sheet that it opens once it is."""

from dataclasses import dataclass
from typing import Final

from app.core.i18n import N_


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to print or read out: a title and lines."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the passport: its name, what it means, how it is done, and what opens when it is."""

    name: str
    means: str
    how: Sheet
    opens: Sheet


POINTS: Final = {
    "purpose": Point(
        N_("Why the group is there"), N_("A few sentences say for whom it is and what it does."),
        Sheet(N_("Writing why you are there"), (
            N_("Write for whom it is, what you do, and how often. Three sentences are enough."),
            N_("Say nothing of who belongs to it, or how people came back."),
            N_("Read it aloud to somebody who does not know you. What did they understand?"),
        )),
        Sheet(N_("A page about us"), (
            N_("Read it to whoever asks who you are: an office, a school, somebody who lends you a room."),
            N_("Say what you do. Say nothing of who belongs to the group, or how they came back."),
            N_("Nobody has to be registered to meet. If somebody asks for papers, ask which rule says so."),
            N_("Ask for one thing at a time: a room, a key, an hour."),
        )),
    ),
    "roles": Point(
        N_("The work is shared"), N_("At least two people have a role, each until a day."),
        Sheet(N_("Sharing the work"), (
            N_("Write down what has to be done every month: welcome, money, rooms, children, minutes."),
            N_("Ask two people to take one thing each, until a day that you agree."),
            N_("Ask women also for money and for speaking, and men also for tea."),
            N_("Whoever has a role may lay it down. Ask again a month before its day."),
        )),
        Sheet(N_("A meeting of one hour"), (
            N_("Two people open the room and greet whoever is new."),
            N_("First round: everybody says one thing, or nothing. Nobody asks why somebody came back."),
            N_("One question of today. Whoever has lived it speaks first."),
            N_("Who does what until next time? Write down the task, and the name others see."),
            N_("Last round: was everybody heard? Who spoke little today?"),
            N_("Childcare, bus money and the hour of the next meeting."),
        )),
    ),
    "conduct": Point(
        N_("Rules of our own"), N_("The group has written how its people treat each other."),
        Sheet(N_("Rules to begin with: copy them, and change what you like"), (
            N_("We ask nobody why or how they came back."),
            N_("What is told here stays here. We tell no names outside."),
            N_("We speak one after the other, and look who has not spoken yet."),
            N_("We lend and sell each other nothing here, and promise nobody work or a journey."),
            N_("We touch and photograph nobody without asking."),
            N_("No child is left alone with a grown-up whom their family did not choose."),
            N_("Whoever is hurt tells two people of the group, or the network. Nobody is punished for telling."),
            N_("Whoever breaks a rule is spoken to first, then asked to stay away for a time."),
        )),
        Sheet(N_("Talking about our rules"), (
            N_("Read each rule aloud, in every language of the room."),
            N_("Ask after each one: when was that hard for us?"),
            N_("Change words that nobody would say."),
            N_("Say who listens when a rule is broken, and that it can be about an organiser too."),
            N_("Read them again when somebody new comes, and once a year."),
        )),
    ),
    "safe": Point(
        N_("Whom to tell when somebody is not safe"),
        N_("Everybody in the group knows two people to tell, and the number to call."),
        Sheet(N_("When somebody is not safe"), (
            N_("Believe what you hear. Ask what they want, and do nothing behind their back."),
            N_("In danger now: call the number of your country. It stands under “Help right now”."),
            N_("Tell one of the two people of the group, or safeguarding of the network."),
            N_("Promise nothing that you cannot keep."),
            N_("Write no names into the talk of the group."),
            N_("A child is in danger: tell safeguarding the same day."),
        )),
        Sheet(N_("Saying it to everybody"), (
            N_("Say at each first meeting whom to tell, and that telling is right."),
            N_("When one of the two leaves, name another one the same day."),
            N_("Play it through once a year: somebody tells, somebody listens, one watches."),
            N_("Whoever listened needs somebody to talk to afterwards. Ask them the next day."),
        )),
    ),
    "complaint": Point(
        N_("Telling us was tried"), N_("Somebody sent a test through “Something is wrong”, got a number and read the answer."),
        Sheet(N_("Trying how one tells us"), (
            N_("Open something that one of you wrote for this, and choose “Something is wrong with this”."),
            N_("Write “This is a test of our group” and send it."),
            N_("Write down the number and come back with it after three days."),
            N_("Was the answer clear? Tell the group how it went."),
            N_("Say aloud: what is told about an organiser does not reach them."),
        )),
        Sheet(N_("Learning from what is told"), (
            N_("Once in three months ask in the round: what would you not dare to tell, and why?"),
            N_("Speak about what was told, never about who told it."),
            N_("Change one thing, and say that it changed because somebody told."),
        )),
    ),
    "records": Point(
        N_("What we write down about people"), N_("The group agreed what it writes down, who sees it, and when it is destroyed."),
        Sheet(N_("As little paper as we can"), (
            N_("Count people at a meeting; do not list them."),
            N_("No copies of passports, no photographs of papers."),
            N_("A list that a donor wants: ask whether numbers are enough. Most rules say yes."),
            N_("If a list must be, say so before, and let everybody choose."),
            N_("One person keeps it locked. Burn it on the day that you agreed."),
            N_("Ask before each picture, and again before you show it."),
        )),
        Sheet(N_("A letter to whoever wants a list"), (
            N_("“You asked for the names of people who come to us. We do not write names down.”"),
            N_("“We can tell you how many came in three months, where there were five at least.”"),
            N_("“Please tell us which rule asks for names, and who will read them.”"),
            N_("“Nobody is left out of our group because they do not want to stand in a list.”"),
        )),
    ),
    "money": Point(
        N_("Rules for money"), N_("Two people sign, everything is written down, and the group sees it."),
        Sheet(N_("Money that everybody can see"), (
            N_("Two people sign for each sum. They are not from one family."),
            N_("Day, what for, in, out, what is left: five columns are enough."),
            N_("Keep each receipt. Without one, two people write down what it was for."),
            N_("Read the sums aloud once a month, and write them on the page of the group."),
            N_("Whoever decides about money does not receive it."),
            N_("Say no to money with conditions that you would not say aloud."),
        )),
        Sheet(N_("A budget on one page"), (
            N_("Write at the top: for what, from when to when, in which currency."),
            N_("In: who gives how much, and on which condition."),
            N_("Out: rooms, journeys, food, childcare, telephone, and one part in ten for what nobody expects."),
            N_("Beside each line: who decides, and who signs."),
            N_("At the end: what is left, and what happens with it."),
        )),
    ),
}  # fmt: skip
