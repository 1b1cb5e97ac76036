"""People and how they come in: names others see, keys, sessions."""
