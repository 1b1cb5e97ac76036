"""Alembic's entry: the connection and, for checks, the metadata are handed in by the caller."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    include_object=context.config.attributes.get("include_object"),
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=context.config.attributes.get("compare_type", True),
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
