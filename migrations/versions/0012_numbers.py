"""The numbers: the question, who looked, frozen counts, releases, references, what will change."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("change_promise", "reference_population", "number_release", "number_snapshot", "answer_look", "gender_answer")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "gender_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_gender_answer_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gender_answer")),
        sa.UniqueConstraint("member_id", name=op.f("uq_gender_answer_member_id")),
    )
    op.create_table(
        "answer_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_answer_look_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_look")),
    )
    op.create_index(op.f("ix_answer_look_at"), "answer_look", ["at"])
    op.create_index(op.f("ix_answer_look_member_id"), "answer_look", ["member_id"])
    op.create_table(
        "number_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_snapshot")),
        sa.UniqueConstraint("period", name=op.f("uq_number_snapshot_period")),
    )
    op.create_table(
        "number_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("told_before", sa.Integer(), nullable=False),
        sa.Column("promises", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_release")),
        sa.UniqueConstraint("ref", name=op.f("uq_number_release_ref")),
        sa.UniqueConstraint("period", "revision", name=op.f("uq_number_release_period_revision")),
    )
    op.create_index(op.f("ix_number_release_published_at"), "number_release", ["published_at"])
    op.create_table(
        "reference_population",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_reference_population_share_is_of_a_hundred")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_population")),
    )
    op.create_table(
        "change_promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_promise")),
    )


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.drop_table(table)
