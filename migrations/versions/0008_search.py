"""Search: documents, the index of each engine, the words for typing mistakes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = ("title", "body", "tokens")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("kind", "subject_id", "language", name=op.f("uq_search_document_kind_subject_id_language")),
    )
    op.create_index(op.f("ix_search_document_kind_rank_id"), "search_document", ["kind", "rank", "id"])
    op.create_index(op.f("ix_search_document_subject_id"), "search_document", ["subject_id"])
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_table(
        "search_word_key",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("key", "word", name=op.f("pk_search_word_key")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _postgres()
    else:
        _sqlite()


def _postgres() -> None:
    # array_to_tsvector takes the words as they are: PostgreSQL's own parser would cut Indic words and numbers.
    op.execute(
        "ALTER TABLE search_document ADD COLUMN words tsvector GENERATED ALWAYS AS ("
        "array_to_tsvector(array_remove(string_to_array(title || ' ' || body || ' ' || tokens, ' '), ''))) STORED"
    )
    # How common the 5,000 commonest words are decides between the index and the newest rows first; the usual 1,000 are too few.
    op.execute("ALTER TABLE search_document ALTER COLUMN words SET STATISTICS 500")
    op.execute("CREATE INDEX ix_search_document_words ON search_document USING gin (words) WITH (fastupdate = off)")
    op.execute('CREATE INDEX ix_search_word_start ON search_word (word COLLATE "C")')


def _sqlite() -> None:
    names = ", ".join(COLUMNS)
    # Text is folded and cut into words before it gets here. This tokenizer cuts at ASCII signs only, so the words stay as they
    # are in every script (the other one knows letters up to Unicode 6 and would cut Adlam), as PostgreSQL has them below.
    op.execute(
        f"CREATE VIRTUAL TABLE search_index USING fts5({names}, content='search_document', content_rowid='id', detail=none, "
        "columnsize=0, tokenize='ascii')"
    )
    fresh, old = (", ".join(f"{w}.{c}" for c in COLUMNS) for w in ("new", "old"))
    put = f"INSERT INTO search_index(rowid, {names}) VALUES (new.id, {fresh});"
    drop = f"INSERT INTO search_index(search_index, rowid, {names}) VALUES ('delete', old.id, {old});"
    op.execute(f"CREATE TRIGGER search_document_put AFTER INSERT ON search_document BEGIN {put} END")
    op.execute(f"CREATE TRIGGER search_document_drop AFTER DELETE ON search_document BEGIN {drop} END")
    op.execute(f"CREATE TRIGGER search_document_change AFTER UPDATE OF id, {names} ON search_document BEGIN {drop} {put} END")


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("put", "drop", "change"):
            op.execute(f"DROP TRIGGER search_document_{name}")
        op.execute("DROP TABLE search_index")
    op.drop_table("search_word_key")
    op.drop_table("search_word")
    op.drop_table("search_document")
