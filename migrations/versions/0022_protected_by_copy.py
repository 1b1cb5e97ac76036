"""A listing that is protected only because a copy of it is opens again when the two are taken apart."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("service", sa.Column("protected_by_copy", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take back: what was protected because of a copy stays protected."""
    op.drop_column("service", "protected_by_copy")
