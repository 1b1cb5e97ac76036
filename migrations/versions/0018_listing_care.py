"""Calls that check listings, and corrections that members suggest."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "listing_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by_role", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_listing_call_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_call")),
    )
    op.create_index(op.f("ix_listing_call_service_id_id"), "listing_call", ["service_id", "id"])
    op.create_table(
        "listing_suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("current", sa.Text(), nullable=False),
        sa.Column("offered", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("rest_until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_role", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_listing_suggestion_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_suggestion")),
    )
    op.create_index(op.f("ix_listing_suggestion_service_id_state"), "listing_suggestion", ["service_id", "state"])
    op.create_index(op.f("ix_listing_suggestion_state_id"), "listing_suggestion", ["state", "id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("listing_suggestion")
    op.drop_table("listing_call")
