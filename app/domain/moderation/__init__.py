"""Cases that need a person: stories that wait, flags, corrections, applications."""
