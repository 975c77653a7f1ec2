"""Intake: which cell each figure of a new document belongs to, and its entry once a person has confirmed it."""
