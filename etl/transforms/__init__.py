"""What marts have beyond the columns of their models: one module a domain."""
