"""Listings that may be one: what is compared of each, the pairs, what people said; a listing stands for another."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NOT_COMPARED = sa.text("NOT compared")
MERGED = sa.text("merged_into IS NOT NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "listing_print",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("blocks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_print")),
        sa.UniqueConstraint("number", name=op.f("uq_listing_print_number")),
    )
    op.create_table(
        "listing_key",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "number", name=op.f("pk_listing_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "listing_pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("band", sa.String(length=10), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("prints", sa.String(length=70), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["service.id"], name=op.f("fk_listing_pair_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["service.id"], name=op.f("fk_listing_pair_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_pair")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_listing_pair_first_id_second_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_listing_pair_ref")),
    )
    op.create_index(op.f("ix_listing_pair_second_id"), "listing_pair", ["second_id"])
    op.create_index(op.f("ix_listing_pair_verdict_score"), "listing_pair", ["verdict", "score"])
    op.create_table(
        "listing_verdict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=True),
        sa.Column("merged_id", sa.Uuid(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["pair_id"], ["listing_pair.id"], name=op.f("fk_listing_verdict_pair_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_verdict")),
    )
    op.create_index(op.f("ix_listing_verdict_pair_id"), "listing_verdict", ["pair_id"])
    op.add_column("service", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_service_merged_into"), "service", ["merged_into"], sqlite_where=MERGED, postgresql_where=MERGED)
    op.add_column("service_facts", sa.Column("compared", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_service_facts_compared", "service_facts", ["id"], sqlite_where=NOT_COMPARED, postgresql_where=NOT_COMPARED)


def downgrade() -> None:
    """Take back: what was merged stands apart again."""
    op.drop_index("ix_service_facts_compared", "service_facts")
    op.drop_column("service_facts", "compared")
    op.drop_index(op.f("ix_service_merged_into"), "service")
    op.drop_column("service", "merged_into")
    for table in ("listing_verdict", "listing_pair", "listing_key", "listing_print"):
        op.drop_table(table)
