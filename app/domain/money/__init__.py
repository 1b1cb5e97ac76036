"""Money in the open: calls that every group sees in the same minute, and what groups received."""
