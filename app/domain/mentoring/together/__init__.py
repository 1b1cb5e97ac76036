"""Going together, from both yeses to twelve months after the end: what the two write to each other."""
