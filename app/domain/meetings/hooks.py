"""What moderation hangs onto what is said of meetings: it registers here, meetings never import it."""

from collections.abc import Callable

from sqlmodel import Session

from app.models.meetings import MeetingPlan

# What is said of a meeting was written anew: by somebody else, perhaps.
on_words_written: list[Callable[[Session, MeetingPlan], None]] = []
# What is said of a meeting waits for a person, with what the checks counted.
on_words_held: list[Callable[[Session, MeetingPlan, dict[str, int]], None]] = []


def tell_words_written(db: Session, plan: MeetingPlan) -> None:
    """Tell those who decide whose words these are now."""
    for follow in on_words_written:
        follow(db, plan)


def tell_words_held(db: Session, plan: MeetingPlan, found: dict[str, int]) -> None:
    """Tell those who decide that what is said of a meeting waits."""
    for follow in on_words_held:
        follow(db, plan, found)
