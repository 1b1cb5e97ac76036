"""Panels: who named whom while competing stays known, and who stops after the deadline is replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("fund_seat", sa.Column("rival", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("fund_call", sa.Column("to_replace", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("fund_call") as table:
        table.drop_column("took_no_part")


def downgrade() -> None:
    """Take back."""
    op.add_column("fund_call", sa.Column("took_no_part", sa.Integer(), nullable=False, server_default="0"))
    op.drop_column("fund_call", "to_replace")
    op.drop_column("fund_seat", "rival")
