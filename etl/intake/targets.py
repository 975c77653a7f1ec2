"""The cells that a figure of a document can belong to: table, categories and column, with its names and its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from etl.catalogue import Catalogue
from etl.intake.aliases import column_aliases
from schemas.models import Category, Column, columns, figures, relations, titles
from schemas.texts import Text

OWN, ENCLOSING = "own", "enclosing"
THIS, BEFORE, TO_DATE = "this", "before", "to_date"

_MOST_CODES = 8
"""A longer code list, such as that of countries, is proposed only by the codes that the document names."""


@dataclass(frozen=True, slots=True)
class Target:
    """A cell of a year's figures, without its document.

    Attributes:
        table: address of the table.
        column: name of the column.
        categories: codes, in the order of the model.
        area: `own` for the document's area, `enclosing`, or a code.
        period: `this` for the document's period, `to_date` for a longer one that ends with it, `before` for one before it, or a
            period, such as that of a month.
    """

    table: str
    column: str
    categories: tuple[str, ...] = ()
    area: str = OWN
    period: str = THIS

    @property
    def row_key(self) -> str:
        """The key of its row, without the document: `own:this:offline`."""
        return ":".join((self.area, self.period, *self.categories))


@dataclass(frozen=True, slots=True)
class Names:
    """What a cell is called, in Chinese.

    Attributes:
        column, table, domain: of its column, table and domain.
        categories: of each category, its name and aliases; none for the code `all`.
        unit: in which it is declared.
        kind: of its column: count, share, rate, …
        choices: the names of each other code of its categories, which speak against it.
        is_only: whether its table has no other figure, so that the name of the table is its own.
        has_total: whether a category of its table has the code `all`.
        aliases: other names of its column.
        growth_of, share_of: the column that it is the growth or the share of; empty where it is none.
    """

    column: str
    table: str
    domain: str
    categories: tuple[tuple[str, ...], ...]
    choices: tuple[tuple[str, ...], ...]
    unit: str
    kind: str
    is_only: bool
    has_total: bool = False
    aliases: tuple[str, ...] = ()
    growth_of: str = ""
    share_of: str = ""


def cell_of(target: Target) -> Target:
    """Return the cell of the document's own area and period that a target is of."""
    return Target(target.table, target.column, target.categories)


def target_of(table: str, row_key: str, column: str) -> Target:
    """Read a target from a row key without the document."""
    area, period, *categories = row_key.split(":")
    return Target(table, column, tuple(categories), area, period)


def targets(catalogue: Catalogue, text: str) -> dict[Target, Names]:
    """Name every cell of the catalogue that a document may print a figure of, for its own area and period."""
    named = {}
    for address in catalogue.addresses:
        model = catalogue.entry(address).model
        categories = [each for each in columns(model) if isinstance(each.dtype, Category)]
        for codes in product(*(_codes(each, catalogue, text) for each in categories)):
            for column in figures(model):
                target = Target(address, column.name, codes)
                named[target] = names_of(target, catalogue, column)
    return named


def names_of(target: Target, catalogue: Catalogue, column: Column | None = None) -> Names:
    """Name a cell by its table, categories and column."""
    model = catalogue.entry(target.table).model
    column = column or next(each for each in figures(model) if each.name == target.column)
    categories = [each for each in columns(model) if isinstance(each.dtype, Category)]
    own, others, has_total = [], list[tuple[str, ...]](), False
    for category, code in zip(categories, target.categories, strict=True):
        for each in catalogue.codes(category.meaning.codes):
            words = tuple(map(plain_name, (each.zh, *each.aliases)))
            if each.code == code and code != "all":
                own.append(words)
            elif each.code not in (code, "all"):
                others.append(words)
            has_total |= each.code == "all"
    title = plain_name(titles(model)[0])
    is_only = len(figures(model)) == 1
    domain = plain_name(catalogue.domain_title(target.table.partition(".")[0])[0])
    related = {each.kind: each.others[0] for each in relations(model) if each.column == column.name and each.others}
    return Names(
        plain_name(column.meaning.zh),
        title,
        domain,
        tuple(own),
        tuple(others),
        column.meaning.unit,
        column.dtype.kind,
        is_only,
        has_total,
        tuple(map(plain_name, column_aliases(catalogue).get((target.table, column.name), ()))),
        related.get("growth_of", ""),
        related.get("share_of", ""),
    )


def is_cell(target: Target, catalogue: Catalogue) -> bool:
    """Whether a catalogue has a cell: its table, its column and its codes, also that of its area."""
    if target.table not in catalogue.addresses:
        return False
    model = catalogue.entry(target.table).model
    lists = [each.meaning.codes for each in columns(model) if isinstance(each.dtype, Category)]
    return (
        target.column in {each.name for each in figures(model)}
        and len(lists) == len(target.categories)
        and all(code in catalogue.lists.by_code(name) for name, code in zip(lists, target.categories, strict=True))
        and (target.area in (OWN, ENCLOSING) or target.area in catalogue.lists.by_code("areas"))
    )


def name_of(target: Target, catalogue: Catalogue) -> Text:
    """Name a cell in full: table, categories and column."""
    model = catalogue.entry(target.table).model
    column = next(each for each in figures(model) if each.name == target.column)
    categories = [each for each in columns(model) if isinstance(each.dtype, Category)]
    codes = [
        catalogue.lists.by_code(category.meaning.codes)[code]
        for category, code in zip(categories, target.categories, strict=True)
    ]
    zh, en = titles(model)
    return Text(
        ", ".join((en, *(each.en for each in codes), column.meaning.en)),
        "，".join((zh, *(each.zh for each in codes), column.meaning.zh)),
    )


def plain_name(text: str) -> str:
    """Return a name without quotation marks, brackets and spaces."""
    return re.sub(r"[“”\"'（）()\s]", "", text)


def _codes(category: Column, catalogue: Catalogue, text: str) -> Iterator[str]:
    listed = catalogue.codes(category.meaning.codes)
    for each in listed:
        if len(listed) <= _MOST_CODES or each.code == "all" or any(name in text for name in (each.zh, *each.aliases)):
            yield each.code
