"""Constraints together with their Python source."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemas import rules

WIDEST_LINE, INDENT = 130, "    "


@dataclass(frozen=True)
class Expression:
    """A term or constraint, and the Python source that evaluates to it.

    Attributes:
        value: the term or constraint; None where only the text matters.
        head: what is called; the whole text of what is no call.
        arguments: what it is called with; None for what is no call.
    """

    value: Any
    head: str
    arguments: tuple[Expression, ...] | None = None

    @property
    def text(self) -> str:
        """The source on one line."""
        return self.head if self.arguments is None else f"{self.head}({', '.join(each.text for each in self.arguments)})"

    def lines(self, before: str, after: str = "", indent: str = "") -> list[str]:
        """Break the source into lines as a formatter would, between two texts."""
        flat = f"{indent}{before}{self.text}{after}"
        if width(flat) <= WIDEST_LINE or not self.arguments:
            return [flat]
        inner = indent + INDENT
        within = [inner + ", ".join(each.text for each in self.arguments)]
        if width(within[0]) > WIDEST_LINE:
            within = [line for each in self.arguments for line in each.lines("", ",", inner)]
        return [f"{indent}{before}{self.head}(", *within, f"{indent}){after}"]


def width(text: str) -> int:
    """Count the columns of a text; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def quoted(text: str) -> str:
    """Write any text as a Python string in double quotation marks."""
    return json.dumps(text, ensure_ascii=False)


def call(function: Callable[..., Any], *arguments: Expression | str | float, **keywords: str) -> Expression:
    """Call a function of `schemas.rules`, and keep the source of the call."""
    positional = [each if isinstance(each, Expression) else _literal(each) for each in arguments]
    named = [Expression(value, f"{name}={quoted(value)}") for name, value in keywords.items()]
    value = function(*(each.value for each in positional), **keywords)
    return Expression(value, f"rules.{function.__name__}", (*positional, *named))


def times(part: str, whole: str, number: int) -> Expression:
    """Multiply the quotient of two columns by a number."""
    value = rules.term(part) / rules.term(whole) * number
    return Expression(value, f"rules.term({quoted(part)}) / rules.term({quoted(whole)}) * {number:_}")


def _literal(value: str | float) -> Expression:
    return Expression(value, quoted(value) if isinstance(value, str) else f"{value:g}")
