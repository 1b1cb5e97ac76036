"""What must hold of the whole program, as tests that walk over it."""
