"""Groups: circles of people who talk."""
