"""A network names its regions: by a code, which are remote, and which border on which."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("area", sa.Column("code", sa.String(6), nullable=True))
    op.add_column("area", sa.Column("remote", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_area_code"), "area", ["code"], unique=True)
    op.create_table(
        "area_neighbour",
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_area_neighbour_area_id")),
        sa.ForeignKeyConstraint(["other_id"], ["area.id"], name=op.f("fk_area_neighbour_other_id")),
        sa.PrimaryKeyConstraint("area_id", "other_id", name=op.f("pk_area_neighbour")),
    )
    op.create_index(op.f("ix_area_neighbour_other_id"), "area_neighbour", ["other_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("area_neighbour")
    op.drop_index(op.f("ix_area_code"), "area")
    op.drop_column("area", "remote")
    op.drop_column("area", "code")
