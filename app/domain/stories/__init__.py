"""Stories of coming back, told by the people who lived them."""
