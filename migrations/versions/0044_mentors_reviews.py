"""Reviews of a mentorship, and going on for another half year."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("mentorship", sa.Column("extended_on", sa.Date(), nullable=True))
    op.create_table(
        "mentor_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("mentee_said", sa.LargeBinary(), nullable=True),
        sa.Column("mentor_said", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["match_id"], ["mentor_match.id"], name=op.f("fk_mentor_review_match_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_review")),
        sa.UniqueConstraint("match_id", "month", name=op.f("uq_mentor_review_match_id_month")),
    )
    op.create_index(op.f("ix_mentor_review_asked_on_due_on"), "mentor_review", ["asked_on", "due_on"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("mentor_review")
    op.drop_column("mentorship", "extended_on")
