"""Merge a project's code lists, `schemas/codes/*.csv`, with the package's.

A list that the package lacks is used as it is. To a list of the package the project's rows are added: a row with a new code adds
the code; a row with a code of the package may rename it and add aliases, and the old names remain valid. A list of areas, or of
financial years, replaces the package's.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from schemas.financial_years import unsound_financial_years
from schemas.hand_edited import Fault, HandEditedList, read_list
from schemas.list_files import ListError
from schemas.notation_faults import unsound_hedges, unsound_marks, unsound_units
from schemas.texts import Text

CodeRow = dict[str, str]
CODES = Path(__file__).parent / "codes"

COLUMNS = ("code", "zh", "en", "aliases")
AREA_COLUMNS = ("code", "zh", "en", "parent", "aliases")
AREAS = "areas"

_KEYS: dict[str, tuple[str, ...]] = {
    "units": ("unit",),
    "hedges": ("hedge", "position"),
    "marks": ("mark", "position"),
    "financial_years": ("notation",),
}
"""The key columns of the lists that have no codes. A project cannot change what an entry of the package's lists means."""
FINANCIAL_YEARS = "financial_years"
_CODE = re.compile(r"[^\s:|,;]+")
_ROUNDED = re.compile(r"[0-9]+(?:\.[0-9]+)?[Ee]\+[0-9]+")
_CLOSED = frozenset({"obs_status", "conf_status"})
"""The code lists of SDMX, which a project cannot add to."""


