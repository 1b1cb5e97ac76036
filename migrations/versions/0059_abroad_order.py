"""What is said in questions from abroad is ordered by a number of its own (ids tell no moment any more); held word by word."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_NUMBER = """
update abroad_word set number = (select count(*) from abroad_word as before
where before.question_id = abroad_word.question_id and before.id <= abroad_word.id)
"""
# Which word of a question it was is not known any more: then none of it is for the group.
_HELD = "update abroad_word set held = true where question_id in (select id from abroad_question where held)"


def upgrade() -> None:
    """Apply."""
    op.add_column("abroad_word", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("abroad_word", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_NUMBER)
    op.execute(_HELD)
    op.drop_index(op.f("ix_abroad_word_question_id"), "abroad_word")
    op.create_index(op.f("ix_abroad_word_question_id_number"), "abroad_word", ["question_id", "number"], unique=True)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_abroad_word_question_id_number"), "abroad_word")
    op.drop_column("abroad_word", "held")
    op.drop_column("abroad_word", "number")
    op.create_index(op.f("ix_abroad_word_question_id"), "abroad_word", ["question_id"], unique=False)
