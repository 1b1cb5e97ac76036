"""Somebody who cares for a group, somebody in it, somebody outside; features are connected as at the start of the program."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlmodel import select

from app.domain import wiring
from app.domain.actor import Actor
from app.models.accounts import Member, Role
from app.models.groups import Group
from tests.browse import Browser
from tests.factories import Make


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected."""
    wiring.connect()


@dataclass
class Circle:
    """A group with its people."""

    make: Make
    open_browser: Callable[..., Browser]
    group: Group
    awa: Member  # cares for it
    omar: Member  # is in it
    lina: Member  # is not
    browsers: dict[Any, Browser] = field(default_factory=dict)

    def browse(self, member: Member | None = None) -> Browser:
        """Return somebody's browser, the same each time; a guest's without a member."""
        self.make.commit()
        key = member.id if member else None
        if key not in self.browsers:
            self.browsers[key] = self.open_browser(member) if member else self.open_browser()
        return self.browsers[key]

    def all(self, wanted: Any) -> list[Any]:
        """Return rows as they stand in the database now; the session holds nothing afterwards."""
        found = list(self.make.db.exec(wanted.execution_options(populate_existing=True)).all())
        self.make.commit()
        return found

    def one(self, wanted: Any) -> Any:
        """Return the one row."""
        (found,) = self.all(wanted)
        return found

    @property
    def path(self) -> str:
        """Return the group's address."""
        return f"/g/{self.group.ref}"

    def act(self, member: Member, *roles: Role) -> Actor:
        """Return a member as somebody who acts."""
        return Actor(member.id, member.name, member.language, roles=frozenset(roles), second_factor=True)

    def fresh(self, row: Any) -> Any:
        """Return a row as it stands in the database now."""
        return self.one(select(type(row)).where(type(row).id == row.id))


@pytest.fixture
def circle(make: Make, browse: Callable[..., Browser]) -> Circle:
    """The people and their group."""
    awa, omar, lina = make.member("Awa Lantern"), make.member("Omar Copper"), make.member("Lina River")
    group = make.group(by=awa)
    make.seat(group, omar)
    make.commit()
    return Circle(make, browse, group, awa, omar, lina)
