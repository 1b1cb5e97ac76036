"""Questions from people who are still abroad, and their answers."""
