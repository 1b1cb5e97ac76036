"""Words about who would like to be a mentor are made sure of; marks of who was erased wait to be replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("mentor_word", sa.Column("confirmed_on", sa.Date(), nullable=True))
    op.add_column("mentor_word", sa.Column("confirmed_by", sa.Uuid(), nullable=True))
    op.add_column("mark_key", sa.Column("leaving", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("mark_key", "leaving")
    op.drop_column("mentor_word", "confirmed_by")
    op.drop_column("mentor_word", "confirmed_on")
