"""Returns: the forms that departments fill in, and what they hand in."""
