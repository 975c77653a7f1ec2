"""Escape and shorten text from cells, so that it cannot act as control codes or markup, nor flood a message."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache

MOST_CHARACTERS = 1_000
"""Of a message; cells of megabytes are quoted by their beginning and end."""

# Control characters, format characters such as the bidirectional overrides, and separators of lines and paragraphs.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NO_CHARACTERS = "\ufffe\uffff"
# Letters and marks that take no room: fillers, joiners, and the selectors of variants, behind which a text can be hidden.
_WITHOUT_WIDTH = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
# An underscore within a word, as in the name of a column, is no markup.
_MARKUP = re.compile(r"([\\`*\[\]|~$]|(?<!\w)_|_(?!\w))")


def visible(text: str) -> str:
    """Return a text on one line, invisible characters escaped, such as `\u202e`.

    A cell may hold line breaks, terminal sequences or marks that reverse what follows; shown as they are, they could forge a
    line of the output or hide a part of it.
    """
    if text.isprintable() and not _WITHOUT_WIDTH.search(text):
        return text
    return "".join(map(_escaped, text))


def shortened(text: str, most: int = MOST_CHARACTERS) -> str:
    """Shorten a text to at most so many characters, by its middle: a message says first where, and last what to do."""
    if len(text) <= most:
        return text
    left_out = f" … {len(text) - most:,} … "
    half = (most - len(left_out)) // 2
    return f"{text[:half]}{left_out}{text[-half:]}"


def visible_lines(text: str) -> str:
    """Return a text whose line breaks are meant, each line as `visible` shows it."""
    return "\n".join(map(visible, text.split("\n")))


def escape_json(text: str) -> str:
    """Escape the invisible characters of a JSON document; a reader of JSON reads the same."""
    if text.replace("\n", "").isprintable() and not _WITHOUT_WIDTH.search(text):
        return text
    return "".join(map(_json_escaped, text))


def is_unseen(character: str) -> bool:
    """Whether nobody can see a character, or a terminal obeys it."""
    category = unicodedata.category(character)
    return category in _UNSEEN or character in _NO_CHARACTERS or _WITHOUT_WIDTH.match(character) is not None


@lru_cache(maxsize=4096)
def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii") if is_unseen(character) else character


@lru_cache(maxsize=4096)
def _json_escaped(character: str) -> str:
    return json.dumps(character)[1:-1] if character != "\n" and is_unseen(character) else character


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
