"""Complaints about people: whom one is about, who wants to give a name; cases that are hidden from whom they concern."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("flag") as table:
        table.add_column(sa.Column("about", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("name", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("moderation_bar") as table:
        table.add_column(sa.Column("hidden", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("moderation_bar") as table:
        table.alter_column("hidden", existing_type=sa.Boolean(), server_default=None)

    op.create_index(op.f("ix_moderation_case_state_kind_due_at"), "moderation_case", ["state", "kind", "due_at"])

    op.create_index(op.f("ix_moderation_decision_decided_by_at"), "moderation_decision", ["decided_by", "at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_moderation_decision_decided_by_at"), "moderation_decision")
    op.drop_index(op.f("ix_moderation_case_state_kind_due_at"), "moderation_case")
    with op.batch_alter_table("moderation_bar") as table:
        table.drop_column("hidden")
    with op.batch_alter_table("flag") as table:
        table.drop_column("name")
        table.drop_column("about")
