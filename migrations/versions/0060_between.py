"""Two people of a group write to each other; who wants nothing from whom."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "private_talk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("asked_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("asker_read", sa.Integer(), nullable=False),
        sa.Column("asked_read", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_private_talk_group_id")),
        sa.ForeignKeyConstraint(["asker_id"], ["member.id"], name=op.f("fk_private_talk_asker_id")),
        sa.ForeignKeyConstraint(["asked_id"], ["member.id"], name=op.f("fk_private_talk_asked_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_talk")),
        sa.UniqueConstraint("ref", name=op.f("uq_private_talk_ref")),
    )
    op.create_index(op.f("ix_private_talk_group_id"), "private_talk", ["group_id"])
    op.create_index(op.f("ix_private_talk_asker_id_id"), "private_talk", ["asker_id", "id"])
    op.create_index(op.f("ix_private_talk_asked_id_id"), "private_talk", ["asked_id", "id"])
    op.create_table(
        "private_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("talk_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["talk_id"], ["private_talk.id"], name=op.f("fk_private_message_talk_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_private_message_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_message")),
        sa.UniqueConstraint("ref", name=op.f("uq_private_message_ref")),
        sa.UniqueConstraint("talk_id", "number", name=op.f("uq_private_message_talk_id_number")),
    )
    op.create_index(op.f("ix_private_message_author_id_id"), "private_message", ["author_id", "id"])
    op.create_index(op.f("ix_private_message_written_at"), "private_message", ["written_at"])
    op.create_table(
        "member_block",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("blocked_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_block_member_id")),
        sa.ForeignKeyConstraint(["blocked_id"], ["member.id"], name=op.f("fk_member_block_blocked_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_block")),
        sa.UniqueConstraint("ref", name=op.f("uq_member_block_ref")),
    )
    op.create_index(op.f("ix_member_block_member_id_blocked_id"), "member_block", ["member_id", "blocked_id"])
    op.create_index(op.f("ix_member_block_blocked_id"), "member_block", ["blocked_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("member_block")
    op.drop_table("private_message")
    op.drop_table("private_talk")
