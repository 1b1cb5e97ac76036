"""Moderation."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "moderation_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.String(length=20), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_case")),
        sa.UniqueConstraint("kind", "subject_kind", "subject_id", name=op.f("uq_moderation_case_kind_subject_kind_subject_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_moderation_case_ref")),
    )
    op.create_index(op.f("ix_moderation_case_about_id"), "moderation_case", ["about_id"], unique=False)
    op.create_index(op.f("ix_moderation_case_state_due_at"), "moderation_case", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_moderation_case_subject_id"), "moderation_case", ["subject_id"], unique=False)
    op.create_table(
        "flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("receipt_hash", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=400), nullable=True),
        sa.Column("answer_params", sa.JSON(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name=op.f("fk_flag_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_flag_receipt_hash")),
    )
    op.create_index(op.f("ix_flag_case_id"), "flag", ["case_id"], unique=False)
    op.create_table(
        "moderation_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("machine_helped", sa.Boolean(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name=op.f("fk_moderation_decision_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_decision")),
        sa.UniqueConstraint("case_id", "case_version", name=op.f("uq_moderation_decision_case_id_case_version")),
    )
    op.create_index(op.f("ix_moderation_decision_case_id"), "moderation_decision", ["case_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_moderation_decision_case_id"), table_name="moderation_decision")
    op.drop_table("moderation_decision")
    op.drop_index(op.f("ix_flag_case_id"), table_name="flag")
    op.drop_table("flag")
    op.drop_index(op.f("ix_moderation_case_subject_id"), table_name="moderation_case")
    op.drop_index(op.f("ix_moderation_case_state_due_at"), table_name="moderation_case")
    op.drop_index(op.f("ix_moderation_case_about_id"), table_name="moderation_case")
    op.drop_table("moderation_case")
