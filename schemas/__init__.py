"""What is true of good data: the tables, their columns and their rules."""
