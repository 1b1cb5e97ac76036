"""Groups offer services: a group keeps its listings as partners do, and says whether it is named."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("partner", sa.Column("group_id", sa.Uuid(), nullable=True))
    op.add_column("partner", sa.Column("named", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_partner_group_id"), "partner", ["group_id"], unique=True)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_partner_group_id"), "partner")
    op.drop_column("partner", "named")
    op.drop_column("partner", "group_id")
