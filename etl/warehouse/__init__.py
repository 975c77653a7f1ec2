"""The warehouse: what it holds, how it is published, and what is asked of it."""
