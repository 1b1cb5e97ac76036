"""It takes two people to end a pause before its time."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("house_pause", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("house_pause", sa.Column("asked_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("house_pause", "asked_by")
    op.drop_column("house_pause", "asked_at")
