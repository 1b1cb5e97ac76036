"""Groups: what they are, who belongs to them, what is said in them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "member_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=2000), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("open_to", sa.JSON(), nullable=False),
        sa.Column("women_only", sa.Boolean(), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("join_policy", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("rules", sa.String(length=4000), nullable=False),
        sa.Column("agenda", sa.String(length=2000), nullable=False),
        sa.Column("template", sa.String(length=20), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("words_by", sa.Uuid(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_member_group_area_id")),
        sa.ForeignKeyConstraint(["words_by"], ["member.id"], name=op.f("fk_member_group_words_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_group")),
        sa.UniqueConstraint("ref", name=op.f("uq_member_group_ref")),
    )
    op.create_index(op.f("ix_member_group_words_by"), "member_group", ["words_by"], unique=False)
    op.create_table(
        "group_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("uses_left >= 0", name=op.f("ck_group_code_uses_not_negative")),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_group_code_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_group_code_code_hash")),
    )
    op.create_index(op.f("ix_group_code_group_id"), "group_code", ["group_id"], unique=False)
    op.create_table(
        "group_leaving",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_group_leaving_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_leaving")),
    )
    op.create_index(op.f("ix_group_leaving_group_id"), "group_leaving", ["group_id"], unique=False)
    op.create_table(
        "group_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("role_until", sa.Date(), nullable=True),
        sa.Column("kind", sa.LargeBinary(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("fresh_from", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_group_member_group_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_group_member_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_member")),
        sa.UniqueConstraint("member_id", "group_id", name=op.f("uq_group_member_member_id_group_id")),
    )
    op.create_index(op.f("ix_group_member_group_id"), "group_member", ["group_id"], unique=False)
    op.create_table(
        "group_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_group_request_group_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_group_request_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_request")),
        sa.UniqueConstraint("group_id", "member_id", name=op.f("uq_group_request_group_id_member_id")),
    )
    op.create_index(op.f("ix_group_request_group_id"), "group_request", ["group_id"], unique=False)
    op.create_index(op.f("ix_group_request_member_id"), "group_request", ["member_id"], unique=False)
    op.create_table(
        "group_typology",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("begun_by", sa.String(length=10), nullable=False),
        sa.Column("support", sa.String(length=10), nullable=False),
        sa.Column("journeys", sa.String(length=10), nullable=False),
        sa.Column("structure", sa.String(length=10), nullable=False),
        sa.Column("funded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_group_typology_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_typology")),
    )
    op.create_index(op.f("ix_group_typology_group_id"), "group_typology", ["group_id"], unique=False)
    op.create_table(
        "topic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("veiled", sa.Boolean(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_topic_author_id")),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_topic_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("ref", name=op.f("uq_topic_ref")),
    )
    op.create_index(op.f("ix_topic_author_id"), "topic", ["author_id"], unique=False)
    op.create_index(op.f("ix_topic_group_id_pinned_last_at_id"), "topic", ["group_id", "pinned", "last_at", "id"], unique=False)
    op.create_table(
        "post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("body", sa.String(length=4000), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=True),
        sa.Column("thanks", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_post_author_id")),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_post_group_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_post_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("ref", name=op.f("uq_post_ref")),
        sa.UniqueConstraint("topic_id", "number", name=op.f("uq_post_topic_id_number")),
    )
    op.create_index(op.f("ix_post_author_id_id"), "post", ["author_id", "id"], unique=False)
    op.create_index(op.f("ix_post_group_id_id"), "post", ["group_id", "id"], unique=False)
    op.create_table(
        "topic_read",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_topic_read_member_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_read_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_read")),
        sa.UniqueConstraint("member_id", "topic_id", name=op.f("uq_topic_read_member_id_topic_id")),
    )
    op.create_index(op.f("ix_topic_read_topic_id"), "topic_read", ["topic_id"], unique=False)
    op.create_table(
        "post_thanks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_post_thanks_member_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_thanks_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_thanks")),
        sa.UniqueConstraint("post_id", "member_id", name=op.f("uq_post_thanks_post_id_member_id")),
    )
    op.create_index(op.f("ix_post_thanks_member_id"), "post_thanks", ["member_id"], unique=False)
    op.create_table(
        "post_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(length=4000), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_version_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_version")),
    )
    op.create_index(op.f("ix_post_version_post_id"), "post_version", ["post_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_post_version_post_id"), table_name="post_version")
    op.drop_table("post_version")
    op.drop_index(op.f("ix_post_thanks_member_id"), table_name="post_thanks")
    op.drop_table("post_thanks")
    op.drop_index(op.f("ix_topic_read_topic_id"), table_name="topic_read")
    op.drop_table("topic_read")
    op.drop_index(op.f("ix_post_group_id_id"), table_name="post")
    op.drop_index(op.f("ix_post_author_id_id"), table_name="post")
    op.drop_table("post")
    op.drop_index(op.f("ix_topic_group_id_pinned_last_at_id"), table_name="topic")
    op.drop_index(op.f("ix_topic_author_id"), table_name="topic")
    op.drop_table("topic")
    op.drop_index(op.f("ix_group_typology_group_id"), table_name="group_typology")
    op.drop_table("group_typology")
    op.drop_index(op.f("ix_group_request_member_id"), table_name="group_request")
    op.drop_index(op.f("ix_group_request_group_id"), table_name="group_request")
    op.drop_table("group_request")
    op.drop_index(op.f("ix_group_member_group_id"), table_name="group_member")
    op.drop_table("group_member")
    op.drop_index(op.f("ix_group_leaving_group_id"), table_name="group_leaving")
    op.drop_table("group_leaving")
    op.drop_index(op.f("ix_group_code_group_id"), table_name="group_code")
    op.drop_table("group_code")
    op.drop_table("member_group")
