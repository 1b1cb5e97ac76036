"""Which decision answered a flag, whose matter a decision was, and bars that end with the opening of a case."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WENT = "The person who told this story has taken it out. It is not shown any more."  # the answer where nobody decided


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("flag") as table:
        table.add_column(sa.Column("decision_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("moderation_decision") as table:
        table.add_column(sa.Column("about_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("moderation_bar") as table:
        table.add_column(sa.Column("once", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("moderation_bar") as table:
        table.alter_column("once", existing_type=sa.Boolean(), server_default=None)
    op.create_index(op.f("ix_flag_member_id"), "flag", ["member_id"])
    op.create_index(op.f("ix_moderation_decision_about_id"), "moderation_decision", ["about_id"])
    uuid = sa.Uuid()
    flags = sa.table(
        "flag", sa.column("id", uuid), sa.column("case_id", uuid), sa.column("decision_id", uuid), sa.column("answer"),
        sa.column("answered_on"),
    )  # fmt: skip
    decisions = sa.table(
        "moderation_decision", sa.column("id", uuid), sa.column("case_id", uuid), sa.column("about_id", uuid),
        sa.column("decided_by", uuid),
    )  # fmt: skip
    cases = sa.table("moderation_case", sa.column("id", uuid), sa.column("about_id", uuid))
    bars = sa.table(
        "moderation_bar", sa.column("case_id", uuid), sa.column("member_id", uuid), sa.column("hidden", sa.Boolean()),
        sa.column("once", sa.Boolean()),
    )  # fmt: skip
    about = sa.select(cases.c.about_id).where(cases.c.id == decisions.c.case_id).scalar_subquery()
    op.execute(sa.update(decisions).values(about_id=about))
    first = sa.select(decisions.c.id).where(decisions.c.case_id == flags.c.case_id, decisions.c.id > flags.c.id)
    answered = sa.and_(flags.c.answered_on.is_not(None), flags.c.answer != WENT)
    op.execute(sa.update(flags).where(answered).values(decision_id=first.order_by(decisions.c.id).limit(1).scalar_subquery()))
    # Until now a bar came from an appeal, or from somebody who said that they are too close: these decided nothing about it.
    decided = sa.exists().where(decisions.c.decided_by == bars.c.member_id)
    op.execute(sa.update(bars).where(~bars.c.hidden, decided).values(once=True))


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_moderation_decision_about_id"), "moderation_decision")
    op.drop_index(op.f("ix_flag_member_id"), "flag")
    with op.batch_alter_table("moderation_bar") as table:
        table.drop_column("once")
    with op.batch_alter_table("moderation_decision") as table:
        table.drop_column("about_id")
    with op.batch_alter_table("flag") as table:
        table.drop_column("decision_id")
