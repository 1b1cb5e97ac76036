"""Calls for funds, what was changed in them, and what groups received."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "fund_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("by_whom", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(length=2000), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("least", sa.BigInteger(), nullable=True),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("who", sa.String(length=2000), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("ties", sa.String(length=2000), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("how", sa.String(length=2000), nullable=False),
        sa.Column("paper_rule", sa.String(length=2000), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_why", sa.String(length=2000), nullable=False),
        sa.CheckConstraint(
            "most > 0 AND (least IS NULL OR (least > 0 AND least < most))", name=op.f("ck_fund_call_sum_is_positive")
        ),
        sa.CheckConstraint("closes_at >= opens_at", name=op.f("ck_fund_call_closes_not_before")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_fund_call_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_call")),
        sa.UniqueConstraint("ref", name=op.f("uq_fund_call_ref")),
    )
    op.create_index(op.f("ix_fund_call_closes_at_id"), "fund_call", ["closes_at", "id"])
    op.create_index(op.f("ix_fund_call_made_by"), "fund_call", ["made_by"])
    op.create_table(
        "fund_call_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("unnamed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["fund_call.id"], name=op.f("fk_fund_call_change_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_call_change")),
    )
    op.create_index(op.f("ix_fund_call_change_call_id"), "fund_call_change", ["call_id"])
    op.create_table(
        "group_money",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "amount > 0 OR (amount IS NULL AND corrects_id IS NOT NULL)", name=op.f("ck_group_money_amount_is_positive")
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_group_money_period_runs_forward")),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_group_money_group_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["group_money.id"], name=op.f("fk_group_money_corrects_id")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_group_money_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_money")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_group_money_corrects_id")),
    )
    op.create_index(op.f("ix_group_money_group_id_id"), "group_money", ["group_id", "id"])
    op.create_index(op.f("ix_group_money_made_by"), "group_money", ["made_by"])


def downgrade() -> None:
    """Take back."""
    for table in ("group_money", "fund_call_change", "fund_call"):
        op.drop_table(table)
