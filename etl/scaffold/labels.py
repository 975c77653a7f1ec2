"""The key of a handed-in table: its areas, periods and categories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from etl.errors import ProjectError, did_you_mean
from etl.raw_files.plain_characters import plain
from etl.scaffold.input_table import InputTable
from etl.scaffold.names import Dictionary, Named, is_usable, not_a_name, stated_name
from etl.scaffold.period_parsing import canonical_period, periods_in
from etl.scaffold.titles import AMONG_THEM, OF_PERIODS, TitledColumn
from schemas.code_lists import Code, CodeLists
from schemas.texts import Text, joined

ALL = "all"
TOTALS = frozenset({"合计", "总计", "全部", "总数", "小计", "全市", "全市合计", "总量", "共计", "全市总计"})
_TITLES_OF_AREAS = re.compile("地区|区县|县市|区域|行政区划|区[(（、/]?县|城市|属地")
_OF_NO_CATEGORY = frozenset(
    {
        "areas",
        "units",
        "hedges",
        "marks",
        "unit_names",
        "revisions",
        "nice_classes",
        "financial_years",
        "obs_status",
        "conf_status",
    }
)


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
    """

    name: str
    zh: str
    en: str
    codes: str
    added: tuple[Code, ...]
    cells: tuple[str, ...]
    inner: frozenset[str]
    is_whole: bool

    @property
    def parts(self) -> tuple[str, ...]:
        """The codes that a total is made of, in the order of the table."""
        return tuple(dict.fromkeys(code for code in self.cells if code != ALL and code not in self.inner))

    @property
    def has_total(self) -> bool:
        """Whether a row is the total of the others."""
        return ALL in self.cells


def period_columns(columns: Sequence[TitledColumn]) -> list[TitledColumn]:
    """Find the columns of the period: a year, and perhaps a month beside it."""
    named_so = [each for each in columns if OF_PERIODS.match(each.zh)]
    if named_so:
        return named_so[:2]
    for column in columns:
        is_whole = None not in column.cells and all(canonical_period(plain(cell)) for cell in column.filled)
        is_of_years = all(re.fullmatch("[0-9]{4}", plain(cell)) for cell in column.filled)
        if is_whole and (column is columns[0] or not is_of_years):
            return [column]
    return []


def periods_of_rows(columns: Sequence[TitledColumn], table: InputTable, stated: str) -> tuple[list[str | None], str]:
    """Read the period of each row, and its origin if it is in no column.

    The period of a row that is a total of several is None.

    Raises:
        ProjectError: it is not known.
    """
    if columns:
        found: list[str | None] = []
        unread: list[Text] = []
        last = [""] * len(columns)
        for row, cells in enumerate(zip(*(each.cells for each in columns), strict=True)):
            last = [plain(cell or "") or before for cell, before in zip(cells, last, strict=True)]
            text = _joined(last)
            found.append(canonical_period(text))
            if found[-1] is None and text not in TOTALS:
                place = table.place(columns[0], row)
                en = f"{text!r} is no period such as 2025, 2025年上半年 or 2025-Q3."
                unread.append(f"{place}: " + Text(en, f"“{text}”不是时期，应如 2025、2025年上半年 或 2025-Q3。"))
        if unread:
            raise ProjectError(joined(unread, "\n"))
        if stated and canonical_period(stated) not in found:
            raise ProjectError(
                f"--period {stated} is that of no row: the file names its periods itself, such as {found[0]}.",
                f"没有一行属于 --period {stated}：文件已写明时期，如 {found[0]}。",
            )
        return found, ""
    if stated:
        period, origin = canonical_period(stated), "--period"
        if period is None:
            raise ProjectError(
                f"--period {stated} is no period such as 2025, 2025-H1 or 2025-Q3.",
                f"--period {stated} 不是时期，应如 2025、2025-H1 或 2025-Q3。",
            )
    else:
        told = {period for text in table.above for period in periods_in(text)}
        if len(told) != 1:
            raise ProjectError(
                "No column tells the period, and no title does. State it, such as --period 2025.",
                "没有列或标题写明时期。请写明，如 --period 2025。",
            )
        period, origin = told.pop(), "the title"
    return [period] * len(table.lines), origin


