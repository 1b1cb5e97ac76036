"""The numbers: what is measured, and what of it may be published."""
