"""Partners, what was agreed with them, their keys, and what they sent."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = (
    "listing_decision",
    "partner_delivery",
    "partner_hook",
    "partner_answer",
    "partner_record",
    "partner_key",
    "partner_member",
    "partner_agreement",
    "partner",
)


def _id() -> sa.Column:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _partner(table: str) -> sa.Column:
    reference = sa.ForeignKey("partner.id", name=op.f(f"fk_{table}_partner_id"))
    return sa.Column("partner_id", sa.Uuid(), reference, nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "partner",
        _id(),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("feed_id", sa.Uuid(), sa.ForeignKey("feed.id", name=op.f("fk_partner_feed_id")), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("ref", name=op.f("uq_partner_ref")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_name")),
        sa.UniqueConstraint("feed_id", name=op.f("uq_partner_feed_id")),
    )
    op.create_table(
        "partner_agreement",
        _id(),
        _partner("partner_agreement"),
        sa.Column("responsibilities", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("data_agreed", sa.Text(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("review_on > agreed_on", name=op.f("ck_partner_agreement_review_follows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_agreement")),
    )
    member = sa.ForeignKey("member.id", name=op.f("fk_partner_member_member_id"))
    op.create_table(
        "partner_member",
        _id(),
        _partner("partner_member"),
        sa.Column("member_id", sa.Uuid(), member, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_member")),
        sa.UniqueConstraint("member_id", name=op.f("uq_partner_member_member_id")),
    )
    op.create_table(
        "partner_key",
        _id(),
        _partner("partner_key"),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_partner_key_key_hash")),
    )
    op.create_table(
        "listing_decision",
        _id(),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_decision")),
    )
    _what_was_sent()
    _what_is_told()
    for table in ("partner_agreement", "partner_member", "partner_key"):
        op.create_index(op.f(f"ix_{table}_partner_id"), table, ["partner_id"])


def _what_was_sent() -> None:
    op.create_table(
        "partner_record",
        _id(),
        _partner("partner_record"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("foreign_id", sa.String(length=200), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_record")),
        sa.UniqueConstraint("partner_id", "kind", "foreign_id", name=op.f("uq_partner_record_partner_id_kind_foreign_id")),
    )
    op.create_index(op.f("ix_partner_record_object_id"), "partner_record", ["object_id"])
    op.create_index(op.f("ix_partner_record_state_kind_id"), "partner_record", ["state", "kind", "id"])
    op.create_table(
        "partner_answer",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_partner_answer")),
    )
    op.create_index(op.f("ix_partner_answer_at"), "partner_answer", ["at"])


def _what_is_told() -> None:
    op.create_table(
        "partner_hook",
        _id(),
        _partner("partner_hook"),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_hook")),
    )
    op.create_index(op.f("ix_partner_hook_partner_id"), "partner_hook", ["partner_id"])
    hook = sa.ForeignKey("partner_hook.id", name=op.f("fk_partner_delivery_hook_id"))
    record = sa.ForeignKey("partner_record.id", name=op.f("fk_partner_delivery_record_id"), ondelete="CASCADE")
    op.create_table(
        "partner_delivery",
        _id(),
        sa.Column("hook_id", sa.Uuid(), hook, nullable=False),
        sa.Column("record_id", sa.Uuid(), record, nullable=True),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_by", sa.String(length=40), nullable=True),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_delivery")),
    )
    for columns in (["hook_id"], ["record_id"], ["state", "next_try_at"]):
        op.create_index(op.f(f"ix_partner_delivery_{'_'.join(columns)}"), "partner_delivery", columns)


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.drop_table(table)
