"""Relations between figures, each declared by one word.

The word stands in `figure` where its column is declared, or in `relation`.

The rules that follow from a relation are in `schemas.relation_rules`. Their ids, reasons and Chinese statements are made
of the names and meanings of the columns; `reason=` and `zh=` replace the texts where there is more to say, and `relation`
gives the rule an id of its own. What no word declares is a method with `rule`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypedDict, Unpack

from schemas.rule_declarations import Rule, Severity
from schemas.texts import DeclarationError

Kind = Literal[
    "part_of",
    "part_of_all",
    "part_of_parent",
    "each_has",
    "sums_over",
    "sums_over_areas",
    "share_of",
    "growth_of",
    "whole_cases",
    "cumulative",
    "new_in",
    "adds_to",
    "closes",
]


class Words(TypedDict, total=False):
    """The words that relate the figure of a column to others.

    part_of: it is part of the figure of another column.
    part_of_all: it is part of the figure in the row `all` of a category.
    part_of_parent: it is part of the figure of the area that encloses the row's own.
    each_has: each of what it counts has at least one of what another column counts.
    sums_over: the parts of a category, as its label declares them, add up to the row `all`; shares to a hundred percent.
    sums_over_areas: what the areas within an area print adds up to what the area prints, where all of them are there.
    share_of: it is the share, in percent, of a part in a whole (`share`).
    growth_of: it is the growth, in percent, of another column on the year before.
    whole_cases: it is a share or growth that a whole number must give, with the count in another column (GRIM).
    cumulative: it is counted since some beginning, so that it does not fall.
    new_in: it came in the period, and is counted in the stock in another column.
    adds_to: it came in the period, and the stock in another column is that of the period before and it.
    closes: it is the cases closed, of those received, pending at the start, and pending at the end (three columns).
    """

    part_of: str
    part_of_all: str
    part_of_parent: Literal[True]
    each_has: str
    sums_over: str
    sums_over_areas: Literal[True]
    share_of: ShareOf
    growth_of: str
    whole_cases: str
    cumulative: Literal[True]
    new_in: str
    adds_to: str
    closes: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class ShareOf:
    """The part and the whole of a share."""

    part: str
    whole: str = ""
    of_all: str = ""
    of_sum: str = ""
    of_province: bool = False


def share(part: str, whole: str = "", *, of_all: str = "", of_sum: str = "", of_province: bool = False) -> ShareOf:
    """Name the part of a share, and its whole.

    Args:
        part: column of the part.
        whole: column of the whole, in the same row.
        of_all: or the category whose row `all` has the whole in the column of the part.
        of_sum: or the category over whose parts the column of the part is summed, where no total is printed.
        of_province: or, for a city, the row of its province.
    """
    return ShareOf(part, whole, of_all, of_sum, of_province)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that a model declares.

    Attributes:
        kind: the word that declares it.
        column: the column of which it is declared.
        others: the columns and categories to which it relates that column.
        rules: what follows from it.
    """

    kind: Kind
    column: str
    others: tuple[str, ...]
    rules: tuple[Rule, ...]

    def restate(self, *, rule_id: str = "", severity: Severity | None = None, reason: str = "", zh: str = "") -> Relation:
        """Return the relation with the id, severity and texts of its one rule replaced.

        Raises:
            TypeError: several rules follow from its word.
        """
        if not (rule_id or severity or reason or zh):
            return self
        if len(self.rules) > 1:
            raise DeclarationError(
                f"From {self.kind} follow {len(self.rules)} rules; only one that follows alone has another id or text.",
                f"由 {self.kind} 得出 {len(self.rules)} 条规则；只有单独得出的一条才能另取名称或说明。",
            )
        (old,) = self.rules
        reason, zh = reason or old.reason, zh or old.zh
        new = replace(old, id=rule_id or old.id, severity=severity or old.severity, reason=reason, zh=zh)
        return replace(self, rules=(new,))


@dataclass(frozen=True, slots=True)
class NamedRelation:
    """A relation whose rule takes its id from the attribute it is assigned to."""

    column: str
    words: Words
    severity: Severity | None
    reason: str
    zh: str

    def __get__(self, instance: object, owner: type) -> NamedRelation:
        """Return itself; pandera takes a descriptor for a method, not for a column."""
        return self


def relation(
    column: str, *, severity: Severity | None = None, reason: str = "", zh: str = "", **words: Unpack[Words]
) -> NamedRelation:
    """Declare a relation of a column whose rule has a name of its own.

    It is assigned to that name: `marks_are_among_all = relation("marks", part_of="total")`. Severity, reason and Chinese
    statement are those of the word unless they are stated.
    """
    if len(words) != 1:
        known = [*Words.__annotations__]
        raise DeclarationError(
            f"A relation of {column} is declared by one word, one of {', '.join(known)}.",
            f"列 {column} 的关系应以一个词声明，为 {'、'.join(known)} 之一。",
        )
    return NamedRelation(column, words, severity, reason, zh)
