"""The directory of services: reading, searching, keeping it fresh and free of duplicates."""
