"""What was hidden for a time, and what was removed, comes to its end; the public log is counted once."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("moderation_decision", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "moderation_count",
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("often", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("quarter", "outcome", "rule", name=op.f("pk_moderation_count")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("moderation_count")
    op.drop_column("moderation_decision", "done_at")