def _joined(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    year, part = (text.removesuffix("年") for text in texts)
    return f"{year}年{part if part.endswith(('月', '月份', '季度', '半年')) else f'{part}月'}"


def area_column(columns: Iterable[TitledColumn], lists: CodeLists) -> TitledColumn | None:
    """Find the column of the area."""
    known = _names_of_areas(lists)
    for column in columns:
        names = {plain(cell) for cell in column.filled}
        if names <= known.keys() | TOTALS and names & known.keys():
            return column
    return next((each for each in columns if _TITLES_OF_AREAS.search(each.zh)), None)


def areas_of_rows(column: TitledColumn | None, table: InputTable, stated: str) -> tuple[list[str], str]:
    """Read the area of each row, and its origin if it is in no column.

    Raises:
        ProjectError: it is not known.
    """
    parents, known = table.catalogue.parents, _names_of_areas(table.catalogue.lists)
    if column is not None:
        return _codes_of_areas(column, known, parents, table), ""
    if stated:
        if stated not in known:
            unknown = Text(f"No area {stated!r} in schemas/codes/areas.csv.", f"schemas/codes/areas.csv 中没有地区“{stated}”。")
            raise ProjectError(unknown + did_you_mean(stated, known))
        return [known[stated]] * len(table.lines), "--area"
    text = "".join(table.above)
    told = {known[name] for name in known if len(name) > 1 and name in text and not name.isascii() and name != "全国"}
    told -= {parents[each] for each in told}
    if len(told) != 1:
        raise ProjectError(
            "No column tells the area, and no title names one. State it, such as --area 330200.",
            "没有列或标题写明地区。请写明，如 --area 330200。",
        )
    return [told.pop()] * len(table.lines), "the title"


def _codes_of_areas(
    column: TitledColumn, known: Mapping[str, str], parents: Mapping[str, str | None], table: InputTable
) -> list[str]:
    """Code the names of a column; a total of areas is the one around them."""
    texts = [plain(cell or "") for cell in column.cells]
    around = {parents[known[text]] for text in texts if text in known}
    code_of = {**dict.fromkeys(TOTALS, around.pop() if len(around) == 1 else None), **known}
    found, unread = [], list[Text]()
    for row, text in enumerate(texts):
        code = code_of.get(text)
        if code is None:
            missing = Text(f"{text!r} is no area of schemas/codes/areas.csv.", f"schemas/codes/areas.csv 中没有地区“{text}”。")
            step = Text(" Add it there.", "请在其中补列。")
            unread.append(f"{table.place(column, row)}: " + missing + did_you_mean(text, known) + step)
        found.append(code or "")
    if unread:
        raise ProjectError(joined(unread, "\n"))
    return found


def _names_of_areas(lists: CodeLists) -> dict[str, str]:
    return {plain(name): code for name, code in lists.code_of_name("areas").items()}


def category(column: TitledColumn, table: str, names: Mapping[str, str], dictionary: Dictionary) -> CategoryColumn:
    """Code a column of names: by a code list that has them all, or by a new one.

    Args:
        column: the column; a blank cell goes on with the name above it.
        table: name of the table, for the name of a new list.
        names: English names that are stated, by title, or by name of a category.
        dictionary: English names for the others.

    Raises:
        ProjectError: a stated name cannot be one.
    """
    lists = dictionary.catalogue.lists
    texts = [""]
    for cell in column.cells:
        texts.append(re.sub(r"\s+", "", plain(cell)) if cell else texts[-1])
    inner = {AMONG_THEM.sub("", text) for text in texts[1:] if AMONG_THEM.match(text)}
    texts = [AMONG_THEM.sub("", text) for text in texts[1:]]
    english = stated_name(column.zh, names) or dictionary.translate(column.zh or "类别", column.position, what="category")
    if not is_usable(english.name):
        raise ProjectError(not_a_name(english.name, column.zh))
    added: tuple[Code, ...] = ()
    listed, code_of = _fitting_list(set(texts), lists)
    if not listed:
        added = tuple(_new_codes(texts, names, dictionary))
        code_of = {name: code.code for code in added for name in (code.zh, *code.aliases)}
        plural = f"{english.name.removesuffix('y')}ies" if english.name.endswith("y") else f"{english.name}s"
        listed = next(name for name in (plural, f"{table}_{plural}", f"{table}_{plural}_2") if name not in lists.names())
    cells = tuple(code_of[text] for text in texts)
    is_whole = {code.code for code in added or lists.codes(listed)} - {ALL} <= {*cells}
    parts = frozenset(code_of[text] for text in inner)
    return CategoryColumn(english.name, column.zh, english.en, listed, added, cells, parts, is_whole)


def _fitting_list(wanted: set[str], lists: CodeLists) -> tuple[str, dict[str, str]]:
    """Find the code list that has all names, and the code of each; empty for none."""
    for stem in lists.names() if len(wanted - TOTALS) >= 2 else ():
        if stem in _OF_NO_CATEGORY:
            continue
        listed = lists.codes(stem)
        of_name = dict.fromkeys(TOTALS, ALL) if any(code.code == ALL for code in listed) else {}
        of_name |= {plain(name): code.code for code in listed for name in (*code.aliases, code.zh, code.code)}
        if wanted <= of_name.keys():
            found = {text: of_name[text] for text in wanted}
            if len(set(found.values())) == len(found):
                return stem, found
    return "", {}


def _new_codes(texts: Iterable[str], names: Mapping[str, str], dictionary: Dictionary) -> list[Code]:
    distinct = dict.fromkeys(texts)
    totals = [text for text in distinct if text in TOTALS]
    found = [Code(ALL, totals[0], "all of them", tuple(totals[1:]), "")] if totals else []
    for position, text in enumerate((each for each in distinct if each not in TOTALS), start=1):
        english = stated_name(text, names) or dictionary.translate_code(text, position)
        if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", english.name):
            raise ProjectError(
                f"{english.name!r} cannot be the code of {text}: letters, digits and _.",
                f"“{english.name}”不能用作“{text}”的代码，应由字母、数字和 _ 组成。",
            )
        if english.name in {code.code for code in found} or english.en in {code.en for code in found}:
            english = Named(f"code_{position}", f"code {position}", False)
        found.append(Code(english.name, text, english.en, (), ""))
    return found
