"""What those who decide something say of themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "body_declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.String(length=20), nullable=False),
        sa.Column("says", sa.String(length=20), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        sa.Column("looked", sa.String(length=20), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_body_declaration_group_id_member_group")),
        sa.ForeignKeyConstraint(["said_by"], ["member.id"], name=op.f("fk_body_declaration_said_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_declaration")),
        sa.UniqueConstraint("key", name=op.f("uq_body_declaration_key")),
    )
    op.create_index(op.f("ix_body_declaration_group_id"), "body_declaration", ["group_id"])
    op.create_index(op.f("ix_body_declaration_said_by"), "body_declaration", ["said_by"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("body_declaration")
