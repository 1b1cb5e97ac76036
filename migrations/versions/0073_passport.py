"""Groups: points of the passport that their organisers say are done."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "group_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("point", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_group_point_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_point")),
        sa.UniqueConstraint("group_id", "point", name=op.f("uq_group_point_group_id_point")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("group_point")
