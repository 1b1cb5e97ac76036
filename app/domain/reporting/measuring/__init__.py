"""What is counted: features register their steps and tables here; a month is counted once and frozen."""
