"""Answers to legal orders that were replaced, and rules that read again as they did before."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; the texts of the rules are numbered as they were written down."""
    op.create_table(
        "legal_order_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("exists", sa.LargeBinary(), nullable=True),
        sa.Column("given", sa.LargeBinary(), nullable=True),
        sa.Column("notice", sa.String(length=20), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["legal_order.id"], name=op.f("fk_legal_order_answer_order_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_order_answer")),
    )
    op.create_index(op.f("ix_legal_order_answer_order_id"), "legal_order_answer", ["order_id"])
    op.add_column("rules_version", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE rules_version SET number = (SELECT count(*) FROM rules_version AS other WHERE other.id <= rules_version.id)")
    with op.batch_alter_table("rules_version") as batch:
        batch.alter_column("number", server_default=None)
        batch.drop_constraint(op.f("uq_rules_version_version_digest"), type_="unique")
        batch.create_unique_constraint(op.f("uq_rules_version_number"), ["number"])


def downgrade() -> None:
    """Take back; of words that came back the first row stays."""
    op.execute(
        "DELETE FROM rules_version WHERE EXISTS (SELECT 1 FROM rules_version AS first WHERE first.version = rules_version.version "
        "AND first.digest = rules_version.digest AND first.number < rules_version.number)"
    )
    with op.batch_alter_table("rules_version") as batch:
        batch.drop_constraint(op.f("uq_rules_version_number"), type_="unique")
        batch.create_unique_constraint(op.f("uq_rules_version_version_digest"), ["version", "digest"])
        batch.drop_column("number")
    op.drop_table("legal_order_answer")
