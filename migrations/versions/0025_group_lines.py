"""What is said of single groups, from the end of a quarter on."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "group_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("says", sa.String(length=20), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_group_line_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_line")),
        sa.UniqueConstraint("group_id", "period", name=op.f("uq_group_line_group_id_period")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("group_line")
