"""Who decides: what bodies of groups and of the network say of themselves, in one of two lines, never in numbers."""
