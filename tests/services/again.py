"""One PostgreSQL database that test after test gets as if it were new: emptying it takes a tenth of the time of making one."""

import os

import psycopg
import sqlalchemy as sa
from psycopg import sql

GROWN_BYTES = 30_000_000
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
SHAPE = """SELECT md5(concat_ws('|',
    (SELECT string_agg(c.oid || c.relname || coalesce(c.reloptions::text, ''), ',' ORDER BY c.oid) FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace),
    (SELECT string_agg(attrelid || attname || attnum || atttypid || attnotnull || atthasdef, ',' ORDER BY attrelid, attnum)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace),
    (SELECT string_agg(oid || tgname || tgenabled::text, ',' ORDER BY oid) FROM pg_trigger),
    (SELECT string_agg(oid || conname, ',' ORDER BY oid) FROM pg_constraint),
    (SELECT string_agg(oid || proname || prosrc, ',' ORDER BY oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
    (SELECT string_agg(oid::text || coalesce(setconfig::text, ''), ',') FROM pg_db_role_setting s JOIN pg_database d
        ON d.oid = s.setdatabase WHERE d.datname = current_database())))"""
USED_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"


class Again:
    """A copy of a migrated database; `fresh()` gives it back as it was copied, whatever a test did to it."""

    def __init__(self, server: str, template: str) -> None:
        self._server = sa.make_url(server)
        self._template = sa.make_url(template).database or ""
        self._name = f"again_{os.urandom(6).hex()}"
        self.url = self._server.set(database=self._name).render_as_string(hide_password=False)
        self._make()

    def _address(self, database: str | None) -> str:
        return self._server.set(drivername="postgresql", database=database).render_as_string(hide_password=False)

    def _make(self) -> None:
        with psycopg.connect(self._address(self._server.database), autocommit=True) as admin:
            name, like = sql.Identifier(self._name), sql.Identifier(self._template)
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, like))
        self._mine = psycopg.connect(self._address(self._name), autocommit=True)
        self._shape, self._size = self._one(SHAPE), self._one("SELECT pg_database_size(current_database())")
        self._tables = [name for (name,) in self._mine.execute(TABLES)]  # type: ignore[arg-type]
        self._rows = {table: self._copied(table) for table in self._filled()}
        assert not self._mine.execute(USED_SEQUENCES).fetchall(), "a migration that counts: give its sequences back as well"

    def _one(self, query: str) -> object:
        row = self._mine.execute(query).fetchone()  # type: ignore[arg-type]
        assert row is not None
        return row[0]

    def _filled(self) -> list[str]:
        asked = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(each), sql.Identifier(each))
            for each in self._tables
        ]
        return [name for (name,) in self._mine.execute(sql.SQL(" UNION ALL ").join(asked))]

    def _copied(self, table: str) -> bytes:
        with self._mine.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
            return b"".join(bytes(part) for part in copy)

    def fresh(self) -> None:
        """End whoever is still connected and put every row back; a database with another shape is made anew."""
        others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        self._mine.execute(others, (self._name,))
        grown = self._one("SELECT pg_database_size(current_database())") - self._size  # type: ignore[operator]
        if self._one(SHAPE) != self._shape or grown > GROWN_BYTES:
            self._mine.close()
            self._make()
            return
        with self._mine.transaction():
            self._mine.execute("SET LOCAL session_replication_role = replica")  # neither foreign keys nor our own guards
            for table in self._filled():
                self._mine.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            for table, rows in self._rows.items():
                with self._mine.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                    copy.write(rows)
            for (name,) in self._mine.execute(USED_SEQUENCES).fetchall():
                self._mine.execute(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(name)))

    def close(self) -> None:
        """Drop it."""
        self._mine.close()
        with psycopg.connect(self._address(self._server.database), autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._name)))
