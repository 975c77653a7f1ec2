"""The room that a text takes in a terminal or a sheet, where an East-Asian character is as wide as two Latin ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def display_width(text: str) -> int:
    """Return the columns that a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def padded(text: str, width: int) -> str:
    """Pad a text with spaces on the right to a width."""
    return text + " " * (width - display_width(text))


def wrapped(text: str, width: int) -> Iterator[str]:
    """Yield the lines of a text that is broken at a width, between words where a line has a space."""
    while display_width(text) > width:
        end, room = 0, width
        for character in text:
            room -= _width(character)
            if room < 0:
                break
            end += 1
        end = max(end, 1)
        space = text.rfind(" ", width // 2, end + 1)
        line, text = (text[:space], text[space + 1 :]) if space > 0 else (text[:end], text[end:])
        yield line
    yield text


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
