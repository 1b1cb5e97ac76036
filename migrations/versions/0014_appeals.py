"""Appeals: statements of reasons with their own address and the rule as it was worded, and who must not decide."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # of addresses, twelve at a time


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("answer") as table:
        table.add_column(sa.Column("matter", sa.Uuid(), nullable=True))
    with op.batch_alter_table("flag") as table:
        table.add_column(sa.Column("groundless_by", sa.Uuid(), nullable=True))
    with op.batch_alter_table("moderation_decision") as table:
        table.add_column(sa.Column("ref", sa.String(length=12), nullable=True))
        table.add_column(sa.Column("rule_words", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("overturned_at", sa.DateTime(timezone=True), nullable=True))
    decisions = sa.table("moderation_decision", sa.column("id", sa.Uuid()), sa.column("ref", sa.String()))
    connection = op.get_bind()
    for (row_id,) in connection.execute(sa.select(decisions.c.id)).all():
        ref = "".join(secrets.choice(LETTERS) for _ in range(12))
        connection.execute(sa.update(decisions).where(decisions.c.id == row_id).values(ref=ref))
    with op.batch_alter_table("moderation_decision") as table:
        table.alter_column("ref", existing_type=sa.String(length=12), nullable=False)
        table.alter_column("rule_words", existing_type=sa.JSON(), server_default=None)
        table.create_unique_constraint(op.f("uq_moderation_decision_ref"), ["ref"])
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("flag_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("overturned", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("groundless_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["moderation_decision.id"], name=op.f("fk_appeal_decision_id")),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name=op.f("fk_appeal_case_id")),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_appeal_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("decision_id", "member_id", name=op.f("uq_appeal_decision_id_member_id")),
        sa.UniqueConstraint("decision_id", "flag_id", name=op.f("uq_appeal_decision_id_flag_id")),
    )
    for column in ("decision_id", "case_id", "member_id", "flag_id"):
        op.create_index(op.f(f"ix_appeal_{column}"), "appeal", [column])
    op.create_table(
        "moderation_bar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name=op.f("fk_moderation_bar_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_bar")),
        sa.UniqueConstraint("case_id", "member_id", name=op.f("uq_moderation_bar_case_id_member_id")),
    )
    op.create_index(op.f("ix_moderation_bar_case_id"), "moderation_bar", ["case_id"])
    op.create_index(op.f("ix_moderation_bar_member_id"), "moderation_bar", ["member_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("moderation_bar")
    op.drop_table("appeal")
    with op.batch_alter_table("moderation_decision") as table:
        table.drop_constraint(op.f("uq_moderation_decision_ref"), type_="unique")
        for column in ("overturned_at", "rule_words", "ref"):
            table.drop_column(column)
    with op.batch_alter_table("flag") as table:
        table.drop_column("groundless_by")
    with op.batch_alter_table("answer") as table:
        table.drop_column("matter")
