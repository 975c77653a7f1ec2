"""A table that an office hands in, as a proposal for a person to edit: columns, rules that hold on it, and its files."""
