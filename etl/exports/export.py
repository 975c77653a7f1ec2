"""Export tables in a format to a folder or a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from etl.catalogue import Catalogue
from etl.errors import ProjectError
from etl.exports.relations import read_query, read_relations
from etl.exports.tables import is_declared, read_tables
from etl.files import replace_bytes, writing
from etl.formats import Content, format_named, formats_of, writer
from etl.sandbox.run import Limits
from schemas.texts import listed_names

ALL_ROWS = Limits(60, 2_000_000_000, 0)


DECLARED: Content = "tables"
ANY: Content = "relations"
"""What a format can hold: tables that a model declares, or any table, view or query."""


def export(
    warehouse: Path,
    form: str,
    wanted: str,
    output: Path,
    catalogue: Catalogue,
    options: Mapping[str, Any] | None = None,
    *,
    query: str = "",
    limits: Limits = ALL_ROWS,
) -> list[Path]:
    """Export a table, a domain, all (`wanted` is empty), a view, or the result of a query; return the files.

    Args:
        warehouse: the DuckDB file.
        form: name of a format that can hold them.
        wanted: address of a table, name of a domain, table, view or schema of the warehouse, pattern of such names, or empty.
        output: a folder; or, where the export is one file, its name, which ends as such files do.
        catalogue: the declarations of its tables.
        options: what the writer of the format takes beside the tables.
        query: SQL in place of what is wanted; it runs sandboxed, as views do.
        limits: of a query.

    Raises:
        UnknownNameError: there is no such table, domain or view.
        QueryError: the query is wrong, or needs more time or memory than it may.
        ProjectError: there is no warehouse, the format cannot hold it, a package is missing, or the files cannot be written.
    """
    wanted_as: Content = DECLARED if not query and (not wanted or is_declared(wanted, catalogue)) else ANY
    if wanted_as not in format_named(form).writers:
        able = listed_names(formats_of(wanted_as))
        raise ProjectError(
            f"{form} is for declared tables, which have areas, periods and keys. Views and queries go --to {able.en}.",
            f"{form} 只用于已声明的表（有地区、时期和主键）。视图与查询请用 --to {able.zh}。",
        )
    write = writer(form, wanted_as)  # a package that is missing is missed before the work
    if wanted_as == DECLARED:
        tables = read_tables(warehouse, catalogue, wanted)
    elif query:
        tables = read_query(warehouse, query, catalogue, limits)
    else:
        tables = read_relations(warehouse, wanted, catalogue, limits)
    files: dict[str, bytes] = write(tables, **((options or {}) if wanted_as == DECLARED else {}))
    if len(files) == 1 and output.suffix and output.suffix in format_named(form).endings:
        paths = [output]
    else:
        if output.is_file():
            raise ProjectError(
                f"{output} is a file; this export is several. Name a folder with -o DIR.",
                f"{output} 是文件，而导出的是多个文件。请用 -o 指定文件夹。",
            )
        paths = [output / name for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        _replace(path, content)
    return paths


def _replace(path: Path, content: bytes) -> None:
    if path.is_dir():
        raise ProjectError(
            f"{path} is a folder; this export is one file. Name it with -o FILE.",
            f"{path} 是文件夹，而导出的是一个文件。请用 -o 指定文件名。",
        )
    with writing(path):
        replace_bytes(path, content)
