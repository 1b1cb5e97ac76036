"""Ground that knows nothing of the product."""
