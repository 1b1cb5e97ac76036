"""An application of a group can come with a voice."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("fund_ask", sa.Column("voice", sa.JSON(), nullable=True))
    op.add_column("fund_ask", sa.Column("voice_seconds", sa.Float(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("fund_ask", "voice_seconds")
    op.drop_column("fund_ask", "voice")
