"""Pairs with a protected listing tell nothing of where it is or how to reach it: they are compared again, without."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

PROTECTED = "SELECT id FROM service WHERE protected"


def upgrade() -> None:
    """Apply."""
    op.execute(f"UPDATE listing_pair SET reasons = '[]' WHERE first_id IN ({PROTECTED}) OR second_id IN ({PROTECTED})")
    op.execute(f"UPDATE service_facts SET compared = false WHERE id IN ({PROTECTED})")


def downgrade() -> None:
    """Take back: nothing, the reasons are found again."""
