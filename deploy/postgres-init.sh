#!/bin/sh
# Runs once, when the database folder is empty: a role for Hearth that owns its own database and may do nothing else.
# Hearth's tables need no extension and no superuser.
set -eu
psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set password `cat /run/secrets/database_password`
CREATE ROLE hearth LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
CREATE DATABASE hearth OWNER hearth TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE hearth FROM PUBLIC;
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
SQL
