"""Where the files of a proposed table go: into a checkout of this package, or into a project with domains of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from etl.catalogue_file import CATALOGUE_FILE


@dataclass(frozen=True)
class Places:
    """The files of a table.

    Attributes:
        root: the folder of checkout or project.
        schema: the models of its domain.
        transform: the transforms of its domain.
        catalogue: what lists the tables.
        codes: the folder of the code lists.
        raw: its raw file.
        examples: the folder of its examples.
        is_checkout: whether the catalogue is a module of the package.
    """

    root: Path
    schema: Path
    transform: Path
    catalogue: Path
    codes: Path
    raw: Path
    examples: Path
    is_checkout: bool


def places(root: Path, address: str) -> Places:
    """Give where the files of a table go."""
    domain, _, table = address.partition(".")
    is_checkout = (root / "etl" / "catalogue.py").is_file() and (root / "schemas" / "vocabulary.py").is_file()
    transforms = root / "etl" / "transforms" if is_checkout else root / "transforms"
    return Places(
        root,
        root / "schemas" / f"{domain}.py",
        transforms / f"{domain}.py",
        root / "etl" / "catalogue.py" if is_checkout else root / CATALOGUE_FILE,
        root / "schemas" / "codes",
        root / "raw" / domain / f"{table}.csv",
        root / "tests" / "examples" / domain / table,
        is_checkout,
    )
