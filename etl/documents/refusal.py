"""Refusals of documents that are not read."""

from __future__ import annotations


class UnreadableDocumentError(Exception):
    """A document of which nothing is read: the reason, and the next step."""
