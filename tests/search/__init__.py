"""Search: found in every script, bounded, the same on both engines."""
