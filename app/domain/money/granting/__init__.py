"""Calls that this network decides: groups apply, a panel scores and decides, the decision is published, one appeal."""
