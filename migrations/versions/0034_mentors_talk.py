"""Mentors and mentees write to each other."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mentorship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["mentor_match.id"], name=op.f("fk_mentorship_match_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship")),
        sa.UniqueConstraint("match_id", name=op.f("uq_mentorship_match_id")),
    )
    op.create_table(
        "mentor_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["mentor_match.id"], name=op.f("fk_mentor_message_match_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_mentor_message_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_message")),
        sa.UniqueConstraint("ref", name=op.f("uq_mentor_message_ref")),
        sa.UniqueConstraint("match_id", "number", name=op.f("uq_mentor_message_match_id_number")),
    )
    op.create_index(op.f("ix_mentor_message_author_id_id"), "mentor_message", ["author_id", "id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("mentor_message")
    op.drop_table("mentorship")
