"""A voice that goes with a message between mentor and mentee."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mentor_voice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("opus", sa.LargeBinary(), nullable=False),
        sa.Column("mp3", sa.LargeBinary(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("opus_bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["mentor_message.id"], name=op.f("fk_mentor_voice_message_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_voice")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mentor_voice_message_id")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("mentor_voice")
