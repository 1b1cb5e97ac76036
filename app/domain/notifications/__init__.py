"""Messages to the outside: rows first, sent by the worker; at least once, neutral words only."""
