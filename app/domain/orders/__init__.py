"""Legal orders: written down, answered by two people with what there is and nothing else, told to whom it is about."""
