"""What every talk of two people has, whatever brought them together: states, bubbles, what waits and who decides."""
