"""A group chooses who takes on a role, in secret."""
