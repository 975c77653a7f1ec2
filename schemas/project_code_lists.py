"""Merge a project's code lists, `schemas/codes/*.csv`, with the package's.

A list that the package lacks is used as it is. To a list of the package the project's rows are added: a row with a new code adds
the code; a row with a code of the package may rename it and add aliases, and the old names remain valid. The list of areas is the
exception: a project that has one replaces the package's.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

CodeRow = dict[str, str]

COLUMNS = ("code", "zh", "en", "aliases")
AREA_COLUMNS = ("code", "zh", "en", "parent", "aliases")
AREAS = "areas"

_KEYS: dict[str, tuple[str, ...]] = {"units": ("unit",), "hedges": ("hedge", "position")}
"""The key columns of the lists that have no codes. A project cannot change what a unit or hedge of the package means."""


def read_rows(path: Path) -> list[CodeRow]:
    """Read the rows of a code list of the package."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def merge_code_list(rows: list[CodeRow], path: Path) -> list[CodeRow]:
    """Merge the package's code list with the project's list of that name, at `path`.

    Raises:
        ValueError: the project's list cannot be read, or contradicts itself or the package's; names the line.
    """
    own = list(_read_project_rows(path, tuple(rows[0]) if rows else _columns(path)))
    if path.stem in _KEYS:
        return [*rows, *_new_rows(rows, own, _KEYS[path.stem], path)]
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


def _read_project_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, CodeRow]]:
    """Yield the rows of a project's list with the lines on which they end."""
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
        name = tuple(row[each] for each in _KEYS.get(path.stem, ("code",)))
        if name in seen:
            raise ValueError(f"{path}:{line}: {' '.join(name)} stands here twice")
        seen.add(name)
        yield line, row


def _new_rows(rows: list[CodeRow], own: list[tuple[int, CodeRow]], names: tuple[str, ...], path: Path) -> Iterator[CodeRow]:
    known = {tuple(row[name] for name in names) for row in rows}
    for line, row in own:
        if tuple(row[name] for name in names) in known:
            raise ValueError(f"{path}:{line}: {row[names[0]]} is in the package's list, whose meaning a project cannot change")
        yield row


def _refuse_blank(row: CodeRow, path: Path, line: int) -> None:
    blank = [name for name in ("code", "zh", "en") if not row[name]]
    if blank:
        raise ValueError(f"{path}:{line}: {blank[0]} is blank; a new code has a code, a Chinese and an English name")


def _renamed(there: CodeRow, row: CodeRow) -> CodeRow:
    """Rename a row of the package as the project does; old names become aliases."""
    names = [there["zh"], there["en"], *there["aliases"].split("|"), *row["aliases"].split("|")]
    new = {name: row[name] or there[name] for name in there if name != "aliases"}
    aliases = dict.fromkeys(name for name in names if name and name not in (new["zh"], new["en"]))
    return {name: "|".join(aliases) if name == "aliases" else new[name] for name in there}


def _refuse_shared_names(listed: dict[str, CodeRow], path: Path) -> None:
    meant: dict[str, str] = {}
    for code, row in listed.items():
        for name in filter(None, {code, row["zh"], row["en"], *row["aliases"].split("|")}):
            other = meant.setdefault(name, code)
            if other != code:
                raise ValueError(f"{path}: {name} stands for {other} and for {code}; a name stands for one code")


def _refuse_unknown_parents(listed: dict[str, CodeRow], path: Path) -> None:
    for code, row in listed.items():
        parent = row.get("parent", "")
        if parent and parent not in listed:
            raise ValueError(f"{path}: {code} lies in {parent}, which is not listed; list it too, or leave its parent blank")
