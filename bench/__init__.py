"""Measurements: what a page costs, against the least that a page of this stack can cost. See docs/performance.md."""
