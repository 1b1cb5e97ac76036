"""Tests, one folder per feature."""
