"""Going together, from both yeses to half a year after the end: what the two write to each other."""
