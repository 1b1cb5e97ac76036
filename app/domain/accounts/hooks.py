"""What other features hang onto an account: they register here when they are imported, accounts never import them."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.accounts import Member, MemberStatus, Role

# Called inside the transaction that erases a member; removes everything of theirs, rows and files.
on_purge: list[Callable[[Session, UUID], None]] = []
# Called when an account changes its standing: what a paused, suspended or leaving member tells is not shown.
on_standing: list[Callable[[Session, UUID, MemberStatus], None]] = []
# Called when a decision stops or closes an account; its standing stays as it is.
on_stopped: list[Callable[[Session, UUID], None]] = []
# Called with a name of a member: theirs when they get a role, the one before and the new one when they take another.
on_named: list[Callable[[Session, UUID, str], None]] = []
# Called when a role ends before its day: by a decision, or laid down.
on_role_ended: list[Callable[[Session, UUID, Role], None]] = []
# Called with an application that waits for a coordinator.
on_applied: list[Callable[[Session, Member], None]] = []
# Adds parts to a member's own copy: name of the part -> rows that can be written as JSON.
on_export: list[Callable[[Session, UUID], dict[str, Any]]] = []
# Adds files that are kept in the database to a member's own copy, one after the other: its name and its bytes.
on_export_files: list[Callable[[Session, UUID], Iterable[tuple[str, bytes]]]] = []
