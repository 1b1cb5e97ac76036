"""Groups choose who takes on a role; roles have a first day and a reminder; a group that nobody cares for falls asleep."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("member_group") as table:
        table.add_column(sa.Column("alone_since", sa.Date(), nullable=True))
        table.add_column(sa.Column("asleep", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_member_group_alone_since"), "member_group", ["alone_since"])
    with op.batch_alter_table("group_member") as table:
        table.add_column(sa.Column("role_since", sa.Date(), nullable=True))
        table.add_column(sa.Column("reminded", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("step", sa.LargeBinary(), nullable=True))
    op.create_table(
        "group_election",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("stand_until", sa.Date(), nullable=False),
        sa.Column("vote_until", sa.Date(), nullable=False),
        sa.Column("hands_on_id", sa.Uuid(), nullable=True),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("called", sa.Boolean(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.id"], name=op.f("fk_group_election_group_id")),
        sa.ForeignKeyConstraint(["hands_on_id"], ["member.id"], name=op.f("fk_group_election_hands_on_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_group_election_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_election")),
        sa.UniqueConstraint("ref", name=op.f("uq_group_election_ref")),
    )
    op.create_index(op.f("ix_group_election_group_id"), "group_election", ["group_id"])
    op.create_index(op.f("ix_group_election_hands_on_id"), "group_election", ["hands_on_id"])
    op.create_table(
        "group_candidate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["election_id"], ["group_election.id"], name=op.f("fk_group_candidate_election_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_group_candidate_member_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_group_candidate_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_candidate")),
        sa.UniqueConstraint("election_id", "member_id", name=op.f("uq_group_candidate_election_id_member_id")),
    )
    op.create_index(op.f("ix_group_candidate_member_id"), "group_candidate", ["member_id"])
    op.create_index(op.f("ix_group_candidate_post_id"), "group_candidate", ["post_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("group_candidate")
    op.drop_table("group_election")
    op.drop_index(op.f("ix_member_group_alone_since"), "member_group")
    for name, columns in (("group_member", ("step", "reminded", "role_since")), ("member_group", ("asleep", "alone_since"))):
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.drop_column(column)
