"""Calls that this network decides: applications of groups, panels, scores, decisions, appeals."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("fund_call", sa.Column("here", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("fund_call", sa.Column("decide_on", sa.Date(), nullable=True))
    op.add_column("fund_call", sa.Column("scores_open_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("fund_call", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("fund_call", sa.Column("decided_words", sa.String(length=2000), nullable=False, server_default=""))
    op.add_column("fund_call", sa.Column("sat", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("fund_call", sa.Column("took_no_part", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("group_money", sa.Column("call_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_group_money_call_id"), "group_money", ["call_id"], unique=False)
    op.create_table(
        "fund_ask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("wants", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("with_group_id", sa.Uuid(), nullable=True),
        sa.Column("with_yes", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("granted", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("appeal_right", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["call_id"], ["fund_call.id"], name=op.f("fk_fund_ask_call_id")),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_fund_ask_group_id")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_fund_ask_made_by")),
        sa.ForeignKeyConstraint(["with_group_id"], ["member_group.id"], name=op.f("fk_fund_ask_with_group_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["member.id"], name=op.f("fk_fund_ask_proposed_by")),
        sa.ForeignKeyConstraint(["answered_by"], ["member.id"], name=op.f("fk_fund_ask_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_ask")),
        sa.UniqueConstraint("call_id", "group_id", name=op.f("uq_fund_ask_call_id_group_id")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_fund_ask_link_hash")),
        sa.UniqueConstraint("ref", name=op.f("uq_fund_ask_ref")),
    )
    op.create_index(op.f("ix_fund_ask_answered_by"), "fund_ask", ["answered_by"], unique=False)
    op.create_index(op.f("ix_fund_ask_group_id"), "fund_ask", ["group_id"], unique=False)
    op.create_index(op.f("ix_fund_ask_made_by"), "fund_ask", ["made_by"], unique=False)
    op.create_index(op.f("ix_fund_ask_proposed_by"), "fund_ask", ["proposed_by"], unique=False)
    op.create_index(op.f("ix_fund_ask_with_group_id"), "fund_ask", ["with_group_id"], unique=False)
    op.create_table(
        "fund_seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("declared", sa.LargeBinary(), nullable=True),
        sa.Column("named_by", sa.Uuid(), nullable=True),
        sa.Column("ties", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["fund_call.id"], name=op.f("fk_fund_seat_call_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_fund_seat_member_id")),
        sa.ForeignKeyConstraint(["named_by"], ["member.id"], name=op.f("fk_fund_seat_named_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_seat")),
        sa.UniqueConstraint("call_id", "member_id", name=op.f("uq_fund_seat_call_id_member_id")),
    )
    op.create_index(op.f("ix_fund_seat_member_id"), "fund_seat", ["member_id"], unique=False)
    op.create_index(op.f("ix_fund_seat_named_by"), "fund_seat", ["named_by"], unique=False)
    op.create_table(
        "fund_tie",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("ask_id", sa.Uuid(), nullable=False),
        sa.Column("competes", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["fund_call.id"], name=op.f("fk_fund_tie_call_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_fund_tie_member_id")),
        sa.ForeignKeyConstraint(["ask_id"], ["fund_ask.id"], name=op.f("fk_fund_tie_ask_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_tie")),
        sa.UniqueConstraint("member_id", "ask_id", name=op.f("uq_fund_tie_member_id_ask_id")),
    )
    op.create_index(op.f("ix_fund_tie_ask_id"), "fund_tie", ["ask_id"], unique=False)
    op.create_index(op.f("ix_fund_tie_call_id"), "fund_tie", ["call_id"], unique=False)
    op.create_table(
        "fund_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ask_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["ask_id"], ["fund_ask.id"], name=op.f("fk_fund_score_ask_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_fund_score_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_score")),
        sa.UniqueConstraint("ask_id", "member_id", name=op.f("uq_fund_score_ask_id_member_id")),
    )
    op.create_index(op.f("ix_fund_score_member_id"), "fund_score", ["member_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("fund_score")
    op.drop_table("fund_tie")
    op.drop_table("fund_seat")
    op.drop_table("fund_ask")
    op.drop_index(op.f("ix_group_money_call_id"), table_name="group_money")
    op.drop_column("group_money", "call_id")
    op.drop_column("fund_call", "took_no_part")
    op.drop_column("fund_call", "sat")
    op.drop_column("fund_call", "decided_words")
    op.drop_column("fund_call", "decided_at")
    op.drop_column("fund_call", "scores_open_at")
    op.drop_column("fund_call", "decide_on")
    op.drop_column("fund_call", "here")
