"""Meetings and goals of a mentorship, and which of the two were reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("mentorship", sa.Column("nudged_on", sa.Date(), nullable=True))
    op.add_column("mentorship", sa.Column("told_on", sa.Date(), nullable=True))
    op.create_table(
        "mentor_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("mood", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["mentor_match.id"], name=op.f("fk_mentor_meeting_match_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_mentor_meeting_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_meeting")),
        sa.UniqueConstraint("ref", name=op.f("uq_mentor_meeting_ref")),
    )
    op.create_index(op.f("ix_mentor_meeting_match_id_on"), "mentor_meeting", ["match_id", "on"])
    op.create_table(
        "mentor_goal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("dimension", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["mentor_match.id"], name=op.f("fk_mentor_goal_match_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_mentor_goal_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_goal")),
        sa.UniqueConstraint("ref", name=op.f("uq_mentor_goal_ref")),
    )
    op.create_index(op.f("ix_mentor_goal_match_id"), "mentor_goal", ["match_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("mentor_goal")
    op.drop_table("mentor_meeting")
    op.drop_column("mentorship", "told_on")
    op.drop_column("mentorship", "nudged_on")
