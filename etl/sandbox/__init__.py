"""Run untrusted queries in child processes that see only the warehouse."""
