"""What moderation hangs onto what people write: it registers here, groups never import it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.models.groups import Group, Post


@dataclass(frozen=True, slots=True)
class Written:
    """A text before it is shown: its language, whether its writer is new here, and what they wrote lately."""

    text: str
    language: str
    newcomer: bool = False
    earlier: Sequence[str] = ()
    asked: bool = False  # by somebody without an account


@dataclass(frozen=True, slots=True)
class Looked:
    """What the checks say of a text: why it would wait, whether it says how to reach somebody, where exactly, and of danger."""

    held: dict[str, int] = field(default_factory=dict)
    reach: bool = False
    place: bool = False
    danger: bool = False  # to somebody, where it was asked by somebody without an account


# The same beside how to reach somebody and where exactly.
on_look_closely: list[Callable[[Written], Looked]] = []
# Return how often each check wants the text held, by name; nothing: it can be shown.
on_look: list[Callable[[Written], dict[str, int]]] = []
# A post waits for a person, with what the checks counted.
on_held: list[Callable[[Session, Post, dict[str, int]], None]] = []
# The words of posts (a statement that yields their ids) go: there is nothing left to decide.
on_gone: list[Callable[[Session, sa.Select[tuple[UUID]]], None]] = []
# The condition that a post (its id) waits for a decision: then a voice or picture of it stays for whoever decides.
on_waits: list[Callable[[sa.ColumnElement[UUID]], sa.ColumnElement[bool]]] = []
# What a group says about itself was written anew: by somebody else, perhaps.
on_words_written: list[Callable[[Session, Group], None]] = []
# What a group says about itself waits for a person.
on_words_held: list[Callable[[Session, Group, dict[str, int]], None]] = []
# Somebody belongs to a group no longer: the group and the member.
on_taken_out: list[Callable[[Session, UUID, UUID], None]] = []
# Somebody is about to leave a group, or their role in it to change: the group and the member.
on_place_moves: list[Callable[[Session, UUID, UUID], None]] = []
# Somebody leaves a group and what they wrote there goes, while they still belong to it: the group and the member.
on_words_go: list[Callable[[Session, UUID, UUID], None]] = []
# What others may learn of a group has moved: its words, who finds it, whether it is there.
on_moved: list[Callable[[Session, Group], None]] = []

# Return numbers of people as they may be told, all of them or None: counts by name, and the smallest number that is told.
on_protect: list[Callable[[dict[str, int], int], dict[str, int] | None]] = []


def protect(counts: dict[str, int], threshold: int) -> dict[str, int] | None:
    """Return numbers as they may be told; None where they may not, or where nothing protects them."""
    for one in on_protect:
        return one(counts, threshold)
    return None


def look(written: Written, read_first: bool = False) -> dict[str, int]:
    """Ask every check; return why the text has to wait: also without a finding where a decision says so."""
    found: dict[str, int] = {"decision": 1} if read_first else {}
    for check in on_look:
        for name, count in check(written).items():
            found[name] = found.get(name, 0) + count
    return found


def look_closely(written: Written) -> Looked:
    """Ask every check, also whether the text says how to reach somebody, or where exactly."""
    found = [check(written) for check in on_look_closely]
    held: dict[str, int] = {}
    for one in found:
        for name, count in one.held.items():
            held[name] = held.get(name, 0) + count
    return Looked(held, any(one.reach for one in found), any(one.place for one in found), any(one.danger for one in found))


def waits(post_id: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """Return the condition that a decision about a post is to come."""
    return sa.or_(sa.false(), *(about(post_id) for about in on_waits))


def tell_held(db: Session, post: Post, found: dict[str, int]) -> None:
    """Tell those who decide that a post waits."""
    for follow in on_held:
        follow(db, post, found)


def tell_words_written(db: Session, group: Group) -> None:
    """Tell those who decide whose words these are now."""
    for follow in on_words_written:
        follow(db, group)


def tell_words_held(db: Session, group: Group, found: dict[str, int]) -> None:
    """Tell those who decide that what a group says about itself waits."""
    for follow in on_words_held:
        follow(db, group, found)


def tell_moved(db: Session, group: Group) -> None:
    """Tell those who name the group elsewhere that it is another one now, or there for fewer."""
    for follow in on_moved:
        follow(db, group)


def tell_gone(db: Session, posts: sa.Select[tuple[UUID]]) -> None:
    """Tell those who decide that the words of these posts go; ``posts`` yields their ids."""
    for follow in on_gone:
        follow(db, posts)


def tell_place_moves(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Tell features that somebody is about to leave a group, or their role in it to change."""
    for follow in on_place_moves:
        follow(db, group_id, member_id)


def tell_words_go(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Tell features that what somebody wrote in a group goes with them."""
    for follow in on_words_go:
        follow(db, group_id, member_id)


def tell_taken_out(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Tell features that somebody belongs to a group no longer."""
    for follow in on_taken_out:
        follow(db, group_id, member_id)
