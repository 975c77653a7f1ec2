"""Escape text from cells, so that it cannot act as control codes or markup."""

from __future__ import annotations

import re
import unicodedata

# Control characters, format characters such as the bidirectional overrides, and separators of lines and paragraphs.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NO_CHARACTERS = "\ufffe\uffff"
# An underscore within a word, as in the name of a column, is no markup.
_MARKUP = re.compile(r"([\\`*\[\]|~$]|(?<!\w)_|_(?!\w))")


def visible(text: str) -> str:
    """Return a text on one line, invisible characters escaped, such as `\u202e`.

    A cell may hold line breaks, terminal sequences or marks that reverse what follows; shown as they are, they could forge a
    line of the output or hide a part of it.
    """
    if text.isprintable():
        return text
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in _UNSEEN and character not in _NO_CHARACTERS:
        return character
    return character.encode("unicode_escape").decode("ascii")


def escape_markdown(text: str) -> str:
    """Escape a text for Markdown (GitHub's too), also in a cell of a table."""
    escaped = _MARKUP.sub(r"\\\1", visible(text))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def command_data(*lines: str) -> str:
    """Format lines as the message of a GitHub workflow command."""
    return "%0A".join(visible(line).replace("%", "%25") for line in lines)


def command_property(text: str) -> str:
    """Format a text as a property of a GitHub workflow command."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")
