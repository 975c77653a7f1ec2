"""The code lists of a project's own, `PROJECT/schemas/codes/*.csv`, beside those of the package.

A list that the package lacks is used as it is. Of one that it has, the project's rows are added: a row with a new code is a new
code; one with a code of the package gives it other names, where it has any, and more aliases. Which areas there are is up to the
project: where it lists them, those of the package are not used.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from schemas.remembered import forget

Row = dict[str, str]

COLUMNS = ("code", "zh", "en", "aliases")
AREA_COLUMNS = ("code", "zh", "en", "parent", "aliases")
AREAS = "areas"

_MEASURES: dict[str, tuple[str, ...]] = {"units": ("unit",), "hedges": ("hedge", "position")}
"""Lists of no codes, and what tells a row of them from another. What a unit or a hedge means is not a project's to change."""

_folders: list[Path] = []


def use_lists_of(folder: Path | None) -> None:
    """Use the code lists of a folder beside those of the package from now on; None for those of the package alone."""
    _folders[:] = [folder] if folder else []
    forget()


def own_folder() -> Path | None:
    """Give the folder of the lists that are used beside those of the package."""
    return _folders[0] if _folders else None


def read_rows(path: Path) -> list[Row]:
    """Give the rows of a code list."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def beside(rows: list[Row], path: Path) -> list[Row]:
    """Give the rows of the package's list with those of the project's of the same name, which is at `path`.

    Raises:
        ValueError: the project's list cannot be read, or contradicts itself or the package's; says in which line.
    """
    own = list(_own_rows(path, tuple(rows[0]) if rows else _columns(path)))
    if path.stem in _MEASURES:
        return [*rows, *_new(rows, own, _MEASURES[path.stem], path)]
    listed = {} if path.stem == AREAS else {row["code"]: row for row in rows}
    for line, row in own:
        there = listed.get(row["code"])
        if there is None:
            _refuse_blank(row, path, line)
        listed[row["code"]] = _renamed(there, row) if there else row
    _refuse_shared_names(listed, path)
    _refuse_unknown_parents(listed, path)
    return list(listed.values())


def _columns(path: Path) -> tuple[str, ...]:
    return AREA_COLUMNS if path.stem == AREAS else COLUMNS


def _own_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """Give the rows of a project's list with the lines on which they end."""
    try:
        reader = csv.reader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True), strict=True)
        header, *rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if cells] or [(1, [])]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path} is no CSV in UTF-8: {error}") from None
    if header[1] != [*columns]:
        raise ValueError(f"{path}:1: its header must be {','.join(columns)}")
    seen: set[tuple[str, ...]] = set()
    for line, cells in rows:
        if len(cells) != len(columns):
            raise ValueError(f"{path}:{line}: {len(cells)} cells where the header has {len(columns)}")
        row = dict(zip(columns, cells, strict=True))
        name = tuple(row[each] for each in _MEASURES.get(path.stem, ("code",)))
        if name in seen:
            raise ValueError(f"{path}:{line}: {' '.join(name)} stands here twice")
        seen.add(name)
        yield line, row


def _new(rows: list[Row], own: list[tuple[int, Row]], names: tuple[str, ...], path: Path) -> Iterator[Row]:
    known = {tuple(row[name] for name in names) for row in rows}
    for line, row in own:
        if tuple(row[name] for name in names) in known:
            raise ValueError(f"{path}:{line}: {row[names[0]]} is in the package's list, whose meaning a project cannot change")
        yield row


def _refuse_blank(row: Row, path: Path, line: int) -> None:
    blank = [name for name in ("code", "zh", "en") if not row[name]]
    if blank:
        raise ValueError(f"{path}:{line}: {blank[0]} is blank; a new code has a code, a Chinese and an English name")


def _renamed(there: Row, row: Row) -> Row:
    """Give a row of the package under the names of the project's; its old names still stand for it."""
    names = [there["zh"], there["en"], *there["aliases"].split("|"), *row["aliases"].split("|")]
    new = {name: row[name] or there[name] for name in there if name != "aliases"}
    aliases = dict.fromkeys(name for name in names if name and name not in (new["zh"], new["en"]))
    return {name: "|".join(aliases) if name == "aliases" else new[name] for name in there}


def _refuse_shared_names(listed: dict[str, Row], path: Path) -> None:
    meant: dict[str, str] = {}
    for code, row in listed.items():
        for name in filter(None, {code, row["zh"], row["en"], *row["aliases"].split("|")}):
            other = meant.setdefault(name, code)
            if other != code:
                raise ValueError(f"{path}: {name} stands for {other} and for {code}; a name stands for one code")


def _refuse_unknown_parents(listed: dict[str, Row], path: Path) -> None:
    for code, row in listed.items():
        parent = row.get("parent", "")
        if parent and parent not in listed:
            raise ValueError(f"{path}: {code} lies in {parent}, which is not listed; list it too, or leave its parent blank")
