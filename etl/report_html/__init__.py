"""Render the warehouse as one HTML page with tables, charts and an index."""
