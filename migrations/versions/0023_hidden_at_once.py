"""What is hidden at once has a statement, can be contested and ends; complaints in crowds."""

import secrets
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # of addresses, twelve at a time
HELD = timedelta(days=7)
SAME = timedelta(seconds=2)  # a decision and what was told of it are of one transaction
SINCE = timedelta(days=180)  # nobody can appeal what is older
DAY = sa.DateTime(timezone=True)
UUID = sa.Uuid()
ANSWERS = sa.table("answer", sa.column("id", UUID), sa.column("member_id", UUID), sa.column("at", DAY), sa.column("matter", UUID))
DECISIONS = sa.table("moderation_decision", sa.column("id", UUID), sa.column("about_id", UUID), sa.column("at", DAY))
FLAGS = sa.table("flag", sa.column("member_id", UUID), sa.column("decision_id", UUID))
CASES = sa.table(
    "moderation_case", *(sa.column(name, UUID) for name in ("id", "about_id", "subject_id")), sa.column("kind"), sa.column("state"),
    sa.column("opened_at", DAY), sa.column("due_at", DAY),
)  # fmt: skip
EVENTS = sa.table("audit_event", sa.column("subject_id", UUID), sa.column("verb"), sa.column("at", DAY))
HIDDEN = {  # by kind of case: what still stands as it was hidden
    "flag": sa.text("SELECT id FROM story WHERE held AND status = 'paused'").columns(sa.column("id", UUID)),
    "talk": sa.text("SELECT id FROM post WHERE state = 'hidden'").columns(sa.column("id", UUID)),
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "moderation_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name=op.f("fk_moderation_hold_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_hold")),
        sa.UniqueConstraint("ref", name=op.f("uq_moderation_hold_ref")),
    )
    for column in ("case_id", "about_id", "ends_at"):
        op.create_index(op.f(f"ix_moderation_hold_{column}"), "moderation_hold", [column])
    op.add_column("story", sa.Column("rested", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("moderation_case", sa.Column("crowd", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_moderation_case_crowd"), "moderation_case", ["crowd"])
    connection = op.get_bind()
    _link_answers(connection)
    _holds(connection)


def _point(connection: sa.Connection, member_id: Any, at: datetime, matter: Any) -> None:
    """Let what a member was told at that moment lead to its statement of reasons."""
    told = sa.and_(ANSWERS.c.member_id == member_id, ANSWERS.c.matter.is_(None), ANSWERS.c.at >= at, ANSWERS.c.at <= at + SAME)
    connection.execute(sa.update(ANSWERS).where(told).values(matter=matter))


def _link_answers(connection: sa.Connection) -> None:
    """Answers from before there were statements led nowhere, so what they tell could not be seen differently."""
    since = DECISIONS.c.at > datetime.now(UTC) - SINCE
    for row in connection.execute(sa.select(DECISIONS).where(since, DECISIONS.c.about_id.is_not(None))).all():
        _point(connection, row.about_id, row.at, row.id)
    flaggers = sa.select(FLAGS.c.member_id, DECISIONS.c.at, DECISIONS.c.id).where(FLAGS.c.decision_id == DECISIONS.c.id, since)
    for row in connection.execute(flaggers.where(FLAGS.c.member_id.is_not(None)).distinct()).all():
        _point(connection, row.member_id, row.at, row.id)


def _holds(connection: sa.Connection) -> None:
    """What is hidden at once at the moment of the upgrade ends in a week, as what is hidden from now on."""
    moment = datetime.now(UTC)
    hold = sa.table(
        "moderation_hold", *(sa.column(name, UUID) for name in ("id", "case_id", "about_id")), sa.column("ref"),
        *(sa.column(name, DAY) for name in ("at", "decide_by", "ends_at")), sa.column("reasons", sa.JSON()),
    )  # fmt: skip
    for kind, hidden in HIDDEN.items():
        ids = list(connection.execute(hidden).scalars())
        verb = "story.hide_at_once" if kind == "flag" else "post.hide_at_once"
        found = sa.select(CASES, EVENTS.c.at).where(
            CASES.c.kind == kind, CASES.c.state == "open", CASES.c.about_id.is_not(None), CASES.c.subject_id == EVENTS.c.subject_id,
            EVENTS.c.verb == verb, EVENTS.c.at >= CASES.c.opened_at,
        )  # fmt: skip
        for row in connection.execute(found).all():
            if row.subject_id not in ids:
                continue
            new = {
                "id": uuid.uuid4(), "ref": "".join(secrets.choice(LETTERS) for _ in range(12)), "case_id": row.id,
                "about_id": row.about_id, "at": row.at, "decide_by": row.due_at, "ends_at": moment + HELD, "reasons": [],
            }  # fmt: skip
            connection.execute(sa.insert(hold).values(new))
            _point(connection, row.about_id, row.at, new["id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_moderation_case_crowd"), "moderation_case")
    op.drop_column("moderation_case", "crowd")
    op.drop_column("story", "rested")
    op.drop_table("moderation_hold")
