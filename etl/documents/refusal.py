"""Refusals of documents that are not read."""

from __future__ import annotations

from schemas.texts import Text, TextError

MOST_NUMBERS = 100_000
TOO_MANY_NUMBERS = Text(
    f"The document has more than {MOST_NUMBERS:,} numbers, as no document has. Take a part of it.",
    f"文件中的数字超过 {MOST_NUMBERS:,} 个，异常。请只取其中一部分。",
)


class UnreadableDocumentError(TextError):
    """A document of which nothing is read: the reason, and the next step."""
