"""Decisions about accounts with an end, and what takes two people."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

ENDS = ("held_until", "no_topics_until", "read_only_until", "stopped_until")


def upgrade() -> None:
    """Apply."""
    for name in ENDS:
        op.add_column("member", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("member", sa.Column("closed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("moderation_decision", sa.Column("until_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("moderation_decision", sa.Column("proposed_by", sa.Uuid(), nullable=True))
    op.create_table(
        "moderation_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name=op.f("fk_moderation_proposal_case_id_moderation_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_proposal")),
        sa.UniqueConstraint("case_id", name=op.f("uq_moderation_proposal_case_id")),
    )
    op.create_index(op.f("ix_moderation_proposal_by_id"), "moderation_proposal", ["by_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("moderation_proposal")
    for name in ("proposed_by", "until_at"):
        op.drop_column("moderation_decision", name)
    for name in ("closed", *ENDS):
        op.drop_column("member", name)
