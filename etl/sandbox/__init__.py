"""Untrusted queries, each in a child process that sees the warehouse and nothing else of this machine."""
