"""Whoever suggests a correction reads what came of it; a list that fails is asked for less and less often."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("listing_suggestion", sa.Column("receipt_hash", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_listing_suggestion_receipt_hash"), "listing_suggestion", ["receipt_hash"])
    op.add_column("feed_pull", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take back."""
    op.drop_column("feed_pull", "failures")
    op.drop_index(op.f("ix_listing_suggestion_receipt_hash"), table_name="listing_suggestion")
    op.drop_column("listing_suggestion", "receipt_hash")
