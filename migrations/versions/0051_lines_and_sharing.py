"""Lines of a mentorship that a decision hides, numbers that both want to give, and a word before the end of who has not met."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

FLAGS = (("mentor_goal", "hidden"), ("mentor_meeting", "hidden"), ("mentorship", "mentee_shares"), ("mentorship", "mentor_shares"))


def upgrade() -> None:
    """Apply; whoever gave a number before says anew that both want it."""
    for table, column in FLAGS:
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("mentorship", sa.Column("warned_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("mentorship", "warned_on")
    for table, column in reversed(FLAGS):
        op.drop_column(table, column)
