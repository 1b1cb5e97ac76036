"""What a person confirmed stays while that check counts: an import that says otherwise is asked about."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ALL = (
    '["application_process", "description", "eligibility_description", "email", "fees_description", "name", "phones", "schedules",'
    ' "url"]'
)


def upgrade() -> None:
    """Apply."""
    op.add_column("service", sa.Column("confirmed", sa.JSON(), nullable=False, server_default="[]"))
    op.execute(f"UPDATE service SET confirmed = '{ALL}' WHERE verified_by_role = 'coordinator'")


def downgrade() -> None:
    """Take back."""
    op.drop_column("service", "confirmed")
