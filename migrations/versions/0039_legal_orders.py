"""Legal orders: who asked by which law for what, and what was given."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "legal_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("came_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("asker", "basis", "asked")),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in ("exists", "given")),
        sa.Column("notice", sa.String(length=20), nullable=True),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_order")),
        sa.UniqueConstraint("ref", name=op.f("uq_legal_order_ref")),
    )
    op.create_index(op.f("ix_legal_order_about_id"), "legal_order", ["about_id"])
    op.create_index(op.f("ix_legal_order_notice_on"), "legal_order", ["notice_on"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("legal_order")
