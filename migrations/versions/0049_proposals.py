"""Which state of a case somebody proposed a decision about."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; what waits is proposed anew."""
    op.add_column("moderation_proposal", sa.Column("case_version", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take back."""
    op.drop_column("moderation_proposal", "case_version")
