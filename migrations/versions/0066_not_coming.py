"""Why people do not come, counted by month."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "not_coming",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_coming")),
        sa.UniqueConstraint("month", "reason", name=op.f("uq_not_coming_month_reason")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("not_coming")
