"""A proposed table from a handed-in file: its columns, rules and files."""
