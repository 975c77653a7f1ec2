"""The forms of an export, one module each, which is imported when it is asked for; and where what it gives is put."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from etl.exports.files import Files, put_file, put_folder
from etl.exports.tables import exported

FORMS: dict[str, str] = {
    "parquet": "etl.exports.as_parquet",
    "csv": "etl.exports.as_csv",
    "xlsx": "etl.exports.as_xlsx",
    "datapackage": "etl.exports.as_datapackage",
    "sdmx": "etl.exports.as_sdmx",
    "odcs": "etl.exports.as_odcs",
}
_SUFFIXES = {"parquet": ".parquet", "csv": ".csv", "xlsx": ".xlsx", "odcs": ".yaml"}
"""How the name of a single file ends. The other forms are always a folder."""


def export(warehouse: Path, form: str, wanted: str, output: Path) -> list[Path]:
    """Write a table, the tables of a domain, or all (`wanted` is empty) in a form; give the files.

    Args:
        warehouse: the DuckDB file.
        form: one of `FORMS`.
        wanted: address of a table, name of a domain, or empty.
        output: a folder; or, where the export is one file, its name, which ends as such files do.

    Raises:
        UnknownNameError: there is no such table or domain.
        ProjectError: there is no warehouse, a package is missing, or the files cannot be written.
    """
    module = import_module(FORMS[form])  # a package that is missing is missed before the work
    files: Files = module.files(exported(warehouse, wanted))
    if len(files) == 1 and output.suffix == _SUFFIXES.get(form):
        (content,) = files.values()
        put_file(output, content)
        return [output]
    put_folder(output, files)
    return [output / name for name in files]
