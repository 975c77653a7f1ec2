"""Words by which a table is known in offices' sheets: its columns, codes, units and titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from etl.catalogue import Entry
from etl.raw_files.plain_characters import plain
from etl.returns.indicators import category_columns
from schemas.models import Column, columns, figures, relations

TOTALS = frozenset({"合计", "总计", "全部", "total"})
_GROWTH = re.compile("同比(?:增长|增减|增幅)?|增长率?|增幅|增速|增减|±")
_FILLERS = re.compile("数量|绝对数|数据|指标|总数|(?<=.)[数量]$")
_MULTIPLIERS = {None: "", "1000": "千", "10000": "万", "10thousand": "万", "million": "百万", "100million": "亿"}
_IN_ENGLISH = re.compile("(?P<multiplier>1000(?=[a-z])|10000(?=[a-z])|10thousand|million|100million)?(?P<unit>.*)")
_LATIN = re.compile("[a-z][a-z ,.'-]*")
_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")


def bare(text: str) -> str:
    """Write a text in plain characters, without spaces, and small letters."""
    return re.sub(r"\s", "", plain(text)).casefold()


@dataclass(frozen=True)
class TableWords:
    """The words of a table."""

    entry: Entry

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns of figures by their names in all languages."""
        listed = figures(self.entry.model)
        return {bare(name): each for each in listed for name in (each.name, each.meaning.zh, each.meaning.en)}

    @cached_property
    def codes(self) -> dict[str, dict[str, str]]:
        """The codes by their names, for the area and each category."""
        lists = {"area": "areas"} | {each.name: each.meaning.codes for each in category_columns(self.entry)}
        names = self.entry.catalogue.lists.code_of_name
        return {column: {bare(name): code for name, code in names(codes).items()} for column, codes in lists.items()}

    @cached_property
    def titles(self) -> dict[str, str]:
        """The label columns by the titles that a column of a sheet may have."""
        labels = [each for each in columns(self.entry.model) if not each.is_figure]
        found = {bare(name): each.name for each in labels for name in (each.name, each.meaning.zh, each.meaning.en)}
        return {"区县": "area", "区县市": "area", "区(县、市)": "area", "县市区": "area"} | found

    @cached_property
    def english_units(self) -> dict[str, str]:
        """The units by their English names, the commonest of a name."""
        units = self.entry.catalogue.lists.units_by_name
        return {bare(each.en): unit for unit, each in reversed([*units.items()])}

    def unit(self, text: str) -> str:
        """Return the unit that a text is, also with 万 or 亿 before it, or in English; empty for none."""
        if self.dimension(text) is not None:
            return text
        english = _IN_ENGLISH.fullmatch(text.replace(",", ""))
        unit = self.english_units.get(english["unit"]) if english else None
        return f"{_MULTIPLIERS[english['multiplier']]}{unit}" if english and unit else ""

    def dimension(self, unit: str) -> str | None:
        """Return what a unit measures; None for no unit."""
        known = self.entry.catalogue.lists.units_by_name
        found = known.get(unit) or known.get(unit.lstrip("十百千万亿"))
        return found.dimension if found else None

    def bracketed_units(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the units that a text names in brackets, each with the brackets."""
        for match in _BRACKETED.finditer(text):
            unit = self.unit(bare(match[1].removeprefix("单位").lstrip(":：")))
            if unit:
                yield match[0], unit

    def lists_of(self, text: str, wanted: str) -> dict[str, str]:
        """Return the codes that a text may mean, by label column; only of the wanted one, where there is one."""
        found = {name: codes[text] for name, codes in self.codes.items() if text in codes}
        totals = [name for name, codes in self.codes.items() if name != "area" and "all" in codes.values()]
        if text in TOTALS and len(totals) == 1:
            found[totals[0]] = "all"
        return {name: code for name, code in found.items() if wanted in ("", name)}

    def code_and_column(self, text: str) -> tuple[str, str, str] | None:
        """Split a text such as 发明专利授权 into label column, code and the words of a column; None where it is not certain."""
        found = {}
        for name, codes in self.codes.items():
            for named, code in codes.items():
                for rest in _rests(text, named):
                    column = self.column([rest])
                    if column:
                        found[name, code, column.name] = (name, code, rest)
        return next(iter(found.values())) if len(found) == 1 else None

    def column(self, words: list[str]) -> Column | None:
        """Return the column that words name together; None where they name none."""
        joined = "".join(words)
        chinese, latin = _LATIN.sub("", joined), "".join(_LATIN.findall(joined))
        if chinese in self.columns and self.columns[chinese] is self.columns.get(latin):  # a title in both languages
            joined = chinese
        for text in (joined, _FILLERS.sub("", joined)):
            if text in self.columns:
                return self.columns[text]
        of = _FILLERS.sub("", _GROWTH.sub("", joined)).removesuffix("%")
        levels = [each for each in figures(self.entry.model) if each.dtype.kind != "rate"]
        base = self.columns.get(of) if of or len(levels) != 1 else levels[0]
        if base is None or not _GROWTH.search(joined):
            return None
        declared = relations(self.entry.model)
        growths = [each.column for each in declared if each.kind == "growth_of" and each.others == (base.name,)]
        return self.columns[bare(growths[0])] if len(growths) == 1 else None


def _rests(text: str, name: str) -> Iterator[str]:
    """Yield what is left of a text that begins or ends with a name."""
    if len(name) > 1 and text.startswith(name):
        yield text.removeprefix(name)
    if len(name) > 1 and text.endswith(name):
        yield text.removesuffix(name)
