"""Publish a warehouse: one load at a time, built aside, swapped in in one step."""
