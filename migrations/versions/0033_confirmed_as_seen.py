"""Numbers and hours that somebody confirmed stay as they were seen; all listings are put together again, by the next job."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("service", sa.Column("told", sa.JSON(), nullable=False, server_default="{}"))
    op.execute("UPDATE service_facts SET stale = true")  # "accessible" is said of fewer places


def downgrade() -> None:
    """Take back."""
    op.drop_column("service", "told")
