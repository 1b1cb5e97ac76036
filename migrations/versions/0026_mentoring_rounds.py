"""Rounds of mentoring: who is proposed to whom, and why somebody still waits."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("mentor_ask", sa.Column("because", sa.LargeBinary(), nullable=True))
    op.create_table(
        "mentor_match",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("open_mentee", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=10), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mentee_id"], ["member.id"], name=op.f("fk_mentor_match_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["member.id"], name=op.f("fk_mentor_match_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_match")),
        sa.UniqueConstraint("ref", name=op.f("uq_mentor_match_ref")),
        sa.UniqueConstraint("open_mentee", name=op.f("uq_mentor_match_open_mentee")),
    )
    op.create_index(op.f("ix_mentor_match_mentee_id"), "mentor_match", ["mentee_id"])
    op.create_index(op.f("ix_mentor_match_mentor_id"), "mentor_match", ["mentor_id"])
    op.create_index(op.f("ix_mentor_match_state_due_on"), "mentor_match", ["state", "due_on"])
    op.create_table(
        "mentor_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.String(length=10), nullable=False),
        sa.Column("proposed", sa.Integer(), nullable=False),
        sa.Column("bonus", sa.JSON(), nullable=False),
        sa.Column("lacking", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_round")),
    )
    op.create_index(op.f("ix_mentor_round_at"), "mentor_round", ["at"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("mentor_round")
    op.drop_table("mentor_match")
    op.drop_column("mentor_ask", "because")
