"""Partners: organisations that keep their own listings, by a program with a key or on a page of their own."""
