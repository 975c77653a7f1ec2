"""The key of a handed-in table: its areas, periods and categories."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.errors import ProjectError, did_you_mean
from etl.raw_files.plain_characters import plain
from etl.scaffold.input_table import InputTable
from etl.scaffold.names import Dictionary, Named, is_usable
from etl.scaffold.period_parsing import canonical_period, periods_in
from etl.scaffold.titles import AMONG_THEM
from schemas.code_lists import Code, CodeLists

ALL = "all"
TOTALS = frozenset({"合计", "总计", "全部", "总数", "小计", "全市", "全市合计", "总量", "共计", "全市总计"})
_TITLES_OF_PERIODS = re.compile("^(?:年份|年度|年|时期|时间|月份|月|季度|期间|报告期|统计期|统计年度)$")
_TITLES_OF_AREAS = re.compile("地区|区县|县市|区域|行政区划|区[(（、/]?县|城市|属地")
_OF_NO_CATEGORY = frozenset({"areas", "units", "hedges", "unit_names", "revisions", "nice_classes"})


@dataclass(frozen=True, slots=True)
class CategoryColumn:
    """A category of the key.

    Attributes:
        name: English name.
        zh: its title.
        en: what it means.
        codes: name of its code list.
        added: the codes of that list where it is new; empty where it is there.
        cells: the code of each row.
        inner: codes of rows that are marked as part of another row.
        is_whole: whether the table has every code of the list, so that a total has no other part.
        is_named: whether name and codes are more than placeholders.
    """

    name: str
    zh: str
    en: str
    codes: str
    added: tuple[Code, ...]
    cells: tuple[str, ...]
    inner: frozenset[str]
    is_whole: bool
    is_named: bool

    @property
    def parts(self) -> tuple[str, ...]:
        """The codes that a total is made of, in the order of the table."""
        return tuple(dict.fromkeys(code for code in self.cells if code != ALL and code not in self.inner))

    @property
    def has_total(self) -> bool:
        """Whether a row is the total of the others."""
        return ALL in self.cells


def period_columns(titles: Sequence[str], cells: Sequence[Sequence[str | None]]) -> list[int]:
    """Find the columns of the period: a year, and perhaps a month beside it."""
    named_so = [position for position, title in enumerate(titles) if _TITLES_OF_PERIODS.match(title)]
    if named_so:
        return named_so[:2]
    for position, column in enumerate(cells):
        filled = [plain(cell) for cell in column if cell]
        is_whole = bool(filled) and len(filled) == len(column) and all(canonical_period(cell) for cell in filled)
        if is_whole and (position == 0 or not all(re.fullmatch("[0-9]{4}", cell) for cell in filled)):
            return [position]
    return []


def periods(
    positions: Sequence[int], cells: Sequence[Sequence[str | None]], table: InputTable, stated: str
) -> tuple[list[str | None], str]:
    """Read the period of each row, and its origin if it is in no column.

    Raises:
        ProjectError: it is not known.
    """
    if positions:
        found: list[str | None] = []
        last: list[str] = [""] * len(positions)
        for row, line in enumerate(table.lines):
            texts = [plain(cells[position][row] or "") for position in positions]
            last = [text or before for text, before in zip(texts, last, strict=True)]
            text = _joined(last)
            period = canonical_period(text)
            if period is None and text not in TOTALS:
                raise ProjectError(f"Line {line}: {text!r} is no period such as 2025, 2025年上半年 or 2025-Q3.")
            found.append(period)
        return found, ""
    if stated:
        period = canonical_period(stated)
        if period is None:
            raise ProjectError(f"--period {stated} is no period such as 2025, 2025-H1 or 2025-Q3.")
        return [period] * len(table.rows), "--period"
    told = list(dict.fromkeys(period for text in table.above for period in periods_in(text)))
    if len(told) != 1:
        raise ProjectError("No column tells the period, and no title does. State it, such as --period 2025.")
    return [told[0]] * len(table.rows), "the title"


def _joined(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    year, part = (text.removesuffix("年") for text in texts)
    return f"{year}年{part if part.endswith(('月', '月份', '季度', '半年')) else f'{part}月'}"


def area_column(titles: Sequence[str], cells: Sequence[Sequence[str | None]], lists: CodeLists) -> int | None:
    """Find the column of the area."""
    known = _names_of_areas(lists)
    for position, column in enumerate(cells):
        filled = [plain(cell) for cell in column if cell]
        if filled and all(cell in known or cell in TOTALS for cell in filled) and any(cell in known for cell in filled):
            return position
    return next((position for position, title in enumerate(titles) if _TITLES_OF_AREAS.search(title)), None)


def areas(position: int | None, cells: Sequence[Sequence[str | None]], table: InputTable, stated: str) -> tuple[list[str], str]:
    """Read the area of each row, and its origin if it is in no column.

    Raises:
        ProjectError: it is not known.
    """
    parents = table.catalogue.parents
    known = _names_of_areas(table.catalogue.lists)
    if position is not None:
        return _areas_of_rows(cells[position], known, parents, table.lines), ""
    if stated:
        if stated not in known:
            raise ProjectError(f"No area {stated!r} in schemas/codes/areas.csv.{did_you_mean(stated, known)}")
        return [known[stated]] * len(table.rows), "--area"
    text = "".join(table.above)
    told = {known[name] for name in known if len(name) > 1 and name in text and not name.isascii() and name != "全国"}
    told -= {parents[each] for each in told}
    if len(told) != 1:
        raise ProjectError("No column tells the area, and no title names one. State it, such as --area 330200.")
    return [told.pop()] * len(table.rows), "the title"


def _areas_of_rows(
    cells: Sequence[str | None], known: Mapping[str, str], parents: Mapping[str, str | None], lines: Sequence[int]
) -> list[str]:
    texts = [plain(cell or "") for cell in cells]
    within = {parents[known[text]] for text in texts if text in known}
    found = []
    for text, line in zip(texts, lines, strict=True):
        code = known.get(text)
        if code is None and text in TOTALS and len(within) == 1:
            code = next(iter(within))
        if code is None:
            near = did_you_mean(text, known)
            raise ProjectError(f"Line {line}: {text!r} is no area of schemas/codes/areas.csv.{near} Add it there.")
        found.append(code)
    return found


def _names_of_areas(lists: CodeLists) -> dict[str, str]:
    return {plain(name): code for name, code in lists.code_of_name("areas").items()}


def category(
    position: int, zh: str, cells: Sequence[str | None], table: str, names: Mapping[str, str], dictionary: Dictionary
) -> CategoryColumn:
    """Code a column of names: by a code list that has them all, or by a new one.

    Args:
        position: of the column, from 1.
        zh: its title.
        cells: its cells; a blank one goes on with the name above it.
        table: name of the table, for the name of a new list.
        names: English names that are stated, by title, or by name of a category.
        dictionary: English names for the others.

    Raises:
        ProjectError: a stated name cannot be one.
    """
    lists = dictionary.catalogue.lists
    texts, before = [], ""
    for cell in cells:
        before = re.sub(r"\s+", "", plain(cell)) if cell else before
        texts.append(before)
    inner = {AMONG_THEM.sub("", text) for text in texts if AMONG_THEM.match(text)}
    texts = [AMONG_THEM.sub("", text) for text in texts]
    english = _stated(zh, names) or dictionary.translate(zh or "类别", position, what="category")
    if not is_usable(english.name):
        raise ProjectError(f"{english.name!r} cannot be the name of {zh}: small letters, digits and _, and no word of a model.")
    added: tuple[Code, ...] = ()
    listed, code_of = _fitting_list(texts, lists)
    if not listed:
        added = _new_codes(texts, names, dictionary)
        code_of = {name: code.code for code in added for name in (code.zh, *code.aliases)}
        plural = f"{english.name.removesuffix('y')}ies" if english.name.endswith("y") else f"{english.name}s"
        listed = next(name for name in (plural, f"{table}_{plural}", f"{table}_{plural}_2") if name not in lists.names())
    found = tuple(code_of[text] for text in texts)
    parts = frozenset(code_of[text] for text in inner)
    is_whole = {code.code for code in added or lists.codes(listed)} - {ALL} <= {*found}
    is_named = english.is_known and not any(re.fullmatch("code_[0-9]+", code.code) for code in added)
    return CategoryColumn(english.name, zh, english.en, listed, added, found, parts, is_whole, is_named)


def _stated(zh: str, names: Mapping[str, str]) -> Named | None:
    return Named(names[zh], names[zh].replace("_", " ")) if zh in names else None


def _fitting_list(texts: Sequence[str], lists: CodeLists) -> tuple[str, dict[str, str]]:
    """Find the code list that has all names, and the code of each; empty for none."""
    wanted = set(texts)
    for stem in lists.names():
        if stem in _OF_NO_CATEGORY:
            continue
        listed = lists.codes(stem)
        of_name = {plain(name): code.code for code in listed for name in (*code.aliases, code.zh, code.code)}
        if any(code.code == ALL for code in listed):
            of_name = dict.fromkeys(TOTALS, ALL) | of_name
        if len(wanted - TOTALS) >= 2 and wanted <= set(of_name):
            found = {text: of_name[text] for text in wanted}
            if len(set(found.values())) == len(found):
                return stem, found
    return "", {}


def _new_codes(texts: Sequence[str], names: Mapping[str, str], dictionary: Dictionary) -> tuple[Code, ...]:
    found: list[Code] = []
    totals = [text for text in dict.fromkeys(texts) if text in TOTALS]
    if totals:
        found.append(Code(ALL, totals[0], "all of them", tuple(totals[1:]), ""))
    for position, text in enumerate((each for each in dict.fromkeys(texts) if each not in TOTALS), start=1):
        english = _stated(text, names) or dictionary.translate_code(text, position)
        if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", english.name):
            raise ProjectError(f"{english.name!r} cannot be the code of {text}: letters, digits and _.")
        if english.name in {code.code for code in found} or english.en in {code.en for code in found}:
            english = Named(f"code_{position}", f"code {position}", False)
        found.append(Code(english.name, text, english.en, (), ""))
    return tuple(found)
