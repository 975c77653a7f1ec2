"""The aliases of columns that a project reads: the package's, and its own (`schemas/column_aliases.csv`)."""

from __future__ import annotations

from functools import cache

from etl.catalogue import CATALOGUE, Catalogue
from etl.errors import ProjectError
from schemas.column_aliases import ColumnAliases, read_column_aliases
from schemas.models import figures
from schemas.texts import text_of


@cache
def column_aliases(catalogue: Catalogue) -> ColumnAliases:
    """Return the other names of columns, by table and column.

    Raises:
        ProjectError: the list of the project cannot be read.
    """
    own = catalogue.extensions.root / "schemas" if catalogue.extensions else None
    try:
        return read_column_aliases(own, lambda table, column: is_column(catalogue, table, column))
    except (ValueError, OSError) as error:
        raise ProjectError(text_of(error)) from error


def is_column(catalogue: Catalogue, table: str, column: str) -> bool:
    """Whether there is a column of figures of a table, in use or not."""
    is_table = table in catalogue.addresses or (table in catalogue.unused and table in CATALOGUE)
    return is_table and column in {each.name for each in figures(catalogue.entry(table).model)}
