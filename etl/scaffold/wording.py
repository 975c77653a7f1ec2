"""Claims that can be written out as the Python that makes them, so that what was tried is what is written."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemas import rules

WIDEST_LINE = 130
INDENT = "    "


@dataclass(frozen=True)
class Wording:
    """A value of the language of rules, and the Python that gives it.

    Attributes:
        value: a term or a claim.
        head: what is called; the whole text of what is no call.
        arguments: what it is called with.
        is_call: whether it is a call.
    """

    value: Any
    head: str
    arguments: tuple[Wording, ...] = ()
    is_call: bool = True

    @property
    def text(self) -> str:
        """The Python in one line."""
        return f"{self.head}({', '.join(each.text for each in self.arguments)})" if self.is_call else self.head

    def lines(self, before: str, after: str = "", indent: str = "") -> list[str]:
        """Give the Python as a formatter would break it, between what stands before and after it."""
        flat = f"{indent}{before}{self.text}{after}"
        if width(flat) <= WIDEST_LINE or not self.arguments:
            return [flat]
        inner = indent + INDENT
        together = inner + ", ".join(each.text for each in self.arguments)
        within = [together]
        if width(together) > WIDEST_LINE:
            within = [line for each in self.arguments for line in each.lines("", ",", inner)]
        return [f"{indent}{before}{self.head}(", *within, f"{indent}){after}"]


def width(text: str) -> int:
    """Give how wide a text is in columns, of which a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def quoted(text: str) -> str:
    """Give a text as a Python string in double quotation marks; whatever is in it, it stays a text."""
    return json.dumps(text, ensure_ascii=False)


def call(function: Callable[..., Any], *arguments: Wording | str | float, **keywords: str) -> Wording:
    """Give a call of a function of `schemas.rules`, made and written out."""
    said = [each if isinstance(each, Wording) else _plain(each) for each in arguments]
    said += [Wording(value, f"{name}={quoted(value)}", is_call=False) for name, value in keywords.items()]
    positional = [each.value for each in said[: len(arguments)]]
    return Wording(function(*positional, **keywords), f"rules.{function.__name__}", tuple(said))


def times(part: str, whole: str, number: int) -> Wording:
    """Give so many times the quotient of two columns."""
    value = rules.term(part) / rules.term(whole) * number
    return Wording(value, f"rules.term({quoted(part)}) / rules.term({quoted(whole)}) * {number:_}", is_call=False)


def _plain(value: str | float) -> Wording:
    return Wording(value, quoted(value) if isinstance(value, str) else f"{value:g}", is_call=False)
