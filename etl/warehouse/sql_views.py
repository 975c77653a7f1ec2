"""Read the SQL views of `etl/warehouse/views/`, each after those that it names.

A file begins with lines `-- key: value`: `view` (schema and name), `zh` and `en` (its meaning), `grain` (the columns that
tell one row from another), then the columns that `table_spec.COLUMNS` does not explain. `{domain.table.column}` in such a line
stands for the meaning of that column of the warehouse. A file with a line `columns: headlines.csv` has no query: that table says
which columns the view has. The views use the functions of `etl/warehouse/views/functions/`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from etl.errors import ProjectError
from etl.warehouse.headlines import HEADLINES, overview

VIEWS = Path(__file__).parent / "views"

_HEADER = re.compile(r"-- (?P<key>\w+): (?P<value>\S.*)")
_OWN_KEYS = ("view", "zh", "en", "grain")
_GENERATED = "columns"


@dataclass(frozen=True)
class View:
    """A view as its file declares it.

    Attributes:
        schema: its schema.
        name: its name in the schema.
        comment: its meaning and grain.
        grain: the columns of which no two rows have the same values.
        comments: meanings of its columns.
        sql: the whole file, whose last statement is one SELECT.
    """

    schema: str
    name: str
    comment: str
    grain: tuple[str, ...]
    comments: dict[str, str]
    sql: str

    @property
    def address(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"


def sql_views(folder: Path = VIEWS) -> list[View]:
    """Read the views of a folder, each after those it names.

    Raises:
        ProjectError: a file lacks a line of its header, or two views name each other.
    """
    views = {view.address: view for view in map(read_view, sorted(folder.glob("*.sql")))}
    named = {address: [other for other in views if names_view(view, other)] for address, view in views.items()}
    try:
        return [views[address] for address in TopologicalSorter(named).static_order()]
    except CycleError as error:
        raise ProjectError(
            f"Views that name each other cannot be made: {', '.join(error.args[1])}.",
            f"相互引用的视图无法建立：{'、'.join(error.args[1])}。",
        ) from None


def names_view(view: View, address: str) -> bool:
    """Whether the query of a view names another view."""
    return address != view.address and bool(re.search(rf"\b{re.escape(address)}\b", view.sql))


def reads_table(view: View, table: str) -> bool:
    """Whether the query of a view takes rows of a table."""
    return bool(re.search(rf"\b(?:FROM|JOIN)\s+{re.escape(table)}\b", view.sql))


def unordered(view: View, copies: Mapping[str, str]) -> str:
    """Return the query of a view in brackets, unordered, over copies of other views."""
    sql = re.sub(r"\nORDER BY (?:(?!LIMIT)[^()])*\Z", "", view.sql.rstrip().removesuffix(";"))
    for address, copy in copies.items():
        sql = re.sub(rf"\b{re.escape(address)}\b", copy, sql)
    return f"({sql}\n)"


def read_view(path: Path) -> View:
    """Read the view that a SQL file declares.

    Raises:
        ProjectError: it lacks a line of its header.
    """
    sql = path.read_text(encoding="utf-8")
    header: dict[str, str] = {}
    for line in sql.splitlines():
        match = _HEADER.fullmatch(line.rstrip())
        if match is None:
            break
        header[match["key"]] = match["value"]
    missing = [key for key in _OWN_KEYS if key not in header]
    if missing:
        raise ProjectError(
            f"The view file {path.name} must begin with `-- {missing[0]}: …`, a line for each of {_OWN_KEYS}.",
            f"视图文件 {path.name} 须以 `-- {missing[0]}: …` 开头，{_OWN_KEYS} 各占一行。",
        )
    schema, _, name = header["view"].partition(".")
    grain = tuple(column.strip() for column in header["grain"].split(","))
    comment = f"{header['zh']} · {header['en']} [grain: {', '.join(grain)}]"
    comments = {column: text for column, text in header.items() if column not in (*_OWN_KEYS, _GENERATED)}
    if header.get(_GENERATED) == HEADLINES.name:
        query, comments = overview(name)
        sql += query
    return View(schema, name, comment, grain, comments, sql)
