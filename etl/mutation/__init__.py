"""Slips of transcribers: which would be noticed, and which cell is most probably wrong."""
