"""Listings are found by what they must be (free, women only, open now …): all are put together again, by the next job."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("UPDATE service_facts SET stale = true")


def downgrade() -> None:
    """Take back: nothing, marks that nobody asks for do no harm."""
