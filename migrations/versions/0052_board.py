"""The help board of a group: entries, who took one, whether it helped."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "board_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("side", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("near", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_board_entry_by_id")),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_board_entry_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_entry")),
        sa.UniqueConstraint("ref", name=op.f("uq_board_entry_ref")),
    )
    op.create_index(op.f("ix_board_entry_by_id"), "board_entry", ["by_id"], unique=False)
    op.create_index(op.f("ix_board_entry_group_id_id"), "board_entry", ["group_id", "id"], unique=False)
    op.create_index(op.f("ix_board_entry_until_id"), "board_entry", ["until", "id"], unique=False)
    op.create_table(
        "board_taking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["board_entry.id"], name=op.f("fk_board_taking_entry_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_board_taking_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_taking")),
        sa.UniqueConstraint("member_id", "entry_id", name=op.f("uq_board_taking_member_id_entry_id")),
    )
    op.create_index(op.f("ix_board_taking_entry_id"), "board_taking", ["entry_id"], unique=False)
    op.create_table(
        "board_help",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_board_help_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_help")),
    )
    op.create_index(op.f("ix_board_help_group_id"), "board_help", ["group_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("board_help")
    op.drop_table("board_taking")
    op.drop_table("board_entry")
