"""The gate: what was found, what is accepted, and the verdict."""
