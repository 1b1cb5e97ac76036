"""Voices and pictures in the talk of groups."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "post_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum("voice", "picture", name="mediakind", native_enum=False, length=20), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_file_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_file")),
        sa.UniqueConstraint("post_id", name=op.f("uq_post_file_post_id")),
    )


def downgrade() -> None:
    """Take back; the files that lie there without a row go with the next clean-up."""
    op.drop_table("post_file")
