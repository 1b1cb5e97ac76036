"""The tests of Hearth: one folder for each feature."""
