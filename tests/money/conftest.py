"""Features are connected as at the start of the program; a group with its people is that of the groups' tests."""

from tests.groups.conftest import circle, connected
from tests.money.test_granting import fund

__all__ = ["circle", "connected", "fund"]
