"""Search: one table of folded text, an index per engine, the same results on both."""
