"""Pictures and voices that people send: re-made in a locked-up process, kept in a folder, originals never stored."""
