"""Read what the texts above the header of an office's sheet say of all its figures: area, period and units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from etl.raw_files.plain_characters import plain
from etl.returns.office_sheet import ABOUT_THE_FORM, OfficeSheet
from etl.returns.table_words import TableWords, bare
from etl.scaffold.period_parsing import canonical_period, names_another_span, part_of_year, periods_in

YEAR = "(?:19|20)[0-9]{2}"
BETWEEN = re.compile(f"{YEAR}年?[-—–~～至]{YEAR}年?")
_LINE_OF_UNITS = re.compile(r"(?<![报表送制])单位[:：]\s*([^\s)）】]+)")
_DAY = re.compile("[0-9]{1,2}月[0-9]{1,2}日")
_OF_THE_DOCUMENT = re.compile(
    "年鉴|(?:填报|报送|制表|印发|打印|更新|导出|下载)(?!表|制|单位)|计划(?!单列)|预计|目标|预测|预算|估算|yearbook|plan|forecast",
    re.IGNORECASE,
)
"""Words by which the year beside them is that of the document, or of what is still to come."""


@dataclass(frozen=True)
class SheetTitle:
    """The texts above the header of a sheet, of a table with these words."""

    words: TableWords
    sheet: OfficeSheet

    @cached_property
    def names(self) -> dict[str, str]:
        """The area and the period that they name; only where they name one, and for certain."""
        texts = [plain(text).replace(" ", "") for text in self.sheet.above]
        texts = [text for text in texts if not ABOUT_THE_FORM.search(text)]
        dated = [text for text in texts if not (_OF_THE_DOCUMENT.search(text) or _DAY.search(text))]
        periods = {period for text in dated for period in periods_in(text)}
        is_one = len(periods) == 1 and not any(BETWEEN.search(text) or names_another_span(text) for text in dated)
        areas = self.words.codes["area"]
        names = [name for name in areas if len(name) > 1 and any(name in bare(text) for text in texts)]
        longest = {areas[name] for name in names if len(name) == max(map(len, names))}
        return ({"period": periods.pop()} if is_one else {}) | ({"area": longest.pop()} if len(longest) == 1 else {})

    @cached_property
    def beside(self) -> frozenset[str]:
        """What texts over or beside figures name, area or period, so that the title names it of no other figure."""
        context = [(bare(title), plain(text)) for figure in self.sheet.figures for title, text in figure.context]
        has_area = any(
            bare(text) in self.words.codes["area"] or self.words.titles.get(title) == "area" for title, text in context
        )
        has_part = any(part_of_year("2000", text) for _, text in context)
        return frozenset(("area",) * has_area + ("period",) * (has_part or self._has_years))

    @cached_property
    def year(self) -> str:
        """The year that they name of figures whose own texts name a part of it; empty where they do not."""
        period = self.names.get("period", "")
        return period if len(period) == 4 and not self._has_years else ""

    @cached_property
    def _has_years(self) -> bool:
        texts = {plain(text) for figure in self.sheet.figures for _, text in figure.context}
        return any(periods_in(text) or canonical_period(text) for text in texts)

    @cached_property
    def units(self) -> list[str]:
        """The units that they or the notes below the rows name: in the line `单位：`, or in brackets."""
        texts = [plain(text).replace(":", "：") for text in (*self.sheet.above, *self.sheet.below)]
        named = [match[1] for text in texts for match in _LINE_OF_UNITS.finditer(text)]
        listed = [unit for text in named for unit in re.split("[、,，;；/和及]", text) if unit]
        return list(dict.fromkeys((*listed, *(unit for text in texts for _, unit in self.words.bracketed_units(text)))))
