"""Build, publish, query and compare the warehouse."""