def read_rows(path: Path) -> list[CodeRow]:
    """Read the rows of a code list of the package."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def merge_code_list(rows: list[CodeRow], path: Path, root: Path | None = None) -> list[CodeRow]:
    """Merge the package's code list with the project's list of that name, at `path`.

    Args:
        rows: the package's list; none where it has no list of that name.
        path: the project's list.
        root: the project, out of which no link may lead.

    Raises:
        ListError: the project's list cannot be read, or contradicts itself or the package's; names the places.
    """
    own = read_list(path, tuple(rows[0]) if rows else _columns(path), root)
    own = replace(own, rows=[[cell.strip() for cell in row] for row in own.rows])
    names = _KEYS.get(path.stem, ("code",))
    own.refuse(own.invisible(), own.repeated(*names, fold=names == ("code",)))
    if path.stem == FINANCIAL_YEARS:
        own.refuse(unsound_financial_years(own))
        return own.records()
    if path.stem in _CLOSED:
        own.refuse([(0, "code", Text("SDMX's list is closed; delete the file", "SDMX 的代码表不可增补；请删除此文件"))])
    if path.stem in _KEYS:
        listed = own.records()
        own.refuse(_in_package(own, rows, names))
        own.refuse(_unsound(own, rows, path.stem))
        return [*rows, *listed]
    of_package = {} if path.stem == AREAS else {row["code"]: row for row in rows}
    own.refuse(_unnamed(own, of_package), _unsound_codes(own))
    listed_by_code = dict(of_package)
    for row in own.records():
        there = of_package.get(row["code"])
        listed_by_code[row["code"]] = _renamed(there, row) if there else row
    own.refuse(_shared_names(own, listed_by_code))
    if "parent" in own.columns:
        own.refuse(_lost_parents(own, listed_by_code))
    return list(listed_by_code.values())


def _unsound(own: HandEditedList, rows: Sequence[CodeRow], name: str) -> Iterator[Fault]:
    if name == "marks":
        codes = (CODES / f"{each}.csv" for each in ("obs_status", "conf_status"))
        return unsound_marks(own, rows, *({row["code"] for row in read_rows(each)} for each in codes))
    return unsound_units(own, rows) if name == "units" else unsound_hedges(own)


def _columns(path: Path) -> tuple[str, ...]:
    return AREA_COLUMNS if path.stem == AREAS else COLUMNS


def _in_package(own: HandEditedList, rows: Sequence[CodeRow], names: Sequence[str]) -> Iterator[Fault]:
    known = {tuple(row[name] for name in names) for row in rows}
    for number, row in enumerate(own.records()):
        if tuple(row[name] for name in names) in known:
            en = f"{row[names[0]]} is in the package's list, whose meaning a project cannot change"
            yield number, names[0], Text(en, f"{row[names[0]]} 已在本软件自带的代码表中，项目不能改变其含义；请删除本行")


def _unnamed(own: HandEditedList, of_package: Mapping[str, CodeRow]) -> Iterator[Fault]:
    for number, row in enumerate(own.records()):
        if row["code"] not in of_package:
            for name in (name for name in ("code", "zh", "en") if not row[name]):
                en = f"{name} is blank; a new code has a code, a Chinese and an English name"
                yield number, name, Text(en, f"{name} 为空；新代码须有代码、中文名称和英文名称")


def _unsound_codes(own: HandEditedList) -> Iterator[Fault]:
    """Yield the codes that a key cannot hold, or that a spreadsheet made of others."""
    separators = Text(
        "has a blank, or one of : | , ; which separate the parts of a key",
        "含空格或 : | , ; 之一，这些字符用于分隔行键的各部分",
    )
    rounded = Text("is a number that a spreadsheet has rounded", "是被电子表格四舍五入的数；请以文本填写原代码")
    yield from own.wrong("code", _CODE.fullmatch, separators)
    yield from own.wrong("code", lambda text: not _ROUNDED.fullmatch(text), rounded)


def _renamed(there: CodeRow, row: CodeRow) -> CodeRow:
    """Rename a row of the package as the project does; old names become aliases."""
    names = [there["zh"], there["en"], *there["aliases"].split("|"), *row["aliases"].split("|")]
    new = {name: row[name] or there[name] for name in there if name != "aliases"}
    aliases = dict.fromkeys(name for name in names if name and name not in (new["zh"], new["en"]))
    return {name: "|".join(aliases) if name == "aliases" else new[name] for name in there}


def _shared_names(own: HandEditedList, listed: Mapping[str, CodeRow]) -> Iterator[Fault]:
    """Yield the cells of the project's list with a name that stands for another code too."""
    mine = {row["code"]: number for number, row in enumerate(own.records())}
    meant: dict[str, str] = {}
    for code, row in listed.items():
        for name in dict.fromkeys(filter(None, (code, row["zh"], row["en"], *row["aliases"].split("|")))):
            other = meant.setdefault(name, code)
            if other == code:
                continue
            number = mine[code] if code in mine else mine[other]
            cells = own.records()[number]
            column = next((each for each in ("code", "zh", "en", "aliases") if name in cells[each].split("|")), "code")
            en = f"{name} stands for {other} and for {code}; a name stands for one code"
            yield number, column, Text(en, f"“{name}”同时表示 {other} 和 {code}；一个名称只能表示一个代码")


def _lost_parents(own: HandEditedList, listed: Mapping[str, CodeRow]) -> Iterator[Fault]:
    """Yield the areas that lie in one that is not listed, or in themselves."""
    for number, row in enumerate(own.records()):
        path = [row["code"]]
        while parent := listed[path[-1]].get("parent", ""):
            if parent not in listed:
                if len(path) == 1:
                    en = f"{row['code']} lies in {parent}, which is not listed; list it too, or leave its parent blank"
                    yield number, "parent", Text(en, f"{row['code']} 的上级地区 {parent} 不在表中；请补列，或将 parent 留空")
                break
            if parent in path:
                if parent == row["code"]:
                    way = "" if len(path) == 1 else f": {' in '.join([*path, parent])}"
                    en = f"{row['code']} lies in itself{way}; leave the parent of the outermost area blank"
                    zh = f"{row['code']} 的上级地区循环（{' → '.join([*path, parent])}）；最外层地区的 parent 请留空"
                    yield number, "parent", Text(en, zh)
                break
            path.append(parent)


__all__ = ["AREAS", "AREA_COLUMNS", "CODES", "COLUMNS", "CodeRow", "ListError", "merge_code_list", "read_rows"]
