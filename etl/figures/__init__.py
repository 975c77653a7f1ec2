"""Printed figures: their grammar, words, numerals and periods."""
