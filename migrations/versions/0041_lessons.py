"""Lessons of mentors: which were passed and when; a training held elsewhere stands beside them, with where it was."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None
COLUMNS = ("learned_until", "elsewhere_until", "reminded_for")


def upgrade() -> None:
    """Apply; what was written down by hand before was held elsewhere."""
    for name in COLUMNS:
        op.add_column("mentor", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("mentor", sa.Column("elsewhere", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE mentor SET elsewhere_until = trained_until")
    op.create_table(
        "mentor_lesson",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("lesson", sa.String(length=20), nullable=False),
        sa.Column("passed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_mentor_lesson_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_lesson")),
        sa.UniqueConstraint("member_id", "lesson", name=op.f("uq_mentor_lesson_member_id_lesson")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("mentor_lesson")
    for name in (*COLUMNS, "elsewhere"):
        op.drop_column("mentor", name)
