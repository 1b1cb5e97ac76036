"""Who looks for a mentor, who would like to be one, and the words of others about them."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mentor_ask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("touched_on", sa.Date(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state <> 'waiting') OR (asked_on IS NOT NULL)", name=op.f("ck_mentor_ask_waiting_is_dated")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_mentor_ask_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_ask")),
        sa.UniqueConstraint("member_id", name=op.f("uq_mentor_ask_member_id")),
    )
    op.create_table(
        "mentor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("ties", sa.LargeBinary(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("panel", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=True),
        sa.Column("trained_until", sa.Date(), nullable=True),
        sa.Column("touched_on", sa.Date(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 0 AND 5", name=op.f("ck_mentor_capacity_is_small")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_mentor_member_id")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["member.id"], name=op.f("fk_mentor_supervisor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor")),
        sa.UniqueConstraint("ref", name=op.f("uq_mentor_ref")),
        sa.UniqueConstraint("member_id", name=op.f("uq_mentor_member_id")),
    )
    op.create_index(op.f("ix_mentor_state"), "mentor", ["state"])
    op.create_index(op.f("ix_mentor_supervisor_id"), "mentor", ["supervisor_id"])
    op.create_table(
        "mentor_word",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("ref_hash", sa.String(length=64), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_mentor_word_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_word")),
        sa.UniqueConstraint("ref_hash", name=op.f("uq_mentor_word_ref_hash")),
    )
    op.create_index(op.f("ix_mentor_word_mentor_id"), "mentor_word", ["mentor_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("mentor_word")
    op.drop_table("mentor")
    op.drop_table("mentor_ask")
