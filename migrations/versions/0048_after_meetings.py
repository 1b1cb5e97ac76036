"""After meetings: minutes, how many came, a body that holds them too; and the calendar of a member."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("meeting_plan") as plan:
        plan.add_column(sa.Column("cohost", sa.String(length=80), nullable=False, server_default=""))
        plan.add_column(sa.Column("cohosting", sa.String(length=20), nullable=False, server_default="none"))
        plan.add_column(sa.Column("cohost_hash", sa.String(length=64), nullable=True))
        plan.add_column(sa.Column("cohost_by", sa.Uuid(), nullable=True))
        plan.create_unique_constraint(op.f("uq_meeting_plan_cohost_hash"), ["cohost_hash"])
        plan.create_index(op.f("ix_meeting_plan_cohost_by"), ["cohost_by"], unique=False)
    op.create_table(
        "meeting_minutes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=4000), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_minutes_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_minutes")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_meeting_minutes_meeting_id")),
    )
    op.create_index(op.f("ix_meeting_minutes_by_id"), "meeting_minutes", ["by_id"], unique=False)
    op.create_table(
        "meeting_attendance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_attendance_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendance")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_meeting_attendance_meeting_id")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("titles", sa.Boolean(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_calendar_feed_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("member_id", name=op.f("uq_calendar_feed_member_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feed_secret_hash")),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("calendar_feed", "meeting_attendance", "meeting_minutes"):
        op.drop_table(table)
    with op.batch_alter_table("meeting_plan") as plan:
        plan.drop_index(op.f("ix_meeting_plan_cohost_by"))
        plan.drop_constraint(op.f("uq_meeting_plan_cohost_hash"), type_="unique")
        for column in ("cohost_by", "cohost_hash", "cohosting", "cohost"):
            plan.drop_column(column)
