"""Translations: who is named, what a machine made, and the second reader's yes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FLAGS = {"story_text": ("named", "machine"), "story_proposal": ("named", "machine", "looked")}


def upgrade() -> None:
    """Apply."""
    for table, names in FLAGS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("story_text", sa.Column("second_look", sa.String(length=20), nullable=False, server_default="waits"))
    op.add_column("story_proposal", sa.Column("source_version", sa.Integer(), nullable=False, server_default="1"))
    # What was shown before stays shown. A name that was copied gives way to the name in the account.
    op.execute("UPDATE story_text SET second_look = 'fine' WHERE confirmed")
    op.execute("UPDATE story_text SET named = true WHERE translator_name <> ''")
    op.drop_column("story_text", "translator_name")


def downgrade() -> None:
    """Take back; names are not copied again."""
    op.add_column("story_text", sa.Column("translator_name", sa.String(length=60), nullable=False, server_default=""))
    op.drop_column("story_text", "second_look")
    op.drop_column("story_proposal", "source_version")
    for table, names in FLAGS.items():
        for name in names:
            op.drop_column(table, name)
