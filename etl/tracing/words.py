"""Shorten what is quoted."""

from __future__ import annotations

MOST_QUOTED = 200
"""Characters of a text that are quoted."""


def shortened(text: str) -> str:
    """Shorten a text to what a line can hold."""
    return text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}…"
