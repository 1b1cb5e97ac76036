"""Evidence: a sealed copy of what a case is about, made by two people, with an end date."""
