"""Decisions that are taken back within ten minutes by whoever decided."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("moderation_decision", sa.Column("undone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("moderation_decision", sa.Column("hidden_before", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("moderation_decision", "hidden_before")
    op.drop_column("moderation_decision", "undone")
