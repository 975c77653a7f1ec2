"""Exports: the tables of the warehouse in the forms in which others take data over, each with its meanings, units and sources."""
