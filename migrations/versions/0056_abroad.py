"""Questions from people who are still abroad: asked by number, answered by groups and the network."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "question_door",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_question_door_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_door")),
        sa.UniqueConstraint("group_id", name=op.f("uq_question_door_group_id")),
    )
    op.create_table(
        "abroad_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_abroad_question_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abroad_question")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_abroad_question_receipt_hash")),
        sa.UniqueConstraint("ref", name=op.f("uq_abroad_question_ref")),
    )
    op.create_index(op.f("ix_abroad_question_group_id_id"), "abroad_question", ["group_id", "id"], unique=False)
    op.create_index(op.f("ix_abroad_question_last_on_id"), "abroad_question", ["last_on", "id"], unique=False)
    op.create_table(
        "abroad_word",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("desk", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_abroad_word_by_id")),
        sa.ForeignKeyConstraint(["question_id"], ["abroad_question.id"], name=op.f("fk_abroad_word_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abroad_word")),
        sa.UniqueConstraint("ref", name=op.f("uq_abroad_word_ref")),
    )
    op.create_index(op.f("ix_abroad_word_by_id"), "abroad_word", ["by_id"], unique=False)
    op.create_index(op.f("ix_abroad_word_question_id"), "abroad_word", ["question_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("abroad_word")
    op.drop_table("abroad_question")
    op.drop_table("question_door")
