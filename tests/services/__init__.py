"""Real programs that the tests stand on: a PostgreSQL server and a Chromium browser."""
