"""Synthetic registers of any size, derived from their models, in agreement with the published figures."""
