"""The benchmarks' parts work; nothing here is timed."""
