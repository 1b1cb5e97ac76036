"""Pictures, voices and their store, against honest and hostile files made here."""
