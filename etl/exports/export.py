"""Export tables in a format to a folder or a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from etl.catalogue import Catalogue
from etl.errors import ProjectError, cannot_be_written
from etl.exports.tables import read_tables
from etl.files import replace_bytes
from etl.formats import format_named, writer


def export(
    warehouse: Path, form: str, wanted: str, output: Path, catalogue: Catalogue, options: Mapping[str, Any] | None = None
) -> list[Path]:
    """Export a table, a domain, or all (`wanted` is empty); return the files.

    Args:
        warehouse: the DuckDB file.
        form: name of a format that can hold tables.
        wanted: address of a table, name of a domain, or empty.
        output: a folder; or, where the export is one file, its name, which ends as such files do.
        catalogue: the declarations of its tables.
        options: what the writer of the format takes beside the tables.

    Raises:
        UnknownNameError: there is no such table or domain.
        ProjectError: there is no warehouse, a package is missing, or the files cannot be written.
    """
    write = writer(form, "tables")  # a package that is missing is missed before the work
    files: dict[str, bytes] = write(read_tables(warehouse, catalogue, wanted), **(options or {}))
    if len(files) == 1 and output.suffix and output.suffix in format_named(form).endings:
        paths = [output]
    else:
        if output.is_file():
            raise ProjectError(
                f"{output} is a file; this export is several. Name a folder with -o DIR.",
                f"{output} 是文件，而导出的是多个文件。请用 -o DIR 指定文件夹。",
            )
        paths = [output / name for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        _replace(path, content)
    return paths


def _replace(path: Path, content: bytes) -> None:
    if path.is_dir():
        raise ProjectError(
            f"{path} is a folder; this export is one file. Name it with -o FILE.",
            f"{path} 是文件夹，而导出的是一个文件。请用 -o FILE 指定文件名。",
        )
    try:
        replace_bytes(path, content)
    except OSError as error:
        raise ProjectError(cannot_be_written(path, error)) from error
