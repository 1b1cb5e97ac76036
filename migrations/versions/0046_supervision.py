"""A mentor would like to talk with whoever supervises them."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("mentor", sa.Column("wants_talk_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("mentor", "wants_talk_on")
