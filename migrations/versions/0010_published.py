"""What the public interface says; places and organisations of protected services are remembered as such."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

POINTERS = ("organization_id", "service_id", "until")


def upgrade() -> None:
    """Apply."""
    for table in ("organization", "location"):
        op.add_column(table, sa.Column("protected", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "published",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published")),
        sa.UniqueConstraint("kind", "slot", name=op.f("uq_published_kind_slot")),
    )
    op.create_index(op.f("ix_published_kind_modified"), "published", ["kind", "modified"])
    op.create_index(
        op.f("ix_published_gone"), "published", ["kind", "slot"], sqlite_where=sa.text("gone"), postgresql_where=sa.text("gone")
    )
    for column in POINTERS:
        filled = sa.text(f"{column} IS NOT NULL")
        op.create_index(op.f(f"ix_published_{column}"), "published", [column], sqlite_where=filled, postgresql_where=filled)
    op.create_table(
        "published_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "language", name=op.f("pk_published_text")),
    )
    op.create_table(
        "published_list",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_published_list")),
    )
    op.create_table(
        "to_publish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_to_publish")),
    )
    _take_in()


def _take_in() -> None:
    """Remember what protected services used, and let the worker publish everything that is there."""
    op.execute(
        "UPDATE location SET protected = true WHERE id IN (SELECT k.location_id FROM service_at_location k "
        "JOIN service s ON s.id = k.service_id WHERE s.protected)"
    )
    op.execute(
        "UPDATE organization SET protected = true WHERE id IN "
        "(SELECT organization_id FROM service WHERE protected AND organization_id IS NOT NULL)"
    )
    op.execute("UPDATE service_facts SET stale = true")
    for kind in ("organization", "program", "location", "taxonomy", "taxonomy_term"):
        op.execute(f"INSERT INTO to_publish (id, kind) SELECT id, '{kind}' FROM {kind}")


def downgrade() -> None:
    """Take back."""
    for table in ("to_publish", "published_list", "published_text", "published"):
        op.drop_table(table)
    for table in ("location", "organization"):
        op.drop_column(table, "protected")
