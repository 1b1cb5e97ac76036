"""Messages between two people: only inside a group that both belong to, and only after both agreed."""
