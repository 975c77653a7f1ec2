"""Refusals of documents that are not read."""

from __future__ import annotations

from schemas.texts import TextError


class UnreadableDocumentError(TextError):
    """A document of which nothing is read: the reason, and the next step."""
