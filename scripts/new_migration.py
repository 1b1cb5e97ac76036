"""Write the next migration from what the models have and the migrations lack.

Use: ``python scripts/new_migration.py "name" [table …]``.
"""

import re
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

sys.path.insert(0, str(Path(__file__).parents[1]))
import app.models  # noqa: F401
from app.core import db as core_db
from app.core import migrate

TEMPLATE = '''"""{message}."""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = {down}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    {up}


def downgrade() -> None:
    """Take back."""
    {down_code}
'''


def plain(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as plain ones, so that migrations never import the application."""
    if kind != "type":
        return False
    if isinstance(item, core_db.UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, core_db.Sealed):
        return "sa.LargeBinary()"
    if isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    if type(item).__name__ == "AutoString":
        return f"sa.String(length={item.length})" if item.length else "sa.Text()"
    return False


def main() -> None:
    """Compare and write."""
    message, tables = sys.argv[1], set(sys.argv[2:])
    with tempfile.TemporaryDirectory() as folder:
        database = core_db.Database(f"sqlite:///{folder}/a.sqlite3")
        migrate.upgrade(database)
        with database.write_engine.connect() as connection:

            def wanted(item, name, kind, reflected, other):
                if kind == "table":
                    return name in SQLModel.metadata.tables and (not tables or name in tables)
                return True

            context = MigrationContext.configure(
                connection, opts={"include_object": wanted, "target_metadata": SQLModel.metadata, "compare_type": False}
            )
            script = produce_migrations(context, SQLModel.metadata)
            up = render_python_code(script.upgrade_ops, render_item=plain)
            down = render_python_code(script.downgrade_ops, render_item=plain)
        database.dispose()
    last = migrate.head()
    number = f"{int(last or 0) + 1:04d}"
    slug = re.sub(r"\W+", "_", message.lower()).strip("_")
    path = migrate.FOLDER / "versions" / f"{number}_{slug}.py"
    up, down = (re.sub(r"\n# ### .*?\n|# ### .*? ###\n?", "\n", c).strip() for c in (up, down))
    path.write_text(TEMPLATE.format(message=message, number=number, down=repr(last or None), up=up, down_code=down))
    print(path)


if __name__ == "__main__":
    main()
