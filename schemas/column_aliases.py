"""Read the aliases of columns, `schemas/column_aliases.csv`: other names by which documents print the figure of a column.

The list of a project is read after the package's, and adds to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from schemas.hand_edited import read_list

ALIASES_FILE = "column_aliases.csv"
ALIAS_COLUMNS = ("table", "column", "aliases")

ColumnAliases = Mapping[tuple[str, str], tuple[str, ...]]
"""The aliases by table and column."""

_PACKAGE = Path(__file__).with_name(ALIASES_FILE)


def read_column_aliases(folder: Path | None = None) -> ColumnAliases:
    """Read the package's aliases, and those in a folder.

    Args:
        folder: the folder `schemas` of a project, out of which no link may lead.

    Raises:
        ListError: a list cannot be read; names the places.
    """
    own = folder / ALIASES_FILE if folder else _PACKAGE
    return _read(_PACKAGE) if own == _PACKAGE or not own.is_file() else _joined(_read(_PACKAGE), _read(own, folder))


def _read(path: Path, root: Path | None = None) -> ColumnAliases:
    listed = read_list(path, ALIAS_COLUMNS, root)
    listed.refuse(listed.invisible(), listed.blank(*ALIAS_COLUMNS), listed.repeated("table", "column"))
    return {(row["table"], row["column"]): tuple(row["aliases"].split("|")) for row in listed.records()}


def _joined(one: ColumnAliases, other: ColumnAliases) -> ColumnAliases:
    return {key: tuple(dict.fromkeys((*one.get(key, ()), *other.get(key, ())))) for key in dict.fromkeys((*one, *other))}
