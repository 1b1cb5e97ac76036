"""The duplicate finder: normalising, vetoes, blocking, scoring, finding, files and the command."""
