"""Help from outside that two who go together want, and a word before a wish ends."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mentor_help",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=True),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("need", sa.LargeBinary(), nullable=False),
        sa.Column("by_mentee", sa.Boolean(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["match_id"], ["mentor_match.id"], name=op.f("fk_mentor_help_match_id_mentor_match"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["mentee_id"], ["member.id"], name=op.f("fk_mentor_help_mentee_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_help")),
        sa.UniqueConstraint("ref", name=op.f("uq_mentor_help_ref")),
    )
    op.create_index(op.f("ix_mentor_help_match_id"), "mentor_help", ["match_id"])
    op.create_index(op.f("ix_mentor_help_mentee_id"), "mentor_help", ["mentee_id"])
    op.create_index(op.f("ix_mentor_help_sent_on"), "mentor_help", ["sent_on"])
    op.add_column("mentor_ask", sa.Column("warned_for", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("mentor_ask", "warned_for")
    op.drop_table("mentor_help")
