"""Tables of figures: from raw text to values with bounds, and what the rules say of them."""
