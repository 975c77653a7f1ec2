"""Statements as people type them: where one ends, and which words it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, cast

Kind = Literal["comment", "text", "name", "open", "word", "end", "space", "other"]

# What has an end comes before what is still open, which takes all that is left. A semicolon may be one of full width, as a
# Chinese keyboard gives it.
_TOKEN = re.compile(
    r"""
      (?P<comment> --[^\n]* | /\*.*?\*/ )
    | (?P<text> [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
    | (?P<name> "(?:[^"]|"")*" )
    | (?P<open> (?:[eE]?'|"|/\*|\$(?:[^\W\d]\w*)?\$).* )
    | (?P<word> \w+ )
    | (?P<end> [;；] )
    | (?P<space> \s+ )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)


# What other shells leave and explain themselves by.
_KNOWN_ELSEWHERE = {"exit": ".quit", "quit": ".quit", r"\q": ".quit", "help": ".help", r"\?": ".help", r"\d": ".tables"}


class Token(NamedTuple):
    """A piece of a text: what it is, its own text, and where it begins."""

    kind: Kind
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Give the pieces of a text, which together are all of it."""
    for match in _TOKEN.finditer(text):
        yield Token(cast(Kind, match.lastgroup if match.lastgroup != "tag" else "text"), match[0], match.start())


def statements(text: str) -> list[str]:
    """Give the statements of a text without the semicolons that end them; what holds nothing but comments is none."""
    found, start, holds_something = [], 0, False
    for token in (*tokens(text), Token("end", ";", len(text))):
        if token.kind == "end":
            if holds_something:
                found.append(text[start : token.start].strip())
            start, holds_something = token.start + 1, False
        elif token.kind not in ("comment", "space"):
            holds_something = True
    return found


def is_finished(text: str) -> bool:
    """Whether nothing more is to come: the last statement is ended by a semicolon, it is a command, or there is nothing."""
    if command_in(text):
        return True
    said = [token.kind for token in tokens(text) if token.kind not in ("comment", "space")]
    return not said or said[-1] == "end"


def command_in(text: str) -> str:
    """Give the command that a text is, in the words of this shell; empty where it is none."""
    plain = text.strip().rstrip(";；").rstrip()
    return _KNOWN_ELSEWHERE.get(plain.lower(), plain if plain.startswith(".") else "")
