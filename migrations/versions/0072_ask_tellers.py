"""Questions from abroad to whoever told a story: where one may ask, and which story a question is about."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "story_door",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_door_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_door")),
        sa.UniqueConstraint("story_id", name=op.f("uq_story_door_story_id")),
    )
    with op.batch_alter_table("abroad_question") as table:
        table.add_column(sa.Column("story_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_abroad_question_story_id"), "story", ["story_id"], ["id"], ondelete="SET NULL")
        table.create_index(op.f("ix_abroad_question_story_id_id"), ["story_id", "id"])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("abroad_question") as table:
        table.drop_index(op.f("ix_abroad_question_story_id_id"))
        table.drop_constraint(op.f("fk_abroad_question_story_id"), type_="foreignkey")
        table.drop_column("story_id")
    op.drop_table("story_door")
