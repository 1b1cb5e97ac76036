"""Commands about people with power: the first coordinator, roles, a lost second step. Nobody is signed in here."""

from sqlmodel import Session

from app.commands.opening import Arguments, Failed, open_database, tell
from app.core.settings import Settings
from app.models.accounts import Member, Role


def coordinator(arguments: Arguments, settings: Settings) -> int:
    """Make an account for a coordinator and print its key, once."""
    from app.domain.accounts import actions

    language = arguments.language or settings.language_list[0]
    with open_database(settings).transaction() as db:
        name = arguments.name or actions.suggest(db, language, 1)[0]
        key = actions.create_coordinator(db, name, language, [Role(role) for role in arguments.role])
    shown = " ".join(key.shown)
    result = {"name": name, "key": shown, "roles": [Role.COORDINATOR.value, *arguments.role]}
    tell(arguments, result, f"Key of {name} (shown once, write it down):\n\n  {shown}\n")
    return 0


def role(arguments: Arguments, settings: Settings) -> int:
    """Give a role to a member for a year, or end it (operators do the same at /desk/people)."""
    from app.domain.accounts import actions

    wanted, until = Role(arguments.role), None
    with open_database(settings).transaction() as db:
        member = _member(db, arguments.name)
        if arguments.what == "give":
            until = actions.grant_role(db, member, wanted, arguments.days).until_on.isoformat()
        elif not actions.end_role(db, member, wanted):
            raise Failed(f"{member.name} does not hold the role {wanted.value}.")
    told = f"until {until}. They have to come in again." if until else "no more."
    result = {"name": member.name, "role": wanted.value, "until": until}
    tell(arguments, result, f"{member.name} holds the role {wanted.value} {told}")
    return 0


def second_step(arguments: Arguments, settings: Settings) -> int:
    """Remove the second step of a member who lost it, after a talk in person; their sessions end."""
    from app.domain.accounts import actions

    with open_database(settings).transaction() as db:
        member = _member(db, arguments.name)
        actions.reset_second_step(db, member)
    tell(arguments, {"name": member.name}, f"{member.name} comes in with the key alone now and has to set up a new second step.")
    return 0


def _member(db: Session, name: str) -> Member:
    from app.domain.accounts import queries

    found = queries.member_by_name(db, name)
    if found is None:
        raise Failed(f"Nobody here is called {name}.")
    return found
