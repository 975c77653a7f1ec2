"""Synthetic registers of any size, derived from their models."""
