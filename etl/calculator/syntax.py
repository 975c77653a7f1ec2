"""Parse a formula into a tree with places: figures, operators, one comparison.

Figures are found with the package's own pattern, and only where a figure may begin. So a sign at the start, after an
operator or after a parenthesis belongs to the figure (`5% + -9.27%`); after a figure it is an operator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from etl.calculator.figures import FormulaFigure, figure, per, printed_figure, printed_per
from etl.figures.numerals import SAME_CHARACTERS
from etl.figures.words import Notation

Comparator = Literal["=", "<=", ">=", "<", ">"]
Joint = Literal["+", "*"]

MOST_FIGURES, DEEPEST = 1000, 40
"""No bulletin needs more, and a tree of this size is walked without exhausting the stack."""

_OPERATORS = {"–": "-", "×": "*", "✕": "*", "÷": "/", "≈": "=", "≦": "≤", "⩽": "≤", "≧": "≥", "⩾": "≥"}
_PLAIN = str.maketrans({**SAME_CHARACTERS, **_OPERATORS})
_COMPARATOR = re.compile("<=|>=|==|[=<>≤≥]")
_COMPARATORS: dict[str, Comparator] = {"<=": "<=", "≤": "<=", ">=": ">=", "≥": ">=", "==": "=", "=": "=", "<": "<", ">": ">"}
_SIGNS: dict[Joint, str] = {"+": "+-", "*": "*/xX"}
_LIST = re.compile(r"(?:sum|合计) ?\(", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{1,20}|.")
_SEPARATORS = ",、;"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a formula has no answer: code, offset of the first character, and words."""

    code: str
    offset: int = 0
    words: Mapping[str, str] = field(default_factory=dict)


class FormulaError(Exception):
    """A formula that cannot be computed."""

    def __init__(self, code: str, offset: int, **words: str) -> None:
        super().__init__(code)
        self.problem = Problem(code, offset, words)


class Part(NamedTuple):
    """A term or factor of a chain; one that is inverse is subtracted, or divided by."""

    is_inverse: bool
    node: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """A sum (`+`) or product (`*`) of two or more parts, or one negated part."""

    joint: Joint
    parts: tuple[Part, ...]
    start: int
    end: int


Node: TypeAlias = FormulaFigure | Chain


@dataclass(frozen=True, slots=True)
class Formula:
    """Two sides and their comparison; without one, a left side only."""

    text: str
    left: Node
    comparator: Comparator | None = None
    right: Node | None = None

    def figures(self) -> Iterator[FormulaFigure]:
        """Yield the figures, left to right."""
        waiting = [side for side in (self.right, self.left) if side is not None]
        while waiting:
            node = waiting.pop()
            if isinstance(node, FormulaFigure):
                yield node
            else:
                waiting += [part.node for part in reversed(node.parts)]


def parse(text: str, notation: Notation) -> Formula:
    """Parse a formula, written on one line without double spaces.

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
        self.at = self.depth = self.lists = self.figures = 0

    def formula(self) -> Formula:
        if not self.plain.strip():
            raise FormulaError("empty", 0)
        left = self._chain("+")
        comparator = self._comparator()
        right = self._chain("+") if comparator else None
        second = self._skip()
        if comparator and self._comparator():
            raise FormulaError("second_comparison", second)
        self._refuse_rest()
        return Formula(self.text, left, comparator, right)

    def _chain(self, joint: Joint) -> Node:
        start, sign = self._skip(), ""
        parts: list[Part] = []
        while not parts or (sign := self._next(_SIGNS[joint])):
            parts.append(Part(sign in ("-", "/"), self._chain("*") if joint == "+" else self._signed()))
        return parts[0].node if len(parts) == 1 else Chain(joint, tuple(parts), start, self.at)

    def _signed(self) -> Node:
        """Parse an operand with a sign that is not a figure's own, as in -(3件 - 5件)."""
        start, is_negative = self._skip(), False
        while (printed := self._printed()) is None and (sign := self._next("+-")):
            is_negative ^= sign == "-"
        operand = self._enclosed() if printed is None else printed
        return Chain("+", (Part(True, operand),), start, self.at) if is_negative else operand

    def _printed(self) -> FormulaFigure | None:
        start = self._skip()
        match = printed_figure(self.notation).match(self._source, start)
        if match is None:
            return None
        self.figures += 1
        if self.figures > MOST_FIGURES:
            raise FormulaError("too_many", start, most=str(MOST_FIGURES))
        self.at, pers = match.end(), []
        while of := self._per():
            pers.append(per(of, self.notation))
            self.at = of.end()
        return figure(match, self.text[start : self.at].strip(), tuple(pers), self.notation)

    def _per(self) -> re.Match[str] | None:
        """Match the denominator of the preceding figure; None before another figure."""
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
        inner = self._list(start) if opened else self._chain("+")
        if not self._next(")"):
            at = self._skip()
            if at == len(self.plain):
                raise FormulaError("not_closed", start)
            if _COMPARATOR.match(self.plain, at):
                raise FormulaError("comparison_within", at)
            self._refuse_rest()
        self.depth -= 1
        return inner

    def _list(self, start: int) -> Node:
        self.lists += 1
        parts = [Part(False, self._chain("+"))]
        while self._next(_SEPARATORS):
            parts.append(Part(False, self._chain("+")))
        self.lists -= 1
        only = parts[0].node
        if len(parts) > 1:
            return Chain("+", tuple(parts), start, self.at)
        if isinstance(only, FormulaFigure) and "," in only.plain:
            raise FormulaError("one_in_list", only.start, figure=only.published)
        return only

    @property
    def _source(self) -> str:
        return self.in_list if self.lists else self.plain

    def _skip(self) -> int:
        """Pass over spaces, and return where the parser is."""
        while self.plain.startswith(" ", self.at):
            self.at += 1
        return self.at

    def _next(self, characters: str) -> str:
        """Pass over one of the characters and return it; empty where the next is another."""
        found = self._source[self._skip() : self.at + 1]
        if not found or found not in characters:
            return ""
        self.at += 1
        return found

    def _comparator(self) -> Comparator | None:
        match = _COMPARATOR.match(self.plain, self._skip())
        if match is None:
            return None
        self.at = match.end()
        return _COMPARATORS[match[0]]

    def _refuse_rest(self) -> None:
        at = self._skip()
        match self.plain[at : at + 1]:
            case "":
                return
            case ")":
                raise FormulaError("not_opened", at)
            case "," | "、" | ";":
                raise FormulaError("comma_outside_list", at)
        word = _WORD.match(self.text, at)
        raise FormulaError("operator_expected", at, found=word[0] if word else "")
