"""What each command of ``hearth`` does: opens what it needs, does one thing, says the result in words or as JSON."""
