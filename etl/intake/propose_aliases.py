"""Other names of columns that confirmed documents print: what three of them say before a figure is proposed as an alias."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from etl.catalogue import Catalogue
from etl.files import csv_text
from etl.intake.aliases import is_column
from etl.intake.phrases import phrases_file, read_phrases
from etl.intake.targets import Target, cell_of, names_of
from etl.intake.vocabulary import standard, telling
from etl.project import Project
from schemas.column_aliases import ALIAS_COLUMNS, ALIASES_FILE, read_own_aliases

_LEAST_DOCUMENTS = 3
_SHORTEST = 2
_BREAKS = re.compile("[，。；：、（）()“”]")

Column = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ProposedAlias:
    """A name that documents print for a column, and that it does not have.

    Attributes:
        table, column: the column.
        alias: the name.
        sources: the documents that print it.
    """

    table: str
    column: str
    alias: str
    sources: tuple[str, ...]


def proposed_aliases(project: Project) -> list[ProposedAlias]:
    """List the names that at least three confirmed documents print for a column, the longest of each."""
    printed: dict[str, dict[Column, set[str]]] = defaultdict(lambda: defaultdict(set))
    cells: dict[Column, Target] = {}
    for source in project.sources:
        path = phrases_file(project, source)
        for each in read_phrases(path) if path.is_file() else ():
            if each.target and each.target.table in project.catalogue.addresses:
                column = (each.target.table, each.target.column)
                cells.setdefault(column, cell_of(each.target))
                for name in _endings(each.before):
                    printed[name][column].add(source)
    found: dict[Column, ProposedAlias] = {}
    for name in sorted(printed, key=len):  # the longest last
        columns = printed[name]
        column, sources = next(iter(columns.items()))
        if len(columns) == 1 and len(sources) >= _LEAST_DOCUMENTS and not _is_name(name, cells[column], project.catalogue):
            found[column] = ProposedAlias(*column, name, tuple(sorted(sources)))
    return sorted(found.values(), key=lambda each: (each.table, each.column))


def _endings(before: str) -> Iterator[str]:
    """Yield the endings of the last words before a figure that tell something; their beginning may be cut off."""
    parts = [part for part in telling(_BREAKS.sub("，", before)).split("，") if part]
    last = parts[-1] if parts else ""
    yield from (last[start:] for start in range(len(last) - _SHORTEST + 1))


def _is_name(name: str, cell: Target, catalogue: Catalogue) -> bool:
    """Whether a name is part of those that a column has, or the other way round."""
    names = names_of(cell, catalogue)
    return any(standard(name) in standard(each) for each in (names.column, names.table, *names.aliases))


def aliases_table(project: Project, found: list[ProposedAlias]) -> str:
    """Return the list of the project's aliases with those that are proposed, as `schemas/column_aliases.csv` has it."""
    path = project.root / "schemas" / ALIASES_FILE
    own = dict(read_own_aliases(path, partial(is_column, project.catalogue), project.root)) if path.is_file() else {}
    for each in found:
        own[each.table, each.column] = (*own.get((each.table, each.column), ()), each.alias)
    return csv_text([ALIAS_COLUMNS, *((*column, "|".join(aliases)) for column, aliases in own.items())])
