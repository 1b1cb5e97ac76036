"""Care of those who work at the desk: what they take, a break, a buddy, a note that goes with a case."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "desk_care",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("heavy_a_day", sa.Integer(), nullable=True),
        sa.Column("topics", sa.LargeBinary(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("rest_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("buddy_id", sa.Uuid(), nullable=True),
        sa.Column("buddy_yes", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_desk_care_member_id")),
        sa.ForeignKeyConstraint(["buddy_id"], ["member.id"], name=op.f("fk_desk_care_buddy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_care")),
        sa.UniqueConstraint("member_id", name=op.f("uq_desk_care_member_id")),
    )
    op.create_index(op.f("ix_desk_care_buddy_id"), "desk_care", ["buddy_id"])
    op.add_column("moderation_case", sa.Column("handover", sa.LargeBinary(), nullable=True))
    op.add_column("moderation_case", sa.Column("asked_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("moderation_case", "asked_id")
    op.drop_column("moderation_case", "handover")
    op.drop_table("desk_care")
