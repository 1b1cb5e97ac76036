"""Looking after the house: checks and repairs that read everything."""
