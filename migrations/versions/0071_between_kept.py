"""What stands again after a restore; the names of the day of asking; a voice or picture that waits for a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("erasure", sa.Column("more", sa.LargeBinary(), nullable=True))
    op.add_column("private_talk", sa.Column("asker_name", sa.LargeBinary(), nullable=True))
    op.add_column("private_talk", sa.Column("asked_name", sa.LargeBinary(), nullable=True))
    op.add_column("post_file", sa.Column("aside", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take back."""
    op.drop_column("post_file", "aside")
    op.drop_column("private_talk", "asked_name")
    op.drop_column("private_talk", "asker_name")
    op.drop_column("erasure", "more")
