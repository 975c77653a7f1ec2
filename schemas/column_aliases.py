"""Read the aliases of columns, `schemas/column_aliases.csv`: other names by which documents print the figure of a column.

The list of a project is read after the package's, and adds to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from schemas.hand_edited import read_list
from schemas.texts import Text

ALIASES_FILE = "column_aliases.csv"
ALIAS_COLUMNS = ("table", "column", "aliases")

ColumnAliases = Mapping[tuple[str, str], tuple[str, ...]]
"""The aliases by table and column."""

_PACKAGE = Path(__file__).with_name(ALIASES_FILE)


def read_column_aliases(folder: Path | None, is_column: Callable[[str, str], bool]) -> ColumnAliases:
    """Read the package's aliases, and those in a folder.

    Args:
        folder: the folder `schemas` of a project; None where it has none.
        is_column: whether there is a column of a table.

    Raises:
        ListError: a list cannot be read; names the places.
    """
    of_package = read_own_aliases(_PACKAGE, is_column)
    own = folder / ALIASES_FILE if folder else _PACKAGE
    if folder is None or own == _PACKAGE or not own.is_file():
        return of_package
    return _joined(of_package, read_own_aliases(own, is_column, folder.parent))


def read_own_aliases(path: Path, is_column: Callable[[str, str], bool], root: Path | None = None) -> ColumnAliases:
    """Read one list of aliases.

    Raises:
        ListError: it cannot be read; names the places.
    """
    listed = read_list(path, ALIAS_COLUMNS, root)
    listed.refuse(listed.invisible(), listed.blank(*ALIAS_COLUMNS), listed.repeated("table", "column"))
    listed.refuse(
        (
            number,
            "table",
            Text(
                f"there is no column {row['column']} of a table {row['table']}; see etl tables",
                f"表 {row['table']} 没有列 {row['column']}；可用 etl tables 查看",
            ),
        )
        for number, row in enumerate(listed.records())
        if not is_column(row["table"], row["column"])
    )
    return {(row["table"], row["column"]): tuple(row["aliases"].split("|")) for row in listed.records()}


def _joined(one: ColumnAliases, other: ColumnAliases) -> ColumnAliases:
    return {key: tuple(dict.fromkeys((*one.get(key, ()), *other.get(key, ())))) for key in dict.fromkeys((*one, *other))}
