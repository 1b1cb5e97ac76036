"""What the network wants of its numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "number_goal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("least BETWEEN 1 AND 100", name=op.f("ck_number_goal_least_is_of_a_hundred")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_goal")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("number_goal")
