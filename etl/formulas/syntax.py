"""The grammar of a formula: figures, operators, parentheses, lists and one comparison -> a tree that knows its places.

Figures are found with the package's own pattern, and only where a figure may begin. So a sign at the start, after an
operator or after a parenthesis belongs to the figure (`5% + -9.27%`); after a figure it is an operator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from etl.figures.numerals import SAME_CHARACTERS
from etl.figures.words import Notation
from etl.formulas.figures import Figure, figure, per, printed_figure, printed_per

Relation = Literal["=", "<=", ">=", "<", ">"]

MOST_FIGURES, DEEPEST = 1000, 40
"""No bulletin needs more, and a tree of this size is walked without exhausting the stack."""

_OPERATORS = {"–": "-", "×": "*", "✕": "*", "÷": "/", "≈": "=", "≦": "≤", "⩽": "≤", "≧": "≥", "⩾": "≥"}
_PLAIN = str.maketrans({**SAME_CHARACTERS, **_OPERATORS})
_RELATION = re.compile("<=|>=|==|[=<>≤≥]")
_RELATIONS: dict[str, Relation] = {"<=": "<=", "≤": "<=", ">=": ">=", "≥": ">=", "==": "=", "=": "=", "<": "<", ">": ">"}
_LIST = re.compile(r"(?:sum|合计) ?\(", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{1,20}|.")
_SEPARATOR = re.compile("[,、;]")


class FormulaError(Exception):
    """A formula that cannot be computed: what is wrong with it (a code and the words it speaks of), and where."""

    def __init__(self, code: str, offset: int, **words: str) -> None:
        super().__init__(code)
        self.code, self.offset, self.words = code, offset, words


@dataclass(frozen=True, slots=True)
class Part:
    """A term or factor of a chain; one that is inverse is subtracted, or divided by."""

    is_inverse: bool
    node: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """A sum (`+`) or product (`*`) of two and more parts, or a single one with a minus before it."""

    operator: Literal["+", "*"]
    parts: tuple[Part, ...]
    start: int
    end: int


Node: TypeAlias = Figure | Chain


@dataclass(frozen=True, slots=True)
class Formula:
    """Two sides and how they are compared; a formula without a comparison has a left side only."""

    text: str
    left: Node
    relation: Relation | None = None
    right: Node | None = None

    def figures(self) -> Iterator[Figure]:
        """Give the figures, left to right."""
        for side in (self.left, self.right):
            if side is not None:
                yield from _figures_of(side)


def _figures_of(node: Node) -> Iterator[Figure]:
    if isinstance(node, Figure):
        yield node
        return
    for part in node.parts:
        yield from _figures_of(part.node)


def parse(text: str, notation: Notation) -> Formula:
    """Parse a formula, written on one line without double spaces, to a tree.

    Raises:
        FormulaError: it is no formula; the error says where that shows.
    """
    return _Parser(text, notation).formula()


class _Parser:
    """Recursive descent: comparison, sum, product, sign, operand."""

    def __init__(self, text: str, notation: Notation) -> None:
        self.text, self.plain, self.notation = text, text.translate(_PLAIN), notation
        # In a list a full-width comma separates: 12，345件 is two numbers there, and one elsewhere.
        self.in_list = "".join("、" if given == "，" else plain for given, plain in zip(text, self.plain, strict=True))
        self.at, self.depth, self.lists, self.figures = 0, 0, 0, 0

    def formula(self) -> Formula:
        if not self.plain.strip():
            raise FormulaError("empty", 0)
        left = self._sum()
        if (relation := self._relation()) is None:
            self._nothing_follows()
            return Formula(self.text, left)
        right = self._sum()
        second = self._after_spaces(self.at)
        if self._relation() is not None:
            raise FormulaError("second_comparison", second)
        self._nothing_follows()
        return Formula(self.text, left, relation, right)

    def _sum(self) -> Node:
        start = self._after_spaces(self.at)
        parts = [Part(False, self._product())]
        while (sign := self._next("+-")) is not None:
            parts.append(Part(sign == "-", self._product()))
        return parts[0].node if len(parts) == 1 else Chain("+", tuple(parts), start, self.at)

    def _product(self) -> Node:
        start = self._after_spaces(self.at)
        parts = [Part(False, self._signed())]
        while (sign := self._next("*/xX")) is not None:
            parts.append(Part(sign == "/", self._signed()))
        return parts[0].node if len(parts) == 1 else Chain("*", tuple(parts), start, self.at)

    def _signed(self) -> Node:
        """Read an operand, with a sign before it that no figure takes as its own, as in -(3件 - 5件)."""
        start, is_negative = self._after_spaces(self.at), False
        while (printed := self._printed()) is None and (sign := self._next("+-")) is not None:
            is_negative ^= sign == "-"
        operand = self._enclosed() if printed is None else printed
        return Chain("+", (Part(True, operand),), start, self.at) if is_negative else operand

    def _printed(self) -> Figure | None:
        start = self.at = self._after_spaces(self.at)
        match = printed_figure(self.notation).match(self._source, start)
        if match is None:
            return None
        self.figures += 1
        if self.figures > MOST_FIGURES:
            raise FormulaError("too_many", start, most=str(MOST_FIGURES))
        self.at, pers = match.end(), []
        while (of := self._per()) is not None:
            pers.append(per(of, self.notation))
            self.at = of.end()
        return figure(match, self.text[start : self.at].strip(), tuple(pers), self.notation)

    def _per(self) -> re.Match[str] | None:
        """Give what the figure before is per; None where another figure is meant, as in / 大约3件."""
        of = printed_per(self.notation).match(self._source, self.at)
        other = printed_figure(self.notation).match(self._source, of.start("multiplier")) if of else None
        return of if of and (other is None or other[0].strip() == self._source[other.start() : of.end()]) else None

    def _enclosed(self) -> Node:
        start, opened = self.at, _LIST.match(self._source, self.at)
        if opened is None and not self._source.startswith("(", start):
            raise FormulaError("figure_expected", start)
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError("too_deep", start, most=str(DEEPEST))
        self.at = opened.end() if opened else start + 1
        inner = self._list(start) if opened else self._sum()
        if self._next(")") is None:
            self._not_closed(start)
        self.depth -= 1
        return inner

    def _list(self, start: int) -> Node:
        self.lists += 1
        parts = [Part(False, self._sum())]
        while (separator := _SEPARATOR.match(self._source, self._after_spaces(self.at))) is not None:
            self.at = separator.end()
            parts.append(Part(False, self._sum()))
        self.lists -= 1
        only = parts[0].node
        if len(parts) > 1:
            return Chain("+", tuple(parts), start, self.at)
        if isinstance(only, Figure) and "," in only.plain:
            raise FormulaError("one_in_list", only.start, figure=only.published)
        return only

    @property
    def _source(self) -> str:
        return self.in_list if self.lists else self.plain

    def _after_spaces(self, at: int) -> int:
        while self.plain.startswith(" ", at):
            at += 1
        return at

    def _next(self, characters: str) -> str | None:
        """Pass over one of the characters, and give it; None where the next is another."""
        at = self._after_spaces(self.at)
        if at == len(self.plain) or self.plain[at] not in characters:
            return None
        self.at = at + 1
        return self.plain[at]

    def _relation(self) -> Relation | None:
        match = _RELATION.match(self.plain, self._after_spaces(self.at))
        if match is None:
            return None
        self.at = match.end()
        return _RELATIONS[match[0]]

    def _not_closed(self, start: int) -> None:
        at = self._after_spaces(self.at)
        if at == len(self.plain):
            raise FormulaError("not_closed", start)
        if _RELATION.match(self.plain, at):
            raise FormulaError("comparison_within", at)
        self._nothing_follows()

    def _nothing_follows(self) -> None:
        at = self._after_spaces(self.at)
        if at == len(self.plain):
            return
        match self.plain[at]:
            case ")":
                raise FormulaError("not_opened", at)
            case "," | "、" | ";":
                raise FormulaError("comma_outside_list", at)
            case _:
                raise FormulaError("operator_expected", at, found=_WORD.match(self.text, at)[0])  # type: ignore[index]
