"""Trace figures to their documents, from the places that messages name."""
