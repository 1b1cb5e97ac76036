"""Stories."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("helper_present", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("story_id", "number", name=op.f("uq_consent_story_id_number")),
    )
    op.create_table(
        "story",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("name_form", sa.String(length=20), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("season", sa.String(length=20), nullable=True),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("heavy", sa.Boolean(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publish_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status <> 'published') OR (published_on IS NOT NULL)", name=op.f("ck_story_published_is_dated")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_story_area_id")),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_story_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("ref", name=op.f("uq_story_ref")),
    )
    op.create_index(op.f("ix_story_author_id"), "story", ["author_id"], unique=False)
    op.create_index(op.f("ix_story_status_audience"), "story", ["status", "audience"], unique=False)
    op.create_table(
        "media",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("faces_asked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_media_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("ref", name=op.f("uq_media_ref")),
    )
    op.create_index(op.f("ix_media_story_id"), "media", ["story_id"], unique=False)
    op.create_table(
        "story_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_proposal_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_proposal")),
        sa.UniqueConstraint("story_id", "language", name=op.f("uq_story_proposal_story_id_language")),
    )
    op.create_index(op.f("ix_story_proposal_story_id"), "story_proposal", ["story_id"], unique=False)
    op.create_table(
        "story_service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_service_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_service")),
        sa.UniqueConstraint("story_id", "service_id", name=op.f("uq_story_service_story_id_service_id")),
    )
    op.create_index(op.f("ix_story_service_service_id"), "story_service", ["service_id"], unique=False)
    op.create_index(op.f("ix_story_service_story_id"), "story_service", ["story_id"], unique=False)
    op.create_table(
        "story_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("original", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hard", sa.Text(), nullable=False),
        sa.Column("helped", sa.Text(), nullable=False),
        sa.Column("differently", sa.Text(), nullable=False),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("content_note", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=2000), nullable=False),
        sa.Column("translator_id", sa.Uuid(), nullable=True),
        sa.Column("translator_name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source_version", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_text_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_text")),
        sa.UniqueConstraint("story_id", "language", name=op.f("uq_story_text_story_id_language")),
    )
    op.create_index(op.f("ix_story_text_story_id"), "story_text", ["story_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_story_text_story_id"), table_name="story_text")
    op.drop_table("story_text")
    op.drop_index(op.f("ix_story_proposal_story_id"), table_name="story_proposal")
    op.drop_table("story_proposal")
    op.drop_index(op.f("ix_story_service_story_id"), table_name="story_service")
    op.drop_index(op.f("ix_story_service_service_id"), table_name="story_service")
    op.drop_table("story_service")
    op.drop_index(op.f("ix_media_story_id"), table_name="media")
    op.drop_table("media")
    op.drop_index(op.f("ix_story_status_audience"), table_name="story")
    op.drop_index(op.f("ix_story_author_id"), table_name="story")
    op.drop_table("story")
    op.drop_table("consent")
