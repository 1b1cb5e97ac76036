"""Of whom a month told on a step of the funnel."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "step_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("printed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_set")),
        sa.UniqueConstraint("step", "question", "period", name=op.f("uq_step_set_step_question_period")),
    )
    op.create_table(
        "mark_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_key")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("mark_key")
    op.drop_table("step_set")
