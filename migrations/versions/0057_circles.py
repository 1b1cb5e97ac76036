"""Circles: one or two mentors and three to eight people around an activity."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mentor_circle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("few", sa.Boolean(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("places BETWEEN 3 AND 8", name=op.f("ck_mentor_circle_places_are_few")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["member_group.id"], name=op.f("fk_mentor_circle_group_id_member_group"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_circle")),
        sa.UniqueConstraint("ref", name=op.f("uq_mentor_circle_ref")),
    )
    op.create_index(op.f("ix_mentor_circle_group_id"), "mentor_circle", ["group_id"])
    op.create_index(op.f("ix_mentor_circle_state_begins_on"), "mentor_circle", ["state", "begins_on"])
    op.create_table(
        "mentor_circle_seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("circle_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["mentor_circle.id"], name=op.f("fk_mentor_circle_seat_circle_id_mentor_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_mentor_circle_seat_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_circle_seat")),
        sa.UniqueConstraint("circle_id", "member_id", name=op.f("uq_mentor_circle_seat_circle_id_member_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_mentor_circle_seat_ref")),
    )
    op.create_index(op.f("ix_mentor_circle_seat_member_id"), "mentor_circle_seat", ["member_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("mentor_circle_seat")
    op.drop_table("mentor_circle")
