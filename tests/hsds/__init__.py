"""The public directory for programs (HSDS 3.1)."""
