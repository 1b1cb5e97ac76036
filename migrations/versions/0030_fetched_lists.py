"""Lists that are fetched from where they are published."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "feed_pull",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feed", sa.String(80), nullable=False),
        sa.Column("address", sa.String(1000), nullable=False),
        sa.Column("every_hours", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("note", sa.String(400), nullable=False),
        sa.Column("etag", sa.String(300), nullable=False),
        sa.Column("changed", sa.String(300), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fine", sa.Boolean(), nullable=False),
        sa.Column("said", sa.String(300), nullable=False),
        sa.CheckConstraint("every_hours > 0", name=op.f("ck_feed_pull_asked_for_at_times")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_pull")),
        sa.UniqueConstraint("feed", name=op.f("uq_feed_pull_feed")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("feed_pull")
