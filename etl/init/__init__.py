"""A project for another city: its folder, as `etl init` writes it."""
