"""How raw tables become a warehouse: read, parse, validate, transform, load."""
